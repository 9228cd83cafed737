"""The store keeps bytes under their digest: in a folder, or in S3."""

import hashlib
import os
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from academy.files.store import PART, LostFile, Store

WORDS = b"Un quai, un m\xc3\xb4le."


class _S3(BaseHTTPRequestHandler):
    """As much of S3 as the store needs, in memory."""

    kept: dict[str, bytes]

    def do_PUT(self):
        self.kept[urlsplit(self.path).path] = self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(200, b"")

    def do_HEAD(self):
        self.do_GET()

    def do_POST(self):
        keys = re.findall("<Key>(.*?)</Key>", self.rfile.read(int(self.headers["Content-Length"])).decode())
        for key in keys:
            self.kept.pop(f"/bucket/{key}", None)
        done = "".join(f"<Deleted><Key>{key}</Key></Deleted>" for key in keys)
        self._answer(200, f"<DeleteResult>{done}</DeleteResult>".encode())

    def do_GET(self):
        address = urlsplit(self.path)
        if "list-type" in address.query:
            self._answer(200, self._list(parse_qs(address.query)["prefix"][0]))
        elif (data := self.kept.get(address.path)) is None:
            self._answer(404, b"")
        elif asked := self.headers.get("Range"):
            start, end = (int(number) for number in asked.removeprefix("bytes=").split("-"))
            part = data[start : end + 1]
            self._answer(206, part, {"Content-Range": f"bytes {start}-{start + len(part) - 1}/{len(data)}"})
        else:
            self._answer(200, data)

    def _list(self, prefix: str) -> bytes:
        items = "".join(
            f"<Contents><Key>{path.removeprefix('/bucket/')}</Key><LastModified>2026-11-22T08:00:00.000Z</LastModified>"
            f'<ETag>"x"</ETag><Size>{len(data)}</Size><StorageClass>STANDARD</StorageClass></Contents>'
            for path, data in sorted(self.kept.items())
            if path.startswith(f"/bucket/{prefix}")
        )
        return f"<ListBucketResult><IsTruncated>false</IsTruncated>{items}</ListBucketResult>".encode()

    def _answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        always = {"Last-Modified": "Sun, 22 Nov 2026 08:00:00 GMT", "ETag": '"x"', "Content-Length": str(len(body))}
        for name, value in (always | (headers or {})).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_):
        return


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a bucket that answers on this machine."""
    handler = type("Bucket", (_S3,), {"kept": {}})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    values = {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_REGION": "eu-west-3",
        "AWS_ALLOW_HTTP": "true",
        "NO_PROXY": "127.0.0.1",
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    yield "s3://bucket/academie"
    server.shutdown()
    server.server_close()


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "s3":
        return Store(request.getfixturevalue("bucket"))
    return Store((tmp_path / "mes fichiers").as_uri())


def test_bytes_are_kept_under_their_digest_once(store: Store):
    digest = store.put(WORDS)
    assert digest == hashlib.sha256(WORDS).hexdigest() == store.put(WORDS)
    assert [name for name, _ in store.digests()] == [digest]
    assert store.read(digest, 3, 4) == b"quai"


def test_old_bytes_that_are_put_again_are_young_again(tmp_path: Path):
    store = Store(tmp_path.as_uri())
    digest = store.put(WORDS)
    path = tmp_path / digest[:2] / digest
    os.utime(path, (0, 0))
    store.put(WORDS)
    assert path.stat().st_mtime > 0
    assert store.since("0" * 64) is None


def test_a_file_is_read_from_any_place(store: Store):
    digest = store.put(WORDS)
    file = store.opened(digest, len(WORDS))
    file.seek(3)
    assert (file.seekable(), file.tell(), b"".join(file)) == (True, 3, WORDS[3:])


def test_a_large_file_is_read_in_parts(store: Store):
    data = bytes(range(256)) * (PART // 256) + b"fin"
    assert [len(part) for part in store.opened(store.put(data), len(data))] == [PART, 3]


def test_what_is_not_there_is_lost(store: Store):
    store.put(WORDS)
    with pytest.raises(LostFile):
        store.opened("0" * 64, 1)
    with pytest.raises(LostFile):
        store.read("0" * 64, 0, 1)


def test_what_is_deleted_is_gone(store: Store):
    digest = store.put(WORDS)
    store.delete(digest)
    store.delete(digest)
    assert (store.has(digest), list(store.digests())) == (False, [])


def test_nothing_is_made_before_it_is_needed(tmp_path: Path):
    Store((tmp_path / "files").as_uri())
    assert not (tmp_path / "files").exists()
