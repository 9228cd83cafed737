"""The strict part of a query: words and phrases in quotes must be there as they are, what has a minus must not."""

import numpy as np

from academy.search.analysis import HASH, STEM
from academy.search.query import Query, Word
from academy.search.snapshot import Snapshot

PHRASES_CHECKED = 2000  # editions whose text is read for a phrase


def narrowed(snapshot: Snapshot, query: Query, within: np.ndarray) -> tuple[np.ndarray, bool]:
    """Return which of the editions meet every condition, and whether all that might were read.

    Words come first, from the index alone; texts are read for phrases, and only those that have all the words.
    """
    is_complete = True
    for word in {word.folded for phrase in query.phrases for word in phrase}:
        within = within & snapshot.exactly(word)
    for phrase in query.phrases:
        if len(phrase) > 1:
            within, is_all = _in_a_row(snapshot, phrase, within)
            is_complete = is_complete and is_all
    for unwanted in query.without:
        within = within & ~_unwanted(snapshot, unwanted, within)
    return within, is_complete


def _unwanted(snapshot: Snapshot, words: tuple[Word, ...], within: np.ndarray) -> np.ndarray:
    """Return which editions have a word in any form, or words in a row as they are."""
    first, *others = words
    if others:
        for word in {word.folded for word in words}:
            within = within & snapshot.exactly(word)
        return _in_a_row(snapshot, words, within)[0]
    mask, word = np.zeros(snapshot.size, bool), first.folded
    for language, stems in STEM.items():
        stem = stems[word]
        term = snapshot.term(language, stem) if stem else snapshot.term(language, word, field="stops")
        mask[term.editions] = True
    return mask


def _in_a_row(snapshot: Snapshot, phrase: tuple[Word, ...], within: np.ndarray) -> tuple[np.ndarray, bool]:
    """Of editions that have all the words, return which have them in a row, and whether all were read."""
    candidates = np.flatnonzero(within)
    checked = candidates[:PHRASES_CHECKED]
    found = np.zeros(snapshot.size, bool)
    found[checked[_having_run(snapshot, checked, [HASH[word.folded] for word in phrase])]] = True
    return found, len(candidates) == len(checked)


def _having_run(snapshot: Snapshot, editions: np.ndarray, wanted: list[int]) -> np.ndarray:
    """Return which of the editions, by place in the list, have these hashes in a row."""
    texts = [snapshot.word_order(int(edition)) for edition in editions]
    whole = np.concatenate([np.zeros(0, np.uint32), *texts, np.zeros(len(wanted), np.uint32)])
    starts = np.flatnonzero(whole == wanted[0])
    for offset, word in enumerate(wanted[1:], 1):
        starts = starts[whole[starts + offset] == word]
    ends = np.cumsum([len(text) for text in texts])
    return np.unique(np.searchsorted(ends, starts, "right"))
