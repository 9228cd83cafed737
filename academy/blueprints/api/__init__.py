"""Read-only JSON for everybody, without a key."""

from academy.blueprints.api.views import bp

__all__ = ["bp"]
