"""The studio: trainers write in Markdown, preview, save and publish."""

from academy.blueprints.studio import comparing, decks, editing, guide, hiding, merging, versions, views
from academy.blueprints.studio.area import bp

__all__ = ["bp", "comparing", "decks", "editing", "guide", "hiding", "merging", "versions", "views"]
