"""The desk: the agency's team schedules sessions, keeps the rolls, and sees what is to be done."""

from academy.blueprints.desk import (
    admitting,
    editing,
    enrolment_answers,
    enrolment_questions,
    journal,
    mails,
    people,
    pins,
    postponing,
    rolls,
    search,
    synonyms,
    views,
    wishes,
)
from academy.blueprints.desk.area import bp

__all__ = [
    "admitting",
    "bp",
    "editing",
    "enrolment_answers",
    "enrolment_questions",
    "journal",
    "mails",
    "people",
    "pins",
    "postponing",
    "rolls",
    "search",
    "synonyms",
    "views",
    "wishes",
]
