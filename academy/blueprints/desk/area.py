"""The blueprint of the desk, and how its views find what an address names."""

from flask import Blueprint, request
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from academy.domain import certificates
from academy.extensions import db, limiter
from academy.models import (
    IS_SOMEBODYS,
    Certificate,
    Cycle,
    CycleSession,
    Document,
    DoorLink,
    Edition,
    Enrolment,
    EnrolmentQuestion,
    Invitation,
    Person,
    Pin,
    SheetScan,
    Synonym,
    Wish,
)
from academy.web import identity
from academy.web.session_cards import LOADED

bp = Blueprint("desk", __name__, url_prefix="/pilotage")

# The converter answers 404 to a number that no column holds.
_ID = "<int(max=2147483647):id>"
SESSION = f"/sessions/{_ID}"
ENROLMENT = f"/inscriptions/{_ID}"
PERSON = f"/personnes/{_ID}"
INVITATION = f"/invitations/{_ID}"
DOOR = f"/porte/{_ID}"
CYCLE = f"/cycles/{_ID}"
QUESTION = f"/questions/{_ID}"
_WITH_TEXTS = joinedload(CycleSession.document).selectinload(Document.editions)


def session_of(id: int) -> CycleSession | None:
    """The session of an address, with its texts and speakers."""
    texts = (_WITH_TEXTS.joinedload(Edition.head), _WITH_TEXTS.joinedload(Edition.published))
    wanted = select(CycleSession).where(CycleSession.id == id)
    return db.session.scalar(wanted.options(*LOADED, *texts, selectinload(CycleSession.speakers)))


def enrolment_of(id: int) -> Enrolment | None:
    """The enrolment of an address."""
    wanted = select(Enrolment).where(Enrolment.id == id, IS_SOMEBODYS)
    return db.session.scalar(wanted.options(joinedload(Enrolment.session), joinedload(Enrolment.person)))


def person_of(id: int) -> Person | None:
    """The account of an address."""
    return db.session.get(Person, id)


def invitation_of(id: int) -> Invitation | None:
    """The invitation of an address."""
    return db.session.get(Invitation, id)


def door_of(id: int) -> DoorLink | None:
    """The link of a helper at the door."""
    return db.session.get(DoorLink, id)


def cycle_of(id: int) -> Cycle | None:
    """The cycle of an address."""
    return db.session.get(Cycle, id)


def question_of(id: int) -> EnrolmentQuestion | None:
    """The question to who enrols of an address."""
    return db.session.get(EnrolmentQuestion, id)


def certificate_of(id: int) -> Certificate | None:
    """The certificate of an address, valid or revoked."""
    return certificates.by_id(id)


def scan_of(id: int) -> SheetScan | None:
    """The scan of a signed sheet."""
    return db.session.get(SheetScan, id)


def synonym_of(id: int) -> Synonym | None:
    """The synonym of an address."""
    return db.session.get(Synonym, id)


def pin_of(id: int) -> Pin | None:
    """The pin of an address."""
    return db.session.get(Pin, id)


def wish_of(id: int) -> Wish | None:
    """The wish of an address."""
    return db.session.get(Wish, id)


def me() -> Person:
    """Whoever acts: the guard let only the team in."""
    who = identity.me()
    assert who is not None
    return who


def by_person() -> str:
    """Count the posts of one organiser: the team shares an address."""
    who = identity.me()
    return f"person:{who.id}" if who else request.remote_addr or ""


per_person = limiter.shared_limit("120 per minute", scope="desk", key_func=by_person)
