"""The words that readers may see, by folded form: how frequent they are and how they are written."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from academy.search.analysis import FOLDED, LANGUAGES, STEM, WORD, fold

if TYPE_CHECKING:
    from academy.search.snapshot import Leaf

SHORTEST_PREFIX = 2
MAX_PREFIX = 80  # characters


class Vocabulary:
    """Words of the living editions of some audiences, and in how many editions each stands."""

    def __init__(self, leaves: Sequence["Leaf"], audiences: frozenset[str]):
        tallies = [item for leaf in leaves for item in _living(leaf) if item[0][0] in audiences]
        self.frequency = {language: _folded(tallies, language) for language in LANGUAGES}
        self.written = _spellings(tally for _, tally in tallies)
        self.titles = sorted(title for leaf in leaves for title in _titles(leaf, audiences))
        self._sorted = sorted(self.written)

    @cached_property
    def stems(self) -> dict[str, set[str | None]]:
        """Return the stems that stand somewhere, by language."""
        return {language: {STEM[language][word] for word in words} for language, words in self.frequency.items()}

    def count(self, word: str) -> int:
        """Return in how many editions a folded word stands."""
        return sum(counts.get(word, 0) for counts in self.frequency.values())

    def starting_with(self, prefix: str, *, limit: int) -> list[str]:
        """Return the most frequent folded words that begin so."""
        start = bisect_left(self._sorted, prefix)
        end = bisect_left(self._sorted, prefix + "\uffff")
        return sorted(self._sorted[start:end], key=lambda word: (-self.count(word), word))[:limit]

    def complete(self, prefix: str, *, language: str, limit: int) -> list[str]:
        """Return what a reader may be typing: titles, then words; the language asked first."""
        typed = " ".join(fold(prefix).split())[:MAX_PREFIX]
        last = typed.rpartition(" ")[2]
        if len(last) < SHORTEST_PREFIX and len(typed) < SHORTEST_PREFIX:
            return []
        start = bisect_left(self.titles, (typed,))
        titles = [item for item in self.titles[start : start + 200] if item[0].startswith(typed)]
        titles.sort(key=lambda item: item[1] != language)
        found = [title for _, _, title in titles]
        if len(last) >= SHORTEST_PREFIX and WORD.fullmatch(last):
            before = " ".join(prefix.split()[:-1])
            words = self.starting_with(last, limit=limit)
            found += [f"{before} {self.written[word]}".strip() for word in words]
        return list(dict.fromkeys(found))[:limit]


def _folded(tallies: Iterable[tuple[tuple[str, str], Counter[str]]], language: str) -> dict[str, int]:
    counts: dict[str, int] = {}
    for (_, code), tally in tallies:
        if code == language:
            for word, n in tally.items():
                if n > 0:
                    counts[FOLDED[word]] = counts.get(FOLDED[word], 0) + n
    return counts


def _spellings(tallies: Iterable[Counter[str]]) -> dict[str, str]:
    """Return the most frequent spelling of every folded word."""
    spellings: Counter[str] = Counter()
    for tally in tallies:
        spellings.update(tally)
    ranked = sorted(spellings.items(), key=lambda item: (item[1], item[0]))
    return {FOLDED[word]: word for word, n in ranked if n > 0}


def _living(leaf: "Leaf") -> list[tuple[tuple[str, str], Counter[str]]]:
    gone = set(leaf.dead.tolist())
    dead = [int(row) for row in leaf.segment.starts if int(row) in gone]
    if not dead:
        return list(leaf.segment.tallies.items())
    tallies = {key: Counter(tally) for key, tally in leaf.segment.tallies.items()}
    audiences, languages = leaf.segment.labels("audience"), leaf.segment.labels("language")
    for row in dead:
        tallies[audiences[row], languages[row]].subtract(leaf.segment.spellings(row))
    return list(tallies.items())


def _titles(leaf: "Leaf", audiences: frozenset[str]) -> list[tuple[str, str, str]]:
    gone = set(leaf.dead.tolist())
    audience, language = leaf.segment.labels("audience"), leaf.segment.labels("language")
    return [
        (folded, language[row], title)
        for row, (folded, title) in leaf.segment.titles.items()
        if row not in gone and audience[row] in audiences
    ]
