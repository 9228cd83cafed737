"""Scores of rows stand where the best one of each edition is found at once."""

import numpy as np
import pytest

from academy.search.layout import MOST_AT_ONCE, Layout


def _layout(counts: np.ndarray) -> Layout:
    return Layout(np.repeat(np.arange(len(counts), dtype=np.int32), counts), counts)


@pytest.mark.parametrize("most", [1, 2, 7, MOST_AT_ONCE, 60])
def test_the_best_row_of_an_edition_is_that_of_its_own_rows(most: int):
    dice = np.random.default_rng(most)
    counts = dice.integers(1, most + 1, 80)
    layout, by_row = _layout(counts), dice.random(counts.sum()).astype(np.float32)
    by_place = np.zeros(layout.size, np.float32)
    by_place[layout.place_of] = by_row
    ends = np.cumsum(counts)
    own = [by_row[end - count : end] for end, count in zip(ends, counts, strict=True)]
    assert layout.best(by_place).tolist() == [rows.max() for rows in own]
    assert layout.edition_at[layout.place_of].tolist() == np.repeat(np.arange(80), counts).tolist()


def test_no_row_shares_its_place_and_short_editions_take_little_more_than_their_own():
    counts = np.array([1, 40, 3, 2, 5])
    layout = _layout(counts)
    assert len(set(layout.place_of.tolist())) == counts.sum()
    assert layout.size <= 2 * counts.sum()


def test_without_editions_there_is_nothing():
    layout = _layout(np.zeros(0, np.int64))
    assert (layout.size, layout.best(np.zeros(0, np.float32)).tolist()) == (0, [])
