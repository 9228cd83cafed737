"""In which language a question is, and which of its words are looked for."""

import pytest

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


def test_a_phrase_of_stop_words_is_found(index, found):
    assert found(index, '"ce que"') == [1]
    assert sorted(found(index, '"the"')) == [3, 4]
