"""`flask demo`: samples in every state worth seeing, links that sign in, and nothing in production."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from academy import create_app
from academy.domain import enrolment, samples
from academy.extensions import db as database
from academy.models import CycleSession, Document, Edition, Enrolment, Kind, Person, Role, Topic
from academy.web import clock
from tests.conftest import settings_for
from tests.factories import a_cycle, a_document

STATES = ["open", "waiting_list", "closing_soon", "ended", "waiting_list", "postponed"]


@pytest.fixture
def demo(app: Flask) -> Flask:
    """An academy with the cycles of the samples, and modules to teach."""
    from academy.extensions import transaction

    app.config["SETTINGS"] = settings_for(app.config["SETTINGS"].instance, demo=1)
    with app.app_context():
        for sample in samples.SAMPLES:
            cycle = a_cycle(sample.cycle)
            a_document(kind=Kind.MODULE, cycle_id=cycle)
        with transaction() as session:
            session.add(Topic(slug="port", label_fr="Port", label_en="Port"))
    return app


def run(app: Flask, *words: str):
    return app.test_cli_runner().invoke(args=["demo", *words])


def states(app: Flask) -> list[str]:
    with app.app_context():
        rows = list(database.session.scalars(select(CycleSession).order_by(CycleSession.id)))
        seats = enrolment.seats(rows)
        return [str(enrolment.state_of(row, seats[row.id], now=clock.now())) for row in rows]


def numbers(app: Flask) -> tuple[int, ...]:
    with app.app_context():
        counted = (Person, CycleSession, Edition, Enrolment)
        return tuple(database.session.scalar(select(func.count()).select_from(row)) or 0 for row in counted)


def test_load_shows_each_state_and_again_changes_nothing(demo: Flask):
    result = run(demo, "load")
    assert (result.exit_code, "6 sessions added" in result.output) == (0, True)
    assert states(demo) == STATES
    before = numbers(demo)
    assert "0 sessions added" in run(demo, "load").output
    assert numbers(demo) == before
    with demo.app_context():
        assert all(row.is_example for row in database.session.scalars(select(CycleSession)))
        people = list(database.session.scalars(select(Person)))
        assert all(person.is_sample and "xemple" in person.name for person in people)
        assert {person.role for person in people} == set(Role) - {Role.ADMIN}


def test_the_stakeholder_is_offered_a_seat_and_keeps_the_one_of_what_is_postponed(demo: Flask):
    run(demo, "load")
    with demo.app_context():
        held = select(Document.key, Enrolment.status).join(CycleSession, CycleSession.id == Enrolment.session_id)
        held = held.join(Document, Document.id == CycleSession.document_id)
        held = held.where(Enrolment.person_id == samples.the(Role.STAKEHOLDER).id)
        found = {key: str(status) for key, status in database.session.execute(held)}
    assert found["exemple-place-proposee"] == "offered"
    assert found["exemple-session-reportee"] == "confirmed"


def test_the_trainer_owns_the_modules_of_one_cycle_and_only_those(demo: Flask):
    run(demo, "load")
    with demo.app_context():
        owned = set(database.session.scalars(select(Document.cycle_id).where(Document.owner_id.is_not(None))))
        trainer = samples.the(Role.TRAINER)
        assert owned == {a_cycle(samples.TAUGHT_CYCLE)}
        assert trainer.email == "formatrice@example.org"


def test_weeks_later_the_samples_show_the_same_states_again(demo: Flask):
    run(demo, "load")
    with time_machine.travel(clock.now() + timedelta(days=60), tick=False):
        assert "4 sessions added or moved" in run(demo, "load").output
        assert states(demo) == STATES


def test_an_academy_without_cycles_gets_people_only(app: Flask):
    assert run(app, "load").exit_code == 0
    assert numbers(app) == (len(samples.ROLES) + len(samples.CROWD), 0, 0, 0)


def test_links_sign_in_as_each_role(demo: Flask):
    run(demo, "load")
    lines = [line.split() for line in run(demo, "links").output.splitlines()]
    assert [role for role, _ in lines] == ["stakeholder", "trainer", "organiser"]
    for _role, link in lines:
        client = demo.test_client()
        assert link.startswith("http://localhost/i/")
        assert client.post(link.removeprefix("http://localhost")).status_code == 303
        assert client.get("/moi/").status_code == 200


def test_without_a_demo_no_link_is_made(app: Flask):
    from academy.cli import demo

    result = run(app, "links")
    assert (result.exit_code, "ACADEMY_DEMO=1" in result.output) == (1, True)
    with app.app_context():
        assert demo.links() == []


def test_samples_have_no_place_in_production(tmp_path: Path):
    values = {
        "production": 1,
        "public_url": "https://academie.example",
        "mail_url": "smtps://mx.example",
        "mail_from": "Académie <academie@academie.example>",
    }
    result = run(create_app(settings_for(tmp_path, **values)), "load")
    assert (result.exit_code, "production" in result.output) == (1, True)
