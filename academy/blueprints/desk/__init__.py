"""The desk: the agency's team schedules sessions, keeps the rolls, and sees what is to be done."""

from academy.blueprints.desk import (
    admitting,
    copying,
    editing,
    journal,
    mails,
    people,
    pins,
    postponing,
    roll_gestures,
    roll_lists,
    rolls,
    search,
    seasons,
    synonyms,
    views,
    wishes,
)
from academy.blueprints.desk.area import bp

__all__ = [
    "admitting",
    "bp",
    "copying",
    "editing",
    "journal",
    "mails",
    "people",
    "pins",
    "postponing",
    "roll_gestures",
    "roll_lists",
    "rolls",
    "search",
    "seasons",
    "synonyms",
    "views",
    "wishes",
]
