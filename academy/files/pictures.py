"""Make pictures fit for the web in a killable process: opened, turned upright, without what a camera tells of itself."""

import json
from dataclasses import dataclass

from academy.files.kinds import FileKind, WrongFile
from academy.files.picturing import HEAD, MAX_ANSWER, WIDTHS
from academy.files.words import Spent, ask

__all__ = ["PICTURES", "WIDTHS", "Made", "Picture", "picture_of"]

PICTURES = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp"}  # suffix -> media type


@dataclass(frozen=True, slots=True)
class Made:
    """One width of a picture; `type` is "webp" or "avif"."""

    width: int  # pixels
    height: int
    type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it may be shown: upright, in sRGB; `clean` is the whole of it in its own format."""

    width: int  # pixels
    height: int
    clean: bytes
    made: tuple[Made, ...]


def picture_of(kind: FileKind, data: bytes) -> Picture | None:
    """Open a picture and make its widths, within 20 s of CPU, 768 MiB and 60 s in all; None for other kinds.

    Raise WrongFile with the code picture_broken, picture_animated, picture_too_big, picture_too_slow or
    picture_failed.
    """
    if kind.suffix not in PICTURES:
        return None
    try:
        answer = ask(kind.suffix, data, MAX_ANSWER)
    except Spent as spent:
        raise WrongFile(f"picture_{spent.fault}") from None
    head = json.loads(answer[: (end := answer.index(b"\n"))])
    if "refused" in head:
        raise WrongFile(head["refused"])
    blobs, at = [], end + len(HEAD)
    for size in head["sizes"]:
        blobs.append(answer[at : at + size])
        at += size
    made = tuple(Made(*facts, data=blob) for facts, blob in zip(head["made"], blobs[1:], strict=True))
    return Picture(head["width"], head["height"], blobs[0], made)
