"""The studio: trainers write in Markdown, preview, save and publish."""

from academy.blueprints.studio import (
    comparing,
    editing,
    guide,
    hiding,
    merging,
    publication,
    reviewing,
    versions,
    views,
)
from academy.blueprints.studio.area import bp

__all__ = ["bp", "comparing", "editing", "guide", "hiding", "merging", "publication", "reviewing", "versions", "views"]
