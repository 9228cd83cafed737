"""A mail server that hangs: seats are given, mails wait their turn, and the index does not wait for them."""

import socket
from contextlib import closing

import pytest
from flask import Flask
from sqlalchemy import select

from academy import jobs, search
from academy.extensions import db as database, mail as mailer
from academy.models import Enrolment, EnrolmentStatus, OutboxMessage
from tests.conftest import settings_for
from tests.factories import a_person, a_session, a_text


@pytest.fixture
def hanging(app: Flask):
    """A server that takes connections and says nothing; our patience with it is short here."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        settings = app.config["SETTINGS"]
        url = f"smtp://127.0.0.1:{server.getsockname()[1]}"
        slow = settings_for(settings.instance, mail_url=url, database_url=settings.database_url)
        app.config.from_mapping(slow.flask_config() | {"MAIL_TIMEOUT": 0.3})
        with app.app_context():
            mailer.init_app(app)
        yield server


def test_a_seat_does_not_wait_for_its_mail(app: Flask, as_, hanging):
    with app.app_context():
        session, person = a_session(), a_person(email="jeanne@academie.fr")
    browser = as_(person)
    page = browser.get("/moi/").text
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    assert browser.post(f"/sessions/{session}/inscription", data={"csrf_token": token}).status_code == 303
    with app.app_context():
        assert jobs.drain() == 1
        assert database.session.scalars(select(Enrolment.status)).all() == [EnrolmentStatus.CONFIRMED]
        message = database.session.scalars(select(OutboxMessage)).one()
        assert (message.done_at, message.attempts) == (None, 1)
        assert message.due_at > message.created_at
        assert "imed out" in (message.error or "")


def test_a_text_published_while_mails_hang_is_found(app: Flask, hanging):
    seen: list[bool] = []

    def after_each() -> None:
        app.extensions["jobs"]._index()
        seen.append(search.find("vigie").total == 1)

    with app.app_context(), jobs.transaction():
        for number in range(3):
            jobs.outbox.promise(
                "account.link_asked", now=jobs.clock.now(), email=f"a{number}@academie.fr", language="fr"
            )
    with app.app_context():
        a_text("vigie", title="Vigie")
        assert jobs.drain(after_each=after_each) == 4
    assert seen[0]


def test_a_fault_of_the_index_keeps_no_mail_back(app: Flask, monkeypatch: pytest.MonkeyPatch):
    def broken() -> int:
        raise OSError("the disk is full")

    monkeypatch.setattr(jobs.search, "sync", broken)
    with app.app_context(), jobs.transaction():
        jobs.outbox.promise("account.link_asked", now=jobs.clock.now(), email="ada@example.org", language="fr")
    app.extensions["jobs"]._turn()
    with app.app_context():
        assert database.session.scalars(select(OutboxMessage.done_at)).one() is not None
