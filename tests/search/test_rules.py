"""What organisers teach: synonyms are other ways to ask, pins come first, and neither opens a wall."""

import pytest

from academy import search
from academy.domain import revisions
from academy.extensions import db as database, transaction
from academy.models import Audience, Document, Edition, Pin, Synonym
from academy.search import Filters
from academy.search.meanings import found_in
from academy.search.rules import rules_of
from tests.search.test_finder import NOW, found, publish, withdraw

IA = ("fr", "IA", ["intelligence artificielle"], True)
GAS = ("fr", "GNL", ["gaz naturel liquéfié"], False)


def taught(*rows) -> None:
    """Write synonyms and pins as an organiser's change does: with the next number of the change log."""
    with transaction() as session:
        session.add_all(rows)
        revisions.log_change(None, now=NOW)


def document_of(edition_id: int) -> int:
    return database.session.get_one(Edition, edition_id).document_id


@pytest.fixture
def texts(filled, a_document):
    return filled([
        a_document(1, "Des machines", "L’intelligence artificielle au bureau."),
        a_document(2, "Une note", "L’IA et les métiers."),
        a_document(3, "Autre", "Une lampe artificielle ; une intelligence rare."),
        a_document(4, "Navires", "Le gaz naturel liquéfié à bord."),
        a_document(5, "Gaz", "Le gaz, un bien naturel."),
    ])  # fmt: skip


def test_a_synonym_finds_what_the_words_typed_do_not(texts, found):
    rules = rules_of([IA, GAS], [])
    assert found(texts, "IA") == [2]
    assert sorted(found(texts, "IA", rules=rules)) == [1, 2]
    assert found(texts, "ia", rules=rules)[0] == 2  # what was typed weighs more


def test_where_a_language_lacks_what_was_typed_its_synonym_stands_in_for_it_in_full(filled, ask, a_document):
    rules = rules_of([("fr", "hameçonnage", ["phishing"], True)], [])
    index = filled([
        a_document(1, "Gestes", "Le hameçonnage, et comment le reconnaître."),
        a_document(2, "Côte", "Protéger la côte : protéger les dunes, protéger l’herbier."),
        a_document(3, "Gestures", "Phishing imitates somebody you trust.", language="en"),
        a_document(4, "Port", "Le quai."),
    ])  # fmt: skip
    as_the_texts_say = ask(index, "protéger du hameçonnage", rules=rules).hits
    otherwise = ask(index, "protéger du phishing", rules=rules).hits
    assert [(hit.key, hit.score) for hit in otherwise if hit.language == "fr"] == [
        (hit.key, pytest.approx(hit.score)) for hit in as_the_texts_say if hit.language == "fr"
    ]


def test_short_words_are_no_plurals():
    rules = rules_of([("en", "AI", ["artificial intelligence"], True), ("fr", "scop", ["coopérative"], True)], [])
    assert not list(found_in(["ais"], rules))
    assert list(found_in(["ai"], rules))
    assert list(found_in(["cooperatives"], rules))


def test_several_words_must_stand_in_a_row(texts, found):
    rules = rules_of([IA, GAS], [])
    assert found(texts, "GNL", rules=rules) == [4]
    assert 3 not in found(texts, "IA", rules=rules)


def test_mutual_synonyms_hold_both_ways_and_the_others_one_way(texts, found):
    rules = rules_of([IA, GAS], [])
    assert 2 in found(texts, "intelligence artificielle", rules=rules)
    assert 2 in found(texts, "Les intelligences artificielles", rules=rules)  # whatever the endings
    one_way = rules_of([("fr", "IA", ["intelligence artificielle"], False)], [])
    assert 2 not in found(texts, "intelligence artificielle", rules=one_way)


def test_a_text_with_both_counts_once(filled, ask, a_document):
    index = filled([a_document(1, "A", "ia ia"), a_document(2, "B", "ia machine"), a_document(3, "C", "rien du tout")])
    alone = {hit.key: hit.score for hit in ask(index, "ia").hits}
    with_rules = {
        hit.key: hit.score for hit in ask(index, "ia", rules=rules_of([("fr", "ia", ["machine"], True)], [])).hits
    }
    assert with_rules.keys() == alone.keys()
    assert with_rules["key-2"] == pytest.approx(alone["key-2"], rel=0.2)


def test_a_synonym_is_told_marked_and_left_out_on_demand(texts, ask):
    rules = rules_of([IA], [])
    results = ask(texts, "IA", rules=rules)
    assert [(meaning.text, meaning.language) for meaning in results.also] == [("intelligence artificielle", "fr")]
    marked = next(str(hit.passage) for hit in results.hits if hit.edition_id == 1)
    assert "<mark>intelligence</mark> <mark>artificielle</mark>" in marked
    verbatim = ask(texts, "IA", rules=rules, is_verbatim=True)
    assert ([hit.edition_id for hit in verbatim.hits], verbatim.also) == ([2], ())
    assert [hit.edition_id for hit in ask(texts, '"IA"', rules=rules).hits] == [2]  # a quoted word is that word


def test_a_sigle_that_no_text_has_is_not_repaired(filled, ask, a_document):
    index = filled([a_document(1, "Pôle", "Un pôle territorial."), a_document(2, "Pacte", "Un pacte.")])
    assert ask(index, "pcte").suggestion == "pacte"
    results = ask(index, "pcte", rules=rules_of([("fr", "PCTE", ["pôle territorial"], True)], []))
    assert ([hit.edition_id for hit in results.hits], results.suggestion) == ([1], None)


def test_a_synonym_stays_in_its_language(filled, found, a_document):
    index = filled([a_document(1, "Un", "un chat"), a_document(2, "Two", "chat rooms", language="en")])
    assert found(index, "matou", rules=rules_of([("fr", "matou", ["chat"], False)], [])) == [1]


def test_the_longest_synonym_is_read_and_none_over_another():
    rules = rules_of(
        [("fr", "économie bleue", ["mer"], False), ("fr", "économie", ["x"], False), ("fr", "bleue", ["y"], False)], []
    )
    read = [
        (at.start, at.stop, [m.text for m in found])
        for at, found in found_in("economie bleue et economie".split(), rules)
    ]
    assert read == [(0, 2, ["mer"]), (3, 4, ["x"])]


@pytest.mark.parametrize("row", [
    ("fr", "", [""], True), ("fr", "le", ["la"], True), ("en", "…", ["!!"], True), ("fr", "a" * 500, ["b " * 300], True),
    ("fr", "IA", ["IA"], True), ("fr", "port", [], True),
])  # fmt: skip
def test_odd_synonyms_do_no_harm(row, texts, ask):
    rules = rules_of([row], [])
    for question in ("le", "IA", "port", "a" * 64, "…", ""):
        ask(texts, question, rules=rules)


def test_what_organisers_write_is_in_force_with_the_next_change(db):
    first = publish("un", "Des machines", "L’intelligence artificielle au bureau.")
    search.sync()
    assert found("IA") == []
    taught(Synonym(language="fr", term="IA", meanings=["intelligence artificielle"]))
    assert found("IA") == [first]
    with transaction() as session:
        session.delete(session.query(Synonym).one())
        revisions.log_change(None, now=NOW)
    assert found("IA") == []


def test_synonyms_answer_without_an_index_too(db):
    long = publish("un", "Des machines", "L’intelligence artificielle au bureau.")
    short = publish("deux", "L’IA", "Le port.")
    publish("trois", "Rien", "Une intelligence, une vie artificielle.")
    taught(Synonym(language="fr", term="IA", meanings=["intelligence artificielle"]))
    results = search.find("IA")
    assert (results.notice, [it.text for it in results.also]) == ("index_unavailable", ["intelligence artificielle"])
    assert {hit.edition_id for hit in results.hits} == {long, short}
    assert "<mark>intelligence</mark>" in next(str(hit.passage) for hit in results.hits if hit.edition_id == long)
    assert [hit.edition_id for hit in search.find("IA port").hits] == [short]
    exactly = search.find("IA", is_verbatim=True)
    assert ([hit.edition_id for hit in exactly.hits], exactly.also) == ([short], ())


def test_a_pin_comes_first_for_its_question_alone(db):
    one = publish("un", "Le port", "Le port, le port.")
    two = publish("deux", "Autre chose", "Rien de tel.")
    three = publish("trois", "Une gare", "Des trains vers le port.")
    search.sync()
    assert found("port") == [one, three]
    taught(
        Pin(question="port", document_id=document_of(two), rank=2),
        Pin(question="port", document_id=document_of(three), rank=1),
    )
    results = search.find("Port ?")
    assert ([hit.edition_id for hit in results.hits], results.total) == ([three, two, one], 3)
    assert str(results.hits[1].passage) == "Rien de tel."
    assert found("le port") == [one, three]
    assert found('"port"') == [one, three]
    assert dict(results.facets["type"])["note"] == 3


def test_a_pin_passes_filters_and_walls_or_stays_out(db):
    publish("un", "Le port", "Le port.", type="guide")
    secret = publish("deux", "Secret", "Rien.", audience=Audience.MEMBERS)
    gone = publish("trois", "Parti", "Rien.")
    note = publish("quatre", "Note", "Rien.")
    search.sync()
    taught(*(Pin(question="port", document_id=document_of(e), rank=n) for n, e in enumerate((secret, gone, note))))
    withdraw(gone)
    search.sync()
    assert [hit.title for hit in search.find("port").hits] == ["Note", "Le port"]
    assert [hit.title for hit in search.find("port", filters=Filters(type=("guide",))).hits] == ["Le port"]
    assert [hit.title for hit in search.find("port type:note").hits] == ["Note"]
    both = frozenset({Audience.PUBLIC, Audience.MEMBERS})
    assert [hit.title for hit in search.find("port", audiences=both).hits] == ["Secret", "Note", "Le port"]
    assert search.find("port", kinds=("module",)).total == 0


def test_a_pinned_document_shows_in_the_asker_s_language(db):
    fr, en = publish("un", "Note", "Rien."), publish("un", "A note", "Nothing.", language="en")
    search.sync()
    taught(Pin(question="port", document_id=document_of(fr)))
    assert (found("port", language="fr"), found("port", language="en")) == ([fr], [en])


@pytest.mark.parametrize("count", [1, 3])
def test_rules_cost_a_search_nothing_once_read(count: int, db, queries):
    edition = publish("un", "Le port", "texte")
    search.sync()
    taught(
        *(Synonym(language="fr", term=f"mot{n}", meanings=["port"]) for n in range(count)),
        *(Pin(question=f"mot{n}", document_id=document_of(edition)) for n in range(count)),
    )
    search.find("mot0")
    queries.clear()
    assert [hit.edition_id for hit in search.find("mot0").hits] == [edition]
    assert len(queries) == 1
    assert database.session.query(Document).count() == 1
