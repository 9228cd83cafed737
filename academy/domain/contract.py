"""The front matter's contract: which keys a text of each kind may and must have, and what they mean."""

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from academy.domain import typed_values as typed
from academy.domain.communes import COMMUNES
from academy.domain.problems import ContentRefused, Problem
from academy.models import Audience, Kind, Mode
from academy.rendering import frontmatter

LEVELS = ("initiation", "approfondissement", "expertise")
LICENCES = ("licence-ouverte-2.0", "cc-by-4.0", "cc-by-sa-4.0", "cc-by-nc-4.0", "tous-droits-reserves")
# Those whom the academy is for, as its cycles name them: a text may say for which of them it was written.
STAKEHOLDERS = (
    *("companies", "public-bodies", "elected-officials", "associations", "education", "students", "residents"),
    "trainers",
)
TYPES = ("note", "guide", "report", "glossary", "kit", "pitch", "photo-library", "reading-list")
DRAFT, PUBLISHED = STATUSES = ("draft", "published")
SUMMARY_LENGTH = 240
# Facts that the French and the English file of one text cannot state differently.
SHARED = (
    *("audience", "cycle", "starts_at", "ends_at", "opens_at", "closes_at", "venue", "mode", "capacity"),
    *("waiting_list", "trainers", "modules", "example", "session", "territory", "stakeholders"),
)
_ALL = frozenset(Kind)
_COURSE = frozenset({Kind.MODULE, Kind.RESOURCE})
_TEXTS = _COURSE | {Kind.CYCLE}
_SESSION = frozenset({Kind.SESSION})
_slugs, _lines = typed.list_of(typed.slug), typed.list_of(typed.text(300))


@dataclass(frozen=True)
class Key:
    """One key: how it is read, in which kinds of text it means something, where it must be, whom it names."""

    read: Callable[[Any], Any]
    kinds: frozenset[Kind]
    required: frozenset[Kind] = frozenset()
    names: str = ""  # the set of `Names` that its slugs must belong to


KEYS: dict[str, Key] = {
    "id": Key(typed.slug, _ALL, _ALL),
    "title": Key(typed.text(300), _ALL, _ALL),
    "summary": Key(typed.text(SUMMARY_LENGTH), _ALL, _ALL),
    "status": Key(typed.one_of(*STATUSES), _ALL, _ALL),
    "published_on": Key(typed.day, _ALL),  # and required of whatever is published
    "publish_at": Key(typed.hour, _COURSE),  # until then readers do not see it, though it says "published"
    "expires_at": Key(typed.hour, _COURSE),  # from then on they no longer do
    "successor": Key(typed.slug, _COURSE, names="documents"),  # what to read once this one is gone
    "audience": Key(typed.one_of(*Audience), _ALL),
    "topics": Key(_slugs, _ALL - {Kind.PAGE}, _ALL - {Kind.PAGE}, "topics"),
    "licence": Key(typed.one_of(*LICENCES), _ALL - {Kind.PAGE}, _ALL - {Kind.PAGE}),
    "territory": Key(typed.one_or_several(typed.place), _COURSE, names="territories"),
    "stakeholders": Key(typed.one_or_several(typed.one_of(*STAKEHOLDERS)), _COURSE),
    "authors": Key(_lines, _TEXTS, _TEXTS),
    "objectives": Key(_lines, _TEXTS, frozenset({Kind.MODULE})),
    "duration": Key(typed.minutes, _COURSE, frozenset({Kind.MODULE})),
    "level": Key(typed.one_of(*LEVELS), _COURSE, frozenset({Kind.MODULE})),
    "prerequisites": Key(_slugs, _COURSE, names="modules"),
    "type": Key(typed.one_of(*TYPES), frozenset({Kind.RESOURCE}), frozenset({Kind.RESOURCE})),
    "cycle": Key(typed.slug, frozenset({Kind.RESOURCE}), names="cycles"),
    "session": Key(typed.slug, frozenset({Kind.RESOURCE}), names="sessions"),  # that it came out of
    "starts_at": Key(typed.hour, _SESSION),  # absent: the session is to be scheduled
    "ends_at": Key(typed.hour, _SESSION),
    "opens_at": Key(typed.hour, _SESSION),
    "closes_at": Key(typed.hour, _SESSION),
    "venue": Key(typed.slug, _SESSION, names="venues"),
    "mode": Key(typed.one_of(*Mode), _SESSION),
    "capacity": Key(typed.seats, _SESSION),
    "waiting_list": Key(typed.yes_no, _SESSION),
    "trainers": Key(_slugs, _SESSION, names="speakers"),
    "modules": Key(_slugs, _SESSION, names="modules"),
    "example": Key(typed.yes_no, _SESSION),
}
_MAY_BE_EMPTY = frozenset({"topics", "prerequisites", "trainers", "modules"})


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the front matter states, typed. None or empty: not stated."""

    id: str
    title: str
    summary: str
    status: str
    published_on: date | None = None
    publish_at: datetime | None = None  # aware UTC, as the next
    expires_at: datetime | None = None
    successor: str = ""
    audience: str | None = None
    topics: tuple[str, ...] = ()
    licence: str = ""
    territory: tuple[str, ...] = ()  # slugs of communes and venues
    stakeholders: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    objectives: tuple[str, ...] = ()
    duration: int | None = None  # minutes
    level: str = ""
    prerequisites: tuple[str, ...] = ()  # ids of modules
    type: str = ""
    cycle: str | None = None
    session: str | None = None  # id of the session that a resource came out of
    starts_at: datetime | None = None  # aware UTC, as the three below
    ends_at: datetime | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    venue: str | None = None
    mode: str = Mode.ONSITE
    capacity: int | None = None  # None: no limit
    waiting_list: bool = True
    trainers: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    example: bool = False
    stated: frozenset[str] = frozenset()  # keys that the text has: the others hold what silence means

    @property
    def is_published(self) -> bool:
        return self.status == PUBLISHED


@dataclass(frozen=True, kw_only=True)
class Names:
    """The slugs and ids that exist: rows of the academy and files that are being loaded."""

    topics: frozenset[str] = frozenset()
    venues: frozenset[str] = frozenset()
    communes: frozenset[str] = frozenset(COMMUNES)
    speakers: frozenset[str] = frozenset()
    cycles: frozenset[str] = frozenset()
    modules: frozenset[str] = frozenset()
    sessions: frozenset[str] = frozenset()
    documents: frozenset[str] = frozenset()  # ids that `[[…]]` may point to

    @property
    def territories(self) -> frozenset[str]:
        """What a text may be about: the communes, and the venues that exist."""
        return self.venues | self.communes


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A text that keeps its contract."""

    facts: Facts
    body: str
    body_line: int  # line of the file where the body starts
    warnings: tuple[Problem, ...] = ()
    lines: Mapping[str, int] = field(default_factory=dict)


def check(path: str, source: str, *, kind: Kind, names: Names | None = None) -> Checked:
    """Read and check the front matter; raise ContentRefused with every problem at once.

    Without *names* nothing is compared with what exists.
    """
    front = parse(path, source)
    values, problems = _typed(front, kind)
    lines = front.lines
    problems += _missing(values, front, kind)
    problems += _disagreeing(values, lines)
    problems += _unknown_names(values, lines, names) if names is not None else []
    found = sorted((p.at(path) for p in problems), key=lambda p: (p.line, p.key))
    if any(not problem.is_warning for problem in found):
        raise ContentRefused(found)
    facts = Facts(**values, stated=frozenset(values))
    return Checked(facts=facts, body=front.body, body_line=front.body_line, warnings=tuple(found), lines=lines)


def read(source: str, *, kind: Kind) -> Facts | None:
    """The facts of a text that was once accepted; None when it does not keep the contract (a draft)."""
    try:
        return check("", source, kind=kind).facts
    except ContentRefused:
        return None


def title_of(source: str) -> str:
    """The title of any text, however unfinished; "" when it cannot be read."""
    try:
        return str(typed.text(300)(parse("", source).values.get("title")))
    except (ContentRefused, typed.BadValueError):
        return ""


def parse(path: str, source: str) -> frontmatter.FrontMatter:
    """Cut the front matter off; raise ContentRefused when it cannot be read."""
    try:
        return frontmatter.parse(source)
    except frontmatter.FrontMatterError as error:
        raise ContentRefused(front_problems(path, error)) from None


def front_problems(path: str, error: frontmatter.FrontMatterError) -> list[Problem]:
    """The problems of unreadable YAML, in our words."""
    return [Problem(path, p.line, p.key or "", f"front_{p.code}", {"detail": p.detail}) for p in error.problems]


def _typed(front: frontmatter.FrontMatter, kind: Kind) -> tuple[dict[str, Any], list[Problem]]:
    values: dict[str, Any] = {}
    problems = []
    for name, value in front.values.items():
        line = front.lines.get(name, 0)
        key = KEYS.get(name)
        if key is None:
            problems.append(Problem("", line, name, "unknown_key", {"close": close_to(name, KEYS)}))
        elif kind not in key.kinds:
            problems.append(Problem("", line, name, "misplaced_key", {"kind": str(kind)}))
        else:
            try:
                values[name] = key.read(value)
            except typed.BadValueError as bad:
                problems.append(Problem("", line, name, bad.code, bad.details))
    return values, problems


def _missing(values: Mapping[str, Any], front: frontmatter.FrontMatter, kind: Kind) -> list[Problem]:
    problems = []
    for name, key in KEYS.items():
        is_needed = kind in key.required or (name == "published_on" and values.get("status") == PUBLISHED)
        if name not in front.values and is_needed:
            problems.append(Problem("", 1, name, "missing_key", {"kind": str(kind)}))
        elif values.get(name) == () and name not in _MAY_BE_EMPTY:
            problems.append(Problem("", front.lines.get(name, 0), name, "empty_list"))
    return problems


def _disagreeing(values: Mapping[str, Any], lines: Mapping[str, int]) -> list[Problem]:
    """Values that cannot be true together."""
    problems = []

    def blame(key: str, code: str, **details: object) -> None:
        problems.append(Problem("", lines.get(key, 0), key, code, details))

    starts_at, ends_at = values.get("starts_at"), values.get("ends_at")
    if "ends_at" in lines and "starts_at" not in lines:
        blame("ends_at", "end_without_start")
    if starts_at and ends_at and ends_at <= starts_at:
        blame("ends_at", "end_before_start")
    if (opens_at := values.get("opens_at")) and (closes_at := values.get("closes_at")) and closes_at <= opens_at:
        blame("closes_at", "closing_before_opening")
    if (
        (publish_at := values.get("publish_at"))
        and (expires_at := values.get("expires_at"))
        and expires_at <= publish_at
    ):
        blame("expires_at", "expiry_before_publication")
    if values.get("successor") and values["successor"] == values.get("id"):
        blame("successor", "own_successor")
    if values.get("id") in values.get("prerequisites", ()):
        blame("prerequisites", "own_prerequisite")
    return problems


def _unknown_names(values: Mapping[str, Any], lines: Mapping[str, int], names: Names) -> list[Problem]:
    problems = []
    for name, key in KEYS.items():
        if not key.names or name not in values:
            continue
        known: frozenset[str] = getattr(names, key.names)
        wanted = values[name] if isinstance(values[name], tuple) else (values[name],)
        for word in wanted:
            if word not in known:
                details = {"value": word, "close": close_to(word, known)}
                problems.append(Problem("", lines.get(name, 0), name, f"unknown_{key.names}", details))
    return problems


def close_to(word: str, known: Iterable[str]) -> str:
    """The name that was probably meant, or ""."""
    return next(iter(difflib.get_close_matches(word, list(known), n=1, cutoff=0.75)), "")
