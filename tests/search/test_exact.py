"""Words in quotes are met as they are, whatever was deleted, merged or read anew."""

import io
from pathlib import Path

import numpy as np
import pytest
from whoosh.filedb.structfile import StructFile

from academy.search import exact, snippets
from academy.search.analysis import STEM, words
from academy.search.index import TIER
from tests.search.engines import each_engine

engine_type = each_engine
_CONTENT = Path(__file__).resolve().parents[2] / "content"


def test_another_form_of_a_quoted_word_is_not_it(filled, found, a_document):
    index = filled([a_document(1, "Port"), a_document(2, "Ports"), a_document(3, "Porte"), a_document(4, "LE PORT")])
    assert sorted(found(index, '"port"')) == [1, 4]
    assert (found(index, '"ports"'), found(index, '"portes"')) == ([2], [])
    assert sorted(found(index, "port")) == [1, 2, 3, 4]


def test_a_quoted_stop_word_is_met_too(filled, found, a_document):
    index = filled(
        [a_document(1, "Port", "la mer"), a_document(2, "Port", "une mer"), a_document(3, "Port", "the sea")]
    )
    assert found(index, 'port "la"') == [1]
    assert found(index, 'port "the"') == [3]


def test_words_of_a_phrase_are_compared_as_they_are(filled, found, a_document):
    index = filled([a_document(1, "A", "les ports de la mer"), a_document(2, "A", "le port de la mer, les ports")])
    assert found(index, '"port de la mer"') == [2]
    assert found(index, '"ports de la mer"') == [1]
    assert found(index, 'mer -"port de la mer"') == [1]


def test_exact_words_follow_updates_deletions_and_merges(filled, found, a_document):
    index = filled([a_document(i, "Port", f"quai{i}") for i in range(1, 4)])
    for n in range(2, TIER + 4):
        index.apply([(1, a_document(1, "Ports", f"bassin{n}")), (10 + n, a_document(10 + n, "Port"))], cursor=n)
    index.apply([(2, None)], cursor=50)
    expected = [3, *range(12, TIER + 14)]
    assert sorted(found(index, '"port"')) == expected
    index.tidy()
    assert sorted(found(index, '"port"')) == expected
    assert (found(index, f'"bassin{TIER + 3}"'), found(index, '"bassin2"'), found(index, '"quai2"')) == ([1], [], [])


def test_the_table_gives_back_what_was_written():
    dice = np.random.default_rng(3)
    texts = {row: dice.integers(1, 50, 30).astype("<u4") for row in (0, 4, 9, 70_000)}
    file = io.BytesIO()
    file.close = lambda: None
    gathered = exact.Pairs()
    for row, text in texts.items():
        gathered.add(row, text.tobytes())
    pairs = gathered.in_order()
    exact.write(file, pairs)
    table = exact.ExactWords(StructFile(io.BytesIO(file.getvalue())))
    for word in range(52):
        rows = [row for row, text in texts.items() if word in text]
        assert table.rows(word).tolist() == exact.rows_of(pairs, word).tolist() == rows


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_stem_begins_as_its_word_does(language: str):
    """What passages to show count on: most of their words are not stemmed."""
    known = "yeux œuvre yards dying lying skis être Île ça hiérarchie yacht généralement news quayside eighth"
    texts = [known, *(path.read_text("utf-8") for path in sorted(_CONTENT.rglob(f"*.{language}.md")))]
    for word in {word for text in texts for word in words(text)}:
        stem = STEM[language][word]
        assert not stem or word.startswith(stem[: snippets.KEPT[language]]), word
