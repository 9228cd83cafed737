"""The resource centre: browse, search and read what is public."""

from academy.blueprints.resources import embed, feed, json_feed, reading, versions, views
from academy.blueprints.resources.area import bp

__all__ = ["bp", "embed", "feed", "json_feed", "reading", "versions", "views"]
