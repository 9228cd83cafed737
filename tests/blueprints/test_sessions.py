"""The calendar, a session's page, enrolling in one form and one click, cancelling by a signed link."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from academy.domain import enrolment
from academy.extensions import db as database, limiter, transaction
from academy.mail import links
from academy.models import (
    Audience,
    CycleSession,
    Document,
    Enrolment,
    EnrolmentStatus,
    Kind,
    OutboxMessage,
    Person,
    Role,
    SessionStatus,
)
from academy.web import clock
from tests.factories import a_cycle, a_document, a_person, a_session

VISITOR = {"name": "Jeanne Martin", "email": "jeanne@example.org"}


@pytest.fixture
def make(app: Flask):
    """`make(a_session, …)`: run a factory in a context of its own."""

    def run(factory, *args, **values):
        with app.app_context():
            return factory(*args, **values)

    return run


def promised(app: Flask) -> list[tuple[str, dict]]:
    with app.app_context():
        rows = database.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))
        return [(row.topic, dict(row.payload)) for row in rows]


def statuses(app: Flask) -> list[str]:
    with app.app_context():
        return [str(status) for status in database.session.scalars(select(Enrolment.status).order_by(Enrolment.id))]


def enrol(person: int, session: int) -> int:
    with transaction() as it:
        held = enrolment.enrol(it.get_one(Person, person), it.get_one(CycleSession, session), now=clock.now())
        it.flush()
        return held.id


def signed(held: int) -> str:
    return f"/inscriptions/{links.sign(held)}/"


def post(client: FlaskClient, url: str, page: str, **fields):
    """Send a form of *page* as its person: with the token of the page."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(page).text)
    assert token is not None
    return client.post(url, data={"csrf_token": token[1], **fields})


# The calendar


@pytest.mark.each_database
def test_the_calendar_lists_upcoming_by_month_then_the_past(make, client: FlaskClient):
    make(a_session, title="Plus tard", starts_in=timedelta(days=70))
    make(a_session, title="Bientôt", starts_in=timedelta(days=10))
    make(a_session, title="Sans date", starts_in=None)
    make(a_session, title="Ancienne", starts_in=timedelta(days=-10))
    make(a_session, title="Brouillon secret", is_published=False)
    text = client.get("/sessions/").text
    places = [text.index(title) for title in ("Bientôt", "Plus tard", "Sans date", "Ancienne")]
    assert places == sorted(places)
    assert "Brouillon" not in text


def test_the_calendar_says_each_state(make, client: FlaskClient):
    make(a_session)
    make(a_session, starts_in=timedelta(days=2))
    make(a_session, capacity=0)
    make(a_session, capacity=0, has_waiting_list=False)
    make(a_session, opens_at=clock.now() + timedelta(days=1))
    make(a_session, closes_at=clock.now() - timedelta(days=1))
    make(a_session, status=SessionStatus.CANCELLED)
    make(a_session, starts_in=None)
    make(a_session, starts_in=timedelta(days=-9))
    found = set(re.findall(r"state state--(\w+)", client.get("/sessions/").text))
    assert found == {
        *("open", "closing_soon", "waiting_list", "full", "not_yet_open", "closed", "cancelled", "to_schedule", "ended")
    }


def test_the_calendar_asks_the_same_number_of_queries_at_1_and_3_sessions(make, queries_of):
    counts = []
    for cycles in (["a"], ["b", "c"]):
        for cycle in cycles:
            make(a_session, cycle=cycle)
        counts.append(queries_of("/sessions/"))
    assert counts[0] == counts[1]


def test_an_empty_calendar_says_what_to_do(client: FlaskClient):
    assert "Aucune date à venir" in client.get("/sessions/").text


# A session


def test_a_session_shows_its_programme_seats_and_form(make, client: FlaskClient):
    session = make(a_session, title="La rade", slug="la-rade", capacity=7, html="<p>Le programme.</p>")
    text = client.get(f"/sessions/{session}-la-rade/").text
    assert all(word in text for word in ("La rade", "<p>Le programme.</p>", "7 places libres", 'name="email"'))
    assert "csrf_token" not in text


def test_a_wrong_slug_leads_to_the_right_address(make, client: FlaskClient):
    session = make(a_session, slug="la-rade")
    answer = client.get(f"/en/sessions/{session}-old/")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"/en/sessions/{session}-la-rade/")


@pytest.mark.parametrize(
    "path", ["/sessions/999-x/", "/sessions/99999999999999999999-x/", "/sessions/x-y/", "/sessions/999/inscription"]
)
def test_what_is_not_there_is_not_found(client: FlaskClient, path: str):
    assert client.get(path).status_code == 404


def test_a_draft_is_hidden_from_all_but_the_team(make, client: FlaskClient, as_):
    session = make(a_session, slug="s", is_published=False)
    for path in (f"/sessions/{session}-s/", f"/sessions/{session}-x/", f"/sessions/{session}/inscription"):
        assert client.get(path).status_code == 404
    assert client.post(f"/sessions/{session}/inscription", data=VISITOR).status_code == 404
    assert as_(make(a_person, role=Role.TRAINER)).get(f"/sessions/{session}-s/").status_code == 404
    assert as_(make(a_person, role=Role.ORGANISER)).get(f"/sessions/{session}-s/").status_code == 200


def test_the_other_language_falls_back_with_a_notice(make, client: FlaskClient):
    both = make(a_session, slug="both", title="La rade", languages=("fr", "en"))
    french = make(a_session, slug="french", title="Le port")
    assert "La rade (en)" in client.get(f"/en/sessions/{both}-both/").text
    text = client.get(f"/en/sessions/{french}-french/").text
    assert '<h1 lang="fr">Le port</h1>' in text
    assert 'class="notice' in text


@pytest.mark.each_database
def test_modules_for_members_are_not_shown_to_visitors(make, client: FlaskClient):
    with_modules = make(a_session, slug="s")
    cycle = make(lambda: database.session.get_one(CycleSession, with_modules).cycle_id)
    for title, audience in (("Module ouvert", "public"), ("Module fermé", "team")):
        make(a_document, kind=Kind.MODULE, title=title, audience=audience, cycle_id=cycle)

    def name_them() -> None:
        with transaction() as it:
            keys = list(it.scalars(select(CycleSession.document.property.mapper.class_.key)))
            it.get_one(CycleSession, with_modules).module_keys = keys

    make(name_them)
    text = client.get(f"/sessions/{with_modules}-s/").text
    assert ("Module ouvert" in text, "Module fermé" in text) == (True, False)


# Enrolling


def test_a_visitor_is_promised_a_link_and_told_what_comes_next(app: Flask, make, client: FlaskClient):
    session = make(a_session)
    answer = client.post(f"/sessions/{session}/inscription", data=VISITOR)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/sessions/{session}/inscription/envoyee")
    assert "Un lien vous attend" in client.get(answer.headers["Location"]).text
    expected = {"session": session, "email": "jeanne@example.org", "name": "Jeanne Martin", "language": "fr"}
    assert promised(app) == [("enrolment.link_asked", expected)]
    assert statuses(app) == []
    assert "Set-Cookie" not in answer.headers


def test_a_known_and_an_unknown_address_enrol_with_the_same_words(make, client: FlaskClient):
    session = make(a_session)
    make(a_person, email="known@example.org")
    answers = [
        client.post(f"/sessions/{session}/inscription", data=VISITOR | {"email": email})
        for email in ("known@example.org", "unknown@example.org")
    ]
    assert answers[0].data == answers[1].data
    assert [a.status_code for a in answers] == [303, 303]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "\u200b\u202e"}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"email": ""}, "email"),
        ({"email": "jeanne@"}, "email"),
        ({"email": "jeanne@example.org\r\nBcc: x@example.org"}, "email"),
        ({"email": "a@example.org, b@example.org"}, "email"),
    ],
)
def test_errors_stand_beside_the_field_and_nothing_typed_is_lost(
    app: Flask, make, client: FlaskClient, fields: dict, field: str
):
    answer = client.post(f"/sessions/{make(a_session)}/inscription", data=VISITOR | fields)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    other = "email" if field == "name" else "name"
    assert f'value="{VISITOR[other]}"' in answer.text
    assert promised(app) == []


def test_a_session_that_takes_nobody_says_why(app: Flask, make, client: FlaskClient):
    session = make(a_session, status=SessionStatus.CANCELLED)
    answer = client.post(f"/sessions/{session}/inscription", data=VISITOR)
    assert (answer.status_code, "annulée" in answer.text) == (409, True)
    assert promised(app) == []


def test_who_is_signed_in_enrols_at_once_and_twice_is_harmless(app: Flask, make, as_):
    session = make(a_session, slug="s")
    client, page = as_(make(a_person)), f"/sessions/{session}-s/"
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(page).text)
    assert token is not None
    answers = [client.post(f"/sessions/{session}/inscription", data={"csrf_token": token[1]}) for _ in range(2)]
    assert [(a.status_code, a.headers["Location"]) for a in answers] == [(303, f"{page}#inscription")] * 2
    assert statuses(app) == ["confirmed"]
    assert "Votre place est confirmée" in client.get(page).text


def test_nobody_enrols_another_person(app: Flask, make, as_):
    """The address of the form counts for visitors only, and only its mailbox can confirm."""
    session, victim = make(a_session, slug="s"), make(a_person, email="victim@example.org")
    me = make(a_person)
    fields = {"email": "victim@example.org", "name": "Victim", "person_id": str(victim), "status": "confirmed"}
    assert post(as_(me), f"/sessions/{session}/inscription", f"/sessions/{session}-s/", **fields).status_code == 303
    with app.app_context():
        assert database.session.scalars(select(Enrolment.person_id)).all() == [me]


def test_my_place_in_the_queue_is_on_the_page(app: Flask, make, as_):
    session, me = make(a_session, slug="s", capacity=0), make(a_person)
    make(enrol, make(a_person), session)
    post(as_(me), f"/sessions/{session}/inscription", f"/sessions/{session}-s/")
    text = as_(me).get(f"/sessions/{session}-s/").text
    assert re.search(r"position(?:\s:)?\s2\b", text)


def test_enrolment_is_limited_by_address_of_mail(app: Flask, make, client: FlaskClient):
    session = make(a_session)
    limiter.enabled = True
    limiter.reset()
    try:
        codes = [client.post(f"/sessions/{session}/inscription", data=VISITOR).status_code for _ in range(7)]
        other = client.post(f"/sessions/{session}/inscription", data=VISITOR | {"email": "b@example.org"}).status_code
    finally:
        limiter.enabled = False
        limiter.reset()
    assert (codes, other) == ([303] * 6 + [429], 303)


# Cancelling by the link of a mail


def test_the_link_of_a_mail_shows_and_only_a_post_cancels(app: Flask, make, client: FlaskClient):
    session = make(a_session, capacity=1)
    first, _second = make(enrol, make(a_person), session), make(enrol, make(a_person), session)
    link = make(signed, first)
    for _ in range(2):
        page = client.get(link)
        assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
    assert statuses(app) == ["confirmed", "waiting"]
    answers = [client.post(link) for _ in range(3)]
    assert [(a.status_code, a.headers["Location"]) for a in answers] == [(303, link)] * 3
    assert statuses(app) == ["cancelled", "confirmed"]
    assert [topic for topic, _ in promised(app)].count("enrolment.cancelled") == 1
    assert "Cette inscription est annulée" in client.get(link).text


@pytest.mark.each_database
def test_a_link_of_somebody_elses_making_opens_nothing(make, client: FlaskClient):
    held = make(enrol, make(a_person), make(a_session))
    link = make(signed, held)
    body, _, signature = link.strip("/").partition("/")[2].partition(".")
    for forged in (f"/inscriptions/{held}/", f"/inscriptions/{body}/", f"/inscriptions/{body}.{signature[::-1]}/"):
        assert client.get(forged).status_code == 404
        assert client.post(forged).status_code == 404


def test_a_link_shows_no_name_and_no_address(make, client: FlaskClient):
    held = make(enrol, make(a_person, "Jeanne Secret", email="secret@example.org"), make(a_session))
    text = client.get(make(signed, held)).text
    assert "secret" not in text.lower()


def test_after_the_session_a_link_cancels_nothing(app: Flask, make, client: FlaskClient):
    session = make(a_session)
    held = make(enrol, make(a_person), session)
    with app.app_context(), transaction() as it:
        row = it.get_one(CycleSession, session)
        row.starts_at, row.ends_at = clock.now() - timedelta(days=2), clock.now() - timedelta(days=1)
    link = make(signed, held)
    assert client.post(link).status_code == 409
    assert "<form" not in client.get(link).text.split("<main")[1].split("</main>")[0]
    assert statuses(app) == [EnrolmentStatus.CONFIRMED]


@pytest.mark.parametrize("language", ["", "/en"])
def test_every_page_of_the_slice_has_one_title_and_one_h1(make, client: FlaskClient, language: str):
    session = make(a_session, slug="s")
    link = make(signed, make(enrol, make(a_person), session))
    paths = ["/sessions/", f"/sessions/{session}-s/", f"/sessions/{session}/inscription"]
    paths += [f"/sessions/{session}/inscription/envoyee", link, "/connexion", "/connexion/envoyee"]
    for path in paths:
        text = client.get(language + path).text
        assert (text.count("</title>"), len(re.findall(r"<h1\b", text))) == (1, 1), path


@pytest.mark.each_database
def test_a_public_session_never_names_a_cycle_that_its_visitor_may_not_see(app: Flask, client: FlaskClient, as_):
    with app.app_context():
        a_cycle("coulisses", title="Titre des coulisses")
        with transaction() as session:
            document = session.scalars(select(Document).where(Document.slug == "coulisses")).one()
            document.audience = Audience.MEMBERS
        session_id = a_session(cycle="coulisses", slug="visite")
        person = a_person()
    pages = ("/", "/sessions/", f"/sessions/{session_id}-visite/", "/sessions/agenda.ics")
    assert [path for path in pages if "Titre des coulisses" in client.get(path, follow_redirects=True).text] == []
    assert "/cycles/coulisses/" not in client.get(pages[2]).text
    assert "Titre des coulisses" in as_(person).get(pages[2]).text


def test_a_postponed_session_no_longer_shows_the_date_that_fell_through(app: Flask, client: FlaskClient):
    with app.app_context():
        session_id = a_session(slug="visite", status=SessionStatus.POSTPONED)
    for path in ("/sessions/", f"/sessions/{session_id}-visite/", "/cycles/economie-bleue/"):
        page = client.get(path).text.partition('<main id="contenu"')[2].partition("</main>")[0]
        assert "Date à fixer" in page, path
        assert "<time" not in page, path
