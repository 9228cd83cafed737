"""In which language a question is, and which of its words are looked for."""

import pytest

from academy.search.rules import rules_of
from tests.search.engines import each_engine

engine_type = each_engine

FRENCH = "La rade et la ville. Ce que j’ai vu de l’hydrogène."
ENGLISH = "The rules on AI. AI in a port. A visit to La Friche."


@pytest.fixture
def index(filled, a_document):
    return filled([
        a_document(1, "La rade", FRENCH),
        a_document(2, "La ville", "La ville, la mer : le climat et la plage."),
        a_document(3, "AI rules", ENGLISH, language="en"),
        a_document(4, "The sea", "The sea and the AI of ships.", language="en"),
    ])  # fmt: skip


@pytest.mark.parametrize(("typed", "interface", "best"), [
    ("AI", "en", [3, 4]), ("ai", "en", [3, 4]), ("AI", "fr", [3, 4]),  # French has it too, in « j’ai »
    ("rules on AI", "en", [3, 4]),
    ("La rade", "fr", [1]), ("la Ciotat", "fr", []),  # “La Friche” is no answer to a French article
    ("être ou ne pas être", "fr", []), ("la", "fr", [1, 2]), ("the", "en", [3, 4]), ("the", "fr", [3, 4]),
])  # fmt: skip
def test_a_word_is_a_stop_word_only_where_it_is_one(typed: str, interface: str, best: list[int], index, found):
    assert sorted(found(index, typed, language=interface)) == best


@pytest.mark.parametrize(("typed", "missing"), [
    ("la rade des dockers", ("dockers",)), ("rades", ()), ("hydrogenne", ()), ("la the", ()), ("Ciotat", ("Ciotat",)),
    ('"dockers" rade', ()), ("rade -dockers", ()),
])  # fmt: skip
def test_words_that_no_text_has_are_told(typed: str, missing: tuple[str, ...], index, ask):
    assert ask(index, typed).missing == missing


def test_a_word_with_a_synonym_is_not_missing(index, ask):
    rules = rules_of([("fr", "anse", ["rade"], True)], [])
    assert ask(index, "anse", rules=rules).missing == ()
    assert ask(index, "anse").missing == ("anse",)


def test_words_of_other_audiences_are_missing(filled, ask, a_document):
    index = filled([a_document(1, "Secret", "kryptonite", audience="team"), a_document(2, "Public", "texte")])
    assert ask(index, "texte kryptonite").missing == ("kryptonite",)
    assert ask(index, "texte kryptonite", audiences=frozenset({"public", "team"})).missing == ()


def test_a_phrase_of_stop_words_is_found(index, found):
    assert found(index, '"ce que"') == [1]
    assert sorted(found(index, '"the"')) == [3, 4]
