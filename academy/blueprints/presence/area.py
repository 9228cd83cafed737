"""The blueprint of presence, and how its views find what an address names."""

from flask import Blueprint

from academy.domain import doors
from academy.extensions import db
from academy.models import CycleSession, DoorLink

bp = Blueprint("presence", __name__)


def session_of(id: int, code: str = "") -> CycleSession | None:
    """The session whose presence is kept; the code is for the view to check."""
    return db.session.get(CycleSession, id)


def door_of(token: str) -> DoorLink | None:
    """The link of the door that a token opens, or opened."""
    return doors.by_token(token)
