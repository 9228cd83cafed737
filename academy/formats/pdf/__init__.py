"""Set a text on A4 as a tagged PDF (PDF/UA-1 if our fonts have its signs): the same text gives the same bytes on every machine."""

import base64
import json
import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from academy.formats.pdf.tree import tree_of

__all__ = ["CONTENT_TYPE", "MAKER", "Book", "Paper", "Part", "UnsetError", "typeset", "write", "write_book"]

log = logging.getLogger(__name__)
CONTENT_TYPE = "application/pdf"
WALL_SECONDS = 30.0
TURN_SECONDS = 20.0  # for the texts of other threads
MOST_PICTURES = 120  # of one paper: the others are the words that stand for them
MOST_BYTES = 60_000_000  # of all its pictures
Load = Callable[[str], bytes]  # the bytes of a picture by its digest; b"" when they cannot be had
_HERE = Path(__file__).parent
_COMMON = (_HERE / "common.typ").read_text("utf-8")
_TEMPLATE, _BOOK = (_COMMON + (_HERE / f"{name}.typ").read_text("utf-8") for name in ("text", "book"))
_COMMAND = [sys.executable, "-P", str(_HERE / "child.py")]
_turn = threading.Lock()  # a burst of requests never takes more than one core

# Raise it when the same text gives another PDF for a reason that is neither the template nor the tree.
MAKER = "3"


class UnsetError(Exception):
    """The text could not be set: too long for its limits, or the machine is busy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """All that stands on the paper; `html` is the stored rendering, the rest is plain text."""

    title: str
    summary: str
    authors: Sequence[str]
    publisher: str
    genre: str
    language: str
    licence: str
    url: str  # absolute
    topics: Sequence[str]
    facts: Sequence[tuple[str, str]]  # label, value
    objectives: Sequence[str]
    credit: str
    words: dict[str, str]  # address, contents, objectives, picture: in the language of the text
    changed_at: datetime
    html: str
    pictures: Mapping[str, str] = field(default_factory=dict)  # address in the HTML -> digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A text in a book."""

    title: str
    summary: str
    language: str
    url: str  # absolute
    facts: Sequence[tuple[str, str]]
    objectives: Sequence[str]
    credit: str
    html: str
    pictures: Mapping[str, str] = field(default_factory=dict)  # as of a paper


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """Several texts on one paper."""

    title: str
    summary: str
    authors: Sequence[str]
    publisher: str
    language: str
    licence: str
    url: str  # absolute
    topics: Sequence[str]
    facts: Sequence[tuple[str, str]]
    words: dict[str, str]  # those of a paper, and credits
    changed_at: datetime
    parts: Sequence[Part]


def template() -> str:
    """The layouts, so that whoever keeps a PDF knows when it is another."""
    return _TEMPLATE + _BOOK


def nothing(digest: str) -> bytes:
    """Load no picture: each is the words that stand for it."""
    return b""


def write(paper: Paper, load: Load = nothing) -> bytes:
    """Set the text within 20 s of CPU; raise UnsetError when that is not enough.

    A picture that *load* does not have, or that cannot be opened, is the words that stand for it.
    """
    data = asdict(paper)
    del data["html"], data["changed_at"], data["pictures"]
    data["body"] = tree_of(paper.html, base=paper.url, pictures=paper.pictures)
    return typeset(_TEMPLATE, data, at=paper.changed_at, pictures=_loaded(paper.pictures.values(), load))


def write_book(book: Book, load: Load = nothing) -> bytes:
    """Set the texts one after the other, as `write` does one."""
    data = asdict(book)
    del data["changed_at"]
    for number, part in enumerate(data["parts"]):
        shown = part.pop("pictures")
        part["body"] = tree_of(part.pop("html"), base=part["url"], prefix=f"{number}-", pictures=shown)
    digests = [digest for part in book.parts for digest in part.pictures.values()]
    return typeset(_BOOK, data, at=book.changed_at, pictures=_loaded(digests, load))


def _loaded(digests: Iterable[str], load: Load) -> dict[str, bytes]:
    """The bytes of the pictures, each once, as many as a paper takes."""
    loaded: dict[str, bytes] = {}
    room = MOST_BYTES
    for digest in list(dict.fromkeys(digests))[:MOST_PICTURES]:
        data = load(digest)
        if 0 < len(data) <= room:
            loaded[digest], room = data, room - len(data)
    return loaded


def typeset(template: str, data: dict[str, Any], *, at: datetime, pictures: Mapping[str, bytes] | None = None) -> bytes:
    """Set *data* (plain JSON, never code) by a template of ours, dated *at*; the same arguments give the same bytes.

    *pictures* are PNG, JPEG or WebP, by the names that *data* gives them.
    """
    import font_manrope

    asked = {
        "template": template,
        "fonts": [str(Path(font_manrope.font_files["Manrope"]).parent)],  # SIL Open Font License 1.1
        "data": json.dumps(data, ensure_ascii=False),
        "timestamp": int(at.timestamp()),
        "pictures": {name: base64.b64encode(data).decode() for name, data in (pictures or {}).items()},
    }
    return _set(json.dumps(asked).encode())


def _set(asked: bytes) -> bytes:
    if not _turn.acquire(timeout=TURN_SECONDS):
        raise UnsetError("busy")
    try:
        done = subprocess.run(_COMMAND, input=asked, capture_output=True, timeout=WALL_SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as late:
        raise UnsetError("too slow") from late
    finally:
        _turn.release()
    if done.returncode or not done.stdout.startswith(b"%PDF-"):
        log.error("a text could not be set: code %s: %s", done.returncode, done.stderr.decode(errors="replace")[-2000:])
        raise UnsetError("failed")
    return done.stdout
