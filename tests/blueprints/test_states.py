"""Every state of a session, everywhere that it shows: its label, its sign, its button, its place in the lists."""

import re
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from academy.models import SessionState, SessionStatus
from academy.web import clock, session_cards
from tests.factories import a_session, at
from tests.kept import once

NOW = at(2027, 1, 12, 9)
SOON = timedelta(days=10)


@dataclass(frozen=True)
class Told:
    """What is said of a session in a state."""

    label: str
    button: str
    box: str  # words of the box where one enrols
    rows: dict = field(default_factory=dict)
    starts_in: timedelta | None = SOON


STATES = {
    SessionState.OPEN: Told("Inscriptions ouvertes", "S’inscrire", "Réserver ma place"),
    SessionState.CLOSING_SOON: Told(
        "Clôture des inscriptions proche",
        "S’inscrire sans tarder",
        "Réserver ma place",
        {"closes_at": NOW + timedelta(days=2)},
    ),
    SessionState.WAITING_LIST: Told(
        "Complet, liste d’attente ouverte",
        "Rejoindre la liste d’attente",
        "Si une place se libère",
        {"capacity": 0},
    ),
    SessionState.FULL: Told(
        "Complet", "Lire le programme", "On ne peut plus s’inscrire", {"capacity": 0, "has_waiting_list": False}
    ),
    SessionState.NOT_YET_OPEN: Told(
        "Inscriptions pas encore ouvertes",
        "Voir quand s’inscrire",
        "Les inscriptions ouvriront ici le mercredi 13 janvier 2027 à 10 h",
        {"opens_at": NOW + timedelta(days=1)},
    ),
    SessionState.CLOSED: Told(
        "Inscriptions closes", "Voir la session", "On ne peut plus s’inscrire", {"closes_at": NOW - timedelta(days=1)}
    ),
    SessionState.POSTPONED: Told(
        "Reportée, nouvelle date à fixer",
        "Suivre la nouvelle date",
        "Cette session est reportée",
        {"status": SessionStatus.POSTPONED},
    ),
    SessionState.TO_SCHEDULE: Told(
        "Date à fixer", "Découvrir la session", "Les inscriptions ouvriront ici", starts_in=None
    ),
    SessionState.CANCELLED: Told(
        "Annulée", "Voir les autres dates", "Cette session n’aura pas lieu", {"status": SessionStatus.CANCELLED}
    ),
    SessionState.ENDED: Told(
        "Terminée", "Revoir la session", "Cette session est passée", starts_in=timedelta(days=-10)
    ),
}


@pytest.fixture
def frozen(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
@once
def sessions(app: Flask, frozen) -> dict[SessionState, int]:
    """One session in each state, made in the reverse of their order."""
    with app.app_context():
        return {
            state: a_session(title=f"Session {state}", slug=f"session-{state}", starts_in=told.starts_in, **told.rows)
            for state, told in reversed(STATES.items())
        }


def plain(html: str) -> str:
    """The words of a page, with ordinary spaces."""
    words = re.sub(r"<[^>]+>", " ", html).replace("\u202f", " ").replace("\u00a0", " ")
    return re.sub(r"\s+", " ", words)


def test_the_table_has_every_state():
    assert set(STATES) == set(SessionState)
    assert len({told.label for told in STATES.values()}) == len(STATES)
    assert len({told.button for told in STATES.values()}) == len(STATES)


@pytest.mark.each_database
@pytest.mark.parametrize("state", STATES)
def test_the_calendar_and_the_page_of_a_session_say_its_state(client: FlaskClient, sessions, state: SessionState):
    told = STATES[state]
    cards = client.get("/sessions/").text.split('<article class="session-card">')[1:]
    (card,) = [card for card in cards if f"/sessions/{sessions[state]}-" in card]
    assert f"state--{state}" in card
    assert told.label in plain(card)
    assert told.button in plain(card)
    page = client.get(f"/sessions/{sessions[state]}-session-{state}/").text
    assert f"state--{state}" in page
    assert told.box in plain(page)
    assert ("<form" in page.partition('id="inscription"')[2].partition("</section>")[0]) == (
        state in {"open", "closing_soon", "waiting_list"}
    )


def test_each_state_has_a_sign_of_its_own(client: FlaskClient, sessions):
    page = client.get("/sessions/").text
    signs = dict(re.findall(r'state state--(\w+)"><svg[^>]*>(.*?)</svg>', page, re.DOTALL))
    assert set(signs) == set(SessionState)
    assert len(set(signs.values())) == len(signs)


@pytest.mark.each_database
def test_lists_are_in_the_order_of_dates_then_of_states(app: Flask, client: FlaskClient, sessions):
    for address, past in (("/sessions/", [SessionState.ENDED]), ("/cycles/economie-bleue/", [])):
        text = client.get(address).text
        places = {state: text.rindex(f"/sessions/{number}-") for state, number in sessions.items()}
        found = [state for state, _place in sorted(places.items(), key=lambda it: it[1])]
        dated = ["open", "closing_soon", "waiting_list", "full", "not_yet_open", "closed", "cancelled"]
        before = [] if past else ["ended"]
        assert found == [*before, *dated, "postponed", "to_schedule", *past], address


def test_the_api_gives_the_same_states(client: FlaskClient, sessions):
    found = {row["title"]: row["state"] for row in client.get("/api/v1/sessions").get_json()["items"]}
    assert found == {f"Session {state}": str(state) for state in SessionState}


def test_feeds_and_calendars_say_that_a_session_is_postponed(client: FlaskClient, sessions):
    feed = plain(client.get("/cycles/economie-bleue.atom").text)
    assert "Reportée, date à fixer" in feed
    agenda = client.get("/sessions/agenda.ics").text
    event = next(part for part in agenda.split("BEGIN:VEVENT") if "Session postponed" in part)
    assert "STATUS:CANCELLED" in event


def test_a_postponed_session_is_not_past_when_its_old_date_is(app: Flask, frozen, client: FlaskClient):
    with app.app_context():
        a_session(title="Remise", starts_in=timedelta(days=-3), status=SessionStatus.POSTPONED)
    page = client.get("/sessions/").text
    assert page.index("À programmer") < page.rindex("Remise")
    assert 'id="passees"' not in page


def test_in_order_is_by_date_then_state_then_number():
    assert [str(state) for state in session_cards._STATES] == [str(state) for state in SessionState]
