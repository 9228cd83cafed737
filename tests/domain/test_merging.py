"""Merging two texts of one base: exact, symmetrical, quick; what both changed differently is never decided for them."""

import time

from hypothesis import given, strategies as st

from academy.domain.matching import stretches
from academy.domain.merging import Change, common, conflicts, merge, merged

texts = st.lists(st.sampled_from(["a\n", "b\n", "c\n", "\n", "d"]), max_size=12).map("".join)
BASE = "---\ntitle: Un\n---\n\nPremier.\n\nDeuxième.\n\nTroisième.\n"


@given(texts, texts)
def test_one_side_alone_is_taken_over(base, mine):
    assert conflicts(merge(base, mine, base)) == conflicts(merge(base, base, mine)) == []
    assert merged(merge(base, mine, base), {}) == merged(merge(base, base, mine), {}) == mine
    assert merged(merge(base, mine, mine), {}) == mine


@given(texts, texts, texts)
def test_the_pieces_give_back_all_three_texts(base, mine, theirs):
    pieces = merge(base, mine, theirs)
    assert "".join(piece.base for piece in pieces) == base
    assert "".join(piece.mine for piece in pieces) == mine
    assert "".join(piece.theirs for piece in pieces) == theirs
    mirrored = merge(base, theirs, mine)
    assert conflicts(mirrored) == conflicts(pieces)


@given(st.lists(st.sampled_from("abc "), max_size=30), st.lists(st.sampled_from("abc "), max_size=30))
def test_stretches_are_in_both_and_in_order(old, new):
    end = (0, 0)
    for it in stretches(old, new):
        assert it.size > 0
        assert (it.old, it.new) >= end
        assert old[it.old : it.old + it.size] == new[it.new : it.new + it.size]
        end = (it.old + it.size, it.new + it.size)


def test_two_paragraphs_do_not_meet():
    mine = BASE.replace("Premier", "Mon premier").replace("title: Un", "title: Mon titre")
    theirs = BASE.replace("Troisième", "Leur troisième")
    pieces = merge(BASE, mine, theirs)
    assert [piece.change for piece in pieces if piece.change != Change.NONE] == ["mine", "mine", "theirs"]
    assert merged(pieces, {}) == mine.replace("Troisième", "Leur troisième")


def test_one_paragraph_is_a_conflict_with_every_way_out():
    mine, theirs = BASE.replace("Deuxième", "Mon deuxième"), BASE.replace("Deuxième", "Leur deuxième")
    pieces = merge(BASE, mine, theirs)
    (number,) = conflicts(pieces)
    assert (pieces[number].base, pieces[number].both) == ("Deuxième.\n", "Leur deuxième.\nMon deuxième.\n")
    assert merged(pieces, {number: pieces[number].theirs}) == theirs
    assert merged(pieces, {number: pieces[number].mine}) == mine
    assert merged(pieces, {number: "Autre.\n"}) == BASE.replace("Deuxième", "Autre")


def test_without_a_base_both_keep_what_only_they_have():
    mine, theirs = "a\nb\nc\n", "a\nc\nd\n"
    assert common(mine, theirs) == "a\nc\n"
    assert merged(merge(common(mine, theirs), mine, theirs), {}) == "a\nb\nc\nd\n"


def test_hostile_texts_are_merged_at_once():
    started = time.process_time()
    merge("\n" * 60_000, "a\n\n" * 40_000, "b\n\n" * 40_000)
    merge("x y\n" * 20_000, "y\n" * 30_000, "x\n" * 30_000)
    assert time.process_time() - started < 4
