"""The studio: trainers write in Markdown, preview, save and publish."""

from academy.blueprints.studio import editing, files, guide, hiding, images, versions, views
from academy.blueprints.studio.area import bp

__all__ = ["bp", "editing", "files", "guide", "hiding", "images", "versions", "views"]
