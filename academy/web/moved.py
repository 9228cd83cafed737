"""Lead from where a page was to where it is: 301, for whoever may read it."""

from typing import Any

from flask import redirect, request
from werkzeug.wrappers import Response

from academy.domain import addresses
from academy.models import Document
from academy.policies import Action, can
from academy.web.identity import asker
from academy.web.links import path_to
from academy.web.texts import ShownText, shown_text


def to_present_address() -> Response | None:
    """The way to the same page of the document that was at the address asked for; None when none was."""
    values: dict[str, Any] = request.view_args or {}
    old = _old_address(values)
    number = addresses.document_once_at(old) if old and request.method in {"GET", "HEAD"} else None
    text = shown_text(Document.id == number) if number else None
    if text is None or not can(asker(), Action.DOCUMENT_VIEW, text):
        return None
    asked = request.query_string.decode("ascii", "replace")
    path = path_to(str(request.endpoint), **{**values, **_present(text)})
    return redirect(f"{path}?{asked}" if asked else path, 301)


def _old_address(values: dict[str, Any]) -> str:
    match (request.endpoint or "").split("."):
        case ["modules", _] if {"cycle", "slug"} <= values.keys():
            return addresses.of_module(values["cycle"], values["slug"])
        case ["cycles", _] if "slug" in values:
            return addresses.of_cycle(values["slug"])
        case ["home", "page"]:
            return addresses.of_page(values["slug"])
    return ""


def _present(text: ShownText) -> dict[str, str]:
    document = text.document
    if request.endpoint is not None and request.endpoint.startswith("modules."):
        return {"cycle": document.cycle, "slug": document.slug}
    return {"slug": document.cycle if request.endpoint != "home.page" else document.slug}
