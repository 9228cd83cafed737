"""The index in use unless a setting says otherwise: Whoosh on disk, read as snapshots, written by one writer at a time."""

from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import cast

import numpy as np
from whoosh.index import FileIndex
from whoosh.writing import NO_MERGE

from academy.search import storage
from academy.search.document import IndexDocument
from academy.search.engine import Engine, Generation, UnavailableError
from academy.search.leaves import Leaf, WhooshSnapshot
from academy.search.schema import CODEC, SCHEMA, rows
from academy.search.segments import Segment
from academy.search.snapshot import Snapshot
from academy.search.tallies import Kept
from academy.search.writing import Writer

__all__ = ["Index", "UnavailableError"]

TIER = 8  # segments of like size that are merged into one
BATCH = 20_000  # editions that a rebuild gathers in memory before it writes a segment
MANY = 24  # segments, from which even a busy writer merges


class Index(Engine):
    """An index folder (mode 0700: its files are pickles)."""

    def __init__(self, root: Path):
        super().__init__(root)
        self._segments: dict[str, Segment] = {}
        self._kept = Kept()

    def generation(self) -> Generation | None:
        folder = storage.current_folder(self.root)
        number = storage.latest_generation(folder) if folder else -1
        return (folder.name, number) if folder and number > 0 else None

    def _load(self, generation: Generation) -> Snapshot:
        folder = self.root / generation[0]
        seal = storage.read_seal(folder, generation[1])
        files = storage.CheckedStorage(folder, seal)
        segments: dict[str, Segment] = {}
        leaves: list[Leaf] = []
        for found in storage.read_toc(folder, generation[1], seal):
            name = storage.segment_file(found)
            storage.check(folder, name, seal, is_quick=name in self._segments)
            segment = segments[name] = self._segments.get(name) or Segment(files, found)
            before = leaves[-1] if leaves else None
            row = before.row + len(before.segment.records) if before else 0
            edition = before.edition + len(before.segment.starts) if before else 0
            leaves.append(Leaf(segment, row, edition, frozenset(found.deleted_docs())))
        self._segments = segments
        return WhooshSnapshot(leaves, self._kept, generation=generation, cursor=seal["cursor"])

    def verify(self, generation: Generation) -> None:
        folder = self.root / generation[0]
        seal = storage.read_seal(folder, generation[1])
        for segment in storage.read_toc(folder, generation[1], seal):
            storage.check(folder, storage.segment_file(segment), seal)

    def apply(self, changes: Iterable[tuple[int, IndexDocument | None]], *, cursor: int) -> int:
        latest = dict(changes)  # of two changes of one edition the last counts
        with storage.writing(self.root):
            snapshot = cast(WhooshSnapshot, self.snapshot(is_fresh=True))
            if cursor < snapshot.cursor:
                return 0  # another process was faster
            storage.sweep(self.root)
            folder = self.root / snapshot.generation[0]
            gone = _rows_of(snapshot, set(latest))
            merge = _merge if len(snapshot.leaves) >= MANY else NO_MERGE
            self._commit(folder, [d for d in latest.values() if d], cursor=cursor, gone=gone, merge=merge)
        self._checked = 0.0
        return len(latest)

    def rebuild(self, documents: Iterable[IndexDocument], *, cursor: int, replacing: Generation | None) -> int:
        with storage.writing(self.root):
            if self.generation() != replacing:
                return 0
            folder = storage.new_folder(self.root)
            FileIndex.create(storage.Storage(folder), SCHEMA, storage.NAME)
            count, waiting = 0, iter(documents)
            while (written := self._commit(folder, islice(waiting, BATCH), cursor=cursor)) == BATCH:
                count += written
            count += written
            storage.swap(self.root, folder)
        self._broken, self._checked = None, 0.0
        return count

    def tidy(self) -> bool:
        """Merge small and worn segments, at a quiet time: a merge takes 30 ms of CPU an edition; True if it was due."""
        with storage.writing(self.root):
            snapshot = cast(WhooshSnapshot, self.snapshot(is_fresh=True))
            if not _due([(len(leaf.segment.records), len(leaf.gone)) for leaf in snapshot.leaves]):
                return False
            storage.sweep(self.root)
            self._commit(self.root / snapshot.generation[0], (), cursor=snapshot.cursor, merge=_merge)
        self._checked = 0.0
        return True

    def _commit(
        self, folder: Path, documents: Iterable[IndexDocument], *, cursor: int, gone: Iterable[int] = (), merge=NO_MERGE
    ) -> int:
        files = storage.Storage(folder)
        files.cursor = cursor
        writer = Writer(FileIndex(files, SCHEMA, storage.NAME), CODEC)
        try:
            for row in gone:
                writer.delete_document(int(row))
            count = 0
            for document in documents:
                count += 1
                for row in rows(document):
                    writer.add_row(row)
            writer.commit(mergetype=merge)
        except BaseException:
            if not writer.is_closed:
                writer.cancel()
            raise
        return count


def _rows_of(snapshot: WhooshSnapshot, editions: set[int]) -> np.ndarray:
    ids = snapshot.ids[snapshot.row_edition]
    return np.flatnonzero(np.isin(ids, list(editions)) & snapshot.alive_rows)


def _merge(writer: Writer, segments: list) -> list:
    """Merge what is due into the segment being written; return the segments that stay."""
    due = _due([(segment.doc_count_all(), segment.deleted_count()) for segment in segments])
    for segment in (segments[i] for i in sorted(due)):
        reader = FileIndex._reader(writer.storage, SCHEMA, [segment], writer.generation)
        writer.add_reader(reader)
        reader.close()
    return [segment for i, segment in enumerate(segments) if i not in due]


def _due(sizes: Sequence[tuple[int, int]]) -> set[int]:
    """Of segments as (rows, deleted rows), return which to merge: eight of like size, and those half deleted."""
    tiers: dict[int, list[int]] = {}
    for i, (size, _) in enumerate(sizes):
        tiers.setdefault(size.bit_length() // 3, []).append(i)
    crowded = {i for tier in tiers.values() if len(tier) >= TIER for i in tier}
    return crowded | {i for i, (size, deleted) in enumerate(sizes) if deleted * 2 > size}
