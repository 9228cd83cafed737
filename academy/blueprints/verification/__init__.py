"""Verify a certificate: anybody, by the code that is printed on it."""

from academy.blueprints.verification.views import bp

__all__ = ["bp"]
