"""The front door: home, the site's own pages, drawings, addresses for machines."""

from academy.blueprints.home import drawings, health, machines, views
from academy.blueprints.home.area import bp

__all__ = ["bp", "drawings", "health", "machines", "views"]
