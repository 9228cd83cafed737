"""Pictures as readers get them: the widths that fit, their size known beforehand, whose they are beside them."""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape
from sqlalchemy import select

from academy.extensions import db
from academy.models import Attachment
from academy.rendering.shown import BESIDE, ShownPicture, pictures_of, replaced
from academy.web.labels import licence_of
from academy.web.locale import gettext as _

MIDDLE = 960  # pixels: what a browser takes that knows no srcset
SIZES = "(min-width: 40rem) 36rem, 100vw"  # how wide a text is: see `--measure`


def with_pictures(html: str, document_id: int, folder: str) -> str:
    """The HTML of a text with its own pictures in several widths; *folder* is the address of its files, with `/`."""
    rows = picture_rows(html, document_id)

    def write(shown: ShownPicture) -> str | None:
        row = rows.get(shown.name)
        return _figure(shown, row, _in_widths(shown, row, f"{folder}{row.name}")) if row is not None else None

    return replaced(html, write) if rows else html


def with_credits(html: str, rows: Mapping[str, Any]) -> str:
    """The HTML of a text with the size of its own pictures and whose they are; their addresses stay as they were.

    *rows* are those of the files beside it by name: name, credit, licence, picture.
    """

    def write(shown: ShownPicture) -> str | None:
        row = rows.get(shown.name)
        if row is None or row.picture is None:
            return None
        size = Markup('width="{}" height="{}"').format(row.picture["width"], row.picture["height"])
        said = Markup('<img src="fichiers/{}" alt="{}" {}>').format(row.name, shown.alt, size)
        return _figure(shown, row, said)

    return replaced(html, write) if rows else html


def picture_rows(html: str, document_id: int) -> dict[str, Any]:
    """What is known of the pictures of a text; one query, none for a text without."""
    names = {shown.name for shown in pictures_of(html) if shown.name}
    if not names:
        return {}
    columns = select(Attachment.name, Attachment.credit, Attachment.licence, Attachment.picture)
    of = (Attachment.document_id == document_id, Attachment.name.in_(names), Attachment.picture.is_not(None))
    return {row.name: row for row in db.session.execute(columns.where(*of))}


def printed(rows: Mapping[str, Any], width: int) -> dict[str, str]:
    """What is printed of the pictures of a text: the digest of the widest WebP up to *width* pixels, by its address."""
    found = {}
    for row in rows.values():
        made = sorted((it["width"], it["digest"]) for it in row.picture["made"] if it["type"] == "webp")
        fits = [digest for wide, digest in made if wide <= width] or [digest for _, digest in made[:1]]
        found |= {f"{BESIDE}{row.name}": digest for digest in fits[-1:]}
    return found


def pictures_by_document(document_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """What is known of the pictures beside several texts, by their names; one query."""
    found: dict[int, dict[str, Any]] = {}
    columns = (Attachment.document_id, Attachment.name, Attachment.credit, Attachment.licence, Attachment.picture)
    of = (Attachment.document_id.in_(document_ids), Attachment.picture.is_not(None))
    for row in db.session.execute(select(*columns).where(*of)):
        found.setdefault(row.document_id, {})[row.name] = row
    return found


def _in_widths(shown: ShownPicture, row: Any, address: str) -> Markup:
    """The picture in each width of each type; the browser takes what fits."""
    made: dict[str, list[Markup]] = {}
    for it in row.picture["made"]:
        made.setdefault(it["type"], []).append(
            Markup("{}/{}.{} {}w").format(address, it["width"], it["type"], it["width"])
        )
    widths = sorted(it["width"] for it in row.picture["made"] if it["type"] == "webp")
    middle = max((width for width in widths if width <= MIDDLE), default=widths[0])
    comma = Markup(", ")
    better = Markup('<source type="image/avif" srcset="{}" sizes="{}">').format(comma.join(made["avif"]), SIZES)
    picture = Markup(
        '<img src="{}/{}.webp" srcset="{}" sizes="{}" width="{}" height="{}" alt="{}" loading="lazy" decoding="async">'
    ).format(
        *(address, middle, comma.join(made["webp"]), SIZES),
        *(row.picture["width"], row.picture["height"], shown.alt),
    )
    return Markup("<picture>{}{}</picture>").format(better if "avif" in made else "", picture)


def _figure(shown: ShownPicture, row: Any, picture: Markup) -> Markup:
    """The picture with its caption and, unless the text says so itself, whose it is and how it may be reused."""
    caption = Markup(shown.caption)  # noqa: S704 -- as the renderer wrote it, sanitised
    credit = Markup("") if shown.is_credited else _credit(row)
    if not shown.tag:
        return picture + (Markup(" ") + credit if credit else "")
    if not credit and shown.tag == "p":
        return Markup("<p>{}</p>").format(picture)
    said = Markup(" ").join(part for part in (caption, credit) if part)
    return Markup("<figure>{}{}</figure>").format(
        picture, Markup("<figcaption>{}</figcaption>").format(said) if said else ""
    )


def _credit(row: Any) -> Markup:
    """« Crédit : X. CC BY 4.0 »; nothing where nothing is known."""
    parts: list[str] = []
    if row.credit:
        parts.append(escape(_("Crédit : %(name)s", name=row.credit)))
    if row.licence:
        licence = licence_of(row.licence)
        link = Markup('<a href="{}" rel="license noopener noreferrer">{}</a>').format(licence.url, licence.name)
        parts.append(link if licence.url else escape(licence.name))
    return Markup('<span class="credit">{}</span>').format(Markup(". ").join(parts)) if parts else Markup("")
