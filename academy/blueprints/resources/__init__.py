"""The resource centre: browse, search and read what is public."""

from academy.blueprints.resources import counting, embed, feed, json_feed, reading, versions, views, wishing
from academy.blueprints.resources.area import bp

__all__ = ["bp", "counting", "embed", "feed", "json_feed", "reading", "versions", "views", "wishing"]
