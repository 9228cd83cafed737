"""The words that readers may see, by folded form: how frequent they are and how they are written."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from heapq import merge
from itertools import islice
from typing import TYPE_CHECKING

from academy.search.analysis import LANGUAGES, STEM, WORD, fold, is_stop
from academy.search.tallies import LAST, Frequency, Kept, Part, Stays, beginning, changed

if TYPE_CHECKING:
    from academy.search.leaves import Leaf
    from academy.search.lexicon import Tallies

SHORTEST_PREFIX = 2
MAX_PREFIX = 80  # characters
SMALL = 16  # segments that hold fewer rows than one in so many change too often to be added up for good

Title = tuple[str, str, str]  # folded, language, as written


class Vocabulary:
    """Words of the living editions of some audiences, and in how many editions each stands."""

    def __init__(
        self,
        frequency: dict[str, Frequency],
        *,
        audiences: frozenset[str],
        stays: Stays,
        written: Callable[[str], str],
        titles: Callable[[str], Iterator[Title]],
    ):
        """*written* spells a word; *titles*, in order, are those that begin so."""
        self.frequency = frequency  # by language, then by folded word
        self.audiences, self.stays = audiences, stays
        self._written, self._titles = written, titles

    def prepare(self) -> None:
        """Make now what is otherwise made by the first question that needs it."""
        self.written("")
        self.complete("aaa", language=LANGUAGES[0], limit=1)

    def written(self, word: str) -> str:
        """Return the usual spelling of a folded word that stands somewhere."""
        return self._written(word)

    @cached_property
    def changes(self) -> list[str]:
        """Return the folded words that are counted otherwise than in what stays, in order."""
        return sorted(set().union(*(counts.change for counts in self.frequency.values())))

    def count(self, word: str) -> int:
        """Return in how many editions a folded word stands."""
        return self.stays.count(word) + sum(counts.change.get(word, 0) for counts in self.frequency.values())

    def starting_with(self, prefix: str, *, limit: int) -> list[str]:
        """Return the most frequent folded words that begin so."""
        others = beginning(self.changes, prefix)
        found = {*others, *self.stays.frequent(prefix, limit=limit + len(others))}
        counts = {word: count for word in found if (count := self.count(word))}
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
            words = [word for word in self.starting_with(last, limit=3 * limit) if not is_stop(word)]
            is_foreign = {word: word not in self.frequency[language] for word in words}
            forms: dict[tuple[bool, str], str] = {}  # by stem: « marins » stands for « marin » too
            for word in sorted(words, key=is_foreign.__getitem__):
                forms.setdefault((is_foreign[word], STEM[language][word] or word), word)
            for word in forms.values():
                whole = f"{before} {self.written(word)}".strip()
                found.setdefault(fold(whole), whole)
        return list(found.values())[:limit]


def of_leaves(leaves: Sequence["Leaf"], audiences: frozenset[str], kept: Kept) -> Vocabulary:
    """Return the vocabulary of the segments of a Whoosh index."""
    rows = sum(len(leaf.segment.records) for leaf in leaves)
    large = [leaf.segment for leaf in leaves if len(leaf.segment.records) * SMALL > rows]
    few = [leaf.segment for leaf in leaves if len(leaf.segment.records) * SMALL <= rows]

    def parts() -> Iterator[Part]:
        for lexicon in (segment.lexicon for segment in large):
            columns = lexicon.counts().items()
            yield lexicon.words, [(language, column) for (who, language), column in columns if who in audiences]

    def added(tallies: Iterable["Tallies"]) -> dict[str, list[Counter[str]]]:
        items = [item for tally in tallies for item in tally.items() if item[0][0] in audiences]
        return {language: [tally for (_, code), tally in items if code == language] for language in LANGUAGES}

    stays = kept.of(audiences, large, parts)
    came = added(segment.tallies for segment in few)
    left = added(leaf.segment.lost(leaf.gone) for leaf in leaves)
    return Vocabulary(
        {language: Frequency(stays, language, changed(came[language], left[language])) for language in LANGUAGES},
        audiences=audiences,
        stays=stays,
        written=lambda word: next(filter(None, (leaf.segment.lexicon.written(word) for leaf in leaves)), word),
        titles=lambda prefix: merge(*(_titles(leaf, audiences, prefix) for leaf in leaves)),
    )


def _titles(leaf: "Leaf", audiences: frozenset[str], prefix: str) -> Iterator[Title]:
    lexicon, gone = leaf.segment.lexicon, leaf.gone
    folded = lexicon.folded_titles
    for at in range(bisect_left(folded, prefix), bisect_left(folded, prefix + LAST)):
        row, key = lexicon.places[at].tolist()
        audience, language = lexicon.keys[key]
        if audience in audiences and row not in gone:
            yield folded[at], language, lexicon.titles[at]
