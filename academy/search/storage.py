"""Index files on disk: durable commits with checksums, one writer at a time, rebuilds swapped in."""

import fcntl
import io
import json
import os
import re
import shutil
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import BufferFile, StructFile
from whoosh.index import TOC

from academy.files.disk import sync_path
from academy.search.schema import FORMAT, SCHEMA

NAME = "MAIN"
_TOC = re.compile(rf"_{NAME}_(\d+)\.toc")


class CorruptError(Exception):
    """The index cannot be trusted: a file is missing, changed or of another format."""


class Span(io.RawIOBase):
    """A stretch of an open file, read where it is: a file cut short is an error, not a dead process as with mmap."""

    def __init__(self, handle: int, start: int, length: int):
        self._handle, self._start, self._length, self._at = handle, start, length, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, where: int, whence: int = 0) -> int:
        self._at = where + (0, self._at, self._length)[whence]
        return self._at

    def read(self, size: int | None = -1) -> bytes:
        left = max(0, self._length - self._at)
        wanted = left if size is None or size < 0 else min(size, left)
        data = self.at(self._at, wanted)
        self._at += wanted
        return data

    def at(self, start: int, length: int) -> bytes:
        """Read a stretch, wherever the last read ended: threads need no lock for it."""
        data = os.pread(self._handle, length, self._start + start)
        if len(data) != length:
            raise CorruptError("an index file is shorter than it was")
        return data

    def part(self, offset: int, length: int) -> "Span":
        return Span(self._handle, self._start + offset, length)


class _SegmentFile(StructFile):
    """A compound file of Whoosh whose parts are read in place; the term table is kept in memory."""

    def __init__(self, span: Span, name: str | None):
        super().__init__(span, name=name)
        self.is_real = False  # `fileno` would send Whoosh past the span
        del self.fileno

    def subset(self, offset, length, name=None):
        part = self.file.part(offset, length)
        if name and name.endswith(".trm"):
            return BufferFile(part.read(), name=name)
        return _SegmentFile(part, name or self._name)


class Storage(FileStorage):
    """A folder of Whoosh whose commits survive a power cut and whose files are checked when opened."""

    supports_mmap = False

    def __init__(self, folder: Path):
        super().__init__(str(folder), supports_mmap=False)
        self.cursor = 0  # of the change log, sealed with the next commit

    def rename_file(self, oldname, newname, safe=False):
        """Seal and commit: Whoosh renames its table of contents last."""
        if match := _TOC.fullmatch(newname):
            self._seal(int(match[1]), oldname, newname)
        super().rename_file(oldname, newname, safe=safe)
        sync_path(Path(self.folder))

    def _seal(self, generation: int, oldname: str, newname: str) -> None:
        files = dict(self._last_seal())
        for name in self.list():
            if name.endswith(".seg") and name not in files:
                files[name] = self._made_durable(name)
        files = {name: mark for name, mark in files.items() if self.file_exists(name)}
        files[newname] = self._made_durable(oldname)
        body = json.dumps({"format": FORMAT, "cursor": self.cursor, "files": files}).encode()
        path = Path(self._fpath(seal_name(generation)))
        path.write_bytes(b"%08x\n%s" % (zlib.crc32(body), body))
        sync_path(path)

    def _last_seal(self) -> dict[str, Any]:
        generation = latest_generation(Path(self.folder))
        if generation < 1:  # Whoosh's empty first table is sealed too, but has nothing to keep
            return {}
        files = read_seal(Path(self.folder), generation)["files"]
        return {name: mark for name, mark in files.items() if name.endswith(".seg")}

    def _made_durable(self, name: str) -> tuple[int, int]:
        path = Path(self._fpath(name))
        sync_path(path)
        return fingerprint(path)


class CheckedStorage(FileStorage):
    """The same folder to read. Segments are checked by the caller, who knows which are new to it."""

    supports_mmap = False

    def __init__(self, folder: Path, seal: dict[str, Any]):
        super().__init__(str(folder), supports_mmap=False, readonly=True)
        self._seal = seal
        self._handles: list[int] = []

    def open_file(self, name, **_):
        path = Path(self._fpath(name))
        if not name.endswith(".seg"):
            check(path.parent, name, self._seal)
            return BufferFile(path.read_bytes(), name=name)
        handle = os.open(path, os.O_RDONLY)
        self._handles.append(handle)
        return _SegmentFile(Span(handle, 0, os.fstat(handle).st_size), name)

    def __del__(self):
        for handle in self._handles:
            os.close(handle)


def fingerprint(path: Path) -> tuple[int, int]:
    """Return the size and the CRC-32 of a file."""
    size = crc = 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            size += len(block)
            crc = zlib.crc32(block, crc)
    return size, crc


def check(folder: Path, name: str, seal: dict[str, Any], *, is_quick: bool = False) -> None:
    """Refuse a file that is not what was written; the quick check looks at its size alone."""
    path = folder / name
    size, crc = seal["files"].get(name, (-1, 0))
    found = (path.stat().st_size, crc) if is_quick else fingerprint(path)
    if found != (size, crc):
        raise CorruptError(f"{name} is not what was written")


def segment_file(segment: Any) -> str:
    """Return the name of the one file of a Whoosh segment."""
    return segment.make_filename(segment.COMPOUND_EXT)


def seal_name(generation: int) -> str:
    return f"_{NAME}_{generation}.seal"


def read_seal(folder: Path, generation: int) -> dict[str, Any]:
    """Return what a commit sealed: format, cursor and the fingerprint of every file."""
    check, _, body = (folder / seal_name(generation)).read_bytes().partition(b"\n")
    if check != b"%08x" % zlib.crc32(body):
        raise CorruptError("the seal is damaged")
    seal = json.loads(body)
    if seal["format"] != FORMAT:
        raise CorruptError("the index is of another version")
    return seal


def latest_generation(folder: Path) -> int:
    """Return the number of the last commit, -1 if there is none."""
    return max((int(m[1]) for name in os.listdir(folder) if (m := _TOC.fullmatch(name))), default=-1)


def read_toc(folder: Path, generation: int, seal: dict[str, Any]) -> list[Any]:
    """Return the Whoosh segments of a commit, with their deletions."""
    toc = TOC.read(CheckedStorage(folder, seal), NAME, gen=generation, schema=SCHEMA)
    return toc.segments


def current_folder(root: Path) -> Path | None:
    """Return the folder of the index in use, None before the first build."""
    try:
        name = (root / "current").read_text("ascii")
    except (FileNotFoundError, NotADirectoryError, UnicodeDecodeError):
        return None
    return root / name if name.isalnum() and (root / name).is_dir() else None


def new_folder(root: Path) -> Path:
    """Make a folder beside the index in use."""
    numbers = [int(path.name) for path in root.iterdir() if path.name.isdecimal()]
    folder = root / f"{max(numbers, default=0) + 1:06d}"
    folder.mkdir(mode=0o700)
    return folder


def swap(root: Path, folder: Path) -> None:
    """Make a folder the index in use, then remove the others."""
    point_to(root, folder)
    sweep(root)


def point_to(root: Path, folder: Path) -> None:
    """Make a folder the index in use, durably and at once."""
    waiting = root / "current.new"
    waiting.write_text(folder.name, "ascii")
    sync_path(waiting)
    waiting.replace(root / "current")
    sync_path(root)


def sweep(root: Path) -> None:
    """Remove what killed writers left: other folders, and files that the last commit does not know."""
    folder = current_folder(root)
    for path in root.iterdir():
        if path.is_dir() and path != folder:
            shutil.rmtree(path, ignore_errors=True)
    if folder is None:
        return
    generation = latest_generation(folder)
    known = {seal_name(generation), *read_seal(folder, generation)["files"]}
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif path.name not in known:
            path.unlink(missing_ok=True)


@contextmanager
def writing(root: Path) -> Iterator[None]:
    """Hold the only pen of this node; waits for whoever has it."""
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    root.chmod(0o700)
    with (root / "write.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
