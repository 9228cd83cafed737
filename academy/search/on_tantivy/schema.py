"""The fields of the tantivy index, and the documents that an edition becomes there: one a row, as for Whoosh."""

import json
from collections.abc import Iterator
from typing import Any

import tantivy

from academy.search.analysis import FOLDED, clean, fold
from academy.search.document import IndexDocument
from academy.search.schema import group, rows, values

FORMAT = 1  # raise it when documents change; the FORMAT of the rows counts too
UNITS = 1 << 20  # rows that an edition may have
GAP = "\x1f"  # no word has it

_FREQUENCIES = ("title", "body", "stops")  # stems with their language; titles count thrice
_SETS = ("words", "spellings", "heading")  # read as lists, to complete and to repair


def schema() -> tantivy.Schema:
    """Return the schema. Words are cut by ourselves: tantivy splits at the spaces that we put."""
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("row", fast=True, indexed=True)  # edition * UNITS + unit
    builder.add_integer_field("edition", indexed=True)
    builder.add_integer_field("serial", fast=True, indexed=True)  # of the commit, on the first row of an edition
    for name in _FREQUENCIES:
        builder.add_text_field(name, tokenizer_name="spaces", index_option="freq")
    for name in _SETS:
        builder.add_text_field(name, tokenizer_name="lines", index_option="basic")
    for name in ("facts", "card", "word_order", "stem_order", "spelt", "state"):
        builder.add_bytes_field(name, stored=True)
    builder.add_integer_field("is_state", indexed=True)
    return builder.build()


def register(index: tantivy.Index) -> None:
    """Tell an opened index how our words are cut."""
    spaces, lines = tantivy.Tokenizer.whitespace(), tantivy.Tokenizer.regex(r"[^\n]+")
    index.register_tokenizer("spaces", tantivy.TextAnalyzerBuilder(spaces).build())
    index.register_tokenizer("lines", tantivy.TextAnalyzerBuilder(lines).build())


def documents_of(edition: IndexDocument, *, serial: int) -> Iterator[tantivy.Document]:
    """Yield the tantivy documents of an edition: itself with all that is stored, then its passages."""
    found = list(rows(edition))
    title = found[0]["title"]
    for unit, row in enumerate(found):
        document = tantivy.Document()
        document.add_integer("row", edition.id * UNITS + unit)
        document.add_integer("edition", edition.id)
        document.add_text("title", " ".join([*title, *row.get("path", ())]))  # every passage stands under the title
        document.add_text("body", " ".join(row["body"]))
        if unit == 0:
            document.add_integer("serial", serial)
            document.add_text("stops", " ".join(row["stops"]))
            _add_words(document, edition, row["spellings"].decode().split())
            document.add_bytes("facts", _json(_facts(edition, len(found))))
            document.add_bytes("card", _json([json.loads(part["card"]) for part in found]))
            document.add_bytes("word_order", row["word_order"])
            document.add_bytes("stem_order", row["stem_order"])
        yield document


def gone(edition_id: int, *, serial: int) -> tantivy.Document:
    """Return what stays of an edition that left: readers of the generation before learn that it did."""
    document = tantivy.Document()
    document.add_integer("edition", edition_id)
    document.add_integer("serial", serial)
    document.add_bytes("facts", _json({"id": edition_id}))
    return document


def state(*, cursor: int, serial: int, version: int) -> tantivy.Document:
    """Return the one document that says how far the index is."""
    document = tantivy.Document()
    document.add_integer("is_state", 1)
    document.add_bytes("state", _json({"format": [FORMAT, version], "cursor": cursor, "serial": serial}))
    return document


def _add_words(document: tantivy.Document, edition: IndexDocument, spellings: list[str]) -> None:
    readers = f"{edition.audience}{GAP}{edition.language}{GAP}"
    title = clean(edition.title).replace("\n", " ")
    document.add_text("words", "\n".join(readers + word for word in sorted({FOLDED[word] for word in spellings})))
    document.add_text("spellings", "\n".join(spellings))
    document.add_text("heading", GAP.join((edition.audience, fold(title), edition.language, title)))
    document.add_bytes("spelt", " ".join(spellings).encode())


def _facts(edition: IndexDocument, units: int) -> dict[str, Any]:
    return {
        "id": edition.id,
        "group": group(edition.key),
        "revision": edition.revision,
        "published": edition.published_on.toordinal() if edition.published_on else 0,
        "units": units,
        "values": values(edition),
    }


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
