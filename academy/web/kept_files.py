"""Files that were made once and are kept to be sent again: there at once, whole, the ones made longest ago go first."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO, cast

from flask import current_app


def folder(name: str) -> Path:
    """Where files of one sort are kept in the instance."""
    return current_app.config["SETTINGS"].instance / name


@contextmanager
def whole(file: Path) -> Iterator[BinaryIO]:
    """Write a file that is there at once, whole, or not at all; its folder is made where there is none."""
    file.parent.mkdir(mode=0o700, exist_ok=True)
    with NamedTemporaryFile(dir=file.parent, delete=False) as waiting:
        try:
            yield cast(BinaryIO, waiting)
        except BaseException:
            Path(waiting.name).unlink()
            raise
    Path(waiting.name).replace(file)


def oldest_first(folder: Path, pattern: str = "*") -> list[Path]:
    """The files of a folder whose names fit, the last one made at the end."""
    made: dict[Path, float] = {}
    for path in folder.glob(pattern):
        with suppress(OSError):  # another process has taken it away
            made[path] = path.stat().st_mtime
    return sorted(made, key=lambda path: (made[path], path))


def keep_newest(most: int, folder: Path, pattern: str = "*") -> None:
    """Take away what was made longest ago, but for *most*."""
    for old in oldest_first(folder, pattern)[:-most]:
        old.unlink(missing_ok=True)
