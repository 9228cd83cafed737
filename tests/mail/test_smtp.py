"""A real mail server that refuses, delays or is away: nothing is lost, nothing is sent in clear, and the team sees why."""

import asyncio
import re
import shutil
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from email.message import Message
from pathlib import Path

import pytest
import time_machine
from aiosmtpd.handlers import Message as Inbox
from aiosmtpd.smtp import SMTP
from flask import Flask
from sqlalchemy import func, select

from academy import jobs
from academy.domain import enrolment, outbox
from academy.extensions import db as database, mail as mailer, transaction
from academy.models import AuditEntry, CycleSession, OutboxMessage, Person, Role, SentMail
from academy.web import clock
from tests.conftest import settings_for
from tests.factories import a_person, a_session


class Box(Inbox):
    """What a server took, and what it answers: by the first word of the address, or to the data."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[Message] = []
        self.to_address: dict[str, str] = {}
        self.to_data = self.to_sender = ""

    def handle_message(self, message: Message) -> None:
        self.taken.append(message)

    async def handle_MAIL(self, _server, _session, envelope, address, _options) -> str:  # noqa: N802 -- its name
        envelope.mail_from = address
        return self.to_sender or "250 OK"

    async def handle_RCPT(self, _server, _session, envelope, address, _options) -> str:  # noqa: N802 -- its name
        if said := self.to_address.get(address.partition("@")[0]):
            return said
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802
        return self.to_data or await super().handle_DATA(server, session, envelope)


Serve = Callable[..., tuple[Box, int]]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """`serve(**options)`: a server of aiosmtpd on a port of its own, with its box."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    servers = []

    async def start(box: Box, **options):
        return await loop.create_server(lambda: SMTP(box, loop=loop, hostname="test", **options), "127.0.0.1", 0)

    def started(**options: object) -> tuple[Box, int]:
        box = Box()
        server = asyncio.run_coroutine_threadsafe(start(box, **options), loop).result(10)
        servers.append(server)
        return box, server.sockets[0].getsockname()[1]

    async def stop() -> None:
        for server in servers:
            server.close()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    yield started
    asyncio.run_coroutine_threadsafe(stop(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()


def _by_smtp(app: Flask, port: int, **values: object) -> None:
    settings = app.config["SETTINGS"]
    own = settings_for(settings.instance, mail_url=f"smtp://127.0.0.1:{port}", database_url=settings.database_url)
    app.config.from_mapping(own.flask_config() | values)
    with app.app_context():
        mailer.init_app(app)


def _enrol(email: str) -> int:
    session, person = a_session(title="Visite"), a_person(email=email)
    with transaction() as it:
        enrolment.enrol(it.get_one(Person, person), it.get_one(CycleSession, session), now=clock.now())
    return person


def _messages() -> list[tuple[int, bool, str]]:
    database.session.expire_all()
    rows = database.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))
    return [(row.attempts, row.done_at is not None, row.error or "") for row in rows]


def _later(hours: int) -> int:
    with time_machine.travel(clock.now() + timedelta(hours=hours), tick=False):
        return jobs.drain()


def test_a_mail_with_its_invitation_crosses_a_real_server(app: Flask, db, serve: Serve):
    box, port = serve()
    _by_smtp(app, port)
    _enrol("jeanne@academie.fr")
    assert jobs.drain() == 1
    [mail] = box.taken
    assert (mail["To"], mail["X-RcptTo"]) == ("jeanne@academie.fr", "jeanne@academie.fr")
    types = [part.get_content_type() for part in mail.walk() if not part.is_multipart()]
    assert types == ["text/plain", "text/html", "text/calendar", "application/ics"]
    calendars = [part.get_payload(decode=True) for part in mail.walk() if "calendar" in part.get_content_type()]
    assert b"METHOD:REQUEST\r\n" in calendars[0]  # pyright: ignore[reportOperatorIssue]


def test_a_server_that_is_away_delays_and_loses_nothing(app: Flask, db, serve: Serve):
    _by_smtp(app, 9)  # nobody listens on the discard port
    _enrol("jeanne@academie.fr")
    jobs.drain()
    [(attempts, is_done, error)] = _messages()
    assert (attempts, is_done) == (1, False)
    assert "refused" in error
    box, port = serve()
    _by_smtp(app, port)
    assert jobs.drain() == 0  # not yet
    assert _later(1) == 1
    assert [mail["To"] for mail in box.taken] == ["jeanne@academie.fr"]


@pytest.mark.parametrize("at", ["address", "data"])
def test_a_temporary_refusal_is_tried_again_and_marks_nobody(app: Flask, db, serve: Serve, at: str):
    box, port = serve()
    _by_smtp(app, port)
    box.to_address = {"jeanne": "451 4.7.1 Greylisted"} if at == "address" else {}
    box.to_data = "452 4.2.2 Mailbox full" if at == "data" else ""
    person = _enrol("jeanne@academie.fr")
    jobs.drain()
    [(attempts, is_done, error)] = _messages()
    assert (attempts, is_done) == (1, False)
    assert re.search("Greylisted|Mailbox full", error)
    assert database.session.get_one(Person, person).bounced_at is None
    box.to_address, box.to_data = {}, ""
    assert _later(1) == 1
    assert len(box.taken) == 1
    assert _messages()[0][1]


@pytest.mark.parametrize("at", ["address", "data"])
def test_a_permanent_refusal_marks_the_person_and_is_not_tried_again(app: Flask, db, serve: Serve, at: str):
    box, port = serve()
    _by_smtp(app, port)
    box.to_address = {"jeanne": "550 5.1.1 No such <b>mailbox</b>"} if at == "address" else {}
    box.to_data = "" if at == "address" else "554 5.7.1 No such <b>mailbox</b>"
    person = _enrol("jeanne@academie.fr")
    jobs.drain()
    assert _messages() == [(1, True, "")]
    row = database.session.get_one(Person, person)
    assert row.bounced_at is not None
    assert row.bounce_reason.endswith("No such <b>mailbox</b>")
    assert database.session.scalars(select(SentMail.refused)).all() == [row.bounce_reason]
    assert _later(5) == 0
    assert box.taken == []
    box.to_address, box.to_data = {}, ""
    with transaction():
        outbox.promise("account.link_asked", now=clock.now(), email="jeanne@academie.fr", language="fr")
    jobs.drain()
    assert len(box.taken) == 1
    database.session.expire_all()
    row = database.session.get_one(Person, person)
    assert (row.bounced_at, row.bounce_reason) == (None, "")
    actions = select(AuditEntry.action).where(AuditEntry.action.in_(["account.bounce", "account.reach"]))
    assert list(database.session.scalars(actions.order_by(AuditEntry.id))) == ["account.bounce", "account.reach"]


def test_a_server_that_does_not_let_us_send_is_nobodys_bounce(app: Flask, db, serve: Serve):
    box, port = serve()
    box.to_sender = "530 5.7.0 Authentication required"
    _by_smtp(app, port)
    person = _enrol("jeanne@academie.fr")
    jobs.drain()
    assert [is_done for _attempts, is_done, _error in _messages()] == [False]
    assert database.session.get_one(Person, person).bounced_at is None
    assert box.taken == []


def test_without_tls_nothing_is_sent(app: Flask, db, serve: Serve):
    box, port = serve()  # knows no STARTTLS
    _by_smtp(app, port, MAIL_USE_TLS=True, MAIL_USERNAME="moi", MAIL_PASSWORD="secret")
    _enrol("jeanne@academie.fr")
    jobs.drain()
    [(_attempts, is_done, error)] = _messages()
    assert not is_done
    assert "STARTTLS" in error
    assert box.taken == []


@pytest.mark.skipif(shutil.which("openssl") is None, reason="makes the certificate")
def test_a_certificate_of_somebody_else_is_refused(app: Flask, db, serve: Serve, tmp_path: Path):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=elsewhere.example"]
    subprocess.run([*command, "-keyout", key, "-out", certificate, "-days", "9"], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    box, port = serve(tls_context=context)
    _by_smtp(app, port, MAIL_USE_TLS=True)
    _enrol("jeanne@academie.fr")
    jobs.drain()
    [(_attempts, is_done, error)] = _messages()
    assert not is_done
    assert "certificate verify failed" in error
    assert box.taken == []


@pytest.mark.each_database
def test_the_page_of_a_person_says_what_became_of_each_mail(app: Flask, as_, serve: Serve):
    box, port = serve()
    _by_smtp(app, port)
    with app.app_context():
        organiser = a_person(role=Role.ORGANISER)
        person = _enrol("jeanne@academie.fr")
        jobs.drain()
        box.to_address = {"jeanne": "451 4.7.1 Try <i>later</i>"}
        with transaction():
            outbox.promise("account.password_set", now=clock.now(), person=person)
            outbox.promise("account.link_asked", now=clock.now(), email="other@academie.fr", language="fr")
        jobs.drain()
        with transaction() as it:
            outbox.promise("account.link_asked", now=clock.now(), email="jeanne@academie.fr", language="fr")
            it.flush()
            row = it.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc()).limit(1)).one()
            row.attempts, row.error = outbox.MAX_ATTEMPTS, "the disk is full"
    desk = as_(organiser)
    page = desk.get(f"/pilotage/personnes/{person}/").text.replace("\u00a0", " ").replace("\u202f", " ")
    rows = re.findall(r"<th scope=\"row\">(.*?)</th><td[^>]*>(.*?)</td>", page, re.DOTALL)
    assert [subject for subject, _state in rows] == [
        "Lien de connexion",
        "Mot de passe enregistré",
        "Inscription confirmée : Visite",
    ]
    given_up, waiting, sent = [state for _subject, state in rows]
    assert "abandonné" in given_up
    assert "the disk is full" in given_up
    assert "nouvel essai le" in waiting
    assert "Try &lt;i&gt;later&lt;/i&gt;" in waiting
    assert sent == "envoyé"
    box.to_address = {"jeanne": "550 5.1.1 Unknown"}
    with app.app_context():
        _later(3)
        assert database.session.scalar(select(func.count()).where(Person.bounced_at.is_not(None))) == 1
    page = desk.get(f"/pilotage/personnes/{person}/").text
    assert "550 5.1.1 Unknown" in page
    assert "refusé par le serveur" in page
    assert "adresse refusée" in desk.get("/pilotage/personnes/").text
    assert f'href="/pilotage/personnes/{person}/"' in desk.get("/pilotage/personnes/").text


@pytest.mark.each_database
def test_what_was_sent_is_remembered_for_a_year(db):
    now = clock.now()
    with transaction() as it:
        for number, days in enumerate((400, 366, 364, 0)):
            sent_at = now - timedelta(days=days)
            it.add(SentMail(key=str(number), to="a@academie.fr", subject="S", sent_at=sent_at))
    assert jobs.tidy() == 2
    assert jobs.tidy() == 0
    assert sorted(database.session.scalars(select(SentMail.key))) == ["2", "3"]
