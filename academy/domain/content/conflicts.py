"""Texts that were edited on both sides: merged where the changes do not touch, else somebody's choice."""

import enum
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from academy.domain.content import bases as content_bases
from academy.domain.content.states import State
from academy.domain.merging import marked

if TYPE_CHECKING:
    from academy.domain.content.attached import FileItem
    from academy.domain.content.plan import Item, ListItem


class Choice(enum.StrEnum):
    """What to do with a conflict."""

    SITE = "site"  # the site's stays
    FOLDER = "folder"  # the file's comes on top; the site's stays in the history
    EDITOR = "editor"  # a draft that holds both, to settle in the studio


Choices = Mapping[str, Choice]  # path -> choice


@dataclass(frozen=True)
class Both:
    """The texts of a conflict; `base` is None when nobody knows what they had in common."""

    base: str | None
    mine: str
    theirs: str


def settled(items: Iterable["Item"], choices: Choices) -> Iterator["Item"]:
    """Merge what can be, follow the choices for the rest; a conflict without one stays."""
    items = list(items)
    conflicts = [item for item in items if item.state == State.CONFLICTING and item.site]
    sites = [item.site for item in conflicts if item.site]
    wanted = [(site.edition_id, digest) for site in sites for digest in (site.synced, site.head) if digest]
    found = content_bases.sources(wanted) if wanted else {}
    for item in items:
        site = item.site
        if item.state != State.CONFLICTING or site is None or site.head is None:
            yield item
            continue
        base = found.get((site.edition_id, site.synced)) if site.synced else None
        both = Both(base, item.file.source, found[site.edition_id, site.head])
        yield _settled(replace(item, both=both), both, choices.get(item.file.path))


def settled_files(items: Iterable["FileItem"], choices: Choices) -> Iterator["FileItem"]:
    """The same for files beside texts: they cannot be merged."""
    for item in items:
        choice = choices.get(item.path) if item.state == State.CONFLICTING else None
        if choice == Choice.SITE:
            yield replace(item, state=State.KEPT)
        elif choice == Choice.FOLDER:
            taken = State.CREATED if item.current is None else State.CHANGED
            yield replace(item, state=taken if item.file else State.REMOVED)
        else:
            yield item


def settled_lists(items: Iterable["ListItem"], choices: Choices) -> Iterator["ListItem"]:
    """The same for list files."""
    states = {Choice.SITE: State.KEPT, Choice.FOLDER: State.CHANGED}
    for item in items:
        choice = choices.get(item.path) if item.state == State.CONFLICTING else None
        yield replace(item, state=states.get(choice, item.state)) if choice else item


def _settled(item: "Item", both: Both, choice: Choice | None) -> "Item":
    assert item.site is not None
    if choice == Choice.SITE:
        return replace(item, state=State.KEPT, is_settled=True)
    if choice == Choice.FOLDER:
        return replace(item, state=State.CHANGED)
    merged = marked(both.base, both.mine, both.theirs, labels=(item.file.path, "site"))
    if both.base is not None and not merged.conflicts and not item.site.has_draft:
        return replace(item, state=State.MERGED, text=merged.text)
    if choice == Choice.EDITOR:
        return replace(item, state=State.DRAFTED, text=merged.text)
    return item
