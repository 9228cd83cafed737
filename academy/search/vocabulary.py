"""The words that readers may see, by folded form: how frequent they are and how they are written."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from academy.search.analysis import FOLDED, LANGUAGES

if TYPE_CHECKING:
    from academy.search.snapshot import Leaf


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words of the living editions of some audiences: folded word -> number of editions."""

    frequency: dict[str, Counter[str]]  # by language
    written: dict[str, str]  # folded word -> its most frequent spelling
    titles: list[tuple[str, str, str]]  # folded title, language, title
    sorted: list[str]  # all folded words

    @classmethod
    def of(cls, leaves: Sequence["Leaf"], audiences: frozenset[str]) -> "Vocabulary":
        """Count the words of a generation: whole segments, less what was deleted in them."""
        frequency = {language: Counter[str]() for language in LANGUAGES}
        spellings: Counter[str] = Counter()
        for leaf in leaves:
            for (audience, language), tally in _living(leaf):
                if audience not in audiences:
                    continue
                spellings.update(tally)
                counts = frequency[language]
                for word, n in tally.items():
                    if n > 0:
                        counts[FOLDED[word]] += n
        written: dict[str, str] = {}
        for word, n in sorted(spellings.items(), key=lambda item: (item[1], item[0])):
            if n > 0:
                written[FOLDED[word]] = word
        titles = sorted(title for leaf in leaves for title in _titles(leaf, audiences))
        return cls(frequency, written, titles, sorted(written))

    def count(self, word: str) -> int:
        """Return in how many editions a folded word stands."""
        return sum(counts[word] for counts in self.frequency.values() if word in counts)

    def starting_with(self, prefix: str, *, limit: int) -> list[str]:
        """Return the most frequent words, as written, that begin with a folded prefix."""
        start = bisect_left(self.sorted, prefix)
        end = bisect_left(self.sorted, prefix + "\uffff")
        found = sorted(self.sorted[start:end], key=lambda word: (-self.count(word), word))
        return [self.written[word] for word in found[:limit]]


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
