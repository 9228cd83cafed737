"""The virtual room of a session: kept at the desk, checked, opened to who has a place."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from academy.domain import video_rooms
from academy.domain.errors import Refused
from academy.extensions import db as database
from academy.models import AuditEntry, CycleSession, EnrolmentStatus, Kind, Role, SessionStatus
from tests.factories import a_person, a_text, at

ROOM = "https://visio.example/salle?mot=a%20b#1"
BAD = [
    "http://visio.example/salle",
    "visio.example/salle",
    "javascript:alert(1)",
    "https://",
    "https:///salle",
    "https://moi:secret@visio.example/",
    "https://visio.example/une salle",
    'https://visio.example/"><script>',
    "https://visio.example/\u202esalle",
    "https://visio.example:99999/",
    "https://[",
    "https://visio.example/" + "a" * 500,
]
TYPED = {"title": "Visite", "summary": "À quai.", "cycle": "port", "mode": "online", "action": "publish"}
TYPED |= {"starts_at": "2027-02-04T18:00", "ends_at": "2027-02-04T20:00", "venue": "", "programme": "Café."}


@pytest.mark.parametrize("typed", BAD, ids=range(len(BAD)))
def test_only_https_addresses_are_rooms(typed: str):
    with pytest.raises(Refused, match="video_url_bad"):
        video_rooms.clean_url(typed)


def test_a_good_address_is_kept_as_it_is():
    assert [video_rooms.clean_url(typed) for typed in (f" {ROOM}\n", "", "  ")] == [ROOM, "", ""]


def test_the_room_opens_an_hour_before_and_closes_at_the_end():
    start = at(2027, 2, 4, 17)
    session = CycleSession(starts_at=start, ends_at=start + timedelta(hours=2), status="scheduled", video_url=ROOM)
    seen = {
        minutes: video_rooms.released(session, EnrolmentStatus.CONFIRMED, now=start + timedelta(minutes=minutes))
        for minutes in (-61, -60, 0, 119, 120)
    }
    assert seen == {-61: "", -60: ROOM, 0: ROOM, 119: ROOM, 120: ""}
    for status in set(EnrolmentStatus) - {EnrolmentStatus.CONFIRMED}:
        assert video_rooms.released(session, status, now=start) == ""
    for status in (SessionStatus.CANCELLED, SessionStatus.POSTPONED):
        session.status = status
        assert video_rooms.released(session, EnrolmentStatus.CONFIRMED, now=start) == ""


def _token(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found is not None
    return found[1]


@pytest.fixture
def desk(app: Flask, as_):
    """An organiser's browser, in an academy with a cycle."""
    with app.app_context():
        a_text("port", kind=Kind.CYCLE, slug="port", title="Le port")
        return as_(a_person(role=Role.ORGANISER))


def _post(desk, path: str, **typed: str):
    return desk.post(path, data={**TYPED, **typed, "csrf_token": _token(desk.get(path).text)})


def test_the_desk_keeps_the_link_and_whether_people_are_reminded(app: Flask, desk):
    new = desk.get("/pilotage/sessions/nouvelle").text
    assert re.search(r"<input[^>]*checked[^>]*name=\"has_reminders\"|name=\"has_reminders\"[^>]*checked", new)
    answer = _post(desk, "/pilotage/sessions/nouvelle", video_url=f" {ROOM} ", has_reminders="y", is_cofinanced="y")
    assert answer.status_code == 303
    with app.app_context():
        row = database.session.scalars(select(CycleSession)).one()
        assert (row.video_url, row.has_reminders, row.is_cofinanced, row.sequence) == (ROOM, True, True, 0)
        path = f"/pilotage/sessions/{row.id}/modifier"
        before = row.seq
    assert f'value="{ROOM}"' in desk.get(path).text
    base = re.search(r'name="base_fr"[^>]*value="(\d+)"', desk.get(path).text)
    assert base is not None
    assert _post(desk, path, base_fr=base[1], video_url="").status_code == 303
    with app.app_context():
        row = database.session.scalars(select(CycleSession)).one()
        assert (row.video_url, row.has_reminders, row.is_cofinanced, row.sequence) == ("", False, False, 0)
        assert row.seq > before  # whoever looks at the session sees it anew
        entries = select(AuditEntry.detail).where(AuditEntry.action == "session.accompany").order_by(AuditEntry.id)
        assert list(database.session.scalars(entries)) == [
            {"changed": ["video_url", "is_cofinanced"]},
            {"changed": ["video_url", "has_reminders", "is_cofinanced"]},
        ]


def test_a_bad_link_is_shown_beside_its_field_with_all_that_was_typed(app: Flask, desk):
    answer = _post(desk, "/pilotage/sessions/nouvelle", video_url="http://visio.example/<b>")
    assert answer.status_code == 422
    assert "Ce lien vidéo ne va pas" in answer.text
    assert 'value="http://visio.example/&lt;b&gt;"' in answer.text
    assert 'value="Visite"' in answer.text
    with app.app_context():
        assert database.session.scalars(select(CycleSession)).all() == []
