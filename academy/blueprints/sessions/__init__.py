"""Sessions: the calendar, a session and its programme, enrolling and cancelling."""

from academy.blueprints.sessions import agendas, enrolling, views
from academy.blueprints.sessions.area import bp

__all__ = ["agendas", "bp", "enrolling", "views"]
