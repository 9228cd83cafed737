"""Home, the site's own pages, and the addresses that find a text by its id."""

from flask import redirect

from academy.blueprints.home import queries
from academy.blueprints.home.area import bp
from academy.policies import Action
from academy.web import clock
from academy.web.fragments import kept_page
from academy.web.glossary import alphabet
from academy.web.guard import allow
from academy.web.statements import statement_of
from academy.web.texts import ShownText, edition_of, reading


@bp.get("/")
@allow(Action.PUBLIC_READ)
def index():
    return kept_page("home/index.html", context=lambda: queries.front(now=clock.now()))


@bp.get("/<slug>/")
@allow(Action.DOCUMENT_VIEW, on=queries.page)
def page(text: ShownText):
    def context() -> dict[str, object]:
        edition = edition_of(text)
        return {"page": edition, "statement": statement_of(text.document.slug), **reading(edition)}

    return kept_page("pages/show.html", text.id, context=context)


@bp.get("/glossaire/")
@allow(Action.PUBLIC_READ)
def glossary():
    """Show the terms of all glossaries: where `[term]{.glossaire}` leads."""
    return kept_page("home/glossary.html", context=alphabet)


@bp.get("/d/<key>")
@allow(Action.DOCUMENT_VIEW, on=queries.text_with_key)
def stable(text: ShownText):
    """Lead to where a text is now: `[[id]]` links point here, so that a renamed text is still found."""
    return redirect(queries.present_url(text))
