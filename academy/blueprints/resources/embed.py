"""A search box for the sites of partners: a small page for a frame, and the page that says how to put it there."""

from flask import Response, make_response, render_template, request, url_for
from markupsafe import escape

from academy.blueprints.resources import finder
from academy.blueprints.resources.area import bp
from academy.blueprints.resources.asked import Asked, asked_in
from academy.extensions import limiter
from academy.policies import Action
from academy.web import headers, identity
from academy.web.fragments import kept_page
from academy.web.guard import allow
from academy.web.links import absolute
from academy.web.locale import gettext as _
from academy.web.text_cards import cycle_titles, topic_labels

COLOURS = {"clair": "light", "sombre": "dark"}
MOST, HEIGHT = 5, 640  # results; pixels


@bp.get("/encart")
@limiter.limit("240 per minute")
@allow(Action.PUBLIC_READ)
def box() -> Response:
    """Answer as to a visitor, inside any page: who is signed in here is nobody there."""
    identity.be_visitor()
    asked, colour = _narrowed(), _colour()
    page = render_template(
        "resources/box.html", colour=colour, theme=COLOURS.get(colour), most=MOST, **finder.found(asked)
    )
    return headers.inside_any_page(make_response(page))


@bp.get("/integrer")
@limiter.limit("240 per minute")
@allow(Action.PUBLIC_READ)
def embed() -> Response:
    asked, colour = _narrowed(), _colour()
    page = kept_page("resources/embed.html", asked.url(), colour, context=lambda: _explained(asked.canonical(), colour))
    return headers.with_own_frames(make_response(page))


def _narrowed() -> Asked:
    """What is asked, of which a box keeps a question, one cycle and one topic."""
    asked = asked_in(request.args)
    chosen = {name: asked.chosen[name][:1] for name in ("cycle", "theme") if name in asked.chosen}
    return Asked(q=asked.q, chosen=chosen, is_exact=asked.is_exact)


def _colour() -> str:
    colour = request.args.get("couleur", "")
    return colour if colour in COLOURS else ""


def _explained(asked: Asked, colour: str) -> dict[str, object]:
    chosen = {name: values[0] for name, values in asked.chosen.items()}
    path = url_for("resources.box", cycle=chosen.get("cycle"), theme=chosen.get("theme"), couleur=colour or None)
    labels = topic_labels()
    topics = [(slug, labels.get(slug, slug)) for slug, _count in finder.answer(Asked()).facets["topic"]]
    return {
        "path": path,
        "snippet": _snippet(absolute(path)),
        "height": HEIGHT,
        "chosen": chosen | {"couleur": colour},
        "choices": [
            ("cycle", _("Cycle"), list(cycle_titles().items())),
            ("theme", _("Thème"), topics),
            ("couleur", _("Couleurs"), [("clair", _("Claires")), ("sombre", _("Sombres"))]),
        ],
    }


def _snippet(url: str) -> str:
    """What partners copy; the style is for their page, not for ours."""
    title = escape(_("Recherche dans l’Académie One Provence"))
    style = "width: 100%; border: 0"
    return f'<iframe src="{escape(url)}" title="{title}" height="{HEIGHT}" loading="lazy" style="{style}"></iframe>'
