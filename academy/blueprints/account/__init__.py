"""The account: signing in by a link or a password, my space."""

from academy.blueprints.account import agenda, certificates, my_space, tickets, views
from academy.blueprints.account.area import bp

__all__ = ["agenda", "bp", "certificates", "my_space", "tickets", "views"]
