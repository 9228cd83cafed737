"""Unknown words are repaired, known words never; what was searched is said."""

import pytest
from hypothesis import given, settings, strategies as st

from academy.search.deletions import Deletions, distance
from academy.search.query import parse
from tests.search.engines import each_engine

engine_type = each_engine

TEXT = "La cybersécurité du port de Marseille protège l’économie bleue, les entreprises et la métropole. Un littoral."


@pytest.fixture
def index(filled, a_document):
    return filled([a_document(1, "Cybersécurité portuaire", TEXT), a_document(2, "Autre", "Un cyber café, une carte.")])


@pytest.mark.parametrize(("typed", "searched"), [
    ("cybersecutire", "cybersécurité"), ("cyber securite", "cybersécurité"), ("cybersecurit", "cybersécurité"),
    ("metropple", "métropole"), ("mterople", "métropole"), ("entrepprises", "entreprises"), ("litoral", "littoral"),
    ("economiebleue", "économie bleue"), ("Marseile port", None), ("narseille", "marseille"),
])  # fmt: skip
def test_repairs(typed: str, searched: str | None, index, ask):
    results = ask(index, typed)
    assert (results.suggestion, results.corrected) == (searched, searched is not None)
    assert results.hits[0].edition_id == 1


@pytest.mark.parametrize("known", ["cyber", "carte", "port", "ports", "METROPOLE", "zz", "1234567", "quel", "bleue"])
def test_known_and_short_words_are_left_alone(known: str, index, ask):
    assert ask(index, known).suggestion is None


@pytest.mark.parametrize(("typed", "text", "language"), [
    ("Martigues", "Une équipe de fatigués.", "fr"), ("chômage", "Le codage.", "fr"), ("bateaux", "Les bureaux.", "fr"),
    ("économie circulaire", "An économie to circulate.", "en"),
    ("taxe", "Un axe.", "fr"), ("une taxe", "To take.", "en"),
])  # fmt: skip
def test_names_and_words_that_no_text_has_are_not_taken_for_far_ones(typed, text, language, filled, ask, a_document):
    index = filled([a_document(1, "Titre", text, language=language), a_document(2, "Une économie", "économie")])
    assert ask(index, typed).suggestion is None


def test_of_words_as_near_that_of_the_language_of_the_question_is_meant(filled, ask, a_document):
    index = filled([
        a_document(1, "Les faits", "Ce sont des faits, une liste."),
        a_document(2, "The facts", "These are the facts, a list.", language="en"),
    ])  # fmt: skip
    assert ask(index, "what are the fatts", language="en").suggestion == "what are the facts"
    assert ask(index, "quels sont les fatts", language="fr").suggestion == "quels sont les faits"


def test_quotes_and_verbatim_search_what_was_typed(index, ask):
    assert (ask(index, '"cybersecutire"').total, ask(index, '"cybersecutire"').suggestion) == (0, None)
    assert ask(index, "cybersecutire", is_verbatim=True).total == 0


def test_the_company_of_other_words_decides(filled, ask, a_document):
    index = filled(
        [a_document(1, "Un", "voile bateau mer vent"), a_document(2, "Deux", "toile peinture musée couleur")]
    )
    assert ask(index, "xoile bateau").suggestion == "voile bateau"
    assert ask(index, "xoile peinture").suggestion == "toile peinture"


def test_words_that_left_are_never_proposed(index, ask, a_document):
    assert ask(index, "cybersecutire").total == 1
    index.apply([(1, a_document(1, "Plus rien", "Un texte."))], cursor=2)
    assert (ask(index, "cybersecutire").suggestion, ask(index, "cybersecutire").total) == (None, 0)


def test_words_of_other_audiences_are_never_proposed(filled, ask, a_document):
    index = filled([a_document(1, "Secret", "kryptonite", audience="team"), a_document(2, "Public", "texte")])
    assert ask(index, "kryptonit").suggestion is None
    assert ask(index, "kryptonyte", audiences=frozenset({"public", "team"})).suggestion == "kryptonite"
    assert index.suggest("kryp", audiences={"public"}, language="fr", limit=8) == []
    assert index.suggest("kryp", audiences={"team"}, language="fr", limit=8) == ["kryptonite"]
    assert index.suggest("secr", audiences={"public"}, language="fr", limit=8) == []


def test_suggestions_are_titles_then_words_in_the_language_asked(filled, a_document):
    french, english = a_document(1, "Énergie solaire", "énergies"), a_document(2, "Energy", "energy", language="en")
    index = filled([french, english])
    assert index.suggest("éner", audiences={"public"}, language="fr", limit=8)[:2] == ["Énergie solaire", "Energy"]
    assert index.suggest("ener", audiences={"public"}, language="en", limit=1) == ["Energy"]
    assert index.suggest("solaire ene", audiences={"public"}, language="fr", limit=8)[0].startswith("solaire éner")
    assert index.suggest("", audiences={"public"}, language="fr", limit=8) == []


def test_stop_words_are_not_suggested_and_words_of_the_language_asked_come_first(filled, a_document):
    index = filled([
        a_document(1, "Un", "Ainsi parle le port, ainsi aide la ville."),
        a_document(2, "Two", "An aid to the sea.", language="en"),
        a_document(3, "Three", "An aid to the port.", language="en"),
    ])  # fmt: skip
    assert index.suggest("ai", audiences={"public"}, language="fr", limit=8) == ["aide", "aid"]
    assert index.suggest("ai", audiences={"public"}, language="en", limit=8) == ["aid", "aide"]


def test_of_the_forms_of_a_word_the_most_frequent_is_suggested(filled, a_document):
    index = filled(
        [
            a_document(1, "Un", "marins marin"),
            a_document(2, "Deux", "marins marine"),
            a_document(3, "Trois", "marinade"),
        ]
    )
    assert index.suggest("mari", audiences={"public"}, language="fr", limit=8) == ["marins", "marinade"]


def test_correct_is_the_suggestion_alone(index):
    assert index.correct("cybersecutire", audiences={"public"}) == "cybersécurité"
    assert parse("x").size == 1


words = st.text("abcde", min_size=3, max_size=9)


@settings(max_examples=200, deadline=None)
@given(st.lists(words, min_size=1, max_size=40, unique=True), words)
def test_the_table_misses_no_near_word(known: list[str], typed: str):
    table = Deletions()
    table.learn(known[: len(known) // 2])
    table.learn(known)
    assert {word for word in known if distance(word, typed) <= 1} <= table.near(typed, distance=1)
    if len(typed) >= 7:
        long = {word for word in known if len(word) >= 6 and distance(word, typed) <= 2}
        assert long <= table.near(typed, distance=2)


@pytest.mark.parametrize(("left", "right", "edits"), [
    ("port", "port", 0), ("port", "prot", 1), ("port", "ports", 1), ("port", "pore", 1), ("port", "sorte", 2), ("", "ab", 2),
])  # fmt: skip
def test_distance(left: str, right: str, edits: int):
    assert distance(left, right) == edits
