"""Presence on the web: the code of the room, the door, the desk."""

import io
import re
from datetime import timedelta

import pytest
from pypdf import PdfReader
from sqlalchemy import select, update

from academy.domain import attendance, doors, enrolment, room_codes
from academy.extensions import db, limiter, transaction
from academy.models import Attendance, CycleSession, DoorLink, Enrolment, Person, Role, RoomCode, Signature
from academy.web import clock
from tests.factories import a_person, a_session
from tests.kept import once


@pytest.fixture
@once
def ready(app) -> dict[str, int]:
    """A session that begins in half an hour: Sam and Hélène have a place, Nina has none, Olga organises."""
    with app.app_context():
        people = {
            "sam": a_person("Sam <b>Gras</b>", email="sam@example.org"),
            "helene": a_person("Hélène", email="h@port.example"),
            "nina": a_person("Nina"),
            "olga": a_person("Olga", role=Role.ORGANISER),
        }
        session = a_session(starts_in=timedelta(minutes=30), title="Escale secrète")
        with transaction() as it:
            row = it.get_one(CycleSession, session)
            for name in ("sam", "helene"):
                enrolment.enrol(it.get_one(Person, people[name]), row, now=clock.now())
            room_codes.renew(row, by=it.get_one(Person, people["olga"]), now=clock.now())
        return people | {"session": session}


@pytest.fixture
def code(app, ready):
    def now() -> str:
        with app.app_context():
            return room_codes.shown(db.session.get_one(RoomCode, ready["session"]), now=clock.now())[0]

    return now


@pytest.fixture
def door(app, ready) -> str:
    with app.app_context(), transaction() as it:
        olga = it.get_one(Person, ready["olga"])
        return doors.make(it.get_one(CycleSession, ready["session"]), "Ana", by=olga, now=clock.now())[1]


def _there(app) -> list[tuple[int, str]]:
    with app.app_context():
        wanted = select(Attendance.person_id, Attendance.way).order_by(Attendance.id)
        return [(who, str(way)) for who, way in db.session.execute(wanted)]


def _fields(page: str, path: str) -> dict[str, str]:
    form = re.search(rf'<form[^>]*method="post"[^>]*action="{re.escape(path)}".*?</form>', page, re.DOTALL)
    assert form is not None
    return dict(re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', form[0]))


def test_scanning_shows_a_button_and_only_pressing_it_marks(app, as_, ready, code):
    sam, path = as_(ready["sam"]), f"/presence/{ready['session']}/"
    page = sam.get(f"{path}{code()}")
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
    assert _there(app) == []
    sent = _fields(page.text, path)
    assert sam.post(path, data=sent).status_code == 303
    assert _there(app) == [(ready["sam"], "room")]
    assert "Vous êtes noté présent" in sam.get(path).text


def test_who_has_no_place_learns_nothing_of_the_session(app, as_, ready, code):
    nina, path = as_(ready["nina"]), f"/presence/{ready['session']}/"
    page = nina.get(path).text
    assert "Pas de place à ce nom" in page
    assert "secrète" not in page
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', nina.get("/moi/").text)
    assert token is not None
    answer = nina.post(path, data={"code": code(), "csrf_token": token[1]})
    assert (answer.status_code, _there(app)) == (409, [])
    assert "secrète" not in answer.text


def test_a_visitor_signs_in_first(client, ready, code):
    answer = client.get(f"/presence/{ready['session']}/{code()}")
    assert answer.status_code == 302
    assert "/connexion" in answer.location


def test_an_old_code_says_what_to_do(as_, ready):
    sam, path = as_(ready["sam"]), f"/presence/{ready['session']}/"
    sent = _fields(sam.get(path).text, path)
    answer = sam.post(path, data=sent | {"code": "abc"})
    assert answer.status_code == 409
    assert "Tapez celui qui est à l’écran" in answer.text
    assert _fields(answer.text, path)["csrf_token"]


@pytest.mark.parametrize("path", ["/presence/0/", "/presence/99999999999/", "/porte/guessed/", "/presence/1x/"])
def test_addresses_of_nothing(as_, ready, path: str):
    assert as_(ready["sam"]).get(path).status_code == 404


def test_guessing_is_slow(app, as_, ready):
    limiter.reset()
    limiter.enabled = True
    try:
        sam, path = as_(ready["sam"]), f"/presence/{ready['session']}/"
        sent = _fields(sam.get(path).text, path)
        answers = [sam.post(path, data=sent | {"code": f"{n:06d}x"}).status_code for n in range(12)]
    finally:
        limiter.enabled = False
        limiter.reset()
    assert answers == [409] * 10 + [429] * 2


@pytest.mark.each_database
def test_the_door_marks_and_unmarks_without_an_account(app, client, ready, door):
    path = f"/porte/{door}/"
    page = client.get(path)
    assert page.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in page.headers
    assert "Sam &lt;b&gt;Gras&lt;/b&gt;" in page.text
    assert "sam@example.org" not in page.text  # the domain is enough to tell two of one name apart
    sent = _fields(page.text, path)
    for wanted, there in (("1", [(ready["sam"], "door")]), ("0", [])):
        answer = client.post(path, data=sent | {"tap": f"{ready['sam']}.{wanted}"})
        assert answer.status_code == 303
        assert _there(app) == there
    client.post(path, data=sent | {"tap": f"{ready['sam']}.1"})  # sent again: obeyed before
    assert _there(app) == []


@pytest.mark.each_database
@pytest.mark.parametrize("query", ["helene", "HÉL", "h@port", "port.example", "example hel"])
def test_the_door_finds_by_name_address_or_domain(client, ready, door, query: str):
    found = re.findall(r"<span>([^<]+)<small>", client.get(f"/porte/{door}/", query_string={"q": query}).text)
    assert found == ["Hélène"]


def test_a_search_for_nobody_says_so_and_echoes_safely(client, ready, door):
    page = client.get(f"/porte/{door}/", query_string={"q": '"><script>'}).text
    assert "Personne de ce nom" in page
    assert '"><script>' not in page


@pytest.mark.parametrize(
    "tap", ["", "1", "1.2", "x.1", "-1.1", "١.1", "99999999999999999999.1", "1.1.1", "1.", "0.1", "1e3.1"]
)
def test_hostile_taps_write_nothing(app, client, ready, door, tap: str):
    path = f"/porte/{door}/"
    sent = _fields(client.get(path).text, path)
    assert client.post(path, data=sent | {"tap": tap}).status_code == 409
    assert _there(app) == []


@pytest.mark.each_database
def test_a_closed_door_says_so(app, as_, client, ready, door):
    olga = as_(ready["olga"])
    page = olga.get(f"/pilotage/sessions/{ready['session']}/presences/").text
    with app.app_context():
        link = db.session.scalars(select(DoorLink.id)).one()
    closing = f"/pilotage/porte/{link}/fermer"
    assert olga.post(closing, data=_fields(page, closing)).status_code == 303
    sent = {"tap": f"{ready['sam']}.1", "nonce": "0" * 20, "half": ""}
    answers = [client.get(f"/porte/{door}/"), client.post(f"/porte/{door}/", data=sent)]
    assert [(it.status_code, "L’équipe l’a fermé" in it.text) for it in answers] == [(410, True)] * 2
    assert _there(app) == []


@pytest.mark.each_database
def test_the_desk_makes_a_link_that_is_shown_once(app, as_, client, ready):
    olga, path = as_(ready["olga"]), f"/pilotage/sessions/{ready['session']}/presences/"
    making = f"/pilotage/sessions/{ready['session']}/porte"
    sent = _fields(olga.get(path).text, making) | {"name": "Ana"}
    shown = olga.post(making, data=sent, follow_redirects=True).text
    address = re.search(r"http://localhost(/porte/[\w-]+/)", shown)
    assert address is not None
    assert client.get(address[1]).status_code == 200
    assert address[1] not in olga.get(path).text


def test_the_desk_marks_and_the_room_shows_its_code(app, as_, ready, code):
    olga, path = as_(ready["olga"]), f"/pilotage/sessions/{ready['session']}/presences/"
    sent = _fields(olga.get(path).text, path)
    assert olga.post(path, data=sent | {"tap": f"{ready['helene']}.1"}).status_code == 303
    assert _there(app) == [(ready["helene"], "team")]
    room = olga.get(f"/pilotage/sessions/{ready['session']}/salle/").text
    assert "<svg" in room
    assert 'http-equiv="refresh"' in room
    shown = re.search(r'aria-hidden="true">(\d{3}) (\d{3})<', room)
    assert shown is not None
    with app.app_context():
        assert room_codes.is_accepted(ready["session"], "".join(shown.groups()), now=clock.now())


def test_a_session_without_a_date_has_nobody_to_mark(app, as_, ready):
    with app.app_context():
        session = a_session(starts_in=None)
    olga, path = as_(ready["olga"]), f"/pilotage/sessions/{session}/presences/"
    page = olga.get(path).text
    assert "Aucune demi-journée" in page
    assert [words in page for words in ("/salle/", f"/pilotage/sessions/{session}/porte")] == [False, False]
    room = olga.get(f"/pilotage/sessions/{session}/salle/")
    assert (room.status_code, room.location) == (302, path)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', olga.get("/moi/").text)
    assert token is not None
    assert olga.post(f"/pilotage/sessions/{session}/salle/", data={"csrf_token": token[1]}).location == path
    with app.app_context():
        assert room_codes.of(session) is None


def test_a_roll_costs_the_same_for_two_and_for_twenty(app, client, ready, door, queries):
    def cost() -> int:
        queries.clear()
        assert client.get(f"/porte/{door}/").status_code == 200
        return len(queries)

    cost()
    few = cost()
    with app.app_context():
        people = [a_person() for _ in range(18)]
        with transaction() as it:
            row = it.get_one(CycleSession, ready["session"])
            row.capacity = 50
            for person in people:
                enrolment.enrol(it.get_one(Person, person), row, now=clock.now())
        assert len(attendance.seats(ready["session"])) == 20
    cost()
    assert cost() == few


@pytest.fixture
def begun(app, ready) -> int:
    """A session that began ten minutes ago, in which Sam is marked."""
    with app.app_context():
        session = a_session(starts_in=-timedelta(minutes=10), title="Escale à quai")
        with transaction() as it:
            row = it.get_one(CycleSession, session)
            half_day = attendance.of_session(row)[0]
            held = Enrolment(session=row, person_id=ready["sam"], status="confirmed", rank=99, joined_at=clock.now())
            it.add(held)
            it.flush()
            facts = {"is_present": True, "nonce": "0" * 20, "door": None, "by": None, "now": clock.now()}
            attendance.tap(row, ready["sam"], half_day, **facts)
        return session


@pytest.mark.parametrize("how", [{"typed": "Sam <i>Gras"}, {"drawing": "M10 20L30 40L50 60"}])
def test_a_half_day_is_signed_and_stands_on_the_sheet_and_on_paper(as_, ready, begun, how: dict[str, str]):
    sam, olga, path = as_(ready["sam"]), as_(ready["olga"]), f"/presence/{begun}/signer"
    sent = _fields(sam.get(path).text, path)
    assert sam.post(path, data=sent | how).status_code == 303
    assert "Signée." in sam.get(path).text
    sheet = olga.get(f"/pilotage/sessions/{begun}/emargement/").text
    assert "1 signature, aucune modifiée" in sheet
    assert ("Sam &lt;i&gt;Gras" if "typed" in how else 'd="M10 20L30 40L50 60"') in sheet
    paper = olga.get(f"/pilotage/sessions/{begun}/emargement.pdf")
    assert paper.data == olga.get(f"/pilotage/sessions/{begun}/emargement.pdf").data
    words = _words(paper.data)
    assert "Feuille d’émargement : Escale à quai" in words
    assert "Sam <b>Gras</b>" in words
    digest = re.search(r"<code>([0-9a-f]{64})</code>", sheet)
    assert digest is not None
    assert digest[1] in words.replace(" ", "")


def _words(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


@pytest.mark.parametrize(("side", "title"), [("", "Feuille d’émargement"), ("/en", "Attendance sheet")])
def test_a_blank_sheet_has_the_names_and_three_more_rows(as_, ready, begun, side: str, title: str):
    answer = as_(ready["olga"]).get(f"{side}/pilotage/sessions/{begun}/emargement.pdf?vierge=1")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    words = _words(answer.data)
    assert title in words
    assert "Sam <b>Gras</b>" in words
    assert re.search(r"\b4\b", words)  # one name and three rows
    catalogue = PdfReader(io.BytesIO(answer.data)).metadata
    assert catalogue is not None
    assert title in (catalogue.title or "")
    assert b"pdfuaid" in answer.data or b"/StructTreeRoot" in answer.data


def test_who_was_not_there_finds_nothing_to_sign(as_, ready, begun):
    page = as_(ready["helene"]).get(f"/presence/{begun}/signer").text
    assert "Vous n’avez rien à signer" in page
    assert "quai" not in page


@pytest.mark.parametrize("wrong", [{"half": "x"}, {"signer": "king"}, {"drawing": "x"}, {"signer": "trainer"}])
def test_a_wrong_signature_is_refused_and_the_name_stays(as_, ready, begun, wrong: dict[str, str]):
    sam, path = as_(ready["sam"]), f"/presence/{begun}/signer"
    sent = _fields(sam.get(path).text, path) | {"typed": "Samuel"} | wrong
    answer = sam.post(path, data=sent)
    assert answer.status_code == 409
    assert 'value="Samuel"' in answer.text


def test_a_broken_chain_is_said_at_the_desk(app, as_, ready, begun):
    sam, path = as_(ready["sam"]), f"/presence/{begun}/signer"
    sam.post(path, data=_fields(sam.get(path).text, path) | {"typed": "Sam"})
    with app.app_context(), transaction() as it:
        it.execute(update(Signature).values(typed="Forged"))
    page = as_(ready["olga"]).get(f"/pilotage/sessions/{begun}/emargement/").text
    assert "La chaîne des signatures est rompue" in page
    assert "La signature 1 a été modifiée" in page
