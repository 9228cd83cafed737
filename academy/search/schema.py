"""The fields of the Whoosh index, and the rows that an edition becomes there."""

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from whoosh.codec.whoosh3 import W3Codec
from whoosh.columns import FixedBytesColumn, VarBytesColumn
from whoosh.fields import COLUMN, FieldType, Schema
from whoosh.formats import Existence

from academy.search import analysis
from academy.search.document import IndexDocument, Passage, values_of
from academy.search.lexicon import Counted

FORMAT = 6  # raise it when rows or analysis change: older indexes are rebuilt
VALUES = (
    *("cycle", "topic", "type", "territory", "stakeholder", "language", "year", "licence"),
    *("audience", "kind", "author"),
)

# One fixed record a row. Row 0 of an edition is its title and summary, the others are its passages.
RECORD = np.dtype(
    [
        ("id", "<i8"),  # of the edition
        ("group", "<i8"),  # the same for all editions of a document
        ("revision", "<i8"),  # that is published
        ("published", "<i4"),  # proleptic day, 0 if unknown
        ("unit", "<i4"),  # 0 for the edition itself, then its passages
        ("title", "<i4"),  # stems in the title, or in the headings of the passage
        ("body", "<i4"),  # stems in the summary, or in the passage
    ]
)


class Terms(FieldType):
    """Terms counted by ourselves (`writing.py`): ids and frequencies only, no positions, no lengths."""

    def __init__(self):
        super().__init__(format=Existence(), analyzer=None)

    def to_bytes(self, value):
        return value if isinstance(value, bytes) else value.encode()

    def from_bytes(self, bs):
        return bs.decode()


def _codec() -> W3Codec:
    codec = W3Codec(blocklimit=4096, compression=0, inlinelimit=1)
    codec.length_stats = False  # lengths are in the records: asking for them on every posting is wasted
    return codec


CODEC = _codec()
SCHEMA = Schema(
    title=Terms(),
    path=Terms(),
    body=Terms(),
    stops=Terms(),
    **{name: Terms() for name in VALUES},
    record=COLUMN(FixedBytesColumn(RECORD.itemsize)),
    card=COLUMN(VarBytesColumn()),
    word_order=COLUMN(VarBytesColumn()),
    stem_order=COLUMN(VarBytesColumn()),
    spellings=COLUMN(VarBytesColumn()),
)

STORED = frozenset(name for name, field in SCHEMA.items() if field.column_type)
INDEXED = frozenset(SCHEMA.names()) - STORED


def term(language: str, stem: str) -> str:
    """Return the index term of a stem: every language has its own."""
    return f"{language}:{stem}"


_TERMS = {language: analysis.Memo(partial(term, language)) for language in analysis.LANGUAGES}


class Words(NamedTuple):
    """A text taken apart once: words as written, folded, and their stems (None: a stop word)."""

    written: list[str]
    folded: list[str]
    stems: list[str | None]

    @classmethod
    def of(cls, text: str, language: str) -> "Words":
        written = analysis.surfaces(text)
        folded = list(map(analysis.FOLDED.__getitem__, written))
        return cls(written, folded, list(map(analysis.STEM[language].__getitem__, folded)))


def rows(document: IndexDocument) -> Iterator[dict[str, Any]]:
    """Yield the Whoosh rows of an edition: itself, then its passages."""
    language, passages = document.language, _passages(document)
    parts = [Words.of(text, language) for text in (document.title, document.summary)]
    for i, passage in enumerate(passages):
        parts += [Words.of(text, language) for text in (_opening(passages, i), passage.text)]
    yield _edition_row(document, parts)
    for unit, passage in enumerate(passages, 1):
        path = _terms(language, Words.of(" ".join(passage.path), language))
        body = _terms(language, *parts[2 * unit : 2 * unit + 2])
        yield {
            "path": path,
            "body": body,
            "record": _record(document, unit, len(path), len(body)),
            "card": _json({"anchor": passage.anchor, "path": passage.path, "text": analysis.clean(passage.text)}),
            "word_order": b"",
            "stem_order": b"",
            "spellings": b"",
        }


def _edition_row(document: IndexDocument, parts: list[Words]) -> dict[str, Any]:
    title, summary = (_terms(document.language, part) for part in parts[:2])
    spellings = sorted({word for part in parts for word in part.written})
    return {
        "title": title,
        "body": summary,
        "stops": _stops(parts, document.language),
        **values(document),
        "record": _record(document, 0, len(title), len(summary)),
        "card": _card(document),
        "word_order": _word_order(parts),
        "stem_order": _stem_order(parts),
        "spellings": " ".join(spellings).encode(),
        "counted": Counted((str(document.audience), document.language), analysis.clean(document.title), spellings),
    }


def _passages(document: IndexDocument) -> tuple[Passage, ...]:
    if document.passages or not document.text.strip():
        return document.passages
    return (Passage(anchor="", path=(), text=document.text),)


def _opening(passages: tuple[Passage, ...], index: int) -> str:
    """Return the heading that a passage opens: a section counts its heading once in the body."""
    path = passages[index].path
    return path[-1] if path and (index == 0 or passages[index - 1].path != path) else ""


def _terms(language: str, *parts: Words) -> list[str]:
    terms = _TERMS[language]
    return [terms[stem] for part in parts for stem in part.stems if stem]


def _stops(parts: list[Words], language: str) -> list[str]:
    """Return the stop words, the title's thrice: the only way to find « Être ou ne pas être »."""
    terms = _TERMS[language]
    kept = [[terms[word] for word, stem in zip(part.folded, part.stems, strict=True) if not stem] for part in parts]
    return kept[0] * 2 + [word for part in kept for word in part]


def _word_order(parts: list[Words]) -> bytes:
    """Return the hashes of the words, 0 between two texts: what phrases are looked for in."""
    hashed = analysis.HASH
    return _hashes(found for part in parts for found in (*(hashed[word] for word in part.folded), 0))


def _stem_order(parts: list[Words]) -> bytes:
    """Return the hashes of the stems, stop words left out: what nearness is measured in."""
    hashed = analysis.HASH
    return _hashes(hashed[stem] for part in parts for stem in part.stems if stem)


def _hashes(found: Iterator[int]) -> bytes:
    return np.fromiter(found, "<u4").tobytes()


def values(document: IndexDocument) -> dict[str, list[str]]:
    """Return the values of every facet, of the authors, of the audience and of the kind."""
    found = {name: list(values_of(document, name)) for name in VALUES}
    return found | {"author": [name for name in dict.fromkeys(map(analysis.clean, document.authors)) if name]}


def _record(document: IndexDocument, unit: int, title: int, body: int) -> bytes:
    day = document.published_on.toordinal() if document.published_on else 0
    return np.array([(document.id, group(document.key), document.revision, day, unit, title, body)], RECORD).tobytes()


def group(key: str) -> int:
    """Return the number of a document: eight bytes of a hash of its key, which may be long, cannot meet by chance."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "little", signed=True)


def _card(document: IndexDocument) -> bytes:
    names = ("key", "kind", "type", "language", "title", "slug", "cycle", "summary", "licence", "topics")
    card = {name: getattr(document, name) for name in names}
    published: date | None = document.published_on
    return _json(
        card
        | {name: analysis.clean(card[name]) for name in ("title", "summary")}
        | {"published_on": published and published.isoformat()}
    )


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
