"""Lay a text out with what others lend to it, and say what is wrong with what came out."""

from sqlalchemy import select

from academy.domain import lending, links
from academy.domain.content.paths import place_of
from academy.domain.contract import Facts, Names
from academy.domain.lending import Borrower, Coming, Loan
from academy.domain.problems import ContentRefused, Problem
from academy.extensions import db
from academy.models import Audience, Document
from academy.rendering import worker
from academy.rendering.results import NOTHING, Lent, Rendered, RenderingRefused

LINK_PREFIX = {"fr": "/d/", "en": "/en/d/"}  # where `[[id]]` leads: the address that finds a text by its id
GLOSSARY = {"fr": "/glossaire/", "en": "/en/glossaire/"}  # where `[term]{.glossaire}` leads


def render_lent(
    body: str, to: Borrower, *, first_line: int, path: str = "", coming: Coming | None = None
) -> tuple[Rendered, Loan]:
    """Render with what other texts lend; also what they lent."""
    loan = lending.loan(body, to, coming=coming)
    return render_body(body, first_line=first_line, language=to.language, path=path, lent=loan.lent), loan


def render_body(body: str, *, first_line: int, language: str, path: str = "", lent: Lent = NOTHING) -> Rendered:
    """Render in the worker; raise ContentRefused with the line in the whole file."""
    try:
        return worker.render_safely(body, first_line=first_line, lent=lent, **settings_of(language))
    except RenderingRefused as refusal:
        details: dict[str, object] = {"limit": refusal.limit}
        raise ContentRefused([Problem(path, refusal.line or 0, "", f"body_{refusal.code}", details)]) from None


def settings_of(language: str) -> dict[str, str]:
    """What the renderer has to know of the site for a text in that language."""
    return {"link_prefix": LINK_PREFIX[language], "glossary": GLOSSARY[language], "language": language}


def place_of_text(facts: Facts, language: str, path: str, coming: Coming | None = None) -> tuple[str, str, str]:
    """Where a text is, its language and who may read it: as it says itself, else as its document is now."""
    place = place_of(path)
    stem, audience = place.stem if place else "", facts.audience
    if coming is not None:
        audience = audience or coming.audiences.get(facts.id, Audience.PUBLIC)
    if not (stem and audience):
        known = select(Document.path, Document.audience).where(Document.key == facts.id)
        row = db.session.execute(known).first()
        stem = stem or (row.path if row else "")
        audience = audience or (row.audience if row else Audience.PUBLIC)
    return stem, language, audience


def remarks(
    rendered: Rendered, loan: Loan, *, path: str, language: str, audience: str, names: Names, is_whole: bool
) -> list[Problem]:
    """What is to be said of the ways of a rendering: those that lead nowhere, what others lose."""
    found = links.dead(path, rendered.links, names=names, loan=loan)
    if is_whole:
        found += links.shut_out(path, loan.lent.own, audience)
        found += links.dead_anchors(path, rendered.links, language=language)
        found += links.lost_headings(path, loan.lent.own, language, links.ids_in(rendered.html))
    return found
