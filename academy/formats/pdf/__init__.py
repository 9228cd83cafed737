"""Set a text on A4 as a tagged PDF (PDF/UA-1 if our fonts have its signs): the same text gives the same bytes on every machine."""

import json
import logging
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from academy.formats.pdf.tree import tree_of

__all__ = ["CONTENT_TYPE", "MAKER", "Paper", "UnsetError", "typeset", "write"]

log = logging.getLogger(__name__)
CONTENT_TYPE = "application/pdf"
WALL_SECONDS = 30.0
TURN_SECONDS = 20.0  # for the texts of other threads
_HERE = Path(__file__).parent
_TEMPLATE = (_HERE / "text.typ").read_text("utf-8")
_COMMAND = [sys.executable, "-P", str(_HERE / "child.py")]
_turn = threading.Lock()  # a burst of requests never takes more than one core

# Raise it when the same text gives another PDF for a reason that is neither the template nor the tree.
MAKER = "2"


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
    words: dict[str, str]  # address, objectives, picture: in the language of the text
    changed_at: datetime
    html: str


def template() -> str:
    """The layout, so that whoever keeps a PDF knows when it is another."""
    return _TEMPLATE


def write(paper: Paper) -> bytes:
    """Set the text within 20 s of CPU; raise UnsetError when that is not enough."""
    data = asdict(paper)
    del data["html"], data["changed_at"]
    data["body"] = tree_of(paper.html, base=paper.url)
    return typeset(_TEMPLATE, data, at=paper.changed_at)


def typeset(template: str, data: dict[str, Any], *, at: datetime) -> bytes:
    """Set *data* (plain JSON, never code) by a template of ours, dated *at*; the same arguments give the same bytes."""
    import font_manrope

    asked = {
        "template": template,
        "fonts": [str(Path(font_manrope.font_files["Manrope"]).parent)],  # SIL Open Font License 1.1
        "data": json.dumps(data, ensure_ascii=False),
        "timestamp": int(at.timestamp()),
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
