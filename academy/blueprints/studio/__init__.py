"""The studio: trainers write in Markdown, preview, save and publish."""

from academy.blueprints.studio import editing, exporting, guide, hiding, importing, versions, views
from academy.blueprints.studio.area import bp

__all__ = ["bp", "editing", "exporting", "guide", "hiding", "importing", "versions", "views"]
