"""Public pages whose parts, and whose frame for each role, are rendered once a content version."""

import secrets
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from flask import Flask, current_app, render_template
from markupsafe import Markup

from academy.models import Role
from academy.web import identity
from academy.web.locale import here, language
from academy.web.navigation import messages
from academy.web.remembered import MOST, remember
from academy.web.session_cookie import form_token

# Nobody is signed in inside a part, and what would bind it to one person or request is not there.
_NOBODY: dict[str, Any] = dict.fromkeys(("me", "request", "session", "g", "csrf_token", "may", "get_flashed_messages"))
FEW = 25  # answers to questions that are kept: each is 40 kB, and they seldom come again
_TOKEN = f"token-of-a-form-{secrets.token_hex(16)}"  # stands in kept frames where the form token of each goes


@dataclass(frozen=True, slots=True)
class _Member:
    """All that a kept frame may know of who is signed in."""

    role: Role


def kept_page(
    template: str,
    *key: Hashable,
    context: Callable[[], Mapping[str, Any]],
    lasting: Callable[[Mapping[str, Any]], bool] = lambda _: True,
    frame: str = "layouts/kept.html",
    is_frame_kept: bool = True,
    shared: Callable[[], Mapping[str, Any]] = dict,
) -> str:
    """Render a page that is the same for all who may read it; *key* says which page of the template it is.

    What is *shared* is for the frame, and the same for all of one role. The token of forms and the
    messages of the last action are put in for each request. Without *is_frame_kept* only the parts are kept: the
    addresses of a page that has thousands would push out the frames of all others, and fill the memory.
    """

    @cache
    def made() -> _Made:
        most = MOST if is_frame_kept else FEW
        return remember(
            template, *key, make=lambda: _made(template, context(), lasting), lasting=lambda it: it.lasting, most=most
        )

    def framed() -> str | None:
        """The page for a role, with a mark where the token of forms goes; None of what does not last."""
        if not made().lasting:
            return None
        who = _Member(role) if role else None
        return render_template(frame, parts=made().parts, me=who, notices=(), csrf_token=lambda: _TOKEN, **shared())

    me, notices = identity.member(), messages()
    role = me.role if me else None
    page = None if notices or not is_frame_kept else remember(frame, template, *key, here(), role, make=framed)
    if page is None:
        return render_template(frame, parts=made().parts, notices=notices, **shared())
    return page.replace(_TOKEN, form_token()) if me else page


class _Made(NamedTuple):
    """The parts of a page, and whether they may be kept."""

    parts: dict[str, Markup]
    lasting: bool


def _made(template: str, context: Mapping[str, Any], lasting: Callable[[Mapping[str, Any]], bool]) -> _Made:
    return _Made(parts_of(template, context), lasting(context))


def fragment(template: str, **values: Hashable) -> Markup:
    """A piece of every page that is the same for all: `{{ fragment("layouts/_nav.html", section="cycles") }}`."""
    return remember(template, tuple(values.items()), make=lambda: _piece(template, values))


def _piece(template: str, values: Mapping[str, Hashable]) -> Markup:
    piece = current_app.jinja_env.get_template(template)
    return Markup(piece.render(_inside(values)))  # noqa: S704 -- escaped by the template


def _inside(context: Mapping[str, Any]) -> dict[str, Any]:
    return {**_NOBODY, "signed_in": False, "notices": (), "language": language(), **context}


def parts_of(template: str, context: Mapping[str, Any]) -> dict[str, Markup]:
    """What a page sets for its frame and its blocks, each by itself, as a visitor sees them."""
    page = current_app.jinja_env.get_template(template)
    inside = page.new_context(_inside(context))
    next(iter(page.root_render_func(inside)))  # runs what stands above the blocks: imports and `set`
    parts = {name: Markup("".join(inside.blocks[name][0](inside))) for name in page.blocks}  # noqa: S704 -- escaped by the template
    return {"section": inside.vars.get("section", ""), "meta": inside.vars.get("meta", {}), **parts}


def init_app(app: Flask) -> None:
    app.jinja_env.globals["fragment"] = fragment
