"""A cache of whole anonymous pages in front of Flask, keyed by URL, language and content version."""

import gzip
import logging
import threading
from collections import OrderedDict
from collections.abc import Iterable
from typing import NamedTuple

from flask import Flask, Response, current_app, g, request
from sqlalchemy.exc import SQLAlchemyError

from academy.web import identity
from academy.web.questions import Asked, Tally
from academy.web.version import ContentVersion

log = logging.getLogger(__name__)
ALWAYS_ASKED = {"/healthz", "/readyz"}  # not even the content version is read for these
THE_SAME_FOR_ALL = ("/assets/", "/art/")
_NOT_KEPT = {"Content-Length", "Retry-After"}  # and what the rate limit said to the first who asked


class Page(NamedTuple):
    etag: str
    headers: list[tuple[str, str]]
    body: bytes
    zipped: bytes
    asked: Asked | None = None  # the question that it answers, which is counted each time


class PageCache:
    """WSGI: answers a visitor's GET from memory; whoever holds a cookie of ours goes on to Flask."""

    def __init__(self, app, version: ContentVersion, tally: Tally, *, megabytes: int, cookies: tuple[str, ...]):
        self.app, self.version, self.tally, self.cookies = app, version, tally, cookies
        self.limit, self.size = megabytes << 20, 0
        self.pages: OrderedDict[tuple[str, str, str, str], Page] = OrderedDict()
        self.lock = threading.Lock()

    def __call__(self, environ, start_response):
        if not self._is_public(environ):
            return self.app(environ, start_response)
        try:
            version = self.version()
        except SQLAlchemyError:  # Flask's own answer says what is wrong
            return self.app(environ, start_response)
        key = (
            environ.get("HTTP_HOST", ""),
            environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", ""),
            environ.get("QUERY_STRING", ""),
            version,
        )
        page = self.pages.get(key)
        if page is None:
            environ["academy.content_version"] = version
            made = self._make(environ, start_response)
            if not isinstance(made, Page):
                return made
            page = made
            self._keep(key, page)
        if page.asked is not None:
            self.tally.ask(page.asked, environ)
        return self._answer(page, environ, start_response)

    def _is_public(self, environ) -> bool:
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or "HTTP_AUTHORIZATION" in environ:
            return False
        path, cookie = environ.get("PATH_INFO", ""), environ.get("HTTP_COOKIE", "")
        if path in ALWAYS_ASKED:
            return False
        return path.startswith(THE_SAME_FOR_ALL) or not any(name in cookie for name in self.cookies)

    def _make(self, environ, start_response) -> Page | Iterable[bytes]:
        """Ask Flask for the whole page; what it does not mark as public is passed on untouched, and never read here."""
        method = environ["REQUEST_METHOD"]
        environ["REQUEST_METHOD"] = "GET"
        if method == "HEAD":
            environ.pop("HTTP_RANGE", None)  # ranges are for GET
        try:
            status, headers, chunks = _run(self.app, environ)
        finally:
            environ["REQUEST_METHOD"] = method
        marked = dict(headers).get("ETag")
        is_personal = any(k == "Set-Cookie" or (k == "Vary" and "Cookie" in v) for k, v in headers)
        if status != "200 OK" or not marked or is_personal or not environ.get("academy.is_public"):
            start_response(status, headers)
            if method == "GET":
                return chunks
            _close(chunks)
            return []
        body = _whole(chunks)
        kept = [(k, v) for k, v in headers if k not in _NOT_KEPT and not k.startswith("X-RateLimit")]
        zipped = gzip.compress(body, 6, mtime=0) if len(body) > 600 else b""
        return Page(marked, kept, body, zipped, environ.get("academy.asked"))

    def _keep(self, key, page: Page) -> None:
        with self.lock:
            if self.pages and next(reversed(self.pages))[-1] != key[-1]:
                self.pages.clear()  # another version: none of the old pages will be asked for
                self.size = 0
            self.pages[key] = page
            self.size += len(page.body) + len(page.zipped) + 1000
            while self.size > self.limit and self.pages:
                _, old = self.pages.popitem(last=False)
                self.size -= len(old.body) + len(old.zipped) + 1000

    def _answer(self, page: Page, environ, start_response) -> list[bytes]:
        if page.etag.removeprefix("W/") in environ.get("HTTP_IF_NONE_MATCH", ""):
            start_response("304 Not Modified", [h for h in page.headers if h[0] != "Content-Type"])
            return [b""]
        body = page.body
        headers = page.headers
        if page.zipped and "gzip" in environ.get("HTTP_ACCEPT_ENCODING", ""):
            body = page.zipped
            headers = [*headers, ("Content-Encoding", "gzip")]
        start_response("200 OK", [*headers, ("Content-Length", str(len(body)))])
        return [body] if environ["REQUEST_METHOD"] == "GET" else [b""]


def _run(app, environ) -> tuple[str, list[tuple[str, str]], Iterable[bytes]]:
    """What Flask begins to answer; it says the status before the first chunk."""
    started: list = []
    chunks = app(environ, lambda status, headers, exc_info=None: started.extend((status, headers)))
    return started[0], started[1], chunks


def _whole(chunks: Iterable[bytes]) -> bytes:
    try:
        return b"".join(chunks)
    finally:
        _close(chunks)


def _close(chunks: Iterable[bytes]) -> None:
    if (close := getattr(chunks, "close", None)) is not None:
        close()


def no_store() -> None:
    """Keep this answer out of every cache (called by a view)."""
    g.no_store = True


def init_app(app: Flask, version: ContentVersion) -> None:
    settings, tally = app.config["SETTINGS"], app.extensions["tally"]
    app.after_request(_mark)
    if settings.page_cache_mb:
        with app.app_context():
            cookies = (identity.cookie_name() + "=", app.config["SESSION_COOKIE_NAME"] + "=")
        app.wsgi_app = PageCache(app.wsgi_app, version, tally, megabytes=settings.page_cache_mb, cookies=cookies)


def _mark(response: Response) -> Response:
    """A visitor's page: an ETag from the content version; what never changes: as it is; anything personal: no-store."""
    if request.method not in {"GET", "HEAD"}:
        return response
    given = response.headers.get("Cache-Control")
    if given is None and not _is_public(response):
        response.headers["Cache-Control"] = "no-store"
    elif given is None:
        version = request.environ.get("academy.content_version") or current_app.extensions["content_version"]()
        response.headers["Cache-Control"] = "no-cache"
        _keepable(response, f"{version}-{request.environ.get('academy.language', 'fr')}")
    elif "immutable" in given and response.status_code == 200:
        _keepable(response, current_app.extensions["content_version"].build)
    return response


def _keepable(response: Response, version: str) -> None:
    """Let the cache in front keep this answer; without one, Flask itself says 304."""
    response.set_etag(version, weak=True)  # weak: with and without gzip it is the same page
    response.headers["Vary"] = "Accept-Encoding"
    request.environ["academy.is_public"] = True
    if "If-None-Match" in request.headers and not current_app.config["SETTINGS"].page_cache_mb:
        response.make_conditional(request)


def _is_public(response: Response) -> bool:
    return response.status_code == 200 and not g.get("no_store") and _is_anonymous(response)


def _is_anonymous(response: Response) -> bool:
    session_name = current_app.config["SESSION_COOKIE_NAME"]
    return identity.token() is None and session_name not in request.cookies and "Set-Cookie" not in response.headers
