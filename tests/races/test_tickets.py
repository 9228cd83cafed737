"""A link is clicked 32 times at once: one click counts."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask
from sqlalchemy import func, select

from academy.domain import accounts
from academy.extensions import db as database, transaction
from academy.models import Enrolment, Person, Purpose, SignIn
from academy.web import clock
from tests.factories import a_session

CLICKS = 32


def _click_all(app: Flask, tokens: list[str]) -> list[int]:
    gate = Barrier(len(tokens))

    def click(token: str) -> int:
        client = app.test_client()
        gate.wait()
        return client.post(f"/i/{token}").status_code

    with ThreadPoolExecutor(len(tokens)) as pool:
        return sorted(pool.map(click, tokens))


def _count(app: Flask, row: type) -> int:
    with app.app_context():
        return database.session.scalar(select(func.count()).select_from(row)) or 0


def test_of_many_parallel_uses_of_a_link_one_succeeds(app: Flask):
    with app.app_context():
        session = a_session()
        with transaction():
            token = accounts.issue_ticket(
                Purpose.ENROL, "a@example.org", now=clock.now(), session=session, name="A", language="fr"
            )
    assert _click_all(app, [token] * CLICKS) == [303] + [410] * (CLICKS - 1)
    assert [_count(app, row) for row in (Person, SignIn, Enrolment)] == [1, 1, 1]


def test_many_links_of_one_new_address_make_one_account(app: Flask):
    with app.app_context(), transaction():
        tokens = [accounts.issue_ticket(Purpose.SIGN_IN, "new@example.org", now=clock.now()) for _ in range(8)]
    assert _click_all(app, tokens) == [303] * 8
    assert [_count(app, row) for row in (Person, SignIn)] == [1, 8]
