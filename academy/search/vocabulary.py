"""The words that readers may see, by folded form: how frequent they are and how they are written."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from heapq import merge
from itertools import chain, islice
from typing import TYPE_CHECKING

from academy.search.analysis import LANGUAGES, STEM, WORD, fold

if TYPE_CHECKING:
    from academy.search.snapshot import Leaf

SHORTEST_PREFIX = 2
MAX_PREFIX = 80  # characters
LAST = "\U0010ffff"  # comes after every letter


Title = tuple[str, str, str]  # folded, language, as written


class Vocabulary:
    """Words of the living editions of some audiences, and in how many editions each stands."""

    def __init__(
        self,
        frequency: dict[str, Counter[str]],
        *,
        written: Callable[[str], str],
        words: Callable[[str], Iterable[str]],
        titles: Callable[[str], Iterator[Title]],
    ):
        """*written* spells a word; *words* (perhaps some that left, too) and *titles*, in order, are those that begin so."""
        self.frequency = frequency  # by language, then by folded word
        self._written, self._words, self._titles = written, words, titles

    def prepare(self) -> None:
        """Make now what is otherwise made by the first question that needs it."""
        self.written("")
        self.complete("aaa", language=LANGUAGES[0], limit=1)

    def written(self, word: str) -> str:
        """Return the usual spelling of a folded word that stands somewhere."""
        return self._written(word)

    @cached_property
    def stems(self) -> dict[str, set[str | None]]:
        """Return the stems that stand somewhere, by language."""
        return {language: {STEM[language][word] for word in words} for language, words in self.frequency.items()}

    def words(self) -> set[str]:
        """Return all folded words."""
        return set().union(*self.frequency.values())

    def count(self, word: str) -> int:
        """Return in how many editions a folded word stands."""
        return sum(counts.get(word, 0) for counts in self.frequency.values())

    def starting_with(self, prefix: str, *, limit: int) -> list[str]:
        """Return the most frequent folded words that begin so."""
        counts = {word: count for word in self._words(prefix) if (count := self.count(word))}
        return sorted(counts, key=lambda word: (-counts[word], word))[:limit]

    def complete(self, prefix: str, *, language: str, limit: int) -> list[str]:
        """Return what a reader may be typing: titles, then words; the language asked first."""
        typed = " ".join(fold(prefix).split())[:MAX_PREFIX]
        last = typed.rpartition(" ")[2]
        if len(last) < SHORTEST_PREFIX and len(typed) < SHORTEST_PREFIX:
            return []
        titles = sorted(islice(self._titles(typed), 200), key=lambda item: item[1] != language)
        found: dict[str, str] = {}
        for folded, _, title in titles:
            found.setdefault(folded, title)
        if len(last) >= SHORTEST_PREFIX and WORD.fullmatch(last):
            before = " ".join(prefix.split()[:-1])
            for word in self.starting_with(last, limit=limit):
                whole = f"{before} {self.written(word)}".strip()
                found.setdefault(fold(whole), whole)
        return list(found.values())[:limit]


def of_leaves(leaves: Sequence["Leaf"], audiences: frozenset[str]) -> Vocabulary:
    """Return the vocabulary of the segments of a Whoosh index."""
    tallies = [item for leaf in leaves for item in leaf.segment.tallies(leaf.gone).items() if item[0][0] in audiences]
    return Vocabulary(
        {language: total(t for (_, code), t in tallies if code == language) for language in LANGUAGES},
        written=lambda word: next(
            (leaf.segment.written[word] for leaf in leaves if word in leaf.segment.written), word
        ),
        words=lambda prefix: chain.from_iterable(beginning(leaf.segment.words, prefix) for leaf in leaves),
        titles=lambda prefix: merge(*(_titles(leaf, audiences, prefix) for leaf in leaves)),
    )


def total(tallies: Iterable[Counter[str]]) -> Counter[str]:
    """Add tallies, the largest copied first: most words are in it. Of one alone there is no copy: neither changes."""
    first, *others = sorted(tallies, key=len, reverse=True) or [Counter()]
    words = first.copy() if others else first
    for tally in others:
        words.update(tally)
    return words


def _titles(leaf: "Leaf", audiences: frozenset[str], prefix: str) -> Iterator[Title]:
    items, gone = leaf.segment.titles, leaf.gone
    found = items[bisect_left(items, (prefix,)) : bisect_left(items, (prefix + LAST,))]
    return (item[:3] for item in found if item[3] in audiences and item[4] not in gone)


def beginning(words: Sequence[str], prefix: str) -> Sequence[str]:
    """Of words in order, return those that begin so."""
    return words[bisect_left(words, prefix) : bisect_left(words, prefix + LAST)]
