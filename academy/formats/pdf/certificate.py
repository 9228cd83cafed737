"""A certificate on one A4 page: who attended what, for how long, and where anybody can verify it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from academy.formats.pdf import typeset

_TEMPLATE = (Path(__file__).parent / "certificate.typ").read_text("utf-8")


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """All that stands on the paper, as plain text in its language."""

    language: str
    title: str  # of the paper
    issuer: str
    opening: str  # who states what
    name: str
    organisation: str
    attended: str  # attended:
    subject: str  # title of the session
    subject_language: str
    facts: Sequence[tuple[str, str]]  # label, value
    objectives: Sequence[str]
    objectives_language: str
    signed: Sequence[str]  # lines beside the place for a signature
    small: Sequence[str]  # what the law wants said
    url: str  # where it is verified
    code: str  # as people type it
    qr: str  # that address, as an SVG document
    words: dict[str, str]  # objectives, verify, code, qr
    at: datetime


def write(paper: Paper) -> bytes:
    """Set it; the same paper gives the same bytes. Raise UnsetError when the machine is too busy."""
    data = asdict(paper)
    del data["at"]
    return typeset(_TEMPLATE, data, at=paper.at)
