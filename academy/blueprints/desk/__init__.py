"""The desk: the agency's team schedules sessions, keeps the rolls, and sees what is to be done."""

from academy.blueprints.desk import (
    admitting,
    certificates,
    editing,
    journal,
    mails,
    people,
    pins,
    postponing,
    presence,
    rolls,
    scans,
    search,
    sheet,
    synonyms,
    views,
    wishes,
)
from academy.blueprints.desk.area import bp

__all__ = [
    "admitting",
    "bp",
    "certificates",
    "editing",
    "journal",
    "mails",
    "people",
    "pins",
    "postponing",
    "presence",
    "rolls",
    "scans",
    "search",
    "sheet",
    "synonyms",
    "views",
    "wishes",
]
