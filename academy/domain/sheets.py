"""The attendance sheet of a session: signatures by half-day, chained so that no change of one goes unseen."""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from academy.domain import attendance, audit, speakers
from academy.domain.accounts import clean_name
from academy.domain.errors import Refused
from academy.domain.half_days import HalfDay
from academy.domain.rows import insert_once
from academy.extensions import db
from academy.models import CycleSession, Person, SheetHead, Signature, Signer

LATE = timedelta(days=2)  # after the end of a half-day one can still sign it
FIRST = "0" * 64  # what the first signature of a chain follows
MOST_DRAWN = 8_000  # characters of strokes: about a thousand points
BOX = (600, 200)  # of a drawing
_STROKES = re.compile(r"(?:M[0-9]{1,3} [0-9]{1,3}(?:L[0-9]{1,3} [0-9]{1,3})+)+")


@dataclass(frozen=True)
class Fault:
    """Where a chain is broken: `what` is edited, missing or cut (at its end)."""

    session_id: int
    number: int
    what: str


def sign(
    person: Person,
    session: CycleSession,
    half_day: HalfDay,
    signer: Signer,
    *,
    typed: str = "",
    drawing: str = "",
    now: datetime,
) -> None:
    """Sign a half-day, by strokes or by a name; twice is harmless.

    A participant must be marked as present in it, a trainer must teach the session; it can be signed from its start, and for two days after its end.
    """
    typed = clean_name(typed)[:120]
    _refuse_unless_theirs(person, session, half_day, signer)
    if not half_day.starts_at <= now < half_day.ends_at + LATE:
        raise Refused("sign_not_now")
    if drawing and (len(drawing) > MOST_DRAWN or not _STROKES.fullmatch(drawing)):
        raise Refused("sign_drawing")
    if not drawing and not typed:
        raise Refused("sign_empty")
    head = _next(session.id)
    if is_signed(person.id, session.id, half_day, signer):
        _give_back(session.id)
        return
    row = Signature(
        session_id=session.id,
        number=head.count,
        person_id=person.id,
        name=person.name,
        signer=signer,
        day=half_day.day,
        half=half_day.half,
        typed="" if drawing else typed,
        drawing=drawing,
        signed_at=now,
        previous=head.digest,
    )
    row.digest = digest_of(row)
    db.session.add(row)
    head.digest = row.digest
    audit.record(
        "sheet.sign", session, by=person, now=now, half_day=half_day.key, signer=str(signer), digest=row.digest
    )


def is_signed(person_id: int, session_id: int, half_day: HalfDay, signer: Signer = Signer.PARTICIPANT) -> bool:
    """Whether the person signed that half-day."""
    wanted = select(Signature.id).where(
        Signature.session_id == session_id,
        Signature.person_id == person_id,
        Signature.day == half_day.day,
        Signature.half == half_day.half,
        Signature.signer == signer,
    )
    return db.session.scalar(wanted) is not None


def digest_of(row: Signature) -> str:
    """SHA-256 of the digest before and of all that the row says, as JSON with sorted keys."""
    said = {
        "session": row.session_id,
        "number": row.number,
        "person": row.person_id,
        "name": row.name,
        "signer": str(row.signer),
        "day": row.day.isoformat(),
        "half": str(row.half),
        "typed": row.typed,
        "drawing": row.drawing,
        "signed_at": row.signed_at.isoformat(timespec="microseconds"),
    }
    canonical = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{row.previous}\n{canonical}".encode()).hexdigest()


def signatures(session_id: int) -> list[Signature]:
    """The chain of a session, in its order."""
    wanted = select(Signature).where(Signature.session_id == session_id)
    return list(db.session.scalars(wanted.order_by(Signature.number, Signature.id)))


def head_of(session_id: int) -> SheetHead | None:
    """Where the chain of a session ends."""
    return db.session.get(SheetHead, session_id)


def faults(session_id: int | None = None) -> Iterator[Fault]:
    """Every signature that was edited, deleted or moved, of one session or of all."""
    rows, heads = select(Signature), select(SheetHead)
    if session_id is not None:
        rows, heads = rows.where(Signature.session_id == session_id), heads.where(SheetHead.session_id == session_id)
    chains: dict[int, list[Signature]] = {}
    for row in db.session.scalars(rows.order_by(Signature.session_id, Signature.number, Signature.id)):
        chains.setdefault(row.session_id, []).append(row)
    ends = {head.session_id: (head.count, head.digest) for head in db.session.scalars(heads)}
    for known in sorted(chains.keys() | ends.keys()):
        yield from _faults_of(known, chains.get(known, []), ends.get(known))


def _faults_of(session_id: int, chain: list[Signature], end: tuple[int, str] | None) -> Iterator[Fault]:
    number, digest = 0, FIRST
    for row in chain:
        if row.number != number + 1:
            yield Fault(session_id, number + 1, "missing")
        elif row.previous != digest or row.digest != digest_of(row):
            yield Fault(session_id, row.number, "edited")
        number, digest = row.number, row.digest
    if end != (number, digest) and (chain or end):
        yield Fault(session_id, number + 1, "cut")


def _refuse_unless_theirs(person: Person, session: CycleSession, half_day: HalfDay, signer: Signer) -> None:
    if signer == Signer.TRAINER and not speakers.teaches(person, session):
        raise Refused("sign_not_trainer")
    if signer == Signer.PARTICIPANT and not attendance.is_present(person.id, session.id, half_day):
        raise Refused("sign_not_present")


def _next(session_id: int) -> SheetHead:
    """Take the chain's lock and its next number: of two who sign at once, one waits for the other."""
    if head_of(session_id) is None:
        insert_once(SheetHead(session_id=session_id, count=0, digest=FIRST))
    _count(session_id, 1)
    return db.session.get_one(SheetHead, session_id, populate_existing=True)


def _give_back(session_id: int) -> None:
    _count(session_id, -1)


def _count(session_id: int, by: int) -> None:
    db.session.execute(
        update(SheetHead)
        .where(SheetHead.session_id == session_id)
        .values(count=SheetHead.count + by)
        .execution_options(synchronize_session=False)
    )
