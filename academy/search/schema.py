"""The fields of the Whoosh index, and the rows that an edition becomes there."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from whoosh.codec.whoosh3 import W3Codec
from whoosh.columns import FixedBytesColumn, VarBytesColumn
from whoosh.fields import COLUMN, FieldType, Schema
from whoosh.formats import Existence

from academy.search import analysis
from academy.search.document import IndexDocument, Passage

FORMAT = 2  # raise it when rows or analysis change: older indexes are rebuilt
VALUES = ("cycle", "topic", "type", "language", "year", "licence", "audience", "kind")

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
    """Terms counted by ourselves: ids and frequencies only, no positions, no lengths."""

    def __init__(self):
        super().__init__(format=Existence(), analyzer=None)

    def index(self, value: Iterable[str], **_):
        """Yield (term, frequency, weight, payload), in order."""
        for term, n in sorted(Counter(value).items()):
            yield term.encode(), n, float(n), b""

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
    positions=COLUMN(VarBytesColumn()),
    spellings=COLUMN(VarBytesColumn()),
)


def term(language: str, stem: str) -> str:
    """Return the index term of a stem: every language has its own."""
    return f"{language}:{stem}"


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
            "positions": b"",
            "spellings": b"",
        }


def _edition_row(document: IndexDocument, parts: list[Words]) -> dict[str, Any]:
    title, summary = (_terms(document.language, part) for part in parts[:2])
    return {
        "title": title,
        "body": summary,
        "stops": _stops(parts, document.language),
        **_values(document),
        "record": _record(document, 0, len(title), len(summary)),
        "card": _card(document),
        "positions": _positions(parts),
        "spellings": " ".join(sorted({word for part in parts for word in part.written})).encode(),
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
    return [term(language, stem) for part in parts for stem in part.stems if stem]


def _stops(parts: list[Words], language: str) -> list[str]:
    """Return the stop words, the title's thrice: the only way to find « Être ou ne pas être »."""
    kept = [
        [term(language, word) for word, stem in zip(part.folded, part.stems, strict=True) if not stem] for part in parts
    ]
    return kept[0] * 2 + [word for part in kept for word in part]


def _positions(parts: list[Words]) -> bytes:
    """Return two arrays of hashes, words then stems (0: stop word, or a gap between two texts)."""
    hashed = analysis.HASH
    surface, stems = [], []
    for part in parts:
        surface += [hashed[word] for word in part.folded] + [0]
        stems += [hashed[stem] if stem else 0 for stem in part.stems] + [0]
    return np.array([surface, stems], "<u4").tobytes()


def _values(document: IndexDocument) -> dict[str, list[str]]:
    values = {name: getattr(document, name) for name in VALUES if name not in {"topic", "year"}}
    values["year"] = str(document.year) if document.year else ""
    return {name: [value] if value else [] for name, value in values.items()} | {"topic": list(document.topics)}


def _record(document: IndexDocument, unit: int, title: int, body: int) -> bytes:
    day = document.published_on.toordinal() if document.published_on else 0
    group = int.from_bytes(_digest(document.key), "little", signed=True)
    return np.array([(document.id, group, document.revision, day, unit, title, body)], RECORD).tobytes()


def _digest(key: str) -> bytes:
    # The key itself may be long; eight bytes of its hash cannot meet by chance.
    return hashlib.blake2b(key.encode(), digest_size=8).digest()


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
