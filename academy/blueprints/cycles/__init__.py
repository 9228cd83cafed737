"""The cycles: the list, and each with its sessions, modules and resources."""

from academy.blueprints.cycles import feeds
from academy.blueprints.cycles.views import bp

__all__ = ["bp", "feeds"]
