"""Public pages whose heavy parts are rendered once a content version; only the frame is made for each request."""

from collections.abc import Callable, Hashable, Mapping
from typing import Any

from flask import Flask, current_app, render_template
from markupsafe import Markup

from academy.web.locale import language
from academy.web.remembered import remember

# Nobody is signed in inside a part, and what would bind it to one person or request is not there.
_NOBODY: dict[str, Any] = dict.fromkeys(("me", "request", "session", "g", "csrf_token", "may", "get_flashed_messages"))


def kept_page(
    template: str,
    *key: Hashable,
    context: Callable[[], Mapping[str, Any]],
    lasting: Callable[[Mapping[str, Any]], bool] = lambda _: True,
    frame: str = "layouts/kept.html",
    **personal: object,
) -> str:
    """Render a page that is the same for all who may read it; *key* says which page of the template it is.

    What is *personal* is for the frame alone, which shows it between the kept parts.
    """
    parts, _ = remember(template, *key, make=lambda: _made(template, context, lasting), lasting=lambda made: made[1])
    return render_template(frame, parts=parts, **personal)


def _made(
    template: str, make: Callable[[], Mapping[str, Any]], lasting: Callable[[Mapping[str, Any]], bool]
) -> tuple[dict[str, Markup], bool]:
    context = make()
    return parts_of(template, context), lasting(context)


def fragment(template: str, **values: Hashable) -> Markup:
    """A piece of every page that is the same for all: `{{ fragment("layouts/_nav.html", section="cycles") }}`."""
    return remember(template, tuple(values.items()), make=lambda: _piece(template, values))


def _piece(template: str, values: Mapping[str, Hashable]) -> Markup:
    piece = current_app.jinja_env.get_template(template)
    return Markup(piece.render(_inside(values)))  # noqa: S704 -- escaped by the template


def _inside(context: Mapping[str, Any]) -> dict[str, Any]:
    return {**_NOBODY, "signed_in": False, "notices": (), "language": language(), **context}


def parts_of(template: str, context: Mapping[str, Any]) -> dict[str, Markup]:
    """The section and the blocks of a page, each by itself, as a visitor sees them."""
    page = current_app.jinja_env.get_template(template)
    inside = page.new_context(_inside(context))
    next(iter(page.root_render_func(inside)))  # runs what stands above the blocks: imports and `set`
    parts = {name: Markup("".join(inside.blocks[name][0](inside))) for name in page.blocks}  # noqa: S704 -- escaped by the template
    return {"section": inside.vars.get("section", ""), **parts}


def init_app(app: Flask) -> None:
    app.jinja_env.globals["fragment"] = fragment
