"""The personal code of a place: opaque, shown at the entrance, another one when its holder asks."""

from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from academy.domain import audit
from academy.extensions import db
from academy.models import IS_SOMEBODYS, Enrolment, EnrolmentStatus, Person, new_pass


def by_token(token: str) -> Enrolment | None:
    """The confirmed place of a code; None for one that was renewed, or whose place was given up."""
    wanted = select(Enrolment).where(
        Enrolment.pass_token == token,
        Enrolment.pass_token != "",
        Enrolment.status == EnrolmentStatus.CONFIRMED,
        IS_SOMEBODYS,
    )
    return db.session.scalar(wanted.options(joinedload(Enrolment.session), joinedload(Enrolment.person)))


def renew(held: Enrolment, *, by: Person | None, now: datetime) -> None:
    """Give the place another code: the one before opens nothing."""
    held.pass_token = new_pass()
    audit.record("enrolment.renew_pass", held, by=by, now=now, session=held.session_id)


def read(scanned: str) -> str:
    """The code in what a scanner typed: the code itself, or the whole address."""
    return urlsplit(scanned.strip()).path.rstrip("/").rpartition("/")[2][:40]
