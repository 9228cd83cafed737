"""What the journal reads: entries, and the names of what they are about, in a fixed number of queries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup
from sqlalchemy import ColumnElement, and_, or_, select

from academy.blueprints.desk.queries import Page, page_of
from academy.blueprints.desk.wording import fact_word, mode_word, role_word, status_word
from academy.extensions import db
from academy.models import (
    AuditEntry,
    Certificate,
    CycleSession,
    Document,
    Edition,
    Enrolment,
    Mode,
    Person,
    Role,
    SessionStatus,
)
from academy.web.clock import PARIS
from academy.web.filters import short_date, time_of
from academy.web.locale import gettext as _
from academy.web.spoken import Spoken, by_preference, mark

PER_PAGE = 50
_PLACES = {"enrolment": Enrolment, "certificate": Certificate}  # rows of somebody in a session
_NAMED = ("cycle_session", "edition", "person", *_PLACES)


@dataclass(frozen=True)
class Entry:
    """One line: when, who (None: the system), what, on what, with which details."""

    at: datetime
    person_id: int | None
    person: str
    action: str
    subject: str
    session_id: int | None
    details: list[str]


def entries(*, person: int | None, session: int | None, number: int) -> Page:
    """Entries newest first, by a person or about them, about a session and all that belongs to it."""
    wanted = select(AuditEntry).order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
    if person is not None:
        wanted = wanted.where(_of_person(person))
    if session is not None:
        wanted = wanted.where(_of_session(session))
    page = page_of(wanted, number=number, per_page=PER_PAGE)
    return Page(_named(page.rows), page.total, page.number, PER_PAGE)


def about(*, person: int | None, session: int | None) -> str:
    """The name of what the journal is filtered by; "" without a filter."""
    names: list[str] = []
    if person is not None:
        names += _people({person}).values()
    if session is not None:
        names += _sessions({session}).values()
    return Markup(", ").join(map(mark, names))


def _of_person(id: int) -> ColumnElement[bool]:
    theirs = select(Enrolment.id).where(Enrolment.person_id == id)
    papers = select(Certificate.id).where(Certificate.person_id == id)
    return or_(
        AuditEntry.person_id == id,
        and_(AuditEntry.entity == "person", AuditEntry.entity_id == id),
        and_(AuditEntry.entity == "enrolment", AuditEntry.entity_id.in_(theirs)),
        and_(AuditEntry.entity == "certificate", AuditEntry.entity_id.in_(papers)),
    )


def _of_session(id: int) -> ColumnElement[bool]:
    enrolments = select(Enrolment.id).where(Enrolment.session_id == id)
    papers = select(Certificate.id).where(Certificate.session_id == id)
    document = select(CycleSession.document_id).where(CycleSession.id == id).scalar_subquery()
    editions = select(Edition.id).where(Edition.document_id == document)
    return or_(
        and_(AuditEntry.entity == "cycle_session", AuditEntry.entity_id == id),
        and_(AuditEntry.entity == "enrolment", AuditEntry.entity_id.in_(enrolments)),
        and_(AuditEntry.entity == "certificate", AuditEntry.entity_id.in_(papers)),
        and_(AuditEntry.entity == "edition", AuditEntry.entity_id.in_(editions)),
    )


def _named(rows: Iterable[AuditEntry]) -> list[Entry]:
    """Give every entry the names of its people, sessions and texts."""
    rows = list(rows)
    ids = {kind: {row.entity_id for row in rows if row.entity == kind} for kind in _NAMED}
    places = {name: _places(table, ids[name]) for name, table in _PLACES.items()}
    whose = [pair for found in places.values() for pair in found.values()]
    people = _people({row.person_id for row in rows} | ids["person"] | {who for who, _what in whose})
    sessions = _sessions(ids["cycle_session"] | {what for _who, what in whose})
    editions = _editions(ids["edition"])
    return [_entry(row, places.get(row.entity, {}), people, sessions, editions) for row in rows]


def _entry(
    row: AuditEntry,
    places: Mapping[int, tuple[int, int]],
    people: Mapping[int, str],
    sessions: Mapping[int, str],
    editions: Mapping[int, str],
) -> Entry:
    about_id, session_id, subject = row.entity_id or 0, None, ""
    if row.entity == "cycle_session":
        session_id, subject = about_id, sessions.get(about_id, "")
    elif about_id in places:
        who, session_id = places[about_id]
        subject = Markup(" · ").join(mark(name) for name in (people.get(who), sessions.get(session_id)) if name)
    elif row.entity == "edition":
        subject = editions.get(about_id, "")
    elif row.entity == "person" and about_id != row.person_id:
        subject = people.get(about_id, "")
    elif row.entity in {"synonym", "pin"}:  # they may be gone: the entry says what they were
        subject = Spoken(str((row.detail or {}).get("name", "")), str((row.detail or {}).get("language", "")))
    who = people.get(row.person_id or 0, "")
    return Entry(row.at, row.person_id, who, row.action, subject, session_id, list(_details(row)))


def _details(row: AuditEntry) -> Iterable[str]:
    """What changed, as `fact: before → after`."""
    detail: dict[str, Any] = row.detail or {}
    if "question" in detail:
        yield mark(Spoken(str(detail["question"]), "fr"))
    for name, (before, after) in (detail.get("changes") or {}).items():
        old, new = _value(before, name), _value(after, name)
        yield _("%(fact)s : %(before)s → %(after)s", fact=fact_word(name), before=old, after=new)
    if "before" in detail and "after" in detail:
        values = (_value(detail[name]) for name in ("before", "after"))
        yield Markup(" → ").join(mark(Spoken(value, str(detail.get("language", "")))) for value in values)


def _value(value: object, fact: str = "") -> str:
    """A value in the page's language; *fact* is the key of the front matter that it belongs to."""
    if isinstance(value, str) and fact.endswith("_at"):
        return _instant(value)
    if isinstance(value, str) and value in set(Mode):
        return mode_word(value)
    if fact == "waiting_list":
        return _("oui") if value == "yes" else _("non")
    if isinstance(value, str) and value in set(Role):
        return role_word(value)
    if isinstance(value, str) and value in set(SessionStatus):
        return status_word(value)
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "∅"
    return "∅" if value is None else str(value)


def _instant(written: str) -> str:
    """A date and time of Paris, as `session_texts.written` writes them; what is none stays as it is."""
    try:
        at = datetime.strptime(written, "%Y-%m-%d %H:%M").replace(tzinfo=PARIS)
    except ValueError:
        return written
    return _("%(day)s à %(time)s", day=short_date(at), time=time_of(at))


def _people(ids: Iterable[int | None]) -> dict[int, str]:
    return dict(db.session.execute(select(Person.id, Person.name).where(Person.id.in_(_known(ids)))).all())


def _sessions(ids: Iterable[int | None]) -> dict[int, str]:
    wanted = (
        select(CycleSession.id, Edition.title, Edition.language)
        .join(Edition, Edition.document_id == CycleSession.document_id)
        .where(CycleSession.id.in_(_known(ids)))
    )
    return {row.id: Spoken(row.title, row.language) for row in by_preference(db.session.execute(wanted))}


def _editions(ids: Iterable[int | None]) -> dict[int, str]:
    wanted = select(Edition.id, Edition.title, Edition.language, Document.key)
    wanted = wanted.join(Document, Document.id == Edition.document_id).where(Edition.id.in_(_known(ids)))
    return {
        row.id: mark(Spoken(row.title, row.language) if row.title else row.key) + f" ({row.language})"
        for row in db.session.execute(wanted)
    }


def _places(table: type[Enrolment] | type[Certificate], ids: Iterable[int | None]) -> dict[int, tuple[int, int]]:
    wanted = select(table.id, table.person_id, table.session_id).where(table.id.in_(_known(ids)))
    return {row.id: (row.person_id, row.session_id) for row in db.session.execute(wanted)}


def _known(ids: Iterable[int | None]) -> list[int]:
    return [known for known in ids if known is not None]
