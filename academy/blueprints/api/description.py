"""The description of the API (OpenAPI 3.1), made from the schemas of its calls, in the language of the page.

Loaded by the first call, never with the application.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from flask import Flask
from flask_smorest import Api

from academy.blueprints.api.operations import blueprint
from academy.web.links import absolute
from academy.web.locale import gettext

_SAID = {"title", "summary", "description"}  # keys of words for people


def _(message: str) -> str:
    """Mark for extraction; translated at use."""
    return message


class _Api(Api):
    DEFAULT_ERROR_RESPONSE_NAME = None


@cache
def _spec() -> dict[str, Any]:
    """The description in French, for any address."""
    bearer = Flask(
        "openapi"
    )  # flask-smorest writes a description of an application: ours has other errors and other doors
    bearer.config.update(API_TITLE=_("Académie One Provence"), API_VERSION="1", OPENAPI_VERSION="3.1.0")
    api = _Api(bearer)
    api.register_blueprint(blueprint)
    return api.spec.to_dict()  # pyright: ignore[reportOptionalMemberAccess, reportAttributeAccessIssue]


def described() -> dict[str, Any]:
    """The description as it is sent."""
    spec = _translated(_spec())
    spec["info"]["description"] = gettext(
        "Ce qui est public dans l’Académie, à lire sans clé. Les réponses portent un ETag : renvoyez-le dans"
        " If-None-Match, et une réponse inchangée est un 304 sans corps."
    )
    spec["servers"] = [
        {"url": absolute(""), "description": gettext("Mots en français d’abord")},
        {"url": absolute("/en"), "description": gettext("Mots en anglais d’abord")},
    ]
    return spec


def _translated(part: Any, key: str = "") -> Any:
    if isinstance(part, Mapping):
        is_names = key in {"properties", "paths", "schemas"}  # whose keys are names, not words for people
        return {name: _translated(value, "" if is_names else name) for name, value in part.items()}
    if isinstance(part, list):
        return [_translated(value) for value in part]
    return gettext(part) if key in _SAID and isinstance(part, str) else part
