"""Move the files of a content folder to where the academy has moved their texts since the last exchange."""

import os
from pathlib import Path

from sqlalchemy import select

from academy.domain.content.paths import file_of
from academy.extensions import db
from academy.models import Document


def follow(root: Path) -> list[str]:
    """Rename files and the folders beside them; return the new paths. A name that is taken is left alone.

    All names are let go first, so that two texts may swap theirs. An edit made in a file goes along.
    """
    has_moved = (Document.synced_path.is_not(None), Document.synced_path != Document.path)
    rows = db.session.execute(select(Document.id, Document.synced_path, Document.path).where(*has_moved)).all()
    lifted = [pair for row in rows for pair in _lifted(root, row.id, row.synced_path, row.path)]
    moved = []
    for old, waiting, new in lifted:
        target = new if not os.path.lexists(root / new) else old
        (root / target).parent.mkdir(parents=True, exist_ok=True)
        waiting.rename(root / target)
        if target == new:
            moved.append(new)
    return sorted(moved)


def _lifted(root: Path, number: int, old: str, new: str) -> list[tuple[str, Path, str]]:
    """Give each file of a text a hidden name beside the old one: old path, hidden file, new path."""
    pairs = [(file_of(old, language), file_of(new, language)) for language in ("fr", "en")] + [(old, new)]
    found = []
    for source, target in pairs:
        file = root / source
        if not file.exists() or file.is_symlink() or not file.resolve().is_relative_to(root.resolve()):
            continue
        waiting = file.with_name(f".{number}-{file.name}.part")
        file.rename(waiting)
        found.append((source, waiting, target))
    return found
