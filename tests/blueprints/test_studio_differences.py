"""Differences between two texts: exact, and quick."""

import time

import pytest
from hypothesis import given, strategies as st

from academy.blueprints.studio.differences import Part, differences

texts = st.text(alphabet="ab \n", max_size=60)


@given(texts, texts)
def test_the_parts_give_back_both_texts(before, after):
    parts = differences(before, after)
    assert "".join(part.text for part in parts if part.kind != "removed") == after
    assert "".join(part.text for part in parts if part.kind != "added") == before


def test_one_word_in_a_line_is_one_change():
    assert differences("Le premier deux suivants\n", "Le premier trois suivants\n") == [
        Part("same", "Le premier "),
        Part("removed", "deux"),
        Part("added", "trois"),
        Part("same", " suivants\n"),
    ]


def test_crumbs_in_common_join_their_neighbours():
    assert differences("Une phrase, ici\n", "La page, là\n") == [
        Part("removed", "Une phrase, ici\n"),
        Part("added", "La page, là\n"),
    ]


@pytest.mark.parametrize("every", [1, 7])
def test_three_thousand_words_are_compared_at_once(every):
    lines = [f"mot{n} suite de la ligne numéro {n} avec encore des mots\n" for n in range(300)]
    changed = [line.replace("suite", "fin") if n % every == 0 else line for n, line in enumerate(lines)]
    started = time.process_time()
    assert any(part.kind == "added" for part in differences("".join(lines), "".join(changed)))
    assert time.process_time() - started < 1


def test_a_hostile_pair_does_not_hold_the_page_up():
    started = time.process_time()
    differences("a b " * 30_000, "b a c " * 20_000)
    differences("x\n" * 60_000, "y\nx\n" * 30_000)
    assert time.process_time() - started < 2
