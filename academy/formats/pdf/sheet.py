"""An attendance sheet on paper: blank, with the names, to be signed by hand; or with the signatures given so far."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from academy.formats.pdf import typeset

BLANK_ROWS = 3  # for who comes without a place
_TEMPLATE = (Path(__file__).parent / "sheet.typ").read_text("utf-8")
_POINT = re.compile(r"([0-9]+) ([0-9]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A signature in a cell: a typed name or strokes, and when."""

    typed: str
    drawing: str  # M x y L x y … in a box of 600 × 200
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A person and a cell for each half-day, None where nothing is signed."""

    name: str
    cells: Sequence[Signed | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day of the session: its half-days with their hours, who signs."""

    title: str
    halves: Sequence[str]
    rows: Sequence[Row]
    trainers: Sequence[Row]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """All that stands on the sheet, as plain text."""

    title: str
    organiser: str
    language: str
    facts: Sequence[tuple[str, str]]  # label, value
    days: Sequence[Day]
    foot: str  # of each page: the state of the chain, or how to use a blank sheet
    words: dict[str, str]  # number, name, organisation, trainers
    at: datetime


def write(sheet: Sheet) -> bytes:
    """Set the sheet; raise UnsetError when the machine is too busy."""
    data = asdict(sheet)
    del data["at"]
    for day in data["days"]:
        for row in (*day["rows"], *day["trainers"]):
            row["cells"] = [_cell(cell) for cell in row["cells"]]
    return typeset(_TEMPLATE, data, at=sheet.at)


def _cell(signed: dict[str, str] | None) -> dict[str, Any] | None:
    if signed is None:
        return None
    strokes = [[[int(x), int(y)] for x, y in _POINT.findall(part)] for part in signed["drawing"].split("M")[1:]]
    return {"typed": signed["typed"], "strokes": strokes, "at": signed["at"]}
