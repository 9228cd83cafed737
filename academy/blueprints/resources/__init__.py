"""The resource centre: browse, search and read what is public."""

from academy.blueprints.resources import alerting, counting, embed, feed, json_feed, reading, versions, views, wishing
from academy.blueprints.resources.area import bp

__all__ = ["alerting", "bp", "counting", "embed", "feed", "json_feed", "reading", "versions", "views", "wishing"]
