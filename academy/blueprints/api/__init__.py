"""Read-only JSON for everybody, without a key."""

from academy.blueprints.api import pages, views
from academy.blueprints.api.area import bp

__all__ = ["bp", "pages", "views"]
