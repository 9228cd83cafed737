"""What templates ask of the drawings: their addresses and the colours that go with a cycle."""

from flask import Flask, request

from academy.formats import art


def card_url(cycle_slug: str = "") -> str:
    """The card of a page for social networks, in the page's language: that of its cycle, else of the academy."""
    name = f"card-{cycle_slug}" if cycle_slug else "card"
    return f"{request.script_root}/art/{name}.png"


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(card_url=card_url, ground_of=art.ground_of, hoisted=tuple(art.FOUNDING))
