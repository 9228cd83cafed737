"""Read and write the files of a content folder, distrusting names, links and bytes."""

import os
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from academy.domain.content.paths import LISTS, Place, place_of
from academy.domain.problems import Problem
from academy.domain.revisions import hash_of
from academy.rendering.limits import MAX_BYTES

_FOLDERS = ("cycles", "pages", "resources")
_SUFFIXES = (".md", ".markdown")


@dataclass(frozen=True)
class TextFile:
    """A Markdown file and what its path says of it."""

    path: str  # relative to the folder, with `/`
    place: Place
    source: str
    source_hash: str


@dataclass(frozen=True)
class Folder:
    """All that a content folder holds, and what is wrong with it."""

    root: Path
    texts: dict[str, TextFile] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)  # path -> source
    problems: list[Problem] = field(default_factory=list)


def read_folder(root: Path) -> Folder:
    """Read every text and list file; what is no content (README, pictures, hidden files) is left alone."""
    folder = Folder(root)
    if not root.is_dir():
        folder.problems.append(Problem(str(root), 0, "", "folder_missing"))
        return folder
    names: dict[str, str] = {}
    for path in sorted(_candidates(root, folder.problems)):
        if (twin := names.setdefault(unicodedata.normalize("NFC", path), path)) != path:
            folder.problems.append(Problem(shown(path), 0, "", "name_twice", {"value": shown(twin)}))
        elif path in LISTS:
            if (source := _source(root, path, folder.problems)) is not None:
                folder.lists[path] = source
        elif (place := place_of(path)) is None:
            folder.problems.append(Problem(shown(path), 0, "", "bad_path"))
        elif (source := _source(root, path, folder.problems)) is not None:
            folder.texts[path] = TextFile(path, place, source, hash_of(source))
    return folder


def write(root: Path, path: str, data: bytes) -> None:
    """Write a file whole or not at all; refuse a folder that leads out of *root*."""
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.parent.resolve().is_relative_to(root.resolve()):
        raise ValueError(f"{path} leads out of {root}")
    beside = target.with_name(f".{target.name}.part")
    beside.write_bytes(data)
    beside.replace(target)


def _candidates(root: Path, problems: list[Problem]) -> Iterator[str]:
    yield from (name for name in LISTS if os.path.lexists(root / name))
    for top in _FOLDERS:
        yield from _below(root, top, problems)


def _below(root: Path, top: str, problems: list[Problem]) -> Iterator[str]:
    """Paths of the texts under a folder; linked folders are refused rather than followed."""
    if (root / top).is_symlink():
        problems.append(Problem(top, 0, "", "linked_folder"))
        return
    for parent, folders, files in os.walk(root / top):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in folders:
            if os.path.islink(os.path.join(parent, name)):
                linked = shown(os.path.relpath(os.path.join(parent, name), root))
                problems.append(Problem(linked, 0, "", "linked_folder"))
        for name in files:
            if name.lower().endswith(_SUFFIXES) and not name.startswith("."):
                yield Path(os.path.relpath(os.path.join(parent, name), root)).as_posix()


def _source(root: Path, path: str, problems: list[Problem]) -> str | None:
    """The text of a file, or None and a problem."""
    file = root / path
    data = b""
    try:
        if code := unreadable(root, file, MAX_BYTES):
            problems.append(Problem(path, 0, "", code, {"limit": MAX_BYTES // 1024}))
            return None
        data = file.read_bytes()
        source = data.decode()
        if b"\0" not in data:
            return source
        problems.append(Problem(path, _line_at(data, data.index(b"\0")), "", "body_nul_character"))
    except UnicodeDecodeError as error:
        problems.append(Problem(path, _line_at(data, error.start), "", "not_utf8"))
    except OSError:
        problems.append(Problem(path, 0, "", "unreadable"))
    return None


def _line_at(data: bytes, position: int) -> int:
    return data.count(b"\n", 0, position) + 1


def unreadable(root: Path, file: Path, limit: int) -> str | None:
    """Why a file is not opened: it leads out of the folder, is no regular file, is longer than *limit* bytes."""
    try:
        if not file.resolve(strict=True).is_relative_to(root.resolve()):
            return "link_outside"
        status = file.stat()
    except (OSError, RuntimeError):
        return "unreadable"
    if not stat.S_ISREG(status.st_mode):
        return "unreadable"
    return "body_too_long" if status.st_size > limit else None


def shown(path: str) -> str:
    """A path that can be printed, whatever its bytes."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in path)
