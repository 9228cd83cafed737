"""The board of searches, synonyms, texts that come first, wishes: what the team sees and does."""

import csv
import io
import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from academy.domain import questions, search_rules, wishes
from academy.domain.questions import Count
from academy.extensions import db, transaction
from academy.models import AuditEntry, ContentHead, Document, Person, Pin, Role, Synonym, Wish
from academy.web import clock
from tests.factories import a_document, a_person, a_text
from tests.kept import once

BOARD = "/pilotage/recherche/"
SYNONYMS, PINS, WISHES = f"{BOARD}synonymes/", f"{BOARD}epingles/", f"{BOARD}demandes/"
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def people(app: Flask) -> dict[str, int]:
    with app.app_context():
        return {"olga": a_person("Olga", role=Role.ORGANISER), "tess": a_person("Tess", role=Role.TRAINER)}


@pytest.fixture
def olga(people, as_):
    return as_(people["olga"])


@pytest.fixture
def send(olga):
    """`send(path, field=…)`: a post of Olga's, with her token."""

    def post(path: str, **fields: object):
        token = re.search(r'name="csrf_token" value="([^"]+)"', olga.get("/moi/").text)
        assert token is not None
        return olga.post(path, data={"csrf_token": token[1], **fields})

    return post


@pytest.fixture
def asked(app: Flask):
    """`asked("port", typed="Le port", asked=3)`: counts of one day; today unless `ago` (days) says otherwise."""

    def add(words: str, *, typed: str = "", ago: int = 0, language: str = "fr", asked=1, unanswered=0, opened=0):
        day = clock.now().astimezone(clock.PARIS).date() - timedelta(days=ago)
        with app.app_context(), transaction():
            questions.add([Count(day, language, words, typed or words, asked, unanswered, opened)])

    return add


@pytest.fixture
def rows(app: Flask):
    """`rows(select(…))`: rows as the database has them."""

    def find(wanted) -> list:
        with app.app_context():
            return list(db.session.scalars(wanted))

    return find


def lists(html: str) -> dict[str, list[str]]:
    """The first cell of each row, by the id of its table."""
    found = {}
    for table in re.findall(r'aria-labelledby="([\w-]+)" tabindex.*?</table>', html, re.DOTALL):
        body = re.search(rf'aria-labelledby="{table}" tabindex.*?</table>', html, re.DOTALL)
        assert body is not None
        heads = re.findall(r'<th scope="row">(.*?)</th>', body[0], re.DOTALL)
        found[table] = [" ".join(unescape(re.sub(r"<[^>]+>", " ", head)).split()) for head in heads]
    return found


# Who may


def test_only_the_team_sees_and_does(client, as_, people):
    tess = as_(people["tess"])
    for path in (BOARD, f"{BOARD}questions.csv", SYNONYMS, PINS, WISHES):
        assert client.get(path).status_code == 302, path
        assert tess.get(path).status_code == 403, path


def test_what_does_not_exist_is_not_found(olga, send):
    for path in (f"{SYNONYMS}9", f"{WISHES}9", f"{SYNONYMS}99999999999999"):
        assert olga.get(path).status_code == 404, path
    for path in (f"{PINS}9/monter", f"{PINS}9/retirer", f"{SYNONYMS}9/supprimer"):
        assert send(path).status_code == 404, path


def test_every_page_has_a_title_and_one_h1_in_both_languages(olga):
    for path in (BOARD, SYNONYMS, PINS, WISHES):
        for side in ("", "/en"):
            html = olga.get(side + path).text
            assert (html.count("<h1"), html.count("<title")) == (1, 1), path


# The board


def test_an_empty_board_says_what_to_do(olga):
    html = olga.get(BOARD).text
    assert "Personne n’a encore cherché" in html
    assert SYNONYMS in html


@pytest.mark.each_database
def test_what_found_nothing_when_last_asked_is_listed_variants_together(olga, asked):
    asked("hydrogen", typed="hydrogène", asked=4, unanswered=4)
    asked("hydrogen", typed="Hydrogene", ago=3, asked=1, unanswered=1)
    asked("hydrogen", typed="HYDROGÈNE", ago=4, asked=1, unanswered=1)
    asked("gnl", typed="GNL", ago=9, asked=6, unanswered=6)
    asked("gnl", typed="gnl", ago=1, asked=1)  # a text was published since
    asked("eolien", typed="éolien", ago=91, asked=9, unanswered=9)  # forgotten, even before the job went by
    html = olga.get(BOARD).text
    found = lists(html)
    assert found["silent"] == ["hydrogène aussi : Hydrogene"]
    assert [typed.split(" aussi")[0] for typed in found["frequent"]] == ["GNL", "hydrogène"]
    assert "/atelier/nouveau?kind=resource&amp;title=hydrog%C3%A8ne&amp;language=fr" in html
    assert f"{SYNONYMS}?term=hydrog%C3%A8ne&amp;language=fr" in html


@pytest.mark.each_database
def test_what_is_often_answered_and_rarely_opened_is_listed(olga, asked):
    asked("port", asked=20, opened=3)
    asked("quai", asked=20, opened=4)  # one in five
    asked("phare", asked=4)  # too few to say anything
    asked("rade", asked=20, unanswered=17)
    found = lists(olga.get(BOARD).text)
    assert found["ignored"] == ["port"]
    assert found["frequent"] == ["port", "quai", "rade", "phare"]


def test_what_was_opened_but_never_asked_is_no_question(olga, asked):
    asked("port", asked=0, opened=50)
    assert "Personne n’a encore cherché" in olga.get(BOARD).text


def test_each_language_stands_for_itself(olga, asked):
    asked("port", asked=2, unanswered=2)
    asked("port", language="en", asked=1, unanswered=1)
    assert lists(olga.get(BOARD).text)["silent"] == ["port", "port EN , en anglais"]


def test_what_visitors_typed_is_never_html(olga, asked):
    asked("script", typed=HOSTILE, asked=9, unanswered=9)
    asked("b", typed="\"'><b>", asked=9)
    html = olga.get(BOARD).text
    assert HOSTILE not in html
    assert "&lt;script&gt;" in html
    assert "'><b>" not in html


def test_the_board_costs_the_same_for_one_and_for_three(olga, asked, queries):
    counts = []
    for n in range(3):
        asked(f"mot{n}", typed=f"Mot {n}", asked=9, unanswered=n % 2)
        asked(f"mot{n}", typed=f"mots {n}", ago=1, asked=9)
        olga.get(BOARD)
        queries.clear()
        olga.get(BOARD)
        counts.append(len(queries))
    assert counts[0] == counts[2]


def test_the_spreadsheet_runs_nothing(olga, asked):
    asked("cmd", typed='=HYPERLINK("http://evil.example")', asked=2)
    asked("cmd", typed="@cmd", ago=2, asked=1, opened=1)
    asked("port", typed="port; quai", ago=1, asked=1, unanswered=1)
    answer = olga.get(f"{BOARD}questions.csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    table = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")), delimiter=";"))
    today = clock.now().astimezone(clock.PARIS).date()
    day = {ago: (today - timedelta(days=ago)).isoformat() for ago in (0, 1, 2)}
    assert table[0][:3] == ["Question", "Autres façons de l’écrire", "Langue"]
    assert table[1:] == [
        ['\'=HYPERLINK("http://evil.example")', "'@cmd", "fr", "3", "0", "1", day[2], day[0]],
        ["port; quai", "", "fr", "1", "1", "0", day[1], day[1]],
    ]


def test_the_studio_takes_the_question_as_a_title(olga):
    page = olga.get(
        "/atelier/nouveau", query_string={"kind": "resource", "title": f"Hydrogène {HOSTILE}\0", "language": "en"}
    )
    assert page.status_code == 200
    assert 'value="Hydrogène &lt;script&gt;alert(1)&lt;/script&gt;"' in page.text
    assert '<input type="hidden" name="kind" value="resource">' in page.text
    assert re.search(r'<option lang="en" selected value="en"|<option selected value="en"', page.text)
    assert (
        olga.get("/atelier/nouveau", query_string={"kind": "x", "title": "é" * 900, "language": "de"}).status_code
        == 200
    )


# Synonyms


def test_a_synonym_is_taught_changed_and_forgotten(olga, send, rows):
    assert "Aucun synonyme" in olga.get(SYNONYMS).text
    fields = {"term": " IA ", "meanings": "intelligence artificielle\napprentissage automatique, IA", "language": "fr"}
    assert send(SYNONYMS, **fields, is_mutual="y").status_code == 303
    (it,) = rows(select(Synonym))
    assert (it.term, it.meanings, it.is_mutual) == (
        "IA",
        ["intelligence artificielle", "apprentissage automatique"],
        True,
    )
    assert lists(olga.get(SYNONYMS).text)["synonyms"] == ["IA"]
    page = olga.get(f"{SYNONYMS}{it.id}").text
    assert "intelligence artificielle\napprentissage automatique" in page
    changed = fields | {"term": "I.A.", "meanings": "intelligence artificielle"}
    assert send(f"{SYNONYMS}{it.id}", **changed).status_code == 303
    (it,) = rows(select(Synonym))
    assert (it.term, it.meanings, it.is_mutual) == ("I.A.", ["intelligence artificielle"], False)
    assert send(f"{SYNONYMS}{it.id}/supprimer").status_code == 303
    assert rows(select(Synonym)) == []
    journal = olga.get("/pilotage/journal/").text
    for words in ("synonyme ajouté", "synonyme changé", "synonyme supprimé", "I.A. → intelligence artificielle (fr)"):
        assert words in unescape(journal)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"term": ""}, "requis"),
        ({"term": "?!"}, "Écrivez au moins un mot."),
        ({"term": "I\u200bA"}, "caractère invisible"),
        ({"term": "x" * 101}, "100"),
        ({"meanings": " ;\n, "}, "au moins un sens"),
        ({"meanings": "bon\n…"}, "Écrivez au moins un mot."),
        ({"meanings": "x" * 101}, "trop long"),
        ({"meanings": "\n".join(f"mot {n}" for n in range(13))}, "Pas plus de 12 sens"),
        ({"meanings": "a\0b"}, "caractère invisible"),
        ({"language": "de"}, ""),
    ],
)
def test_what_cannot_be_taught_is_refused_and_nothing_typed_is_lost(send, rows, change, message):
    fields = {"term": "GNL", "meanings": "gaz naturel liquéfié", "language": "fr"} | change
    answer = send(SYNONYMS, **fields)
    assert answer.status_code == 422
    assert message in unescape(answer.text).replace("\u202f", " ").replace("\u00a0", " ")
    kept = "GNL" if "term" not in change else "gaz naturel liquéfié"
    assert kept in unescape(answer.text)
    assert rows(select(Synonym)) == []


def test_the_same_word_twice_is_refused_with_the_way_on(send, rows):
    fields = {"term": "IA", "meanings": "intelligence artificielle", "language": "fr"}
    assert send(SYNONYMS, **fields).status_code == 303
    again = send(SYNONYMS, **fields)
    assert (again.status_code, "complétez-la" in again.text) == (409, True)
    assert send(SYNONYMS, **(fields | {"language": "en"})).status_code == 303
    assert len(rows(select(Synonym))) == 2


def test_the_form_is_filled_from_the_board(olga):
    page = olga.get(SYNONYMS, query_string={"term": f'{HOSTILE}"\0', "language": "en"}).text
    assert "&lt;script&gt;" in page
    assert HOSTILE not in page
    assert re.search(r'<option[^>]* selected[^>]* value="en"|<option[^>]*value="en"[^>]* selected', page)


def test_every_page_of_visitors_is_made_anew_after_a_lesson(app: Flask, client, send):
    before = client.get("/ressources/?q=port").headers["ETag"]
    assert send(SYNONYMS, term="IA", meanings="intelligence artificielle", language="fr").status_code == 303
    assert client.get("/ressources/?q=port").headers["ETag"] != before


# Texts that come first


@pytest.fixture
@once
def texts(app: Flask, indexed) -> dict[str, int]:
    """Documents by key: two that speak of the port, a draft."""
    with app.app_context():
        a_text("port", title="Le port", body="Le port de Marseille.")
        a_text("quai", title="Le quai", body="Un quai du port.")
        a_text("brouillon", title="Le brouillon", is_published=False)
        found = {row.key: row.id for row in db.session.execute(select(Document.key, Document.id))}
    indexed()
    return found


@pytest.mark.each_database
def test_a_text_is_found_put_first_moved_and_removed(olga, send, rows, texts):
    page = olga.get(PINS, query_string={"question": "Le Port"})
    assert sorted(lists(page.text)["found"]) == ["Le port", "Le quai"]
    assert lists(olga.get(PINS, query_string={"question": "Le Port", "q": "quai"}).text)["found"][0] == "Le quai"
    for key in ("port", "quai"):
        assert send(PINS, question="Le Port !", document=texts[key]).status_code == 303
    pins = rows(select(Pin).order_by(Pin.rank))
    assert [(pin.question, pin.document_id) for pin in pins] == [("le port", texts["port"]), ("le port", texts["quai"])]
    assert send(f"{PINS}{pins[1].id}/monter").status_code == 303
    assert rows(select(Pin.document_id).order_by(Pin.rank)) == [texts["quai"], texts["port"]]
    assert lists(olga.get(PINS).text)["pins"] == ["Le Port !", "Le Port !"]
    assert send(f"{PINS}{pins[0].id}/retirer").status_code == 303
    assert rows(select(Pin.document_id)) == [texts["quai"]]


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"question": "  ", "document": "{port}"}, 422),
        ({"question": "?!", "document": "{port}"}, 422),
        ({"question": "port", "document": ""}, 422),
        ({"question": "port", "document": "²"}, 422),
        ({"question": "port", "document": "99999999999"}, 422),
        ({"question": "port", "document": "{brouillon}"}, 409),
    ],
)
def test_what_cannot_come_first_is_refused(send, rows, texts, fields, status):
    answer = send(PINS, **{name: value.format(**texts) for name, value in fields.items()})
    assert (answer.status_code, 'role="alert"' in answer.text) == (status, True)
    assert rows(select(Pin)) == []


def test_lists_cost_the_same_for_one_and_for_three(app: Flask, people, olga, queries):
    counts = {PINS: [], SYNONYMS: [], WISHES: []}
    for n in range(3):
        with app.app_context():
            document = a_document(title=f"Texte {n}")
            with transaction() as session:
                it, by, now = session.get_one(Document, document), session.get_one(Person, people["olga"]), clock.now()
                search_rules.add_pin(f"question {n}", it, by=by, now=now)
                search_rules.add_synonym(f"mot {n}", ["x"], language="fr", is_mutual=True, by=by, now=now)
                wishes.make(f"souhait {n}", text="", email="", language="fr", by=None, now=now)
        for path, seen in counts.items():
            olga.get(path)
            queries.clear()
            assert olga.get(path).status_code == 200
            seen.append(len(queries))
    assert all(seen[0] == seen[2] for seen in counts.values()), counts


# Wishes


@pytest.fixture
def wish(app: Flask):
    """`wish("hydrogène", email="")`: the id of a wish."""

    def make(question: str = "hydrogène", *, email: str = "zoe@example.org", text: str = "") -> int:
        with app.app_context(), transaction() as session:
            made = wishes.make(question, text=text, email=email, language="fr", by=None, now=clock.now())
            session.flush()
            return made.id

    return make


@pytest.mark.each_database
def test_a_wish_is_answered_with_a_text(app: Flask, olga, send, rows, texts, wish):
    number = wish("le port", text=HOSTILE)
    page = olga.get(f"{WISHES}{number}").text
    assert f'value="{texts["port"]}"' in page
    assert HOSTILE not in page
    assert "zoe@example.org" not in page + olga.get(WISHES).text, "the team needs no address: the academy writes"
    assert "1 demande de ressource attend" in olga.get("/pilotage/").text
    assert "1 demande de ressource attend" in olga.get(BOARD).text
    answer = send(f"{WISHES}{number}", document=texts["port"])
    assert answer.status_code == 303
    assert "la personne est prévenue" in olga.get(WISHES).text
    assert lists(olga.get(WISHES, query_string={"closes": "1"}).text)["wishes"] == [f"le port {HOSTILE}"]
    again = send(f"{WISHES}{number}", document=texts["port"])
    assert (again.status_code, "déjà close" in again.text) == (409, True)
    (entry,) = rows(select(AuditEntry).where(AuditEntry.action == "wish.close"))
    assert entry.detail == {"key": "port"}
    closed = olga.get(f"{WISHES}{number}").text
    assert 'href="/d/port">Le port</a>' in closed
    assert "La personne en est prévenue" in closed


@pytest.mark.each_database
def test_a_wish_is_closed_without_a_text(olga, send, rows, wish):
    number = wish()
    assert send(f"{WISHES}{number}").status_code == 303
    assert rows(select(Wish.closed_at))[0] is not None
    closed = olga.get(f"{WISHES}{number}").text
    assert "par Olga" in closed
    assert "Aucun texte n’a été donné" in closed


@pytest.mark.parametrize(("document", "status"), [("x", 422), ("99999", 422), ("{brouillon}", 409)])
def test_no_wish_is_answered_with_what_nobody_can_read(send, rows, texts, wish, document, status):
    answer = send(f"{WISHES}{wish()}", document=document.format(**texts))
    assert answer.status_code == status
    assert rows(select(Wish.closed_at)) == [None]


@pytest.mark.each_database
def test_the_board_is_of_ninety_days(olga, asked):
    with time_machine.travel(clock.now(), tick=False):
        asked("vieux", ago=90, unanswered=1)
        asked("trop", ago=91, unanswered=1)
        assert lists(olga.get(BOARD).text)["silent"] == ["vieux"]


def test_no_lesson_without_a_number_of_the_change_log(send, rows, texts):
    before = rows(select(ContentHead.seq))[0]
    send(SYNONYMS, term="IA", meanings="intelligence artificielle", language="fr")
    send(PINS, question="port", document=texts["port"])
    assert rows(select(ContentHead.seq)) == [before + 2]
