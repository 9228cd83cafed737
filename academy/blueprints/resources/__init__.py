"""The resource centre: browse, search and read what is public."""

from academy.blueprints.resources import counting, feed, reading, views, wishing
from academy.blueprints.resources.area import bp

__all__ = ["bp", "counting", "feed", "reading", "views", "wishing"]
