"""Enrolment that is not for everybody at once: offers, requests, members, invitations, quotas, a whole cycle."""

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from academy.domain import accounts, admission, enrolment
from academy.extensions import db, transaction
from academy.mail import links
from academy.models import (
    AuditEntry,
    CycleSession,
    Enrolment,
    Invitation,
    OutboxMessage,
    Person,
    Purpose,
    Role,
    SessionStatus,
    Ticket,
)
from academy.web import clock
from academy.web.clock import PARIS
from tests.factories import a_person, a_session


@pytest.fixture
def make(app: Flask):
    """`make(a_session, …)`: run a factory in a context of its own."""

    def run(factory, *args, **values):
        with app.app_context():
            return factory(*args, **values)

    return run


@pytest.fixture
def olga(make, as_) -> FlaskClient:
    return as_(make(a_person, "Olga", role=Role.ORGANISER))


def enrol(person: int, session: int) -> int:
    with transaction() as it:
        held = enrolment.enrol(it.get_one(Person, person), it.get_one(CycleSession, session), now=clock.now())
        it.flush()
        return held.id


def post(client: FlaskClient, url: str, page: str, **fields):
    """Send a form of *page* as its person: with the token of the page."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(page).text)
    assert token is not None
    return client.post(url, data={"csrf_token": token[1], **fields})


def statuses(app: Flask) -> list[str]:
    with app.app_context():
        return [str(status) for status in db.session.scalars(select(Enrolment.status).order_by(Enrolment.id))]


def page_of(session: int) -> str:
    with db.session.no_autoflush:
        row = db.session.get_one(CycleSession, session)
        return f"/sessions/{session}-{row.document.slug}/"


@pytest.fixture
def offer(make):
    """(session, person, enrolment): somebody to whom a seat is offered."""

    def prepare() -> tuple[int, int, int]:
        session, person = a_session(capacity=1, offer_hours=24), a_person("Ana")
        first, held = enrol(a_person(), session), enrol(person, session)
        with transaction() as it:
            enrolment.cancel(it.get_one(Enrolment, first), by=None, now=clock.now())
        return session, person, held

    return make(prepare)


def ticket_for(held: int) -> str:
    with transaction() as it:
        row = it.get_one(Enrolment, held)
        return accounts.issue_ticket(Purpose.OFFER, row.person.email, now=clock.now(), enrolment=held)


# Offers


def test_an_offer_is_shown_with_its_deadline_and_accepted_on_the_page_of_the_session(app, make, as_, offer):
    session, person, _held = offer
    client = as_(person)
    shown = client.get(make(page_of, session)).text
    assert "Une place vous est proposée" in shown
    assert "gardée jusqu’au" in shown
    space = client.get("/moi/").text
    assert "à accepter avant le" in space
    action = re.search(r'action="(/moi/inscriptions/\d+/accepter)"', space)
    assert action is not None
    assert post(client, action[1], "/moi/").status_code == 303
    assert statuses(app) == ["cancelled", "confirmed"]


@pytest.mark.parametrize(("answer", "status"), [("accept", "confirmed"), ("decline", "cancelled")])
def test_the_link_of_an_offer_shows_it_and_its_buttons_answer_once(app, make, client, offer, answer, status):
    token = make(ticket_for, offer[2])
    shown = client.get(f"/i/{token}").text
    assert "Accepter la place" in shown
    assert "Refuser la place" in shown
    assert statuses(app)[1] == "offered"  # looking changes nothing
    assert client.post(f"/i/{token}", data={"answer": answer}).status_code == 303
    assert statuses(app)[1] == status
    assert app.test_client().post(f"/i/{token}", data={"answer": answer}).status_code in {409, 410}


def test_the_link_of_an_offer_that_is_over_says_so(app, make, client, offer):
    token = make(ticket_for, offer[2])
    with app.app_context(), transaction() as it:
        it.get_one(Enrolment, offer[2]).offered_until = clock.now() - timedelta(minutes=1)
    shown = client.get(f"/i/{token}")
    assert shown.status_code == 409
    assert "ne vous est plus proposée" in shown.text
    assert client.post(f"/i/{token}", data={"answer": "accept"}).status_code == 409
    assert statuses(app)[1] == "offered"  # the worker passes it on


def test_an_offer_is_answered_by_the_signed_link_of_any_mail(app, make, client, offer):
    address = make(lambda: f"/inscriptions/{links.sign(offer[2])}/")
    assert "Accepter la place" in client.get(address).text
    assert client.post(address, data={"answer": "accept"}).status_code == 303
    assert statuses(app)[1] == "confirmed"


# Requests


def test_a_request_is_made_shown_and_withdrawn(app, make, as_):
    session, person = make(a_session, needs_approval=True), make(a_person)
    client, page = as_(person), make(page_of, session)
    assert "Demander une place" in client.get(page).text
    post(client, f"/sessions/{session}/inscription", page)
    assert statuses(app) == ["requested"]
    shown = client.get(page).text
    assert "Votre demande est à l’étude" in shown
    assert "Retirer ma demande" in shown


def test_the_team_answers_requests_in_bulk_and_one_by_one(app, make, olga):
    session = make(a_session, capacity=5, needs_approval=True)
    held = [make(enrol, make(a_person, f"Nom {n}"), session) for n in range(4)]
    desk = f"/pilotage/sessions/{session}/"
    tab = f"{desk}?statut=requested"
    assert "4 personnes demandent une place" in olga.get("/pilotage/").text.replace("\u00a0", " ")
    shown = olga.get(tab).text
    assert re.search(r"À approuver\s*\(4\)", shown)
    send = lambda **fields: post(olga, f"{desk}demandes", tab, **fields)  # noqa: E731
    assert send(approve="", enrolment=[str(held[0]), str(held[1])]).status_code == 303
    assert send(approve=str(held[2])).status_code == 303
    assert statuses(app) == ["confirmed", "confirmed", "confirmed", "requested"]
    assert send(approve="").status_code == 422
    refused = send(refuse="", enrolment=str(held[3]), reason="  ")
    assert refused.status_code == 409
    assert "Écrivez la raison du refus" in refused.text
    assert f'value="{held[3]}" form="demandes" checked' in refused.text
    assert send(refuse=str(held[3]), reason="Plus de place.").status_code == 303
    assert statuses(app)[3] == "cancelled"
    assert "Plus de place." in olga.get(f"{desk}?statut=cancelled").text
    assert "Plus de place." in olga.get(f"{desk}inscrits.csv").text


def test_requests_of_another_session_are_not_answered_from_this_one(app, make, olga):
    session, other = make(a_session, needs_approval=True), make(a_session, needs_approval=True)
    held = make(enrol, make(a_person), other)
    desk = f"/pilotage/sessions/{session}/"
    post(olga, f"{desk}demandes", desk, approve=str(held))
    assert statuses(app) == ["requested"]


# Members and invitations


@pytest.mark.parametrize(("access", "words"), [("members", "réservée aux membres"), ("invitation", "sur invitation")])
def test_who_is_not_meant_reads_why_and_gets_no_form(app, make, client, as_, access, words):
    session, person = make(a_session, access=access), make(a_person)
    page = make(page_of, session)
    for browser in (client, as_(person)):
        shown = browser.get(page).text.partition('id="inscription"')[2].partition("</section>")[0]
        assert words in shown
        assert "<form" not in shown
    answer = client.post(f"/sessions/{session}/inscription", data={"name": "A", "email": "a@example.org"})
    assert answer.status_code == 409
    assert words in answer.text
    assert statuses(app) == []


def test_what_one_may_do_is_not_shown_to_the_next_of_the_same_role(make, as_):
    """Pages are kept for each role: a member's form is not for others."""
    session = make(a_session, access="members")
    page, member, other = make(page_of, session), make(a_person, is_member=True), make(a_person)
    seen = [f'action="/sessions/{session}/inscription"' in as_(one).get(page).text for one in (member, other, member)]
    assert seen == [True, False, True]


def test_an_organiser_makes_a_member(app, make, olga, as_):
    session, person = make(a_session, access="members"), make(a_person, "Ana")
    assert (
        post(olga, f"/pilotage/personnes/{person}/membre", "/pilotage/personnes/", is_member="yes").status_code == 303
    )
    client = as_(person)
    assert post(client, f"/sessions/{session}/inscription", make(page_of, session)).status_code == 303
    assert statuses(app) == ["confirmed"]
    post(olga, f"/pilotage/personnes/{person}/membre", "/pilotage/personnes/", is_member="no")
    with app.app_context():
        assert db.session.get_one(Person, person).is_member is False


@pytest.mark.each_database
def test_invitations_are_pasted_mailed_and_enrol_with_a_name(app, make, olga, client):
    session = make(a_session, access="invitation")
    page = f"/pilotage/sessions/{session}/invitations"
    answer = post(olga, page, page, emails="ana@example.org\r\n\r\n Bob@example.org ;\r\nana@example.org")
    assert answer.status_code == 303
    shown = olga.get(page).text
    assert "ana@example.org" in shown
    assert "bob@example.org" in shown
    with app.app_context(), transaction():
        token = accounts.issue_ticket(
            Purpose.ENROL, "ana@example.org", now=clock.now(), session=session, is_invitation=True, language="fr"
        )
    assert 'name="name"' in client.get(f"/i/{token}").text
    assert client.post(f"/i/{token}", data={"name": "Ana Rossi"}).status_code == 303
    assert statuses(app) == ["confirmed"]
    with app.app_context():
        assert db.session.scalars(select(Person.name).where(Person.email == "ana@example.org")).one() == "Ana Rossi"
        invitation = db.session.scalars(select(Invitation.id).where(Invitation.email == "bob@example.org")).one()
    post(olga, f"/pilotage/invitations/{invitation}/retirer", page)
    assert "bob@example.org" not in olga.get(page).text


def test_bad_addresses_are_named_with_their_lines_and_nothing_is_sent(app, make, olga):
    session = make(a_session, access="invitation")
    page = f"/pilotage/sessions/{session}/invitations"
    typed = "ana@example.org\nbob@\n<script>alert(1)</script>"
    answer = post(olga, page, page, emails=typed)
    assert answer.status_code == 422
    assert "Ligne 2" in answer.text
    assert "Ligne 3" in answer.text
    assert "<script>alert" not in answer.text
    assert "ana@example.org" in answer.text
    too_many = "\n".join(f"a{n}@example.org" for n in range(501))
    assert "501 adresses" in post(olga, page, page, emails=too_many).text
    with app.app_context():
        assert list(db.session.scalars(select(Invitation))) == []
        assert list(db.session.scalars(select(OutboxMessage))) == []


def test_an_invitation_link_after_the_end_of_enrolment_says_so(app, make, client):
    session = make(a_session, access="invitation")
    with app.app_context(), transaction():
        token = accounts.issue_ticket(
            Purpose.ENROL,
            "ana@example.org",
            now=clock.now() - timedelta(days=2),
            lifetime=timedelta(days=1),
            session=session,
            is_invitation=True,
        )
    shown = client.get(f"/i/{token}")
    assert shown.status_code == 409
    assert "Cette invitation n’est plus valable" in shown.text


# The organisation, quotas, the rules


def test_the_first_form_asks_the_organisation_and_its_kind_only_where_it_counts(app, make, client):
    plain, kept = make(a_session), make(a_session, quota_education=3)
    make(a_person, organisation="Port de Marseille")
    make(a_person, organisation="Port de Marseille")
    shown = client.get(f"/sessions/{plain}/inscription").text
    assert '<option value="Port de Marseille">' in shown
    assert 'name="kind"' not in shown
    assert 'name="kind"' in client.get(make(page_of, kept)).text
    asked = {"name": "Ana", "email": "ana@example.org", "organisation": "  École  de la mer "}
    assert client.post(f"/sessions/{kept}/inscription", data=asked).status_code == 422
    assert client.post(f"/sessions/{kept}/inscription", data=asked | {"kind": "pirates"}).status_code == 422
    assert client.post(f"/sessions/{kept}/inscription", data=asked | {"kind": "education"}).status_code == 303
    with app.app_context():
        payload = db.session.scalars(select(OutboxMessage.payload)).one()
        payload = dict(payload)
    assert (payload["organisation"], payload["kind"]) == ("École de la mer", "education")
    with app.app_context(), transaction():
        email = payload.pop("email")
        token = accounts.issue_ticket(Purpose.ENROL, email, now=clock.now(), **payload)
    assert client.post(f"/i/{token}").status_code == 303
    with app.app_context():
        row = db.session.scalars(select(Enrolment)).one()
        assert (row.organisation_kind, row.person.organisation) == ("education", "École de la mer")


def test_somebody_signed_in_is_asked_the_kind_once(app, make, as_):
    session, person = make(a_session, quota_education=3), make(a_person)
    client, page = as_(person), make(page_of, session)
    assert 'name="kind"' in client.get(page).text
    assert post(client, f"/sessions/{session}/inscription", page).status_code == 422
    assert post(client, f"/sessions/{session}/inscription", page, kind="company").status_code == 303
    with app.app_context():
        assert db.session.get_one(Person, person).organisation_kind == "company"
    other = make(a_session, quota_education=3)
    assert 'name="kind"' not in client.get(make(page_of, other)).text


RULES = {"access": "members", "needs_approval": "y", "offer_hours": "48", "company": "2", "education": "1"}


def test_an_organiser_sets_the_rules_and_the_journal_says_what_changed(app, make, olga):
    session = make(a_session, capacity=4)
    page = f"/pilotage/sessions/{session}/regles"
    assert post(olga, page, page, **RULES).status_code == 303
    with app.app_context():
        kept = admission.rules_of(db.session.get_one(CycleSession, session))
        assert (kept.access, kept.needs_approval, kept.offer_hours) == ("members", True, 48)
        assert [kept.quotas[kind] for kind in kept.quotas] == [2, None, None, 1]
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "session.set_rules")).one()
        assert entry.detail["changes"]["quota_company"] == [None, 2]
    shown = olga.get(f"/pilotage/sessions/{session}/").text
    assert "Les membres" in shown
    assert "règles d’inscription changées" in olga.get(f"/pilotage/journal/?session={session}").text


@pytest.mark.parametrize(
    ("fields", "code", "words"),
    [
        ({"company": "4"}, 409, "Les quotas réservent 5 places"),
        ({"offer_hours": "0"}, 422, "de 1 à 336"),
        ({"company": "-1"}, 422, "Écrivez un nombre entier"),
        ({"access": "friends"}, 422, "field__error"),
    ],
)
def test_rules_that_cannot_be_are_explained_and_nothing_typed_is_lost(make, olga, fields, code, words):
    session = make(a_session, capacity=4)
    page = f"/pilotage/sessions/{session}/regles"
    answer = post(olga, page, page, **RULES | fields)
    assert answer.status_code == code
    assert re.search(words, answer.text)
    assert 'value="1"' in answer.text


def test_fewer_seats_than_the_quotas_are_refused(make, olga, app):
    session = make(a_session, capacity=4, quota_company=3)
    page = f"/pilotage/sessions/{session}/"
    with app.app_context(), transaction() as it:  # a file that keeps the contract is not what this is about
        row = it.get_one(CycleSession, session)
        with pytest.raises(Exception, match="quotas_above_capacity"):
            admission.refuse_quotas_above(2, row.quotas)
    assert olga.get(page).status_code == 200


# Postponing


def test_an_organiser_postpones_a_session(app, make, olga, as_):
    session, person = make(a_session), make(a_person)
    make(enrol, person, session)
    page = f"/pilotage/sessions/{session}/report"
    assert "1 personne recevra un message" in olga.get(page).text.replace("\u00a0", " ")
    assert post(olga, page, page).status_code == 303
    with app.app_context():
        assert db.session.get_one(CycleSession, session).status == SessionStatus.POSTPONED
    assert "Fixer la nouvelle date" in olga.get(f"/pilotage/sessions/{session}/").text
    assert "votre place est gardée" in as_(person).get(make(page_of, session)).text
    assert "Session reportée, place gardée" in as_(person).get("/moi/").text


def test_the_new_date_is_asked_in_the_time_of_paris_and_checked(make, olga):
    session = make(a_session, status=SessionStatus.POSTPONED)
    page = f"/pilotage/sessions/{session}/nouvelle-date"
    year = datetime.now(PARIS).year + 1
    for fields, words in (
        ({"starts_at": ""}, "field__error"),
        ({"starts_at": "2020-01-01T10:00"}, "déjà passée"),
        ({"starts_at": f"{year}-06-01T10:00", "ends_at": f"{year}-06-01T09:00"}, "La fin vient avant le début"),
    ):
        answer = post(olga, page, page, **fields)
        assert answer.status_code == 422
        assert words in answer.text


# A whole cycle


def test_a_visitor_is_asked_to_sign_in_to_follow_a_cycle(make, client):
    make(a_session)
    shown = client.get("/cycles/economie-bleue/suivre")
    assert shown.status_code == 200
    assert "Me connecter pour suivre" in shown.text
    assert client.post("/cycles/economie-bleue/suivre").status_code == 401


@pytest.mark.each_database
def test_following_a_cycle_enrols_where_it_can_and_says_why_not_elsewhere(app, make, as_):
    person = make(a_person)
    opened = make(a_session, title="Ouverte", starts_in=timedelta(days=10))
    full = make(a_session, title="Complète", capacity=0, starts_in=timedelta(days=12))
    clash = make(a_session, title="En conflit", starts_in=timedelta(days=10, minutes=30))
    make(a_session, title="Pour membres", access="members", starts_in=timedelta(days=14))
    make(a_session, title="Pas encore", opens_at=clock.now() + timedelta(days=1), starts_in=timedelta(days=16))
    make(a_session, title="Ailleurs", cycle="port", starts_in=timedelta(days=18))
    client, page = as_(person), "/cycles/economie-bleue/suivre"
    shown = client.get(page).text
    for words in ("inscrire à 2 sessions", "Complète", "En même temps que", "Réservée aux membres"):
        assert words in shown.replace("\u00a0", " ")
    assert post(client, page, page).status_code == 303
    with app.app_context():
        held = dict(db.session.execute(select(Enrolment.session_id, Enrolment.status)).all())
    assert held == {opened: "confirmed", full: "waiting"}
    assert clash not in held
    after = client.get(page).text
    assert "Place confirmée" in after
    assert "Sur la liste d’attente" in after
    assert "inscrire à" not in after
    with app.app_context():
        assert "cycle.follow" in set(db.session.scalars(select(AuditEntry.action)))


def test_my_space_says_how_far_i_am_in_a_cycle(make, as_, app):
    person = make(a_person)
    past = make(a_session, starts_in=timedelta(days=3))
    make(enrol, person, past)
    make(enrol, person, make(a_session, starts_in=timedelta(days=9)))
    with app.app_context(), transaction() as it:
        row = it.get_one(CycleSession, past)
        row.starts_at, row.ends_at = (clock.now() - timedelta(hours=hours) for hours in (30, 28))
    shown = as_(person).get("/moi/").text.replace("\u00a0", " ").replace("\u202f", " ")
    assert "50 %" in shown
    assert "1 session sur 2" in shown


def test_tickets_of_offers_keep_nobody_elses_data(app, make, offer):
    make(ticket_for, offer[2])
    with app.app_context():
        row = db.session.scalars(select(Ticket)).one()
        assert set(row.payload) == {"enrolment"}
