"""The personal code of a place: opaque, renewed at will, marked by who keeps the entrance and by nobody else."""

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from academy.domain import doors, enrolment
from academy.extensions import db, limiter, transaction
from academy.mail import links
from academy.models import Attendance, AuditEntry, CycleSession, DoorLink, Enrolment, EnrolmentStatus, Person, Role
from academy.web import clock
from tests.factories import a_person, a_session
from tests.kept import once
from tests.mail_reading import html_of, sent_by, text_of


@pytest.fixture
@once
def ready(app) -> dict[str, int | str]:
    """A session that begins in half an hour and another; Sam has a place in the first, Ana keeps both entrances."""
    with app.app_context():
        people = {
            "sam": a_person("Sam Gras", email="sam@example.org"),
            "nina": a_person("Nina"),
            "olga": a_person("Olga", role=Role.ORGANISER),
        }
        found = {"session": a_session(starts_in=timedelta(minutes=30), title="Escale", capacity=1)}
        found["other"] = a_session(starts_in=timedelta(minutes=30), title="Ailleurs")
        with transaction() as it:
            olga = it.get_one(Person, people["olga"])
            sam = it.get_one(Person, people["sam"])
            held = enrolment.enrol(sam, it.get_one(CycleSession, found["session"]), now=clock.now())
            waits = enrolment.enrol(it.get_one(Person, people["nina"]), held.session, now=clock.now())
            tokens = {
                f"door_{name}": doors.make(it.get_one(CycleSession, found[name]), "Ana", by=olga, now=clock.now())[1]
                for name in ("session", "other")
            }
            it.flush()
            tokens |= {"pass": held.pass_token, "waiting": waits.pass_token}
            found |= {"enrolment": held.id}
    return people | found | tokens


def _there(app) -> list[tuple[int, str]]:
    with app.app_context():
        wanted = select(Attendance.person_id, Attendance.way).order_by(Attendance.id)
        return [(who, str(way)) for who, way in db.session.execute(wanted)]


def _sent(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input[^>]*name="(csrf_token|nonce)"[^>]*value="([^"]*)"', page))


def _with_phone(app, door: str):
    """A browser that the holder of a door link lent to reading codes."""
    phone = app.test_client()
    answer = phone.post(f"/porte/{door}/telephone")
    assert answer.status_code == 303
    return phone


def test_anybody_who_scans_learns_nothing(app, as_, client, ready):
    path = f"/q/{ready['pass']}"
    for browser in (client, as_(ready["nina"]), as_(ready["sam"])):
        answer = browser.get(path)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
        page = unescape(answer.text)
        assert "Présentez ce code à l’entrée" in page
        assert "<svg" in page
        main = page.partition("<main")[2].partition("</main")[0]
        for hidden in ("Sam", "Gras", "Escale", "sam@"):
            assert hidden not in main
    assert client.post(path, data={"nonce": "0" * 20}).status_code == 401
    nina = as_(ready["nina"])
    assert nina.post(path, data=_sent(nina.get("/moi/").text) | {"nonce": "0" * 20}).status_code == 403
    assert _there(app) == []
    assert "Set-Cookie" not in client.get(path).headers


def test_an_organiser_scans_and_marks_by_a_button(app, as_, ready):
    olga, path = as_(ready["olga"]), f"/q/{ready['pass']}"
    page = olga.get(path).text
    assert "Sam Gras" in page
    assert _there(app) == []  # looking marks nobody
    assert olga.post(path, data=_sent(page)).status_code == 303
    assert _there(app) == [(ready["sam"], "team")]
    again = olga.get(path).text
    assert "Notée présente" in again
    assert olga.post(path, data=_sent(page)).status_code == 303  # sent again
    assert _there(app) == [(ready["sam"], "team")]


def test_who_holds_the_link_of_the_door_marks_with_their_phone(app, client, ready):
    assert "Set-Cookie" not in client.get(f"/porte/{ready['door_session']}/").headers
    phone = _with_phone(app, ready["door_session"])
    assert "Ce téléphone lit les codes personnels" in phone.get(f"/porte/{ready['door_session']}/").text
    page = phone.get(f"/q/{ready['pass']}").text
    assert "Sam Gras" in page
    assert phone.post(f"/q/{ready['pass']}", data=_sent(page)).status_code == 303
    assert _there(app) == [(ready["sam"], "door")]
    with app.app_context():
        told = db.session.scalars(select(AuditEntry.detail).where(AuditEntry.action == "attendance.mark")).one()
        assert told["door"] == "Ana"


def test_the_link_of_another_session_marks_nobody(app, ready):
    phone = _with_phone(app, ready["door_other"])
    page = phone.get(f"/q/{ready['pass']}").text
    assert "Sam Gras" not in page
    assert phone.post(f"/q/{ready['pass']}", data={"nonce": "0" * 20}).status_code == 401
    assert _there(app) == []


@pytest.mark.each_database
def test_a_closed_link_lends_nothing_and_takes_back_what_it_lent(app, ready):
    phone = _with_phone(app, ready["door_session"])
    with app.app_context(), transaction() as it:
        link = it.scalars(select(DoorLink).where(DoorLink.session_id == ready["session"])).one()
        doors.revoke(link, by=it.get_one(Person, ready["olga"]), now=clock.now())
    assert "Sam Gras" not in phone.get(f"/q/{ready['pass']}").text
    assert phone.post(f"/q/{ready['pass']}", data={"nonce": "0" * 20}).status_code == 401
    late = app.test_client().post(f"/porte/{ready['door_session']}/telephone")
    assert "Set-Cookie" not in late.headers
    assert _there(app) == []


def test_another_site_cannot_make_the_phone_mark(app, ready):
    phone = _with_phone(app, ready["door_session"])
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = phone.post(f"/q/{ready['pass']}", data={"nonce": "0" * 20}, headers=headers)
        assert answer.status_code == 400
    assert _there(app) == []


def test_outside_a_half_day_nobody_is_marked(app, as_, ready):
    with app.app_context(), transaction() as it:
        row = it.get_one(CycleSession, ready["session"])
        row.starts_at, row.ends_at = clock.now() + timedelta(days=3), clock.now() + timedelta(days=3, hours=2)
    olga, path = as_(ready["olga"]), f"/q/{ready['pass']}"
    page = olga.get(path).text
    assert "Noter présente" not in page
    token = _sent(olga.get("/moi/").text)
    assert olga.post(path, data=token | {"nonce": "0" * 20}).status_code == 409
    assert _there(app) == []


@pytest.mark.parametrize("token", ["x", "", "waiting", "%00", "a" * 3000, "<script>", "' OR ''='"])
def test_a_code_of_nobody_is_a_404_that_helps(app, as_, ready, token: str):
    if not token:  # a row that no code was given to
        with app.app_context(), transaction() as it:
            it.get_one(Enrolment, ready["enrolment"]).pass_token = ""
    token = ready["waiting"] if token == "waiting" else token or "%20"
    answer = as_(ready["olga"]).get(f"/q/{token}")
    assert answer.status_code == 404
    assert "Nina" not in answer.text
    assert "<script>" not in answer.text.partition("<main")[2]


def test_it_opens_nothing_once_the_place_is_given_up(app, client, ready):
    with app.app_context(), transaction() as it:
        enrolment.cancel(it.get_one(Enrolment, ready["enrolment"]), by=None, now=clock.now())
    assert client.get(f"/q/{ready['pass']}").status_code == 404
    assert client.get(f"/q/{ready['waiting']}").status_code == 200  # the seat went on


@pytest.mark.each_database
def test_the_page_of_a_place_shows_it_and_gives_another(app, client, ready):
    with app.app_context():
        path = f"/inscriptions/{links.sign(ready['enrolment'])}/"
    page = client.get(path).text
    assert f"/q/{ready['pass']}" in page
    assert "<svg" in page.partition('id="qr"')[2]
    assert client.post(f"{path}code").status_code == 303
    assert client.get(f"/q/{ready['pass']}").status_code == 404
    shown = re.search(r'href="/q/([\w-]+)"', client.get(path).text)
    assert shown is not None
    assert client.get(f"/q/{shown[1]}").status_code == 200
    with app.app_context():
        told = select(AuditEntry.entity_id).where(AuditEntry.action == "enrolment.renew_pass")
        assert list(db.session.scalars(told)) == [ready["enrolment"]]


def test_the_confirmation_links_to_it(app, ready):
    with app.app_context():
        mail = next(it for it in sent_by(app) if it["To"] == "sam@example.org")
    for body in (text_of(mail), html_of(mail)):
        assert f"http://localhost/q/{ready['pass']}" in body


def test_a_reader_that_types_what_it_sees_finds_the_person(client, ready):
    for typed in (ready["pass"], f"http://localhost/q/{ready['pass']}"):
        found = client.get(f"/porte/{ready['door_session']}/", query_string={"q": typed}).text
        assert re.findall(r"<span>([^<]+)<small>", found) == ["Sam Gras"]
    for typed in ("q", "/", "http://localhost/q/"):
        assert "Personne de ce nom" in client.get(f"/porte/{ready['door_session']}/", query_string={"q": typed}).text


def test_codes_are_long_and_of_each_place_its_own(app, ready):
    with app.app_context():
        tokens = list(db.session.scalars(select(Enrolment.pass_token)))
        assert len(set(tokens)) == len(tokens) == 2
        assert all(re.fullmatch(r"[\w-]{27}", token) for token in tokens)  # 160 bits
        status = db.session.get_one(Enrolment, ready["enrolment"]).status
        assert status == EnrolmentStatus.CONFIRMED


def test_guessing_is_slow(client, ready):
    limiter.reset()
    limiter.enabled = True
    try:
        answers = [client.get("/q/guessed").status_code for _ in range(121)]
    finally:
        limiter.enabled = False
        limiter.reset()
    assert answers == [404] * 120 + [429]


def test_while_a_half_day_goes_on_the_place_and_my_space_lead_to_the_roll(app, as_, client, ready):
    with app.app_context():
        signed = f"/inscriptions/{links.sign(ready['enrolment'])}/"
        slug = db.session.get_one(CycleSession, ready["session"]).document.slug
    here = f'href="/presence/{ready["session"]}/"'
    pages = {
        "/moi/": as_(ready["sam"]),
        signed: client,
        f"/sessions/{ready['session']}-{slug}/": as_(ready["sam"]),
    }
    assert {path: here in browser.get(path).text for path, browser in pages.items()} == dict.fromkeys(pages, True)
    assert here not in as_(ready["nina"]).get("/moi/").text  # waits
    with app.app_context(), transaction() as it:
        row = it.get_one(CycleSession, ready["session"])
        row.starts_at, row.ends_at = row.starts_at + timedelta(days=3), row.ends_at + timedelta(days=3)
        row.seq += 1
    app.extensions["content_version"].expire()
    assert {path: here in browser.get(path).text for path, browser in pages.items()} == dict.fromkeys(pages, False)
