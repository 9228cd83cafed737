"""The blueprint of the front door."""

from flask import Blueprint

bp = Blueprint("home", __name__)
