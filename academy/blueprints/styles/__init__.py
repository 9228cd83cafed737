"""The living style page: tokens and components in each of their states, for those who build the face."""

from academy.blueprints.styles.views import bp

__all__ = ["bp"]
