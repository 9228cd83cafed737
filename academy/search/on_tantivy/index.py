"""The index on tantivy: the same five calls, written by one writer at a time, read through its own memory maps."""

import json
import shutil
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import cast

import tantivy

from academy.search import storage
from academy.search.document import IndexDocument
from academy.search.engine import Engine, Generation
from academy.search.on_tantivy.schema import FORMAT, documents_of, gone, register, schema, state
from academy.search.on_tantivy.snapshot import TantivySnapshot, state as state_of
from academy.search.schema import FORMAT as ROWS_FORMAT

HEAP = 32 << 20  # bytes of documents that the writer gathers before it writes a segment
_FOOTER_MAGIC = 1337


class TantivyIndex(Engine):
    """An index folder of tantivy."""

    def __init__(self, root: Path):
        super().__init__(root)
        self._opened: tuple[Path, tantivy.Index] | None = None
        self._checked_files: set[tuple[str, int]] = set()

    def generation(self) -> Generation | None:
        folder = storage.current_folder(self.root)
        try:
            return (folder.name, _meta(folder)["opstamp"]) if folder else None
        except (OSError, ValueError, KeyError):
            return None

    def _load(self, generation: Generation) -> TantivySnapshot:
        folder = self.root / generation[0]
        self._check_new(folder)
        index, before = self._index(folder), cast(TantivySnapshot | None, self._snapshot)
        is_next = before is not None and before.generation[0] == generation[0]
        index.reload()
        if state_of(index, index.searcher())["format"] != [FORMAT, ROWS_FORMAT]:
            raise storage.CorruptError("the index is of another version")
        return TantivySnapshot(index, before if is_next else None, generation=generation)

    def _index(self, folder: Path) -> tantivy.Index:
        if self._opened is None or self._opened[0] != folder:
            index = tantivy.Index.open(str(folder))
            index.config_reader("manual")  # we look at the disk ourselves
            register(index)
            self._opened = folder, index
        return self._opened[1]

    def verify(self, generation: Generation) -> None:
        for path in _files(self.root / generation[0]):
            _check(path)

    def _check_new(self, folder: Path) -> None:
        """Check what this process has not read yet: a damaged file must not reach a memory map."""
        for path in _files(folder):
            mark = str(path), path.stat().st_size
            if mark not in self._checked_files:
                _check(path)
                self._checked_files.add(mark)

    def apply(self, changes: Iterable[tuple[int, IndexDocument | None]], *, cursor: int) -> int:
        latest = dict(changes)
        with storage.writing(self.root):
            snapshot = cast(TantivySnapshot, self.snapshot(is_fresh=True))
            if cursor < snapshot.cursor:
                return 0  # another process was faster
            folder = self.root / snapshot.generation[0]
            _sweep(self.root, folder)
            serial = snapshot.serial + 1

            def write(writer: tantivy.IndexWriter) -> None:
                for edition_id, edition in latest.items():
                    writer.delete_documents_by_term("edition", edition_id)
                    for document in (
                        documents_of(edition, serial=serial) if edition else [gone(edition_id, serial=serial)]
                    ):
                        writer.add_document(document)

            _commit(self._index(folder), write, cursor=cursor, serial=serial)
        self._checked = 0.0
        return len(latest)

    def rebuild(self, documents: Iterable[IndexDocument], *, cursor: int, replacing: Generation | None) -> int:
        count = 0

        def write(writer: tantivy.IndexWriter) -> None:
            nonlocal count
            for edition in documents:
                count += 1
                for document in documents_of(edition, serial=0):
                    writer.add_document(document)

        with storage.writing(self.root):
            if self.generation() != replacing:
                return 0
            folder = storage.new_folder(self.root)
            index = tantivy.Index(schema(), path=str(folder))
            register(index)
            _commit(index, write, cursor=cursor, serial=0)
            storage.point_to(self.root, folder)
            _sweep(self.root, folder)
        self._broken, self._checked = None, 0.0
        return count

    def tidy(self) -> bool:
        """Nothing to do: tantivy merges by itself."""
        return False


def _commit(index: tantivy.Index, write: Callable[[tantivy.IndexWriter], None], *, cursor: int, serial: int) -> None:
    """Write and say how far the index is, in one commit, or leave it as it was."""
    writer = index.writer(HEAP, 1)
    try:
        write(writer)
        writer.delete_documents_by_term("is_state", 1)
        writer.add_document(state(cursor=cursor, serial=serial, version=ROWS_FORMAT))
        writer.commit()
    except BaseException:
        writer.rollback()
        raise
    finally:
        writer.wait_merging_threads()  # gives back tantivy's own lock


def _meta(folder: Path) -> dict:
    return json.loads((folder / "meta.json").read_text("utf-8"))


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files of the segments in use."""
    segments = {segment["segment_id"].replace("-", "") for segment in _meta(folder)["segments"]}
    yield from (path for path in sorted(folder.iterdir()) if path.name.partition(".")[0] in segments)


def _check(path: Path) -> None:
    """Compare a file with the checksum that tantivy puts at its end: length of a JSON footer, then a magic number."""
    data = path.read_bytes()
    size, magic = int.from_bytes(data[-8:-4], "little"), int.from_bytes(data[-4:], "little")
    try:
        footer = json.loads(data[-8 - size : -8]) if magic == _FOOTER_MAGIC else {}
    except ValueError:
        footer = {}
    if footer.get("crc") != zlib.crc32(data[: -8 - size]):
        raise storage.CorruptError(f"{path.name} is not what was written")


def _sweep(root: Path, folder: Path) -> None:
    """Remove what killed rebuilds left beside the index in use."""
    for path in root.iterdir():
        if path.is_dir() and path != folder:
            shutil.rmtree(path, ignore_errors=True)
