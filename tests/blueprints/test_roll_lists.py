"""A list of people for a roll: told first what each line would do, then enrolled by the one rule."""

import io
import os
import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import func, insert, select

from academy.domain import enrolment
from academy.extensions import db, transaction
from academy.formats import tables, xlsx
from academy.models import AuditEntry, CycleSession, Enrolment, Person, Role, SessionStatus
from academy.web import clock
from tests.factories import a_person, a_session

IS_DEEP = bool(os.environ.get("ACADEMY_DEEP"))
LIST = """Prénom;Nom;Adresse électronique;Structure;Téléphone
Ana;Rossi;Ana@Example.org;Port;0600
;Bo;bo@example.org;;
;Bo encore;BO@example.org;;
;;vide@example.org;;
;Sans adresse;;;
;=1+1;formule@example.org;;
;Bancal;bancal@;;
"""


@pytest.fixture
def olga(app, as_):
    with app.app_context():
        olga = a_person("Olga", role=Role.ORGANISER)
    return as_(olga)


@pytest.fixture
def session(app):
    with app.app_context():
        return a_session(capacity=1)


def send(browser, session: int, data: bytes | str, name: str = "liste.csv"):
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', browser.get("/moi/").text)
    assert token
    data = data.encode() if isinstance(data, str) else data
    form = {"csrf_token": token[1], "list": (io.BytesIO(data), name)}
    return browser.post(f"/pilotage/sessions/{session}/inscrits/liste", data=form)


def confirm(browser, session: int, page, **changes: str):
    fields = dict(re.findall(r'<input type="hidden" name="(csrf_token|lines)" value="([^"]*)"', page.text))
    return browser.post(f"/pilotage/sessions/{session}/inscrits/liste/inscrire", data=fields | changes)


def words(response) -> str:
    text = unescape(re.sub(r"<[^>]+>", " ", response.text))
    return " ".join(text.replace("\u202f", " ").replace("\xa0", " ").split())


def enrolled(app, session: int) -> list[tuple[str, str, str]]:
    with app.app_context():
        wanted = select(Person.email, Person.name, Enrolment.status).join(Enrolment, Enrolment.person_id == Person.id)
        rows = db.session.execute(wanted.where(Enrolment.session_id == session).order_by(Enrolment.rank))
        return [(email, name, str(status)) for email, name, status in rows]


def test_the_report_says_what_each_line_would_do_and_writes_nothing(app, olga, session):
    page = send(olga, session, LIST)
    told = words(page)
    assert page.status_code == 200
    assert "2 personnes seront inscrites." in told
    assert "1 ligne est en double. 4 lignes sont refusées." in told
    assert "4 Bo encore bo@example.org Même adresse qu’une ligne plus haut." in told
    assert "5 – vide@example.org Écrivez votre nom" in told or "5 – vide@example.org Écrivez" in told
    assert "7 =1+1 formule@example.org Une case commence par" in told
    assert "8 Bancal bancal@ Cette adresse n’est pas complète." in told
    assert "Il reste 1 place : la suite de la liste ira en liste d’attente." in told
    assert enrolled(app, session) == []
    with app.app_context():
        assert db.session.scalar(select(func.count(Person.id))) == 1


def test_the_confirmation_enrols_by_the_rule_of_the_queue_with_one_line_each_in_the_journal(app, olga, session):
    answer = confirm(olga, session, send(olga, session, LIST))
    assert answer.status_code == 303
    assert enrolled(app, session) == [
        ("ana@example.org", "Ana Rossi", "confirmed"),
        ("bo@example.org", "Bo", "waiting"),
    ]
    with app.app_context():
        wanted = select(func.count(AuditEntry.id)).where(AuditEntry.action == "enrolment.add")
        assert db.session.scalar(wanted) == 2
    assert "2 personnes sont inscrites." in words(olga.get(f"/pilotage/sessions/{session}/"))


def test_organisations_and_their_kinds_come_along(app, olga, session):
    kinds = "Nom;E-mail;Structure;Type de structure\nAna;ana@example.org;Port;Une entreprise\n"
    kinds += "Bo;bo@example.org;Lycée;Un établissement d’enseignement\nCléo;cleo@example.org;;Une île\n"
    assert confirm(olga, session, send(olga, session, kinds)).status_code == 303
    with app.app_context():
        wanted = (
            select(Person.organisation, Enrolment.organisation_kind).join(Enrolment.person).order_by(Enrolment.rank)
        )
        assert db.session.execute(wanted).all() == [("Port", "company"), ("Lycée", "education"), ("", None)]
    again = tables.read(olga.get(f"/pilotage/sessions/{session}/inscrits.csv").data).rows
    assert [row[1][9:11] for row in again[1:3]] == [
        ["Port", "Une entreprise"],
        ["Lycée", "Un établissement d’enseignement"],
    ]


def test_whoever_only_asked_is_enrolled_by_a_list_and_a_request_in_a_list_is_left_out(app, olga):
    with app.app_context():
        asked, other, person = a_session(needs_approval=True), a_session(), a_person("Ana", email="ana@example.org")
        with transaction() as it:
            enrolment.enrol(it.get_one(Person, person), it.get_one(CycleSession, asked), now=clock.now())
    taken = olga.get(f"/pilotage/sessions/{asked}/inscrits.csv").data
    assert "1 ligne est refusée" in words(send(olga, other, taken))
    page = send(olga, asked, "Nom;E-mail\nAna;ana@example.org\n")
    assert "1 personne sera inscrite." in words(page)
    assert confirm(olga, asked, page).status_code == 303
    assert enrolled(app, asked) == [("ana@example.org", "Ana", "confirmed")]


@pytest.mark.each_database
def test_confirming_twice_enrols_once(app, olga, session):
    page = send(olga, session, LIST)
    confirm(olga, session, page)
    assert confirm(olga, session, page).status_code == 303
    assert len(enrolled(app, session)) == 2
    assert "2 le sont déjà" in words(send(olga, session, LIST))


def test_what_was_shown_cannot_be_changed_nor_used_elsewhere(app, as_, olga, session):
    page = send(olga, session, LIST)
    with app.app_context():
        other, boss = a_session(), a_person(role=Role.ORGANISER)
    signed = re.search(r'name="lines" value="([^"]*)"', page.text)
    assert signed
    for forged in ("", "x", signed[1][:-1], "." + signed[1], signed[1].replace(signed[1][5], "x", 1)):
        assert confirm(olga, session, page, lines=forged).status_code == 422
    assert confirm(olga, other, page).status_code == 422
    colleague = as_(boss)
    mine = send(colleague, session, LIST)
    assert confirm(colleague, session, mine, lines=signed[1]).status_code == 422
    assert enrolled(app, session) == []


def test_whoever_may_not_be_enrolled_any_more_is_told(app, olga, session):
    page = send(olga, session, LIST)
    with app.app_context():
        a_person("Bo", email="bo@example.org", is_disabled=True)
    answer = confirm(olga, session, page)
    assert answer.status_code == 409
    assert "1 personne est inscrite." in words(answer)
    assert "3 Bo bo@example.org Ce compte est fermé." in words(answer)


@pytest.mark.parametrize(
    ("data", "status", "told"),
    [
        ("Nom;E-mail\n" + "A;a@example.org\n" * 2001, 422, "Ligne 2002 : Cette liste a plus de 2000 lignes"),
        ("Ana;ana@example.org\n", 422, "La première ligne doit nommer les colonnes"),
        (b"Nom;E-mail\nA\x81;b", 422, "Ligne 2 : Les caractères de ce fichier ne se lisent pas"),
        (b"\xd0\xcf\x11\xe0\0", 422, "Enregistrez-le en XLSX, sans mot de passe"),
        (b"", 422, "Ce fichier est vide"),
    ],
)
def test_a_file_that_is_not_taken_says_why_and_where(olga, session, data, status, told):
    answer = send(olga, session, data)
    assert (answer.status_code, told in words(answer)) == (status, True)


def test_a_list_from_windows_is_read_and_said(olga, session):
    answer = send(olga, session, "Nom;E-mail\nÉlodie;e@example.org\n".encode("cp1252"))
    assert "lu comme un CSV de Windows" in words(answer)
    assert "Élodie" in words(answer)


def test_markup_in_a_list_is_text(olga, session):
    answer = send(olga, session, 'Nom;E-mail\n<script>alert(1)</script>;"<b>"@example.org\n')
    assert "<script>alert" not in answer.text


def test_a_session_that_takes_nobody_says_so(app, olga):
    with app.app_context():
        cancelled, past = a_session(status=SessionStatus.CANCELLED), a_session(starts_in=timedelta(days=-3))
    for one in (cancelled, past):
        assert send(olga, one, LIST).status_code == 409


def test_without_a_waiting_list_those_beyond_the_seats_are_refused(app, olga, session):
    with app.app_context(), transaction() as it:
        it.get_one(CycleSession, session).has_waiting_list = False
    told = words(send(olga, session, LIST))
    assert "1 personne sera inscrite." in told
    assert "3 Bo bo@example.org Cette session est complète" in told


def test_as_many_people_as_a_list_holds_go_round_without_loss(app, olga):
    with app.app_context():
        first, second = a_session(), a_session()
        number = 2000 if IS_DEEP or db.engine.dialect.name == "sqlite" else 200
    people = [(f"Zoé {n} d’Été", f"zoe-{n}@example.org") for n in range(number)]
    with app.app_context(), transaction() as it:
        now = clock.now()
        rows = [Person(email=email, name=name, language="fr", created_at=now) for name, email in people]
        it.add_all(rows)
        it.flush()
        seats = [
            {"session_id": first, "person_id": row.id, "status": "confirmed", "rank": rank, "joined_at": now}
            for rank, row in enumerate(rows, start=1)
        ]
        it.execute(insert(Enrolment), seats)
    out = olga.get(f"/pilotage/sessions/{first}/inscrits.xlsx")
    rows = tables.read(out.data).rows
    assert len(rows) == number + 1
    page = send(olga, second, out.data, "liste.xlsx")
    assert f"{number} personnes seront inscrites." in words(page).replace("2 000", "2000")
    assert confirm(olga, second, page).status_code == 303
    assert [(name, email) for email, name, _status in enrolled(app, second)] == people
    again = olga.get(f"/pilotage/sessions/{second}/inscrits.csv").data
    assert [row[1][2:4] for row in tables.read(again).rows] == [row[1][2:4] for row in rows]


def test_our_own_list_leaves_out_those_who_cancelled_and_frees_disarmed_cells(app, olga, session):
    with app.app_context():
        person = a_person("-Ana", email="ana@example.org")
        with transaction() as it:
            row = it.get_one(CycleSession, session)
            enrolment.enrol(it.get_one(Person, person), row, now=clock.now())
            held = enrolment.enrol(it.get_one(Person, a_person_in(it)), row, now=clock.now())
            it.flush()
            enrolment.cancel(held, by=None, now=clock.now())
        other = a_session()
    told = words(send(olga, other, olga.get(f"/pilotage/sessions/{session}/inscrits.csv").data))
    assert "1 personne sera inscrite." in told
    assert "Annulée, refusée ou à approuver dans la liste" in told
    assert "-Ana (ana@example.org)" in told


def a_person_in(it) -> int:
    person = Person(email="bo@example.org", name="Bo", role=Role.STAKEHOLDER, language="fr", created_at=clock.now())
    it.add(person)
    it.flush()
    return person.id


def test_the_workbook_has_the_words_of_the_page(olga, session):
    english = tables.read(olga.get(f"/en/pilotage/sessions/{session}/inscrits.xlsx").data)
    assert english.rows[0][1][2:4] == ["Name", "Email address"]
    assert xlsx.table(["a"], [], title="").startswith(b"PK")
