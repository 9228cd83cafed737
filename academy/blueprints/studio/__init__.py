"""The studio: trainers write in Markdown, preview, save and publish."""

from academy.blueprints.studio import decks, editing, guide, hiding, versions, views
from academy.blueprints.studio.area import bp

__all__ = ["bp", "decks", "editing", "guide", "hiding", "versions", "views"]
