"""The desk: the agency's team schedules sessions, keeps the rolls, and sees what is to be done."""

from academy.blueprints.desk import (
    editing,
    journal,
    people,
    pins,
    presence,
    rolls,
    search,
    sheet,
    synonyms,
    views,
    wishes,
)
from academy.blueprints.desk.area import bp

__all__ = [
    "bp",
    "editing",
    "journal",
    "people",
    "pins",
    "presence",
    "rolls",
    "search",
    "sheet",
    "synonyms",
    "views",
    "wishes",
]
