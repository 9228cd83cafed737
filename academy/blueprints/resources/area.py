"""The blueprint of the resource centre."""

from flask import Blueprint

ADDRESS = "/<int(max=2147483647):id>-<slug>/"

bp = Blueprint("resources", __name__, url_prefix="/ressources")
