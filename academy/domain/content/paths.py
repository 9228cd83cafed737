"""Where each text lives in content/: from a path to its place, and back."""

import re
from dataclasses import dataclass
from datetime import date

from academy.models import Kind

LISTS = ("topics.yml", "venues.yml", "people.yml", "synonyms.yml")
_SLUG = r"[a-z0-9]+(?:-[a-z0-9]+)*"
_SHAPES = tuple(
    (kind, re.compile(rf"(?P<stem>{shape})\.(?P<language>fr|en)\.md"))
    for kind, shape in (
        (Kind.CYCLE, rf"cycles/(?P<cycle>(?P<slug>{_SLUG}))/cycle"),
        (Kind.MODULE, rf"cycles/(?P<cycle>{_SLUG})/modules/(?P<position>\d{{2,3}})-(?P<slug>{_SLUG})"),
        (Kind.SESSION, rf"cycles/(?P<cycle>{_SLUG})/sessions/(?:\d{{4}}-\d\d-\d\d-)?(?P<slug>{_SLUG})"),
        (Kind.RESOURCE, rf"resources/(?P<slug>{_SLUG})"),
        (Kind.PAGE, rf"pages/(?P<slug>{_SLUG})"),
    )
)


@dataclass(frozen=True)
class Place:
    """What a path says of the text in it."""

    kind: Kind
    cycle: str  # "" outside cycles/
    slug: str
    position: int  # of a module; else 0
    language: str
    stem: str  # the path without `.fr.md`: `Document.path`


def place_of(path: str) -> Place | None:
    """Read a path relative to content/, with `/`; None when no text has such a path."""
    for kind, shape in _SHAPES:
        if found := shape.fullmatch(path):
            parts = found.groupdict()
            position = int(parts.get("position") or 0)
            return Place(kind, parts.get("cycle") or "", parts["slug"], position, parts["language"], parts["stem"])
    return None


def files_of(folder: str) -> str | None:
    """The stem of the text whose files lie in a folder (they are the same: `resources/guide`); None for other folders."""
    place = place_of(f"{folder}.fr.md")
    return place.stem if place is not None and place.kind in (Kind.RESOURCE, Kind.MODULE) else None


def path_for(kind: Kind, slug: str, *, cycle: str = "", position: int = 0, day: date | None = None) -> str:
    """The path of a new text, without `.fr.md`."""
    match kind:
        case Kind.CYCLE:
            return f"cycles/{slug}/cycle"
        case Kind.MODULE:
            return f"cycles/{cycle}/modules/{position:02d}-{slug}"
        case Kind.SESSION:
            return f"cycles/{cycle}/sessions/{f'{day}-' if day else ''}{slug}"
        case Kind.RESOURCE:
            return f"resources/{slug}"
        case Kind.PAGE:
            return f"pages/{slug}"


def file_of(stem: str, language: str) -> str:
    """The file of an edition, relative to content/."""
    return f"{stem}.{language}.md"
