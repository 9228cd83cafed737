"""Where the bytes of files are kept, under their SHA-256: a local folder, or S3 (`ACADEMY_FILES_URL`)."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from flask import Flask, current_app

from academy.files.disk import sync_path

if TYPE_CHECKING:
    from obstore.store import ObjectStore

_PATIENCE: Any = {"max_retries": 3, "retry_timeout": timedelta(seconds=10)}  # with S3: readers wait for it
PART = 256 * 1024  # bytes read at a time
RECENT = timedelta(hours=1)  # bytes put again later are written again: a sweep under way sees that somebody wants them


class LostFile(LookupError):
    """The store does not have the bytes that a row names."""


class Store:
    """Bytes by digest: written once, never changed."""

    def __init__(self, url: str):
        self.url = url
        self._opened: ObjectStore | None = None

    def put(self, data: bytes) -> str:
        """Keep the bytes, on the disk before this returns; give their digest.

        The same bytes are kept once, since the last time that they were put (or an hour before it).
        """
        digest = hashlib.sha256(data).hexdigest()
        since = self.since(digest)
        if since is None or datetime.now(UTC) - since > RECENT:
            self._store.put(_path(digest), data)
            self._sync(digest)
        return digest

    def has(self, digest: str) -> bool:
        """Whether the bytes are there."""
        return self.since(digest) is not None

    def since(self, digest: str) -> datetime | None:
        """When the bytes were put; None when they are not there."""
        try:
            return self._store.head(_path(digest))["last_modified"]
        except FileNotFoundError:
            return None

    def read(self, digest: str, start: int, length: int) -> bytes:
        """A run of the bytes; raise LostFile when they are not there."""
        try:
            return bytes(self._store.get_range(_path(digest), start=start, length=length))
        except FileNotFoundError as error:
            raise LostFile(digest) from error

    def parts(self, digest: str) -> Iterator[bytes]:
        """All bytes, a part in memory at a time; raise LostFile when they are not there."""
        try:
            yield from map(bytes, self._store.get(_path(digest)).stream(min_chunk_size=PART))
        except FileNotFoundError as error:
            raise LostFile(digest) from error

    def whole(self, digest: str) -> bytes:
        """All of the bytes: for what is known to be small; raise LostFile when they are not there."""
        try:
            return bytes(self._store.get(_path(digest)).bytes())
        except FileNotFoundError as error:
            raise LostFile(digest) from error

    def opened(self, digest: str, size: int) -> "StoredFile":
        """The bytes as a file, to be sent whole or in part; raise LostFile when they are not there."""
        if not self.has(digest):
            raise LostFile(digest)
        return StoredFile(self, digest, size)

    def digests(self) -> Iterator[tuple[str, datetime]]:
        """Every digest that is kept, and since when."""
        for found in self._store.list():
            for kept in found:
                name = kept["path"].rpartition("/")[2]
                if len(name) == 64:
                    yield name, kept["last_modified"]

    def delete(self, digest: str) -> None:
        """Forget the bytes; nothing happens when they are not there."""
        try:
            self._store.delete(_path(digest))
        except FileNotFoundError:
            return

    @property
    def _store(self) -> Any:
        """The store itself, opened at the first use: it is a heavy library."""
        if self._opened is None:
            from obstore.store import LocalStore, from_url

            folder = self._folder
            self._opened = LocalStore(folder, mkdir=True) if folder else from_url(self.url, retry_config=_PATIENCE)
        return self._opened

    @property
    def _folder(self) -> Path | None:
        address = urlsplit(self.url)
        return Path(url2pathname(address.path)) if address.scheme == "file" else None

    def _sync(self, digest: str) -> None:
        """Bring a new file, and its name in the folder, onto the disk."""
        if folder := self._folder:
            for path in (folder / _path(digest), folder / digest[:2], folder):
                sync_path(path)


class StoredFile:
    """Stored bytes as an iterable that can begin anywhere, as Werkzeug's ranges want it; a part in memory at a time."""

    def __init__(self, store: Store, digest: str, size: int):
        self.store, self.digest, self.size, self.at = store, digest, size, 0

    def __iter__(self) -> "StoredFile":
        return self

    def __next__(self) -> bytes:
        if self.at >= self.size:
            raise StopIteration
        part = self.store.read(self.digest, self.at, min(PART, self.size - self.at))
        self.at += len(part)
        return part

    def seekable(self) -> bool:
        return True

    def seek(self, position: int) -> None:
        self.at = position

    def tell(self) -> int:
        return self.at


def store() -> Store:
    """The store of the application."""
    return current_app.extensions["files"]


def init_app(app: Flask) -> None:
    """Bind the store to its address; nothing is opened yet."""
    app.extensions["files"] = Store(app.config["SETTINGS"].files_url)


def _path(digest: str) -> str:
    return f"{digest[:2]}/{digest}"
