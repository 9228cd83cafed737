"""The academy's drawings: covers, flags, the chart, icons, cards for social networks, the manifest."""

from functools import lru_cache

from flask import Response, abort, current_app, jsonify, request, url_for

from academy.blueprints.home import queries
from academy.blueprints.home.area import bp
from academy.formats import art
from academy.policies import Action
from academy.web import flags
from academy.web.assets import IMMUTABLE
from academy.web.guard import allow
from academy.web.links import in_language
from academy.web.locale import gettext as _, language
from academy.web.navigation import art_url

OF_THE_ACADEMY = {"icon", "chart", "metropolis", "flag-ressources"}
OF_CYCLES = {"covers", "cover", "band", "flag"}
ONE_DAY, ONE_HOUR = "public, max-age=86400", "public, max-age=3600"


@bp.get("/art/<path:name>.svg")
@allow(Action.PUBLIC_READ)
def art_file(name: str):
    """A drawing for ever: its address carries the version of the code that draws it."""
    if not _is_ours(name) or (drawing := _drawing(name, _letter(name))) is None:
        abort(404)
    return Response(drawing, mimetype="image/svg+xml", headers={"Cache-Control": IMMUTABLE})


@bp.get("/art/<any(icon, maskable):kind>-<int:side>.png")
@allow(Action.PUBLIC_READ)
def icon_file(kind: str, side: int):
    """The icon on paper, at the sizes that telephones ask for."""
    if side not in art.ICON_SIDES:
        abort(404)
    return Response(_icon(kind, side), mimetype="image/png", headers={"Cache-Control": IMMUTABLE})


@bp.get("/art/card.png", defaults={"slug": ""})
@bp.get("/art/card-<slug>.png")
@allow(Action.PUBLIC_READ)
def card(slug: str):
    """The card of the academy or of a cycle; who asks for another pays for no drawing."""
    titles = queries.drawn_cycles() if slug else {"": ""}
    if slug not in titles:
        abort(404)
    response = Response(mimetype="image/png", headers={"Cache-Control": ONE_HOUR})
    letter = flags.letter(slug) if slug else ""
    response.set_etag(
        art.version_of(current_app.extensions["content_version"].build, language(), slug, titles[slug], letter)
    )
    if response.make_conditional(request).status_code == 200:
        response.data = _card(_("Académie One Provence"), titles[slug], slug, letter)
    return response


@bp.get("/favicon.ico")
@allow(Action.PUBLIC_READ)
def favicon():
    """For browsers that ask for it unbidden."""
    return Response(_ico(), mimetype="image/vnd.microsoft.icon", headers={"Cache-Control": ONE_DAY})


@bp.get("/manifest.webmanifest")
@allow(Action.PUBLIC_READ)
def manifest():
    """What a telephone needs to keep the academy on its home screen."""
    home = in_language(url_for("home.index"), language())
    answer = jsonify(
        name=_("Académie One Provence"),
        short_name="One Provence",
        lang=language(),
        dir="ltr",
        id=in_language(url_for("home.index"), "fr"),
        start_url=home,
        scope=in_language(url_for("home.index"), "fr"),
        display="minimal-ui",
        background_color=art.PAPER,
        theme_color=art.PAPER,
        icons=[*(_listed("icon", side) for side in (192, 512)), _listed("maskable", 512)],
    )
    answer.mimetype = "application/manifest+json"
    return answer


def _listed(kind: str, side: int) -> dict[str, str]:
    purpose = {"purpose": "maskable"} if kind == "maskable" else {}
    return {"src": art_url(f"{kind}-{side}", "png"), "sizes": f"{side}x{side}", "type": "image/png", **purpose}


def _is_ours(name: str) -> bool:
    """Whether the name asks for a drawing of the academy, or of cycles that visitors know."""
    if name in OF_THE_ACADEMY:
        return True
    kind, _dot, slugs = name.partition(".") if name.startswith("covers.") else name.partition("-")
    wanted = set(slugs.split(".")) if kind == "covers" else {slugs}
    return kind in OF_CYCLES and wanted <= queries.drawn_cycles().keys()


def _letter(name: str) -> str:
    """The letter of a flag; a drawing that is no flag has none."""
    kind, _dash, slug = name.partition("-")
    return flags.letter(slug) if kind == "flag" else ""


@lru_cache(maxsize=64)
def _drawing(name: str, letter: str) -> str | None:
    return art.drawing(name, letter)


@lru_cache(maxsize=16)
def _icon(kind: str, side: int) -> bytes:
    return art.png(art.tile_svg(margin=20 if kind == "maskable" else 9), width=side)


@lru_cache(maxsize=1)
def _ico() -> bytes:
    return art.ico(art.icon_svg())


@lru_cache(maxsize=32)
def _card(academy: str, title: str, slug: str, letter: str) -> bytes:
    return art.png(art.card_svg(academy=academy, title=title, slug=slug, letter=letter), width=1200)
