"""The desk: the agency's team schedules sessions, keeps the rolls, and sees what is to be done."""

from academy.blueprints.desk import editing, journal, people, rolls, views
from academy.blueprints.desk.area import bp

__all__ = ["bp", "editing", "journal", "people", "rolls", "views"]
