"""Presence: people say that they are there, helpers keep the roll at the door."""

from academy.blueprints.presence import door, here, signing
from academy.blueprints.presence.area import bp

__all__ = ["bp", "door", "here", "signing"]
