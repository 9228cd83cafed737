"""The engine: a Whoosh index on disk, read as snapshots, written by one writer at a time.

Five calls are all that the rest needs, so that another engine can stand in: `apply`, `search`,
`suggest`, `correct`, `generation`. Beside them: `rebuild`, and whether it `is_ready`.
"""

import logging
import threading
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from whoosh.index import FileIndex
from whoosh.writing import NO_MERGE, SegmentWriter

from academy.search import storage
from academy.search.document import IndexDocument
from academy.search.query import parse
from academy.search.ranking import Request, search
from academy.search.results import Results
from academy.search.schema import CODEC, SCHEMA, rows
from academy.search.segments import Segment
from academy.search.snapshot import Leaf, Snapshot
from academy.search.spelling import Speller

log = logging.getLogger(__name__)
CHECK_EVERY = 0.2  # seconds between looks at the disk for a newer generation
TRIES = 5  # a commit may remove files while they are being opened
TIER = 8  # segments of like size that are merged into one
MANY = 24  # segments, from which even a busy writer merges

Generation = tuple[str, int]  # folder and number of a commit


class UnavailableError(Exception):
    """There is no index to ask: missing, broken or of another version. A rebuild repairs it."""


class Index:
    """An index folder (mode 0700: its files are pickles, never copy them from elsewhere)."""

    def __init__(self, root: Path):
        self.root = root
        self._speller = Speller()
        self._segments: dict[str, Segment] = {}
        self._snapshot: Snapshot | None = None
        self._checked = 0.0
        self._broken: Generation | None = None
        self._lock = threading.RLock()

    # Reading

    def generation(self) -> Generation | None:
        """Return the folder and the number of the last commit, None when there is no index."""
        folder = storage.current_folder(self.root)
        number = storage.latest_generation(folder) if folder else -1
        return (folder.name, number) if folder and number > 0 else None

    def is_ready(self) -> bool:
        """Tell whether searches can be answered."""
        try:
            self.snapshot()
        except UnavailableError:
            return False
        return True

    def cursor(self) -> int:
        """Return the number of the last change that is in the index."""
        return self.snapshot(is_fresh=True).cursor

    def search(self, request: Request) -> Results:
        """Answer a request from the last generation."""
        snapshot = self.snapshot()
        try:
            return search(snapshot, request, self._speller)
        except Exception as problem:
            raise self._suspect(snapshot, problem) from problem

    def suggest(self, prefix: str, *, audiences: Iterable[str], language: str, limit: int) -> list[str]:
        """Return titles and words that begin so."""
        snapshot = self.snapshot()
        try:
            return snapshot.vocabulary(audiences).complete(prefix, language=language, limit=limit)
        except Exception as problem:
            raise self._suspect(snapshot, problem) from problem

    def correct(self, words: str, *, audiences: Iterable[str], language: str = "fr") -> str | None:
        """Return the words that would be searched instead, None when they are known."""
        return self.search(Request(typed=parse(words), audiences=frozenset(audiences), language=language)).suggestion

    def warm(self) -> None:
        """Make ready what the first typing error and the first suggestion need."""
        vocabulary = self.snapshot().vocabulary({"public"})
        vocabulary.prepare()
        self._speller.learn(vocabulary)

    def snapshot(self, *, is_fresh: bool = False) -> Snapshot:
        """Return the last generation in memory; looks at the disk every 200 ms at most."""
        is_due = is_fresh or time.monotonic() - self._checked >= CHECK_EVERY
        snapshot = self._snapshot
        if snapshot and not is_due:
            return snapshot
        # While one thread reads a new generation, the others go on with the one before.
        if not self._lock.acquire(blocking=is_fresh or snapshot is None):
            return snapshot or self.snapshot(is_fresh=True)
        try:
            return self._refreshed()
        finally:
            self._lock.release()

    def _refreshed(self) -> Snapshot:
        for attempt in range(TRIES):
            found = self.generation()
            if found is None or found == self._broken:
                raise UnavailableError("no index" if found is None else "the index is broken")
            if self._snapshot is None or self._snapshot.generation != found:
                try:
                    self._snapshot = self._load(found)
                except Exception as problem:
                    if self.generation() == found and attempt:
                        self._mark_broken(found, problem)
                    time.sleep(0.02)
                    continue
            self._checked = time.monotonic()
            return self._snapshot
        raise UnavailableError("the index changes faster than it can be read")

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
        return Snapshot(leaves, generation=generation, cursor=seal["cursor"])

    def _mark_broken(self, generation: Generation, problem: Exception) -> None:
        log.error("search index %s cannot be read: %s: %s", generation, type(problem).__name__, problem)
        self._broken, self._snapshot = generation, None
        raise UnavailableError("the index is broken") from problem

    def _suspect(self, snapshot: Snapshot, problem: Exception) -> UnavailableError:
        """After an error ask the checksums: a damaged index is rebuilt, a fault of ours is only logged."""
        log.error("search failed", exc_info=problem)
        try:
            self.verify(snapshot.generation)
        except Exception as damage:
            if self.generation() == snapshot.generation:
                log.error("search index %s is damaged: %s", snapshot.generation, damage)
                self._broken, self._snapshot = snapshot.generation, None
        return UnavailableError("the search failed")

    def verify(self, generation: Generation) -> None:
        """Compare every file of a commit with its checksum; raise when one is not what was written."""
        folder = self.root / generation[0]
        seal = storage.read_seal(folder, generation[1])
        for segment in storage.read_toc(folder, generation[1], seal):
            storage.check(folder, storage.segment_file(segment), seal)

    # Writing

    def apply(self, changes: Iterable[tuple[int, IndexDocument | None]], *, cursor: int) -> int:
        """Put or (None) remove editions and move the cursor, in one durable commit; return their number."""
        latest = dict(changes)  # of two changes of one edition the last counts
        with storage.writing(self.root):
            snapshot = self.snapshot(is_fresh=True)
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
        """Build the whole index beside the one in use, then swap; return the number of editions.

        Does nothing if meanwhile another process has replaced the generation to replace.
        """
        with storage.writing(self.root):
            if self.generation() != replacing:
                return 0
            folder = storage.new_folder(self.root)
            FileIndex.create(storage.Storage(folder), SCHEMA, storage.NAME)
            count = self._commit(folder, documents, cursor=cursor)
            storage.swap(self.root, folder)
        self._broken, self._checked = None, 0.0
        return count

    def tidy(self) -> bool:
        """Merge small and worn segments, at a quiet time: a merge takes 30 ms of CPU an edition; True if it was due."""
        with storage.writing(self.root):
            snapshot = self.snapshot(is_fresh=True)
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
        writer = SegmentWriter(FileIndex(files, SCHEMA, storage.NAME), codec=CODEC, _lk=False)  # we hold the lock
        try:
            for row in gone:
                writer.delete_document(int(row))
            count = 0
            for document in documents:
                count += 1
                for row in rows(document):
                    writer.add_document(**row)
            writer.commit(mergetype=merge)
        except BaseException:
            if not writer.is_closed:
                writer.cancel()
            raise
        return count


def _rows_of(snapshot: Snapshot, editions: set[int]) -> np.ndarray:
    ids = snapshot.ids[snapshot.row_edition]
    return np.flatnonzero(np.isin(ids, list(editions)) & snapshot.alive_rows)


def _merge(writer: SegmentWriter, segments: list) -> list:
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
