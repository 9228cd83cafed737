"""Count the questions of visitors: in the memory of each process, written down once a minute and at its end.

Who asked is never kept: no address, no cookie, no account; a question that might name somebody is not counted at all
(`search.questions`). A process that is killed loses what it counted in its last minute.
"""

import atexit
import logging
import re
import threading
from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qs

from flask import Flask, Response, current_app, request
from sqlalchemy.exc import SQLAlchemyError

from academy.domain import questions
from academy.domain.questions import Count
from academy.extensions import transaction
from academy.search.questions import LONGEST, words_of
from academy.web import clock, identity
from academy.web.locale import language

log = logging.getLogger(__name__)
EVERY = 60.0  # seconds between two writings
MOST = 5000  # different questions that a process keeps between two writings; a flood goes no further
_ROBOT = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|archiver|preview|monitor|curl|wget|python|java/|go-http|scrapy", re.I
)
_Key = tuple[date, str, str]  # day, language, words


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is counted."""

    day: date
    language: str
    words: str
    typed: str
    is_answered: bool = True


class Tally:
    """What was asked of this process since the last writing."""

    def __init__(self, app: Flask):
        self._app = app
        self._counts: dict[_Key, Count] = {}
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        self._is_at_exit = False

    def ask(self, asked: Asked, environ) -> None:
        """Count a question, unless a robot asks it, or the same visitor again."""
        if not _is_new(asked, environ):
            return
        self._add(Count(asked.day, asked.language, asked.words, asked.typed, 1, int(not asked.is_answered), 0))

    def open(self, asked: Asked) -> None:
        """Count that an answer of this question was followed."""
        self._add(Count(asked.day, asked.language, asked.words, asked.typed, 0, 0, 1))

    def write(self) -> int:
        """Write down what was counted; return how many questions. What cannot be written now is kept for later."""
        with self._lock:
            counts, self._counts, self._timer = self._counts, {}, None
        if not counts:
            return 0
        try:
            with self._app.app_context(), transaction():
                questions.add(list(counts.values()))
        except SQLAlchemyError as problem:
            log.warning("questions: %s", problem)
            for count in counts.values():
                self._add(count)
            return 0
        return len(counts)

    def _add(self, count: Count) -> None:
        key = count[:3]
        with self._lock:
            known = self._counts.get(key)
            if known is None and len(self._counts) >= MOST:
                return
            self._counts[key] = count if known is None else _sum(known, count)
            if self._timer is None and not self._app.testing:
                self._start()

    def _start(self) -> None:
        """Write in a minute: in whichever process counts, also one without a jobs runner."""
        self._timer = threading.Timer(EVERY, self.write)
        self._timer.daemon = True
        self._timer.start()
        if not self._is_at_exit:
            self._is_at_exit = True
            atexit.register(self.write)


def asked(text: str, *, typed: str = "", is_answered: bool = True) -> Asked | None:
    """The question of this page as it is counted, or None: who is signed in is not counted, nor what is private.

    *text* is what was searched, *typed* what was typed, where a typo was repaired.
    """
    if identity.member() is not None:
        return None
    typed = (typed or text)[:LONGEST]
    if not (words := words_of(text, language())) or not words_of(typed, language()):
        return None
    day = clock.now().astimezone(clock.PARIS).date()
    return Asked(day, language(), words, typed, is_answered)


def _is_new(asked: Asked, environ) -> bool:
    if environ["REQUEST_METHOD"] != "GET" or "HTTP_IF_NONE_MATCH" in environ:  # a browser that holds the page already
        return False
    if is_robot(environ) or "prefetch" in environ.get("HTTP_SEC_PURPOSE", environ.get("HTTP_PURPOSE", "")):
        return False
    before = parse_qs(environ.get("HTTP_REFERER", "").partition("?")[2]).get("q", [""])
    return " ".join(before[0].split()) != asked.typed  # a filter, an order or a page of the same answer


def is_robot(environ) -> bool:
    """Whether the sender says that it is no person's browser."""
    return _ROBOT.search(environ.get("HTTP_USER_AGENT", "")) is not None


def _sum(one: Count, other: Count) -> Count:
    return one._replace(
        asked=one.asked + other.asked, unanswered=one.unanswered + other.unanswered, opened=one.opened + other.opened
    )


def init_app(app: Flask) -> None:
    """Count what the page cache sees; without one, what Flask answers."""
    app.extensions["tally"] = Tally(app)
    if not app.config["SETTINGS"].page_cache_mb:
        app.after_request(_count)


def _count(response: Response) -> Response:
    found = request.environ.get("academy.asked")
    if found is not None and response.status_code == 200:
        tally().ask(found, request.environ)
    return response


def tally() -> Tally:
    """The counter of this process."""
    return current_app.extensions["tally"]
