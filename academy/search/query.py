"""The words of a search box: a small grammar that reads anything, within limits, and never fails.

`word`, `"a phrase"` or `"word"` (exactly so, never repaired), `-without`, `-"without this"`, `port*` (three letters at least),
`type:note`, `auteur:"prénom nom"`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from academy.search.analysis import LONGEST_WORD, WORD, clean, fold, is_stop

MAX_CHARACTERS = 200
MAX_WORDS = 12
SHORTEST_PREFIX = 3

_FIELDS = {
    "cycle": "cycle",
    "type": "type",
    "theme": "topic",
    "topic": "topic",
    "territoire": "territory",
    "territory": "territory",
    "public": "stakeholder",
    "audience": "stakeholder",
    "langue": "language",
    "language": "language",
    "annee": "year",
    "year": "year",
    "licence": "licence",
    "license": "licence",
    "auteur": "author",
    "autrice": "author",
    "author": "author",
}
_QUOTES = str.maketrans({"«": '"', "»": '"', "“": '"', "”": '"', "„": '"', "\u2212": "-", "\u2011": "-"})
_PIECE = re.compile(
    r"""(?P<minus>(?<!\S)-)?
        (?: "(?P<phrase>[^"]*)(?:"|$)
          | (?P<field>\w+):(?:"(?P<quoted>[^"]*)(?:"|$)|(?P<value>[^\s"]+))
          | (?P<plain>[^\s"]+) )""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word as typed and as compared."""

    typed: str
    folded: str

    @property
    def is_capitalised(self) -> bool:
        return self.typed[:1].isupper() and not self.typed.isupper()


@dataclass(frozen=True, slots=True)
class Field:
    """A filter as typed: the facet, its value, and where it stands in the text."""

    name: str
    value: str
    at: tuple[int, int]


@dataclass(slots=True)
class Query:
    """What is asked: words are optional and ranked; phrases, `without` and fields are strict."""

    text: str = ""
    words: list[Word] = field(default_factory=list)
    prefix: str = ""
    phrases: list[tuple[Word, ...]] = field(default_factory=list)
    without: list[tuple[Word, ...]] = field(default_factory=list)
    fields: list[Field] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)

    @property
    def asked(self) -> tuple[Word, ...]:
        """All words that may stand in a text, those of phrases too."""
        return (*self.words, *(word for phrase in self.phrases for word in phrase))

    @property
    def is_blank(self) -> bool:
        """Tell whether nothing ranks: everything answers, within `without` and fields."""
        return not (self.words or self.phrases or self.prefix)

    @property
    def is_void(self) -> bool:
        """Tell whether something was typed in which there is nothing to search, as an emoji."""
        return bool(self.text) and self.is_blank and not (self.without or self.fields)

    @property
    def searched(self) -> tuple[str, ...]:
        """What is looked for, as typed: the words that count, phrases, the beginning of a word."""
        words = [word.typed for word in self.words if not is_stop(word.folded)] or [word.typed for word in self.words]
        phrases = [" ".join(word.typed for word in phrase) for phrase in self.phrases]
        return (*words, *phrases, *([f"{self.prefix}*"] if self.prefix else []))

    @property
    def is_words(self) -> bool:
        """Tell whether it is a plain question: words, and nothing strict beside filters."""
        return bool(self.words) and not (self.phrases or self.without or self.prefix)

    def without_field(self, typed: Field) -> str:
        """Return the text less one filter."""
        start, end = typed.at
        return " ".join(f"{self.text[:start]} {self.text[end:]}".split())

    @property
    def size(self) -> int:
        return len(self.words) + sum(map(len, (*self.phrases, *self.without))) + bool(self.prefix)


@lru_cache(maxsize=64)
def parse(text: str) -> Query:
    """Read what was typed; what passes the limits is put in `ignored`. A page asks several times: change nothing in it."""
    text = " ".join(clean(text.replace("\0", " ")).translate(_QUOTES).split())
    query = Query(text=text[:MAX_CHARACTERS], ignored=["…"] if len(text) > MAX_CHARACTERS else [])
    for piece in _PIECE.finditer(query.text):
        _read(query, piece)
    return query


def _read(query: Query, piece: re.Match[str]) -> None:
    name = _FIELDS.get(fold(piece["field"])) if piece["field"] else None
    if name and not piece["minus"]:
        if value := (piece["quoted"] or piece["value"] or "").strip():
            query.fields.append(Field(name, value, piece.span()))
        return
    typed = piece["phrase"] if piece["phrase"] is not None else piece["plain"] or piece[0].lstrip("-")
    if piece["plain"] and not piece["minus"] and _read_prefix(query, piece["plain"]):
        return
    words = tuple(_fitting(query, typed))
    if piece["minus"]:
        query.without += [words] if words else []
    elif piece["phrase"] is not None:
        query.phrases += [words] if words else []
    else:
        query.words += words


def _read_prefix(query: Query, plain: str) -> bool:
    found = WORD.findall(plain)
    if query.prefix or not plain.endswith("*") or len(found) != 1:
        return False
    prefix = fold(found[0])
    if not SHORTEST_PREFIX <= len(prefix) <= LONGEST_WORD or query.size >= MAX_WORDS:
        return False
    query.prefix = prefix
    return True


def _fitting(query: Query, typed: str) -> Iterator[Word]:
    room = MAX_WORDS - query.size
    for word in WORD.findall(typed):
        folded = fold(word)
        if len(word) > LONGEST_WORD or len(folded) > LONGEST_WORD or room <= 0:
            query.ignored.append(word[:LONGEST_WORD])
        elif folded:
            room -= 1
            yield Word(word, folded)
