"""What a call of the API asks; what cannot be meant is refused with the way to repair it."""

from collections.abc import Collection
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from academy.search import Filters
from academy.web.labels import STAKEHOLDERS, TYPES
from academy.web.locale import LANGUAGES
from academy.web.places import place_names
from academy.web.text_cards import cycle_titles, topic_labels

LONGEST_QUERY, MOST_HITS, LAST_PAGE, DEFAULT_LIMIT = 200, 100, 1_000_000, 10


class Unusable(ValueError):
    """A parameter that cannot be meant; the message says what to write instead."""

    def __init__(self, parameter: str, message: str):
        super().__init__(message)
        self.parameter = parameter


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call that can be answered."""

    q: str
    limit: int
    page: int
    filters: Filters


def asked_in(args: MultiDict[str, str]) -> Call:
    """Read the parameters; raise Unusable on the first that cannot be meant."""
    q = args.get("q", "")
    if len(q) > LONGEST_QUERY:
        raise Unusable("q", f"q has {len(q)} characters: write at most {LONGEST_QUERY}.")
    limit = _number(args, "limit", DEFAULT_LIMIT)
    return Call(q=q, limit=min(limit, MOST_HITS), page=_number(args, "page", 1), filters=_filters(args))


def _number(args: MultiDict[str, str], name: str, default: int) -> int:
    text = args.get(name, "")
    if text == "":
        return default
    if not (text.isascii() and text.isdigit()) or len(text) > 7 or not 1 <= int(text) <= LAST_PAGE:
        most = f" At most {MOST_HITS} hits are sent at once." if name == "limit" else ""
        raise Unusable(name, f"{name} must be a whole number from 1: leave it out for {default}.{most}")
    return int(text)


def _filters(args: MultiDict[str, str]) -> Filters:
    return Filters(
        cycle=_known(args, "cycle", cycle_titles() if "cycle" in args else ()),
        topic=_known(args, "topic", topic_labels() if "topic" in args else ()),
        type=_known(args, "type", TYPES),
        territory=_known(args, "territory", place_names() if "territory" in args else ()),
        stakeholder=_known(args, "stakeholder", STAKEHOLDERS),
        language=_known(args, "language", LANGUAGES),
    )


def _known(args: MultiDict[str, str], name: str, known: Collection[str]) -> tuple[str, ...]:
    """The values of a filter, which may be repeated; an empty one is no filter."""
    values = tuple(dict.fromkeys(value for value in args.getlist(name) if value))
    for value in values:
        if value not in known:
            raise Unusable(name, f"{name} is none of ours: write one of {', '.join(sorted(known))}, or leave it out.")
    return values
