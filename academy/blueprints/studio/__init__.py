"""The studio: trainers write in Markdown, preview, save and publish."""

from academy.blueprints.studio import editing, guide, hiding, linking, moving, versions, views
from academy.blueprints.studio.area import bp

__all__ = ["bp", "editing", "guide", "hiding", "linking", "moving", "versions", "views"]
