"""The signal flags of the cycles in pages: no two cycles fly the same as long as there are letters."""

from flask import Flask
from markupsafe import Markup
from sqlalchemy import select

from academy.extensions import db
from academy.formats import art
from academy.models import Cycle
from academy.web.remembered import remembered


@remembered
def _letters() -> dict[str, str]:
    """The letter of each cycle by its slug; the order in which they were made settles it."""
    return art.letters_of(db.session.scalars(select(Cycle.slug).order_by(Cycle.id)))


def letter(slug: str) -> str:
    """The letter of what has a flag. Only cycles that came later ask the database: the page of a failure asks nothing."""
    known = slug in art.FOUNDING or slug in {"", art.RESOURCES}
    return art.letter_of(slug) if known else _letters().get(slug) or art.letter_of(slug)


def flag_svg(slug: str) -> Markup:
    """Draw a flag to put in a page."""
    return Markup(art.flag_svg(slug, letter(slug)))  # noqa: S704 -- drawn by us, the slug is not written in it


def init_app(app: Flask) -> None:
    """Let templates draw a flag and name its letter."""
    app.jinja_env.globals.update(flag_svg=flag_svg, flag_letter=letter)
