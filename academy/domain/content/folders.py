"""Read the folders of files that lie beside texts: `resources/guide/slides.pdf` beside `resources/guide.fr.md`."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from academy.domain.content.files import shown, unreadable
from academy.domain.content.paths import files_of
from academy.domain.problems import Problem
from academy.files import kinds
from academy.rendering.slugs import slugify

_LEFT_ALONE = ("~$", ".")  # what Office and systems leave behind begins so
_LEFTOVERS = {"thumbs.db", "desktop.ini"}


@dataclass(frozen=True)
class FolderFile:
    """A file beside a text, its content checked."""

    path: str  # relative to the content folder, with `/`
    stem: str  # of the text that it comes with
    name: str
    digest: str


def read_files(root: Path, stems: set[str], problems: list[Problem]) -> dict[str, FolderFile]:
    """Read the files beside the texts of these stems; a folder that stands beside no text is a problem."""
    found: dict[str, FolderFile] = {}
    for folder in _folders(root):
        names = sorted(_names(root / folder))
        if not names:
            continue
        stem = files_of(folder)
        if stem not in stems:
            problems.append(Problem(shown(folder), 0, "", "file_without_text"))
            continue
        counted = [name for name in names if name != kinds.CREDITS]
        if len(counted) > kinds.MAX_FILES:
            problems.append(Problem(folder, 0, "", "file_too_many", {"limit": kinds.MAX_FILES}))
        for name in (*counted[: kinds.MAX_FILES], *(kinds.CREDITS for name in names if name == kinds.CREDITS)):
            path = f"{folder}/{name}"
            if (file := _read(root, path, stem, problems)) is not None:
                found[path] = file
    return found


def data_of(root: Path, path: str) -> bytes:
    """The bytes of a file that was read before."""
    return (root / path).read_bytes()


def suggested(name: str) -> str:
    """The name that a file might have instead: lower case, without accents and blanks."""
    parts = [slugify(part) for part in name.split(".")]
    return ".".join(part for part in parts if part)[-kinds.MAX_NAME :]


def _folders(root: Path) -> Iterator[str]:
    """Folders where files of texts may lie; links are refused by `read_folder`."""
    yield from _below(root, "resources")
    for cycle in _below(root, "cycles"):
        if not (root / cycle / "modules").is_symlink():
            yield from _below(root, f"{cycle}/modules")


def _below(root: Path, folder: str) -> Iterator[str]:
    if not (root / folder).is_dir() or (root / folder).is_symlink():
        return
    with os.scandir(root / folder) as entries:
        names = sorted(e.name for e in entries if e.is_dir(follow_symlinks=False) and not e.name.startswith("."))
    yield from (f"{folder}/{name}" for name in names)


def _names(folder: Path) -> Iterator[str]:
    """What lies in a folder, without texts (`read_folder` speaks of them) and what systems leave behind."""
    for name in os.listdir(folder):
        is_text = name.lower().endswith((".md", ".markdown"))
        if not (is_text or name.startswith(_LEFT_ALONE) or name.lower() in _LEFTOVERS):
            yield name


def _read(root: Path, path: str, stem: str, problems: list[Problem]) -> FolderFile | None:
    name = path.rpartition("/")[2]
    code = ""
    details: dict[str, object] = {"limit": kinds.MAX_BYTES >> 20}
    if (root / path).is_dir():
        code = "file_nested"
    elif not kinds.is_name(name):
        code = "file_name"
        details["close"] = suggested(name)
    else:
        code = unreadable(root, root / path, kinds.MAX_BYTES) or ""
        code = "file_too_big" if code == "body_too_long" else code
    try:
        if not code:
            data = (root / path).read_bytes()
            kinds.check(name, data)
            return FolderFile(path, stem, name, hashlib.sha256(data).hexdigest())
    except kinds.WrongFile as wrong:
        code = wrong.code
    except OSError:
        code = "unreadable"
    problems.append(Problem(shown(path), 0, "", code, details))
    return None
