"""What is the same for every engine: the last generation in memory, and answers from it.

Five calls are all that the rest needs, so that engines can stand in for each other: `apply`, `search`,
`suggest`, `correct`, `generation`. Beside them: `rebuild`, and whether it `is_ready`.
"""

import logging
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable
from pathlib import Path

from academy.search.document import IndexDocument
from academy.search.query import parse
from academy.search.ranking import Request, search
from academy.search.results import Results
from academy.search.snapshot import Snapshot
from academy.search.spelling import Speller

log = logging.getLogger(__name__)
CHECK_EVERY = 0.2  # seconds between looks at the disk for a newer generation
TRIES = 5  # a commit may remove files while they are being opened

Generation = tuple[str, int]  # folder and number of a commit


class UnavailableError(Exception):
    """There is no index to ask: missing, broken or of another version. A rebuild repairs it."""


class Engine(ABC):
    """An index in a folder of this node. Its files are never copied from elsewhere."""

    def __init__(self, root: Path):
        self.root = root
        self._speller = Speller()
        self._snapshot: Snapshot | None = None
        self._checked = 0.0
        self._broken: Generation | None = None
        self._lock = threading.RLock()

    @abstractmethod
    def generation(self) -> Generation | None:
        """Return the folder and the number of the last commit, None when there is no index."""

    @abstractmethod
    def apply(self, changes: Iterable[tuple[int, IndexDocument | None]], *, cursor: int) -> int:
        """Put or (None) remove editions and move the cursor, in one durable commit; return their number.

        Of two changes of one edition the last counts. Does nothing when the index is beyond the cursor.
        """

    @abstractmethod
    def rebuild(self, documents: Iterable[IndexDocument], *, cursor: int, replacing: Generation | None) -> int:
        """Build the whole index beside the one in use, then swap; return the number of editions.

        Does nothing if meanwhile another process has replaced the generation to replace.
        """

    @abstractmethod
    def tidy(self) -> bool:
        """Do at a quiet time what makes the next questions cheaper; True if there was something to do."""

    @abstractmethod
    def verify(self, generation: Generation) -> None:
        """Compare every file of a commit with its checksum; raise when one is not what was written."""

    @abstractmethod
    def _load(self, generation: Generation) -> Snapshot:
        """Read a generation."""

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
        except BaseException as problem:
            raise self._suspect(snapshot, problem) from problem

    def suggest(self, prefix: str, *, audiences: Iterable[str], language: str, limit: int) -> list[str]:
        """Return titles and words that begin so."""
        snapshot = self.snapshot()
        try:
            return snapshot.vocabulary(audiences).complete(prefix, language=language, limit=limit)
        except BaseException as problem:
            raise self._suspect(snapshot, problem) from problem

    def correct(self, words: str, *, audiences: Iterable[str], language: str = "fr") -> str | None:
        """Return the words that would be searched instead, None when they are known."""
        return self.search(
            Request(typed=parse(words), audiences=frozenset(audiences), language=language, per_page=0, is_counted=False)
        ).suggestion

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
                except BaseException as problem:
                    _reraise_orders(problem)
                    if self.generation() == found and attempt:
                        self._mark_broken(found, problem)
                    time.sleep(0.02)
                    continue
            self._checked = time.monotonic()
            return self._snapshot
        raise UnavailableError("the index changes faster than it can be read")

    def _mark_broken(self, generation: Generation, problem: BaseException) -> None:
        log.error("search index %s cannot be read: %s: %s", generation, type(problem).__name__, problem)
        self._broken, self._snapshot = generation, None
        raise UnavailableError("the index is broken") from problem

    def _suspect(self, snapshot: Snapshot, problem: BaseException) -> UnavailableError:
        """After an error ask the checksums: a damaged index is rebuilt, a fault of ours is only logged."""
        _reraise_orders(problem)
        log.error("search failed", exc_info=problem)
        try:
            self.verify(snapshot.generation)
        except Exception as damage:
            if self.generation() == snapshot.generation:
                log.error("search index %s is damaged: %s", snapshot.generation, damage)
                self._broken, self._snapshot = snapshot.generation, None
        return UnavailableError("the search failed")


def _reraise_orders(problem: BaseException) -> None:
    """An order to stop is no fault of the index; a panic in a compiled engine is, though it is no `Exception`."""
    if isinstance(problem, KeyboardInterrupt | SystemExit | GeneratorExit):
        raise problem
