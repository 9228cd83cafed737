"""Draw the academy's pictures as SVG text: flags, covers, the coast chart, the favicon."""

from academy.formats.art.coast import chart_svg
from academy.formats.art.covers import cover_svg, covers_svg
from academy.formats.art.flags import flag_svg, icon_svg, letter_of

__all__ = [
    "chart_svg",
    "cover_svg",
    "covers_svg",
    "drawing",
    "flag_svg",
    "icon_svg",
    "letter_of",
]

MOST_COVERS = 12


def drawing(name: str) -> str | None:
    """Give the picture called *name* (the stem of `/art/<name>.svg`), or None.

    `icon` · `chart` · `flag-<slug>` · `cover-<slug>` · `band-<slug>` (wide strip) · `covers.<slug>.<slug>…`: one file
    with a `#<slug>` view of each cover, so that a page of many cycles asks for one picture.
    """
    kind, dash, slug = name.partition("-")
    if name in {"icon", "chart"}:
        return icon_svg() if name == "icon" else chart_svg()
    if name.startswith("covers."):
        slugs = name.split(".")[1:]
        return covers_svg(slugs) if len(slugs) <= MOST_COVERS and all(slugs) else None
    if not dash or not slug:
        return None
    if kind == "flag":
        return flag_svg(slug, standalone=True)
    if kind == "cover":
        return cover_svg(slug)
    return cover_svg(slug, 2600, 330) if kind == "band" else None
