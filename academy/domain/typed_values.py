"""Read the strings of front matter as what they mean: dates, Paris hours, minutes, slugs, choices."""

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from academy.rendering.slugs import is_slug, slugify

PARIS = ZoneInfo("Europe/Paris")
LONGEST = 24 * 60 * 100  # minutes: a hundred days
MOST_SEATS = 100_000
_YES, _NO = frozenset({"yes", "oui", "true"}), frozenset({"no", "non", "false"})
_MINUTES = re.compile(r"(\d{1,6})\s*min")
_HOURS = re.compile(r"(\d{1,4})\s*h(?:\s*(\d{2})(?:\s*min)?)?")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_HOUR = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d)")
# Characters that a reader does not see and that can disguise a name: zero width, direction, tags.
_HIDDEN = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]")


class BadValueError(ValueError):
    """The text does not mean what its key asks for."""

    def __init__(self, code: str, **details: object):
        super().__init__(code)
        self.code = code
        self.details = details


Reader = Callable[[Any], Any]  # takes what front matter holds: a string or a list of strings


def text(at_most: int) -> Reader:
    """A line of words, NFC, without invisible characters."""

    def read(value: object) -> str:
        words = unicodedata.normalize("NFC", _single(value))
        if _HIDDEN.search(words) or any(unicodedata.category(c) == "Cc" and c not in "\n\t" for c in words):
            raise BadValueError("hidden_characters")
        words = " ".join(words.split(None)) if "\n" in words or "\t" in words else words
        if len(words) > at_most:
            raise BadValueError("text_too_long", length=len(words), most=at_most)
        return words

    return read


def prose(at_most: int) -> Reader:
    """Words that may run over several lines."""

    def read(value: object) -> str:
        return "\n".join(text(at_most)(line) if line.strip() else "" for line in _single(value).splitlines())

    return read


def slug(value: object) -> str:
    """An identifier: a-z, 0-9 and hyphens, at most 80."""
    if not is_slug(word := _single(value)):
        raise BadValueError("bad_slug", value=word)
    return word


def place(value: object) -> str:
    """The slug of a place, which may be written as its name: `Fos-sur-Mer`."""
    return slugify(text(80)(value))


def day(value: object) -> date:
    """`2026-11-16`."""
    word = _single(value)
    try:
        return date.fromisoformat(word if _DAY.fullmatch(word) else "")
    except ValueError:
        raise BadValueError("bad_date", value=word) from None


def hour(value: object) -> datetime:
    """`2027-02-04 18:00` on the clocks of Paris, as an aware instant in UTC.

    An hour that the spring change skips is refused; of an hour that comes twice in autumn the first is meant.
    """
    word = _single(value)
    try:
        if not (parts := _HOUR.fullmatch(word)):
            raise ValueError
        wall = datetime.fromisoformat(f"{parts[1]}T{parts[2]}").replace(tzinfo=PARIS, fold=0)
        instant = wall.astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadValueError("bad_hour", value=word) from None
    if instant.astimezone(PARIS).replace(tzinfo=None) != wall.replace(tzinfo=None):
        raise BadValueError("hour_skipped", value=word)
    return instant


def minutes(value: object) -> int:
    """`25 min`, `1 h` or `1 h 30`, in minutes."""
    word = _single(value)
    if found := _MINUTES.fullmatch(word):
        length = int(found[1])
    elif (found := _HOURS.fullmatch(word)) and int(found[2] or 0) < 60:
        length = int(found[1]) * 60 + int(found[2] or 0)
    else:
        raise BadValueError("bad_duration", value=word)
    if not 0 < length <= LONGEST:
        raise BadValueError("bad_duration", value=word)
    return length


def seats(value: object) -> int:
    """A whole number of seats."""
    word = _single(value)
    if not (word.isascii() and word.isdigit() and len(word) <= 6 and int(word) <= MOST_SEATS):
        raise BadValueError("bad_capacity", value=word)
    return int(word)


def yes_no(value: object) -> bool:
    """`yes` or `no` (`oui`, `non`)."""
    word = _single(value).lower()
    if word not in _YES | _NO:
        raise BadValueError("bad_yes_no", value=word)
    return word in _YES


def one_of(*choices: str) -> Reader:
    """One word of a closed list."""

    def read(value: object) -> str:
        if (word := _single(value)) not in choices:
            raise BadValueError("bad_choice", value=word, choices=", ".join(choices))
        return word

    return read


def degrees(limit: float) -> Reader:
    """A latitude (limit 90) or a longitude (limit 180), in decimal degrees."""

    def read(value: object) -> float:
        word = _single(value)
        if not re.fullmatch(r"-?\d{1,3}(\.\d{1,12})?", word) or abs(float(word)) > limit:
            raise BadValueError("bad_degrees", value=word, limit=f"{limit:g}")
        return float(word)

    return read


def list_of(reader: Reader) -> Reader:
    """Each item read by *reader*, without doubles."""

    def read(value: object) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise BadValueError("not_a_list", value=value)
        return tuple(dict.fromkeys(reader(item) for item in value))

    return read


def one_or_several(reader: Reader) -> Reader:
    """A list, or one item without brackets."""
    several = list_of(reader)
    return lambda value: several(value if isinstance(value, list) else [value])


def _single(value: object) -> str:
    if not isinstance(value, str):
        raise BadValueError("not_a_text")
    if not value.strip():
        raise BadValueError("empty_value")
    return value.strip()
