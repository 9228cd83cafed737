"""The venues: the map with its list, and each with its sessions."""

from academy.blueprints.venues.views import bp

__all__ = ["bp"]
