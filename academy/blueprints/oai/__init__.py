"""The door of harvesters: OAI-PMH 2.0."""

from academy.blueprints.oai.views import bp

__all__ = ["bp"]
