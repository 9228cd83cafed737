"""Presence: people say that they are there, helpers keep the roll at the door."""

from academy.blueprints.presence import door, here, passes, signing
from academy.blueprints.presence.area import bp

__all__ = ["bp", "door", "here", "passes", "signing"]
