"""A venue's seats and its bookings: proposed, warned of, never in the way."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from sqlalchemy import select

from academy.domain import bookings
from academy.domain.content import lists as content_lists
from academy.domain.problems import ContentRefused
from academy.extensions import db, transaction
from academy.models import CycleSession, Kind, Role, SessionStatus
from tests.factories import a_person, a_text
from tests.kept import once

VENUES = '- slug: cisam\n  name: Cisam\n  city: Marseille\n  capacity: "80"\n- slug: quai\n  name: Quai\n'
FORM = {
    "title": "Les câbles",
    "summary": "Deux heures.",
    "cycle": "port",
    "starts_at": "2027-02-04T18:00",
    "ends_at": "2027-02-04T20:00",
    "mode": "onsite",
    "venue": "cisam",
    "capacity": "80",
    "waiting_list": "y",
    "programme": "Café.",
    "action": "publish",
}


@pytest.fixture
@once
def organiser(app) -> int:
    """An academy with the cycle "port"; the id of Olga, who organises."""
    with app.app_context():
        with transaction():
            content_lists.apply("venues.yml", content_lists.read("venues.yml", VENUES)[0])
            content_lists.keep("venues.yml", VENUES)
        a_text("port", kind=Kind.CYCLE, slug="port", title="Le port")
        return a_person("Olga", role=Role.ORGANISER)


@pytest.fixture
def olga(organiser, as_):
    return as_(organiser)


def post(browser, url: str = "/pilotage/sessions/nouvelle", **changes: str):
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', browser.get("/moi/").text)
    assert found
    return browser.post(url, data={**FORM, "csrf_token": found[1], **changes})


def words(response) -> str:
    text = unescape(re.sub(r"<[^>]+>", " ", response.text))
    return " ".join(text.replace("\u202f", " ").replace("\xa0", " ").split())


def sessions(app) -> list[CycleSession]:
    with app.app_context():
        return list(db.session.scalars(select(CycleSession).order_by(CycleSession.id)))


def test_the_list_of_venues_states_seats_and_is_written_back_as_it_was(app, olga):
    with app.app_context():
        assert [bookings.seats_of(venue) for venue in ("cisam", "arbois", None)] == [80, None, None]
        assert content_lists.source_of("venues.yml") == VENUES
    with pytest.raises(ContentRefused):
        content_lists.read("venues.yml", VENUES.replace("80", "beaucoup"))


def test_the_form_shows_the_seats_of_each_venue(olga):
    page = words(olga.get("/pilotage/sessions/nouvelle"))
    assert "Cisam, Marseille, 80 places Quai" in page
    assert "Vide : les places du lieu" in page


@pytest.mark.parametrize(
    ("changes", "seats"),
    [({}, 80), ({"venue": "quai"}, None), ({"mode": "online"}, None), ({"venue": ""}, None)],
)
def test_a_new_session_without_a_number_has_the_seats_of_its_venue(app, olga, changes, seats):
    assert post(olga, capacity="", **changes).status_code == 303
    assert [session.capacity for session in sessions(app)] == [seats]


def test_more_seats_than_the_venue_is_said_and_saved_all_the_same(app, olga):
    answer = post(olga, capacity="81")
    assert (answer.status_code, sessions(app)) == (422, [])
    assert "Ce lieu a 80 places, et la session en offre 81." in words(answer)
    assert "Publier quand même" in words(answer)
    assert 'value="publish-anyway"' in answer.text
    assert post(olga, capacity="81", action="publish-anyway").status_code == 303
    assert [session.capacity for session in sessions(app)] == [81]


def test_a_double_booking_names_the_other_session(app, olga):
    assert post(olga).status_code == 303
    answer = post(olga, title="Autre", starts_at="2027-02-04T19:59", ends_at="2027-02-04T21:00")
    assert answer.status_code == 422
    assert "Ce lieu accueille déjà « Les câbles », le jeudi 4 février 2027" in words(answer)
    assert f'href="/pilotage/sessions/{sessions(app)[0].id}/"' in answer.text
    assert post(olga, title="Autre", action="save-anyway").status_code == 303
    assert len(sessions(app)) == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"starts_at": "2027-02-04T20:00", "ends_at": "2027-02-04T21:00"},
        {"starts_at": "2027-02-04T16:00", "ends_at": "2027-02-04T18:00"},
        {"venue": "quai"},
        {"mode": "online"},
        {"starts_at": "", "ends_at": ""},
    ],
)
def test_what_does_not_overlap_is_not_warned_of(olga, changes):
    post(olga)
    assert post(olga, title="Autre", **changes).status_code == 303


def test_a_cancelled_session_holds_no_room(app, olga):
    post(olga)
    with app.app_context(), transaction() as it:
        it.get_one(CycleSession, sessions(app)[0].id).status = SessionStatus.CANCELLED
    assert post(olga, title="Autre").status_code == 303


@pytest.mark.each_database
def test_a_session_is_warned_of_once_not_at_each_change_of_its_words(app, olga):
    post(olga, capacity="81", action="publish-anyway")
    id_ = sessions(app)[0].id
    url = f"/pilotage/sessions/{id_}/modifier"
    base = re.search(r'name="base_fr"[^>]*value="(\d+)"', olga.get(url).text)
    assert base
    assert post(olga, url, capacity="81", base_fr=base[1], summary="Trois heures.", action="save").status_code == 303
    base = re.search(r'name="base_fr"[^>]*value="(\d+)"', olga.get(url).text)
    assert base
    answer = post(olga, url, capacity="", base_fr=base[1], action="save")
    assert "Ce lieu a 80 places, et la session n’a pas de limite." in words(answer)
    assert "Enregistrer quand même" in words(answer)
    assert [session.starts_at for session in sessions(app)] == [datetime(2027, 2, 4, 17, tzinfo=UTC)]
