"""The account: signing in by a link or a password, my space."""

from academy.blueprints.account import agenda, my_space, tickets, views
from academy.blueprints.account.area import bp

__all__ = ["agenda", "bp", "my_space", "tickets", "views"]
