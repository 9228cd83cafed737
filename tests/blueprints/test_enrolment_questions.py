"""Questions to who enrols: organisers ask, people answer, the team reads; nobody else ever does."""

import csv
import io
import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from academy.domain import accounts, answers, enrolment
from academy.domain.answers import Said
from academy.extensions import db, transaction
from academy.mail import links
from academy.models import (
    Answer,
    AuditEntry,
    CycleSession,
    Enrolment,
    EnrolmentQuestion,
    PendingAnswers,
    Person,
    Purpose,
    QuestionKind,
    Role,
)
from academy.web import clock
from tests.factories import a_cycle, a_person, a_question, a_session
from tests.mail_reading import sent_by, text_of

HOSTILE = "=cmd|' /C calc'!A0 <script>alert(1)</script> {{ 7*7 }}"


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


def post(client: FlaskClient, url: str, page: str, **fields):
    """Send a form of *page* as its person: with the token of the page."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(page).text)
    assert token is not None
    return client.post(url, data={"csrf_token": token[1], **fields})


def key(number: int) -> str:
    return answers.key(db.session.get_one(EnrolmentQuestion, number))


def enrol(person: int, session: int, **said: str) -> int:
    """Enrol with answers to questions by their labels, as texts."""
    with transaction() as it:
        row = it.get_one(CycleSession, session)
        labels = {one.label_fr: one for one in it.scalars(select(EnrolmentQuestion))}
        named = {answers.key(labels[label]): Said(text) for label, text in said.items()}
        held = enrolment.enrol(it.get_one(Person, person), row, now=clock.now(), said=named)
        it.flush()
        return held.id


def kept(app: Flask) -> list[tuple[str, list[int]]]:
    with app.app_context():
        rows = db.session.execute(select(Answer.text, Answer.picked).order_by(Answer.question_id, Answer.id))
        return [(text, picked) for text, picked in rows]


def signed_page(app: Flask, held: int) -> str:
    with app.app_context():
        return f"/inscriptions/{links.sign(held)}/"


def test_an_organiser_asks_without_code(app: Flask, make, olga: FlaskClient):
    session = make(a_session, title="Escale")
    page = f"/pilotage/sessions/{session}/questions"
    fields = {
        "label_fr": "Votre repas",
        "kind": "choice",
        "choices": "Viande | Meat\r\nLégumes\r\n",
        "is_sensitive": "y",
    }
    assert post(olga, page, page, **fields).status_code == 303
    cycle = make(a_cycle)
    other = f"/pilotage/cycles/{cycle}/questions"
    assert (
        post(olga, other, other, label_fr="Vos attentes", kind="long", label_en="Your expectations").status_code == 303
    )
    text = olga.get(page).text
    assert "Votre repas" in text
    assert "Vos attentes" in text
    assert "Your expectations" in olga.get(f"/en{page}").text
    assert "Votre repas" not in olga.get(other).text
    form = olga.get(f"/sessions/{session}/inscription").text
    assert form.index("Vos attentes") < form.index("Votre repas")
    assert ">Légumes</option>" in form
    english = olga.get(f"/en/sessions/{session}/inscription").text
    assert "Your expectations" in english
    assert '<span lang="fr">Votre repas</span>' in english
    assert '<option value="2" lang="fr">Légumes</option>' in english
    assert ">Meat</option>" in english


@pytest.mark.parametrize(
    ("fields", "words", "status"),
    [
        ({"label_fr": "", "kind": "short"}, "Écrivez la question.", 422),
        ({"label_fr": "x" * 201, "kind": "short"}, "200 caractères au plus", 422),
        ({"label_fr": "Repas\u202e", "kind": "short"}, "caractère invisible", 422),
        ({"label_fr": "Repas", "kind": "choice", "choices": "Un\n| Two"}, "commence par le choix en français", 422),
        ({"label_fr": "Repas", "kind": "choice", "choices": "Un\u200b\nDeux"}, "caractère invisible", 422),
        ({"label_fr": "Repas", "kind": "choice", "choices": "Un"}, "au moins deux choix", 409),
        ({"label_fr": "Repas", "kind": "choices", "choices": "Un\nUn | One"}, "mêmes mots", 409),
        ({"label_fr": "Repas", "kind": "drop table", "choices": ""}, "field__error", 422),
    ],
)
def test_what_is_wrong_with_a_question_is_said_and_nothing_typed_is_lost(make, olga, fields, words: str, status: int):
    page = f"/pilotage/sessions/{make(a_session)}/questions"
    answer = post(olga, page, page, help_fr="Mon aide", **fields)
    assert (answer.status_code, words in answer.text, 'value="Mon aide"' in answer.text) == (status, True, True)


def test_questions_are_moved_closed_asked_again_and_deleted_with_buttons(app: Flask, make, olga: FlaskClient):
    session = make(a_session)
    one, two = (make(a_question, session=session, label_fr=name) for name in ("Première", "Seconde"))
    page = f"/pilotage/sessions/{session}/questions"

    def order() -> list[str]:
        return sorted(("Première", "Seconde"), key=olga.get(page).text.index)

    assert post(olga, f"/pilotage/questions/{one}/deplacer", page, to="down").status_code == 303
    assert order() == ["Seconde", "Première"]
    assert post(olga, f"/pilotage/questions/{one}/deplacer", page, to="up").status_code == 303
    assert order() == ["Première", "Seconde"]
    post(olga, f"/pilotage/questions/{one}/fermer", page)
    assert "Première" not in olga.get(f"/sessions/{session}/inscription").text
    post(olga, f"/pilotage/questions/{one}/fermer", page, again="yes")
    assert "Première" in olga.get(f"/sessions/{session}/inscription").text
    post(olga, f"/pilotage/questions/{two}/supprimer", page)
    assert "Seconde" not in olga.get(f"/sessions/{session}/inscription").text


def test_a_question_is_not_asked_again_where_there_are_twenty(make, olga: FlaskClient):
    session = make(a_session)
    numbers = [make(a_question, session=session) for _ in range(20)]
    page = f"/pilotage/sessions/{session}/questions"
    assert post(olga, page, page, label_fr="Une de trop", kind="short").status_code == 409
    post(olga, f"/pilotage/questions/{numbers[0]}/fermer", page)
    assert post(olga, page, page, label_fr="La dernière", kind="short").status_code == 303
    refused = post(olga, f"/pilotage/questions/{numbers[0]}/fermer", page, again="yes")
    assert (refused.status_code, "au plus 20 questions" in refused.text) == (409, True)


def test_a_question_with_answers_gets_choices_but_no_other_words(app: Flask, make, olga: FlaskClient):
    session = make(a_session)
    choices = [("Viande", ""), ("Légumes", "")]
    number = make(a_question, session=session, label_fr="Repas", kind=QuestionKind.CHOICE, choices=choices)
    page = f"/pilotage/questions/{number}"
    assert 'name="kind"' in olga.get(page).text
    with app.app_context(), transaction() as it:
        row = it.get_one(CycleSession, session)
        said = {key(number): Said(picked=(1,))}
        enrolment.enrol(it.get_one(Person, a_person_in(it)), row, now=clock.now(), said=said)
    shown = olga.get(page).text
    assert 'name="kind"' not in shown
    assert "Des personnes ont répondu" in shown
    refused = post(olga, page, page, label_fr="Autre", choices="Viande\nLégumes")
    assert (refused.status_code, "ne changent plus" in refused.text) == (409, True)
    assert post(olga, page, page, label_fr="Repas", choices="Viande\nLégumes\nPoisson").status_code == 303
    listed = f"/pilotage/sessions/{session}/questions"
    assert "Supprimer" not in olga.get(listed).text
    gone = post(olga, f"/pilotage/questions/{number}/supprimer", listed)
    assert (gone.status_code, "ne changent plus" in gone.text) == (409, True)
    assert "Poisson" in olga.get(f"/sessions/{session}/inscription").text


def a_person_in(it) -> int:
    person = accounts.add_person("answerer@example.org", "Answerer", by=None, now=clock.now())
    it.flush()
    return person.id


def test_who_is_signed_in_answers_and_has_a_place_at_once(app: Flask, make, as_):
    session, me = make(a_session), as_(make(a_person, "Camille"))
    page = f"/sessions/{session}/inscription"
    show = me.get(f"/sessions/{session}-slug/", follow_redirects=True).text
    assert "L’équipe de l’académie pose" not in show
    assert f'action="{page}"' in show  # one click
    number = make(a_question, session=session, label_fr="Repas", is_required=True)
    box = make(a_question, session=session, label_fr="D’accord", kind=QuestionKind.CONSENT, is_required=True)
    with app.app_context():
        names = {number: key(number), box: key(box)}
    show = me.get(f"/sessions/{session}-slug/", follow_redirects=True).text
    assert "pose 2 questions" in show
    assert f'href="{page}"' in show
    answer = post(me, page, page, **{names[number]: "Sans noix"})
    assert (answer.status_code, "Cochez cette case" in answer.text, 'value="Sans noix"' in answer.text) == (
        422,
        True,
        True,
    )
    assert post(me, page, page, **{names[number]: "Sans noix", names[box]: "1"}).status_code == 303
    assert kept(app) == [("Sans noix", []), ("", [1])]
    assert "Mes réponses aux questions" in me.get(f"/sessions/{session}-slug/", follow_redirects=True).text


@pytest.mark.each_database
def test_a_visitor_answers_and_the_click_keeps_the_answers(app: Flask, make, client: FlaskClient):
    session = make(a_session)
    number = make(a_question, session=session, label_fr="Repas", is_required=True)
    page = f"/sessions/{session}/inscription"
    with app.app_context():
        name = key(number)
    who = {"name": "Camille", "email": "camille@example.org"}
    assert "Répondez à cette question." in client.post(page, data=who).text
    assert client.post(page, data={**who, name: "Secret-noix"}).status_code == 303
    with app.app_context():
        mail = text_of(sent_by(app)[-1])
        assert "Secret" not in mail
    link = re.search(r"http://localhost(/i/\S+)", mail)
    assert link is not None
    shown = client.get(link[1]).text
    assert "Repas" not in shown
    assert "Secret" not in shown
    assert client.post(link[1]).status_code == 303
    assert kept(app) == [("Secret-noix", [])]
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(PendingAnswers)) == 0


@pytest.mark.each_database
def test_who_renews_a_link_that_expired_keeps_the_answers(app: Flask, make, client: FlaskClient):
    session = make(a_session)
    number = make(a_question, session=session, is_required=True)
    with app.app_context():
        name = key(number)
    who = {"name": "Camille", "email": "camille@example.org", name: "Gardée"}
    assert client.post(f"/sessions/{session}/inscription", data=who).status_code == 303
    with app.app_context():
        first = re.search(r"http://localhost(/i/\S+)", text_of(sent_by(app)[-1]))
    assert first is not None
    with time_machine.travel(clock.now() + timedelta(hours=1), tick=False):
        assert client.post(f"{first[1]}/encore").status_code == 303
        with app.app_context():
            again = re.search(r"http://localhost(/i/\S+)", text_of(sent_by(app)[-1]))
        assert again is not None
        assert client.post(again[1]).status_code == 303
    assert kept(app) == [("Gardée", [])]


@pytest.mark.each_database
def test_a_link_asks_what_was_added_since_and_who_is_invited_everything(app: Flask, make, client: FlaskClient):
    session = make(a_session)
    asked = make(a_question, session=session, label_fr="Facultative")
    with app.app_context(), transaction():
        stated = {"session": session, "name": "Camille"}
        late = accounts.issue_ticket(Purpose.ENROL, "a@example.org", now=clock.now(), **stated)
        invited = accounts.issue_ticket(Purpose.ENROL, "b@example.org", now=clock.now(), is_invitation=True, **stated)
    new = make(a_question, session=session, label_fr="Nouvelle", is_required=True)
    with app.app_context():
        names = key(asked), key(new)
    page = client.get(f"/i/{late}").text
    assert ("Facultative" in page, "Nouvelle" in page) == (False, True)
    answer = client.post(f"/i/{late}")
    assert (answer.status_code, "Répondez à cette question." in answer.text) == (422, True)
    assert client.post(f"/i/{late}", data={names[1]: "Un"}).status_code == 303
    page = app.test_client().get(f"/i/{invited}").text
    assert ("Facultative" in page, "Nouvelle" in page) == (True, True)
    assert app.test_client().post(f"/i/{invited}", data={names[0]: "Zéro", names[1]: "Deux"}).status_code == 303
    assert sorted(kept(app)) == [("Deux", []), ("Un", []), ("Zéro", [])]


def test_a_question_that_was_worded_anew_meanwhile_is_asked_again(app: Flask, make, as_, olga: FlaskClient):
    session, me = make(a_session), as_(make(a_person))
    number = make(a_question, session=session, label_fr="Pour ?", is_required=True)
    page, edit = f"/sessions/{session}/inscription", f"/pilotage/questions/{number}"
    with app.app_context():
        old = key(number)
    post(olga, edit, edit, label_fr="Contre ?", kind="short", is_required="y")
    answer = post(me, page, page, **{old: "Oui"})
    assert (answer.status_code, "Contre ?" in answer.text) == (422, True)
    assert kept(app) == []


@pytest.mark.each_database
def test_answers_change_on_the_page_of_ones_place_until_the_session_begins(app: Flask, make, client: FlaskClient):
    session = make(a_session, starts_in=timedelta(days=3))
    number = make(a_question, session=session, label_fr="Repas", is_required=True)
    with app.app_context():
        held, name = enrol(a_person(), session, Repas="Avant"), key(number)
    page = signed_page(app, held)
    assert 'value="Avant"' in client.get(page).text
    answer = client.post(f"{page}reponses", data={name: " "})
    assert (answer.status_code, "Répondez à cette question." in answer.text) == (422, True)
    assert client.post(f"{page}reponses", data={name: "Après"}).status_code == 303
    assert kept(app) == [("Après", [])]
    with time_machine.travel(clock.now() + timedelta(days=3, minutes=5), tick=False):
        shown = client.get(page).text
        assert "Après" in shown
        assert f'name="{name}"' not in shown
        late = client.post(f"{page}reponses", data={name: "Trop tard"})
        assert (late.status_code, "ne se changent plus" in late.text) == (409, True)
    assert kept(app) == [("Après", [])]
    assert client.post("/inscriptions/autre/reponses", data={name: "x"}).status_code == 404


@pytest.mark.each_database
def test_following_a_cycle_asks_once(app: Flask, make, as_):
    one, two = (make(a_session, starts_in=timedelta(days=days), title=f"Jour {days}") for days in (10, 20))
    shared = make(a_question, cycle=make(a_cycle), label_fr="Attentes", is_required=True)
    own = make(a_question, session=two, label_fr="Repas")
    me, page = as_(make(a_person)), "/cycles/economie-bleue/suivre"
    with app.app_context():
        names = key(shared), key(own)
    shown = me.get(page).text
    assert (shown.count("Attentes"), shown.count("Repas")) == (1, 1)
    answer = post(me, page, page, **{names[1]: "Sans noix"})
    assert (answer.status_code, "Répondez à cette question." in answer.text) == (422, True)
    assert 'value="Sans noix"' in answer.text
    assert kept(app) == []
    assert post(me, page, page, **{names[0]: "Tout", names[1]: "Sans noix"}).status_code == 303
    with app.app_context():
        rows = db.session.execute(
            select(Enrolment.session_id, Answer.text).join(Answer, Answer.enrolment_id == Enrolment.id)
        )
        assert sorted(tuple(row) for row in rows) == sorted([(one, "Tout"), (two, "Tout"), (two, "Sans noix")])


def test_the_team_reads_answers_and_writes_them_down(app: Flask, make, olga: FlaskClient):
    session = make(a_session)
    number = make(a_question, session=session, label_fr="Repas", is_required=True, is_sensitive=True)
    with app.app_context():
        held, name = enrol(a_person("Camille"), session, Repas="Sans noix"), key(number)
    roll = olga.get(f"/pilotage/sessions/{session}/").text
    page = f"/pilotage/inscriptions/{held}/reponses"
    assert "Réponses (1)" in roll
    assert page in roll
    assert "Sans noix" not in roll
    shown = olga.get(page).text
    assert "Sans noix" in shown
    assert "sont effacées le" in shown
    assert post(olga, page, page, **{name: "x" * 201}).status_code == 422
    assert post(olga, page, page, **{name: ""}).status_code == 303  # the team may leave it open
    assert kept(app) == []
    with app.app_context():
        told = db.session.execute(select(AuditEntry.action, AuditEntry.detail)).all()
    assert "enrolment.change_answers" in [action for action, _ in told]
    assert "noix" not in str(told)


def test_the_list_for_spreadsheets_has_a_column_for_each_question(app: Flask, make, olga: FlaskClient):
    session = make(a_session)
    make(a_question, cycle=make(a_cycle), label_fr="=Attentes")
    make(a_question, session=session, label_fr="Repas", is_sensitive=True)
    with app.app_context():
        enrol(a_person("Zoé"), session, **{"=Attentes": HOSTILE, "Repas": "+33"})
        enrol(a_person("Ali"), session)
    text = olga.get(f"/pilotage/sessions/{session}/inscrits.csv").text.lstrip("\ufeff")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert [row[-2:] for row in rows] == [["'=Attentes", "Repas (sensible)"], [f"'{HOSTILE}", "'+33"], ["", ""]]


def test_hostile_words_are_inert_everywhere(app: Flask, make, olga: FlaskClient, as_):
    session = make(a_session)
    number = make(a_question, session=session, label_fr=HOSTILE, help_fr=HOSTILE)
    pick = make(
        a_question,
        session=session,
        kind=QuestionKind.CHOICES,
        label_fr="Choix",
        choices=[(HOSTILE, HOSTILE), ("B", "")],
    )
    person = make(a_person)
    with app.app_context():
        names = key(number), key(pick)
    me, page = as_(person), f"/sessions/{session}/inscription"
    assert post(me, page, page, **{names[0]: HOSTILE, names[1]: "1"}).status_code == 303
    with app.app_context():
        held = db.session.scalars(select(Enrolment.id)).one()
    desk = (
        f"sessions/{session}/questions",
        f"questions/{number}",
        f"questions/{pick}",
        f"inscriptions/{held}/reponses",
    )
    pages = [olga.get(f"{side}/pilotage/{path}") for path in (*desk, "journal/") for side in ("", "/en")]
    pages += [client.get(path) for client in (me, olga) for path in (page, signed_page(app, held))]
    for answer in pages:
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text
        assert "49" not in re.findall(r"A0 [^{]*(49)?", answer.text)


def test_pages_cost_the_same_with_one_answer_and_with_three(app: Flask, make, olga: FlaskClient, queries):
    def cost(path: str) -> int:
        olga.get("/pilotage/")  # whatever the first page of a browser costs more
        queries.clear()
        assert olga.get(path).status_code == 200
        return len(queries)

    counts = {}
    for many in (1, 3):
        session = make(a_session, cycle=f"cycle-{many}")
        cycle = make(a_cycle, f"cycle-{many}")
        labels = [f"S{many}{n}" for n in range(many)] + [f"C{many}{n}" for n in range(many)]
        for label in labels:
            make(a_question, **({"session": session} if label[0] == "S" else {"cycle": cycle}), label_fr=label)
        with app.app_context():
            held, *_ = [enrol(a_person(), session, **dict.fromkeys(labels, "x")) for _ in range(many)]
        paths = (
            f"/pilotage/sessions/{session}/",
            f"/pilotage/sessions/{session}/inscrits.csv",
            f"/pilotage/sessions/{session}/questions",
            f"/pilotage/cycles/{cycle}/questions",
            f"/pilotage/inscriptions/{held}/reponses",
            f"/sessions/{session}/inscription",
            signed_page(app, held),
        )
        counts[many] = [cost(path) for path in paths]
    assert counts[1] == counts[3]
