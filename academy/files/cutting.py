"""Cut the words of a file into passages of about 60 to 150 words."""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

MIN_WORDS, MAX_WORDS = 60, 150  # of a passage, unless its part is shorter
MAX_LETTERS = 200  # of a word: what is longer is code or a picture in letters
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\ufeff\u2066-\u2069\u202a-\u202e]")
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_BLANKS = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" ?\n[ \n]*")


class Part(NamedTuple):
    """A page, slide, section or moment: the anchor that leads there, its headings, its text (a line a paragraph)."""

    anchor: str
    path: tuple[str, ...]
    text: str


def clean(text: str) -> str:
    """Normalise to NFC, without what nobody sees, blanks made single, no empty lines."""
    text = _INVISIBLE.sub("", unicodedata.normalize("NFC", _UNWRITABLE.sub(" ", text)))
    return _LINES.sub("\n", _BLANKS.sub(" ", text)).strip()


def title(text: str) -> str:
    """A heading on one line, at most 200 characters."""
    return clean(text).replace("\n", " ")[:200]


def cut(text: str) -> Iterator[str]:
    """Yield the pieces of a text, cut between paragraphs where that is possible."""
    piece, size = "", 0
    for line in clean(text).split("\n"):
        between = "\n"
        for run in _runs(line):
            count = run.count(" ") + 1
            if piece and size + count > MAX_WORDS:
                yield piece
                piece, size = "", 0
            piece = f"{piece}{between}{run}" if piece else run
            size, between = size + count, " "
    if piece:
        yield piece


def _runs(line: str) -> Iterator[str]:
    """A paragraph, or pieces of one that is too long; runs of letters that are no words are left out."""
    words = [word for word in line.split(" ") if len(word) <= MAX_LETTERS]
    step = MAX_WORDS - MIN_WORDS if len(words) > MAX_WORDS else MAX_WORDS
    for start in range(0, len(words), step):
        yield " ".join(words[start : start + step])
