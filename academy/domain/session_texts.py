"""The facts and words of a session as its files state them: read, start a new file, restate an old one."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from academy.domain import contract
from academy.domain.contract import Facts
from academy.domain.newlines import with_newlines_of
from academy.domain.problems import ContentRefused
from academy.domain.typed_values import PARIS, BadValueError
from academy.models import CycleSession, Mode
from academy.rendering import frontmatter

_NONE = "---\n---\n\n"
_SILENCE = {field.name: field.default for field in fields(Facts)}  # what an absent key means
_BREAKS = "\r\n"
_OWN = frozenset({"example", "published_on"})  # said of one session: a copy does not take it over


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """What an organiser decides of a session; each field is named like its key in the front matter."""

    starts_at: datetime | None = None  # aware, as the three below
    ends_at: datetime | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    venue: str | None = None  # slug
    mode: str = Mode.ONSITE
    capacity: int | None = None  # None: no limit
    waiting_list: bool = True
    trainers: tuple[str, ...] = ()  # slugs
    modules: tuple[str, ...] = ()  # keys of documents


@dataclass(frozen=True, kw_only=True)
class Words:
    """What a session says of itself in one language; the programme is Markdown."""

    title: str
    summary: str
    programme: str = ""


def schedule_of(session: CycleSession) -> Schedule:
    """The facts as the row holds them."""
    return Schedule(
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        opens_at=session.opens_at,
        closes_at=session.closes_at,
        venue=session.venue.slug if session.venue else None,
        mode=str(session.mode),
        capacity=session.capacity,
        waiting_list=session.has_waiting_list,
        trainers=tuple(speaker.slug for speaker in session.speakers),
        modules=tuple(session.module_keys),
    )


def words_of(source: str) -> Words:
    """The words of a file, however unfinished it is."""
    try:
        front = contract.parse("", source)
    except ContentRefused:
        return Words(title="", summary="", programme=source)
    said = {key: value for key in ("title", "summary") if isinstance(value := front.values.get(key), str)}
    return Words(title=said.get("title", ""), summary=said.get("summary", ""), programme=front.body.lstrip(_BREAKS))


def new_source(schedule: Schedule, words: Words, *, key: str, topics: list[str], licence: str) -> str:
    """The file of a new session, a draft."""
    first = {"id": key, "title": words.title, "summary": words.summary, "topics": topics}
    last = {"licence": licence, "status": contract.DRAFT}
    stated = {name: written(value) for name, value in vars(schedule).items() if value != _SILENCE[name]}
    return frontmatter.replace(_NONE + with_newlines_of("", words.programme), {**first, **stated, **last})


def restated(source: str, schedule: Schedule, words: Words | None = None) -> str:
    """The same file with other facts and words: what still means the same keeps its spelling, byte for byte."""
    front = contract.parse("", source)
    wanted = vars(schedule) | ({"title": words.title, "summary": words.summary} if words else {})
    changes = {
        key: written(value) for key, value in wanted.items() if not is_same(_meant(key, front.values.get(key)), value)
    }
    if words is not None:
        lead = front.body[: len(front.body) - len(front.body.lstrip(_BREAKS))]
        programme = with_newlines_of(front.body[len(lead) :], words.programme)
        source = source[: len(source) - len(front.body)] + lead + programme
    try:
        return frontmatter.replace(source, changes)
    except frontmatter.FrontMatterError as error:
        raise ContentRefused(contract.front_problems("", error)) from None


def copied(model: str, new: str, schedule: Schedule, words: Words) -> str:
    """The file *new* of a session, with what the file of its *model* states besides; an unreadable one adds nothing."""
    try:
        first = contract.parse("", new).values
        changes = {"id": first["id"], "status": first["status"], **dict.fromkeys(_OWN)}
        return frontmatter.replace(restated(model, schedule, words), changes)
    except (ContentRefused, frontmatter.FrontMatterError):
        return new


def draft_restated(source: str, schedule: Schedule) -> str:
    """The same for a draft, which may be unreadable: then it stays as it is."""
    try:
        return restated(source, schedule)
    except ContentRefused:
        return source


def is_same(one: object, other: object) -> bool:
    """Whether two facts mean the same; the order of trainers or modules is the file's own affair."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        return sorted(one) == sorted(other)
    return one == other


def changes_between(before: Schedule, after: Schedule) -> dict[str, list[Any]]:
    """Each fact that differs, as [before, after], for the journal."""
    old, new = vars(before), vars(after)
    return {key: [written(old[key]), written(new[key])] for key in old if not is_same(old[key], new[key])}


def written(value: Any) -> str | list[str] | None:
    """A fact in the spelling of front matter; None when the key goes."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{value.astimezone(PARIS):%Y-%m-%d %H:%M}"
    return list(value) if isinstance(value, tuple) else str(value)


def facts_of(schedule: Schedule, session: CycleSession) -> Facts:
    """The schedule as the projection reads it."""
    same: Mapping[str, Any] = {"id": session.document.key, "title": "", "summary": "", "status": contract.DRAFT}
    return Facts(**same, **vars(schedule), example=session.is_example)


def _meant(key: str, value: str | list[str] | None) -> object:
    """What a key of the file says; nothing comparable when it cannot be read."""
    if value is None:
        return _SILENCE.get(key, ...)
    try:
        return contract.KEYS[key].read(value)
    except BadValueError:
        return ...
