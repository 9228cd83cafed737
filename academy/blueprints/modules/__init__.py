"""The modules: course material, read in the order of a cycle."""

from academy.blueprints.modules.views import bp

__all__ = ["bp"]
