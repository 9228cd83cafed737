"""What the board of searches reads: questions of the last 90 days, their variants together; rules and wishes."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import selectinload

from academy.blueprints.desk.queries import Page, page_of
from academy.domain.questions import first_day
from academy.extensions import db
from academy.models import AuditEntry, Document, Edition, Person, Pin, Question, Synonym, Wish
from academy.search import analysis
from academy.web.spoken import Spoken, by_preference

SHOWN = 20  # questions of each list
OFTEN = 5  # answers shown: fewer say nothing
RARELY = 5  # one answer opened in so many is little
PER_PAGE = 50
_ASKED, _UNANSWERED, _OPENED = (func.sum(column) for column in (Question.asked, Question.unanswered, Question.opened))


@dataclass(frozen=True)
class Asked:
    """A question in all the ways it was typed, the commonest first."""

    language: str
    ways: Sequence[str]
    asked: int
    unanswered: int
    opened: int
    first_day: date
    last_day: date

    @property
    def typed(self) -> str:
        return self.ways[0]


@dataclass(frozen=True)
class Board:
    """Three lists of questions, and how many were asked in all."""

    asked: int
    unanswered: int
    opened: int
    silent: Sequence[Asked]
    ignored: Sequence[Asked]
    frequent: Sequence[Asked]


@dataclass(frozen=True)
class Closing:
    """Who closed a wish, and with which text: "" for none, and no key for one that is gone."""

    by: str
    key: str
    title: str
    is_told: bool


def board(*, now: datetime) -> Board:
    """What found nothing when it was last asked; what is often asked and rarely opened; what is asked most."""
    since = first_day(now=now)
    answered = _ASKED - _UNANSWERED
    lists = [
        _rows(_groups(since).join(silent := _silent(since), _is(silent)).order_by(_UNANSWERED.desc())),
        _rows(
            _groups(since).having(answered >= OFTEN, answered > _OPENED * RARELY).order_by((answered - _OPENED).desc())
        ),
        _rows(_groups(since).order_by(_ASKED.desc())),
    ]
    ways = _ways(since, {row.words for rows in lists for row in rows})
    totals = select(func.coalesce(_ASKED, 0), func.coalesce(_UNANSWERED, 0), func.coalesce(_OPENED, 0))
    asked, unanswered, opened = db.session.execute(totals.where(*_kept(since))).one()
    return Board(asked, unanswered, opened, *([_asked(row, ways) for row in rows] for rows in lists))


def every_question(*, now: datetime) -> list[Asked]:
    """All of them, the most asked first."""
    since = first_day(now=now)
    ways = _ways(since)
    return [_asked(row, ways) for row in db.session.execute(_groups(since).order_by(_ASKED.desc(), Question.words))]


def synonyms(*, number: int) -> Page:
    """Synonyms in the order of the alphabet."""
    wanted = select(Synonym).order_by(func.lower(Synonym.term), Synonym.language, Synonym.id)
    return page_of(wanted, number=number, per_page=PER_PAGE)


def pins(*, number: int) -> Page:
    """Pins by question, in the order in which visitors see them; rows are (pin, title, question as it was typed)."""
    page = page_of(select(Pin).order_by(Pin.question, Pin.rank, Pin.id), number=number, per_page=PER_PAGE)
    names = titles({pin.document_id for pin in page.rows})
    typed = typed_questions(page.rows)
    rows = [(pin, names.get(pin.document_id, ""), typed[pin.id]) for pin in page.rows]
    return Page(rows, page.total, page.number, PER_PAGE)


def typed_questions(pins: Sequence[Pin]) -> dict[int, str]:
    """The question of each pin as the journal has it, with its accents; else as the search folds it."""
    added = select(AuditEntry.entity_id, AuditEntry.detail).where(
        AuditEntry.action == "pin.add", AuditEntry.entity == "pin", AuditEntry.entity_id.in_([pin.id for pin in pins])
    )
    said = {row.entity_id: row.detail.get("name", "") for row in db.session.execute(added.order_by(AuditEntry.id))}
    return {pin.id: typed if folded(typed := said.get(pin.id, "")) == pin.question else pin.question for pin in pins}


def folded(question: str) -> str:
    """A question as pins are found by."""
    return " ".join(analysis.words(question))


def wishes(*, is_closed: bool, number: int) -> Page:
    """Open wishes, the oldest first; closed ones, the last first."""
    wanted = select(Wish).where(Wish.closed_at.is_not(None) if is_closed else Wish.closed_at.is_(None))
    order = (Wish.closed_at.desc(), Wish.id.desc()) if is_closed else (Wish.created_at, Wish.id)
    return page_of(wanted.order_by(*order), number=number, per_page=PER_PAGE)


def closing_of(wish: Wish) -> Closing | None:
    """How a wish was closed, as the journal has it."""
    entry = (
        select(AuditEntry.detail, Person.name)
        .outerjoin(Person, Person.id == AuditEntry.person_id)
        .where(AuditEntry.action == "wish.close", AuditEntry.entity == "wish", AuditEntry.entity_id == wish.id)
    )
    found = db.session.execute(entry.order_by(AuditEntry.id.desc()).limit(1)).first()
    if found is None:
        return None
    key = found.detail.get("key") or ""
    document = db.session.scalar(select(Document.id).where(Document.key == key)) if key else None
    title = titles([document]).get(document, key) if document else key
    return Closing(by=found.name or "", key=key if document else "", title=title, is_told=bool(key and wish.email))


def open_wishes() -> int:
    """How many wishes wait for an answer."""
    return db.session.scalar(select(func.count(Wish.id)).where(Wish.closed_at.is_(None))) or 0


def document_of(text: str) -> Document | None:
    """The document whose id a form sent, with its editions."""
    if not (text.isascii() and text.isdigit() and len(text) < 11 and int(text) < 2**31):
        return None
    return db.session.scalar(select(Document).where(Document.id == int(text)).options(selectinload(Document.editions)))


def documents_of(editions: Sequence[int]) -> dict[int, tuple[int, str]]:
    """(document, title in the page's language if it has one) of editions, in their order."""
    rows = db.session.execute(select(Edition.id, Edition.document_id).where(Edition.id.in_(editions))).all()
    documents = {row.id: row.document_id for row in rows}
    names = titles(documents.values())
    return {edition: (documents[edition], names[documents[edition]]) for edition in editions if edition in documents}


def titles(documents: Iterable[int]) -> dict[int, str]:
    """A title of each document, in the page's language where there is one."""
    wanted = select(Edition.document_id, Edition.title, Edition.language).where(Edition.document_id.in_(documents))
    return {
        row.document_id: Spoken(row.title, row.language)
        for row in by_preference(db.session.execute(wanted.order_by(Edition.id)))
    }


def _kept(since: date) -> tuple[ColumnElement[bool], ...]:
    return Question.day >= since, Question.asked > 0


def _groups(since: date):
    return (
        select(
            Question.language,
            Question.words,
            _ASKED.label("asked"),
            _UNANSWERED.label("unanswered"),
            _OPENED.label("opened"),
            func.min(Question.day).label("first_day"),
            func.max(Question.day).label("last_day"),
        )
        .where(*_kept(since))
        .group_by(Question.language, Question.words)
    )


def _silent(since: date):
    """The questions that found nothing on the last day they were asked: what was answered since is not listed."""
    last = (
        select(Question.language, Question.words, func.max(Question.day).label("day"))
        .where(*_kept(since))
        .group_by(Question.language, Question.words)
        .subquery()
    )
    found_nothing = select(Question.language, Question.words).where(Question.unanswered > 0)
    return found_nothing.join(last, and_(_is(last), Question.day == last.c.day)).subquery()


def _is(of: Any) -> ColumnElement[bool]:
    return and_(Question.language == of.c.language, Question.words == of.c.words)


def _rows(wanted: Any) -> Sequence[Any]:
    return db.session.execute(wanted.order_by(Question.words, Question.language).limit(SHOWN)).all()


def _ways(since: date, words: Iterable[str] | None = None) -> dict[tuple[str, str], list[str]]:
    """How each question was typed, the commonest first, capitals set aside."""
    count = func.sum(Question.asked)
    wanted = select(Question.language, Question.words, Question.typed).where(*_kept(since))
    if words is not None:
        wanted = wanted.where(Question.words.in_(words))
    wanted = wanted.group_by(Question.language, Question.words, Question.typed).order_by(count.desc(), Question.typed)
    ways: defaultdict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for row in db.session.execute(wanted):
        ways[row.language, row.words].setdefault(row.typed.casefold(), row.typed)
    return {key: list(typed.values()) for key, typed in ways.items()}


def _asked(row: Any, ways: dict[tuple[str, str], list[str]]) -> Asked:
    typed = ways[row.language, row.words]
    return Asked(row.language, typed, row.asked, row.unanswered, row.opened, row.first_day, row.last_day)
