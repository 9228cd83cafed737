"""The cycles: the list, each with its sessions, modules and resources, and how to follow one."""

from academy.blueprints.cycles import feeds, following
from academy.blueprints.cycles.views import bp

__all__ = ["bp", "feeds", "following"]
