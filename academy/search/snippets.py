"""The passage to show: the window with most of the words asked, safe in HTML, accents kept."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

from markupsafe import Markup, escape

from academy.search.analysis import FOLDED, STEM, WORD, Memo, fold

WIDTH = 240  # characters
KEPT = {"fr": 2, "en": 1}  # letters at the beginning of a word that no stemming changes (English: dying, die)
# All blanks in a row but one space, which may stay as it is; no-break spaces stay too.
_BLANKS = re.compile(r"(?: (?=[^\S\u00a0\u202f])|[^\S \u00a0\u202f])[^\S\u00a0\u202f]*")
_ODD_BLANK = re.compile(r"[^\S \u00a0\u202f]")
_MARKS = "[\\u0300-\\u036f]"
_IN_WORD = re.compile(rf"[^\W_]|{_MARKS}")


def passage(text: str, stems: Iterable[tuple[str, str]], language: str, *, width: int = WIDTH) -> Markup:
    """Return the best window of a clean text with the words asked inside `<mark>`."""
    text = (_BLANKS.sub(" ", text) if "  " in text or _ODD_BLANK.search(text) else text).strip()
    wanted = frozenset(stem for code, stem in stems if code == language)
    marks, keys = _found(text, wanted, language)
    start, end = _window(text, marks, keys, width)
    parts, at = ["… " if start else ""], start
    for left, right in marks:
        if start <= left and right <= end:
            parts += [escape(text[at:left]), "<mark>", escape(text[left:right]), "</mark>"]
            at = right
    parts += [escape(text[at:end]), " …" if end < len(text) else ""]
    return Markup("".join(parts))  # noqa: S704 -- all that is not ours was escaped above


@lru_cache(maxsize=8)
def _keys(wanted: frozenset[str], language: str) -> Memo:
    """For each written word, which of the words asked it is, None for others: the hits of a page share most words."""
    stem = STEM[language]

    def key_of(written: str) -> str | None:
        word = FOLDED[written]
        key = stem[word] or word
        return key if key in wanted else None

    return Memo(key_of)


def _found(text: str, wanted: frozenset[str], language: str) -> tuple[list[tuple[int, int]], list[str]]:
    """Return where the words asked stand, and which each is; stop words only where they were asked."""
    key_of = _keys(wanted, language)
    beginnings = {key[: KEPT[language]] for key in wanted}  # most words need no look
    likely = (match for beginning in beginnings for match in _words_from(beginning).finditer(text))
    found = sorted(
        {
            match.span(): key
            for match in likely
            if (match.start() == 0 or not _IN_WORD.match(text, match.start() - 1)) and (key := key_of[match[0]])
        }.items()
    )
    return [span for span, _ in found], [key for _, key in found]


@lru_cache(maxsize=2048)
def _words_from(beginning: str) -> re.Pattern[str]:
    """What finds the words that begin so, in whichever case, with whichever accents; also the ends of others."""
    if not (beginning.isascii() and beginning.isalnum()):
        return WORD
    return re.compile(rf"(?:{'|'.join(_ways(beginning))})[^\W_]*(?:{_MARKS}+[^\W_]*)*")


def _ways(beginning: str) -> Iterator[str]:
    for folded, characters in _spellings().items():
        if folded.startswith(beginning):
            yield f"[{characters}]"
        elif beginning.startswith(folded):
            yield from (f"[{characters}]{_MARKS}*{rest}" for rest in _ways(beginning[len(folded) :]))


@cache
def _spellings() -> dict[str, str]:
    """Return the characters that are compared as each ASCII letter, number or pair of letters."""
    found: defaultdict[str, str] = defaultdict(str)
    for character in map(chr, range(0x30, 0x2140)):  # up to the signs of kelvin and ångström
        if character.isalnum() and (folded := fold(character)).isascii():
            found[folded] += character
    return found


def _window(text: str, marks: list[tuple[int, int]], keys: list[str], width: int) -> tuple[int, int]:
    """Return where the window with most distinct words starts and ends, at borders of words."""
    if len(text) <= width:
        return 0, len(text)
    start, most = 0, 0
    for i, (left, _) in enumerate(marks):
        inside = {key for (_, right), key in zip(marks[i:], keys[i:], strict=True) if right <= left + width - 40}
        if len(inside) > most:
            start, most = max(0, left - 40), len(inside)
    start = min(start, len(text) - width)
    if start > 0:
        start = text.find(" ", start) + 1
    end = min(len(text), start + width)
    if end < len(text):
        end = max(text.rfind(" ", start, end + 1), start + width // 2)
    return start, end
