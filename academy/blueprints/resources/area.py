"""The blueprint of the resource centre."""

from flask import Blueprint

ADDRESS = "/<int(max=2147483647):id>-<slug>/"

bp = Blueprint("resources", __name__, url_prefix="/ressources")

WISHES = "/demandes/"  # beside the centre: the prefix of the blueprint does not stand before it


def outside(rule: str, endpoint: str, method: str):
    """Route to a view of this blueprint from an address outside of its prefix."""

    def decorate(view):
        bp.record(lambda state: state.app.add_url_rule(rule, f"{bp.name}.{endpoint}", view, methods=[method]))
        return view

    return decorate
