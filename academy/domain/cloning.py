"""Cloning: a new session from one that exists, its dates moved on the clocks of Paris, nobody in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from academy.domain import admission, audit, enrolment_questions, scheduling, session_texts
from academy.domain.content import names as content_names
from academy.domain.preparing import Prepared
from academy.domain.session_texts import Schedule, Words
from academy.domain.typed_values import PARIS
from academy.extensions import db
from academy.models import Cycle, CycleSession, EnrolmentQuestion, Person
from academy.rendering.slugs import slugify

DATES = ("starts_at", "ends_at", "opens_at", "closes_at")
# What the row of a session has of its own, or takes from its text; every other column (who may enrol, approval, offers,
# quotas, reminders) is a choice that a copy keeps. A virtual room is of one session: who has its link may come in.
_OWN = frozenset(
    "id cycle_id document_id seq sequence changed_at status capacity has_waiting_list mode venue_id module_keys is_example video_url".split()
) | set(DATES)
_OF_A_QUESTION = frozenset({"id", "cycle_id", "session_id", "version", "closed_at", "created_at"})  # the same for one


@dataclass(frozen=True, kw_only=True)
class Copy:
    """A session to be, checked and rendered: its files, one for each language, and the one that it is made from."""

    model: CycleSession
    texts: Sequence[Prepared]


def moved(instant: datetime, *, days: int) -> str:
    """The same hour of Paris, *days* later (negative: earlier), as `2027-03-04T18:00`; it may not exist that night."""
    wall = instant.astimezone(PARIS).replace(tzinfo=None)
    try:
        return f"{wall + timedelta(days=days):%Y-%m-%dT%H:%M}"
    except OverflowError:  # no calendar goes that far
        return ""


def days_to(first: datetime, wanted: date) -> int:
    """How many days from the day of *first* in Paris to *wanted*."""
    return (wanted - first.astimezone(PARIS).date()).days


def whole_weeks_to(first: datetime, wanted: date) -> int:
    """The days to the date nearest to *wanted* that falls on the same day of the week as *first*."""
    return round(days_to(first, wanted) / 7) * 7


def words_of(session: CycleSession) -> dict[str, Words]:
    """What the session says in each language: what readers see, or the draft of what they do not see yet."""
    return {
        edition.language: session_texts.words_of(scheduling.shown(edition)) for edition in session.document.editions
    }


def prepare(
    model: CycleSession,
    cycle: Cycle,
    schedule: Schedule,
    words: dict[str, Words],
    *,
    publish: bool = False,
    now: datetime,
    taken: Sequence[Copy] = (),
) -> Copy:
    """Make the files of a copy of *model*; raise ContentRefused. *taken* are copies that will be made with it."""
    title = next(iter(words.values())).title
    keys = frozenset(text.facts.id for copy in taken for text in copy.texts)
    key = content_names.free_key(f"session-{slugify(title)}", but=keys)
    texts = scheduling.prepare_session(cycle, schedule, words, publish=publish, now=now, key=key, model=model)
    return Copy(model=model, texts=texts)


def create(copy: Copy, *, cycle: Cycle, by: Person | None, now: datetime) -> CycleSession:
    """Add the session, with the choices that organisers made for its model; nobody is enrolled.

    Raise Refused when it has fewer seats than are kept for kinds of organisations.
    """
    session = scheduling.create_session(copy.texts, cycle=cycle, by=by, now=now)
    for column in CycleSession.__table__.columns:
        if column.name not in _OWN:
            setattr(session, column.name, getattr(copy.model, column.name))
    admission.refuse_quotas_above(session.capacity, session.quotas)
    audit.record("session.copy", session, by=by, now=now, copied_from=copy.model.id)
    db.session.flush()
    _ask_the_same(session, copy.model, now=now)
    return session


def _ask_the_same(session: CycleSession, model: CycleSession, *, now: datetime) -> None:
    """Ask of who enrols what the model asks; what its cycle asks, the copy asks as one of its sessions."""
    kept = [column.name for column in EnrolmentQuestion.__table__.columns if column.name not in _OF_A_QUESTION]
    for question, _answers in enrolment_questions.of(model):
        if question.closed_at is None:
            words = {name: getattr(question, name) for name in kept}
            db.session.add(EnrolmentQuestion(**words, session_id=session.id, created_at=now))


def create_all(copies: Sequence[Copy], *, cycle: Cycle, by: Person | None, now: datetime) -> list[CycleSession]:
    """Add them all or, within the caller's transaction, none."""
    return [create(copy, cycle=cycle, by=by, now=now) for copy in copies]


def in_order(sessions: Sequence[CycleSession]) -> list[CycleSession]:
    """The first to start first; those without a date come last."""
    return sorted(sessions, key=lambda it: (it.starts_at or datetime.max.replace(tzinfo=UTC), it.id))
