"""Draw the academy's pictures: flags, covers, the coast, maps of venues, icons, cards for social networks."""

import hashlib

from academy.formats.art.card import card_svg
from academy.formats.art.chart import chart_svg
from academy.formats.art.covers import cover_svg, covers_svg
from academy.formats.art.flags import flag_svg, icon_svg, letter_of, tile_svg
from academy.formats.art.marks import FOUNDING, RESOURCES, ground_of, letters_of, mark_of
from academy.formats.art.paint import DAY
from academy.formats.art.places import METROPOLIS, heads, metropolis_svg, venue_svg
from academy.formats.art.raster import ico, png

__all__ = [
    "FOUNDING",
    "METROPOLIS",
    "RESOURCES",
    "card_svg",
    "chart_svg",
    "cover_svg",
    "covers_svg",
    "drawing",
    "flag_svg",
    "ground_of",
    "heads",
    "ico",
    "icon_svg",
    "letter_of",
    "letters_of",
    "mark_of",
    "png",
    "tile_svg",
    "venue_svg",
    "version_of",
]

ICON_SIDES = (180, 192, 512)
PAPER = DAY["paper"]
MOST_COVERS = 12
_WHOLE = {"icon": icon_svg, "chart": chart_svg, "metropolis": metropolis_svg}


def drawing(name: str, letter: str = "") -> str | None:
    """Give the picture called *name* (the stem of `/art/<name>.svg`), or None; a flag is that of the *letter*.

    `icon` · `chart` · `metropolis` · `flag-<slug>` · `cover-<slug>` · `band-<slug>` (wide strip) · `covers.<slug>.<slug>…`: one file
    with a `#<slug>` view of each cover, so that a page of many cycles asks for one picture.
    """
    kind, dash, slug = name.partition("-")
    if name in _WHOLE:
        return _WHOLE[name]()
    if name.startswith("covers."):
        slugs = name.split(".")[1:]
        return covers_svg(slugs) if len(slugs) <= MOST_COVERS and all(slugs) else None
    if not dash or not slug:
        return None
    if kind == "flag":
        return flag_svg(slug, letter, standalone=True)
    if kind == "cover":
        return cover_svg(slug)
    return cover_svg(slug, 2600, 330) if kind == "band" else None


def version_of(*parts: str) -> str:
    """A short token of what a drawing is made from."""
    return hashlib.blake2b(repr(parts).encode(), digest_size=9).hexdigest()
