"""The offline pack of a cycle: a ZIP made once for each state of what it holds, and kept in `<instance>/packs`."""

import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from flask import Response, abort, request

from academy.files.store import PART
from academy.formats import pack
from academy.formats.pack import UnmadeError
from academy.models import Audience
from academy.web import kept_files
from academy.web.attached_words import size_label
from academy.web.links import path_to
from academy.web.locale import language
from academy.web.pack_pages import day_of_pack, digest_of, entries_of
from academy.web.pack_texts import packed_cycle
from academy.web.remembered import remember
from academy.web.texts import ShownText, edition_of

log = logging.getLogger(__name__)
FOLDER = "packs"
MOST_KEPT = 2  # of one cycle in one language: the last, and the one that somebody may still be downloading
TURN_SECONDS = 20.0  # for the packs of other threads
_turn = threading.Lock()  # a burst of requests never takes more than one core


@dataclass(frozen=True, slots=True)
class PackLink:
    """The way to the pack of a cycle; `size` is "" until one was made."""

    url: str
    size: str


def pack_link(text: ShownText) -> PackLink | None:
    """The link on the page of a cycle that everybody may read, with the size of the pack that was made last."""
    if text.document.audience != Audience.PUBLIC:
        return None
    slug = text.document.cycle
    size = ""
    for made in kept_files.oldest_first(*_kept(slug))[-1:]:
        with suppress(OSError):
            size = size_label(made.stat().st_size)
    return PackLink(path_to("cycles.pack", slug=slug), size)


def answer(text: ShownText) -> Response:
    """The pack, whole or the range that is asked; its ETag names its bytes."""
    if text.document.audience != Audience.PUBLIC:
        abort(404)
    try:
        digest = remember("pack", text.id, make=lambda: _made(text))
        file = _opened(text, digest) or _opened(text, digest := _made(text))
    except UnmadeError as problem:
        log.error("the pack of %s could not be made: %s", text.document.cycle, problem)
        abort(503)
    if file is None:
        abort(503)
    name = f"{text.document.cycle}.{language()}.zip"
    response = Response(file, content_type=pack.CONTENT_TYPE)
    response.content_length = file.size
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-cache"  # too heavy for the memory of the pages, hence its own ETag
    response.set_etag(digest[:24])
    response.make_conditional(request, accept_ranges=True, complete_length=file.size)
    return response


class _OpenPack:
    """A pack as it is sent, whole or in part: a part in memory at a time, and whole even when it is replaced meanwhile."""

    def __init__(self, path: Path):
        self._handle = os.open(path, os.O_RDONLY)
        self.size, self.at = os.fstat(self._handle).st_size, 0

    def __iter__(self) -> "_OpenPack":
        return self

    def __next__(self) -> bytes:
        part = os.pread(self._handle, PART, self.at)
        self.at += len(part)
        if not part:
            raise StopIteration
        return part

    def seekable(self) -> bool:
        return True

    def seek(self, position: int) -> None:
        self.at = position

    def tell(self) -> int:
        return self.at

    def close(self) -> None:
        handle, self._handle = self._handle, -1
        if handle >= 0:
            os.close(handle)

    def __del__(self) -> None:  # a server that forgets to close leaves no handle behind
        if hasattr(self, "_handle"):
            self.close()


def _opened(text: ShownText, digest: str) -> _OpenPack | None:
    try:
        return _OpenPack(_file(text, digest))
    except FileNotFoundError:  # taken away since it was made
        return None


def _made(text: ShownText) -> str:
    """See that the file of today's pack is there; its digest."""
    with _in_turn():
        found = packed_cycle(edition_of(text).document.cycle_id or 0)
        if found is None:
            abort(404)
        day = day_of_pack(found)
        entries = entries_of(found, day=day)
        digest = digest_of(entries)
        file = _file(text, digest)
        if not file.exists():
            with kept_files.whole(file) as target:
                pack.write(target, entries, folder=f"{text.document.cycle}.{language()}", day=day)
            kept_files.keep_newest(MOST_KEPT, *_kept(text.document.cycle))
        return digest


@contextmanager
def _in_turn() -> Iterator[None]:
    if not _turn.acquire(timeout=TURN_SECONDS):
        raise UnmadeError("busy")
    try:
        yield
    finally:
        _turn.release()


def _file(text: ShownText, digest: str) -> Path:
    return kept_files.folder(FOLDER) / f"{text.document.cycle}.{language()}.{digest}.zip"


def _kept(slug: str) -> tuple[Path, str]:
    """Where the packs of a cycle in this language are: their folder, and how their names go."""
    return kept_files.folder(FOLDER), f"{slug}.{language()}.*.zip"
