"""The blueprint of the sessions, and how its views find what an address names."""

from flask import Blueprint, abort
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from academy.extensions import db
from academy.mail.links import signed_id
from academy.models import IS_SOMEBODYS, CycleSession, Enrolment
from academy.web.session_cards import LOADED

bp = Blueprint("sessions", __name__)

SESSION = "/sessions/<int(max=2147483647):id>"  # 404 to a number that no column holds


def session_of(id: int, slug: str = "") -> CycleSession | None:
    """The session of an address; the view compares the slug."""
    return db.session.scalar(select(CycleSession).where(CycleSession.id == id).options(*LOADED))


def enrolment_of(signed: str) -> Enrolment:
    """The enrolment whose id we signed; 404 for anything that we did not."""
    wanted = select(Enrolment).where(Enrolment.id == signed_id(signed), IS_SOMEBODYS)
    options = (joinedload(Enrolment.session).options(*LOADED), joinedload(Enrolment.person))
    return db.session.scalar(wanted.options(*options)) or abort(404)
