"""The studio: trainers write in Markdown, preview, save and publish."""

from academy.blueprints.studio import (
    comparing,
    decks,
    editing,
    exporting,
    files,
    guide,
    hiding,
    images,
    importing,
    linking,
    merging,
    moving,
    publication,
    reviewing,
    versions,
    views,
)
from academy.blueprints.studio.area import bp

__all__ = [
    "bp",
    "comparing",
    "decks",
    "editing",
    "exporting",
    "files",
    "guide",
    "hiding",
    "images",
    "importing",
    "linking",
    "merging",
    "moving",
    "publication",
    "reviewing",
    "versions",
    "views",
]
