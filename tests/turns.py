"""Which cases of a test run on which kind of database; and, in `make test-deep`, which tests cannot do with one."""

import os
import re
from collections import Counter, defaultdict
from collections.abc import Generator
from functools import cache
from typing import Any
from zlib import crc32

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

KINDS = ("sqlite", "postgresql")
PAGES = ("tests/blueprints/", "tests/mail/", "tests/web/")  # words, HTML, forms; their statements are not their own
COUNTS = {"queries", "queries_of"}  # fixtures of tests whose subject is the statements
IS_DEEP = bool(os.environ.get("ACADEMY_DEEP"))


def spared(items: list[pytest.Item]) -> set[str]:
    """The ids of what need not run: of tests of pages, each case runs on one kind of database, by turns.

    Which one comes first, or has the only case, is told by the name of the test: both see cases of all kinds. A test that
    counts statements stays on both, and one that is marked `each_database`.
    """
    cases: dict[str, dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    for item in items:
        if _takes_turns(item):
            test, _, case = item.nodeid.partition("[")
            cases[test][case.replace(_kind(item), "", 1)][_kind(item)] = item.nodeid
    ended = set()
    for test, found in cases.items():
        both = [ids for ids in found.values() if len(ids) == len(KINDS)]
        ended |= {ids[KINDS[(number + crc32(test.encode())) % 2]] for number, ids in enumerate(both)}
    return ended


def _takes_turns(item: pytest.Item) -> bool:
    stays = item.get_closest_marker("each_database") or COUNTS & set(getattr(item, "fixturenames", ()))
    return item.nodeid.startswith(PAGES) and bool(_kind(item)) and not stays


def _kind(item: pytest.Item) -> str:
    callspec = getattr(item, "callspec", None)
    return callspec.params.get("database_url", "") if callspec else ""


class Statements:
    """A plugin for a whole deep run: a statement that only a spared test sends to a kind of database fails the run."""

    def __init__(self) -> None:
        self.sent: dict[str, list[int]] = {}
        self.spared: set[str] = set()
        self._now: set[int] = set()
        event.listen(Engine, "before_cursor_execute", lambda *sent: self._now.add(_shape(sent[2])))

    def lonely(self) -> list[str]:
        """The tests to mark `each_database`."""
        covered = Counter(one for test, sent in self.sent.items() if test not in self.spared for one in sent)
        return sorted(test for test in self.spared if any(one not in covered for one in self.sent.get(test, ())))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, Any, Any]:
        self._now.clear()
        result = yield
        self.sent[item.nodeid] = sorted(self._now)
        return result

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        self.sent |= node.workeroutput["sent"]
        self.spared |= set(node.workeroutput["spared"])

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        output = getattr(session.config, "workeroutput", None)  # of a process of xdist, for the one that reports
        if output is not None:
            output |= {"sent": self.sent, "spared": sorted(self.spared)}
        elif self._is_whole(session.config) and self.lonely():
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any, config: pytest.Config) -> None:
        for test in self.lonely() if self._is_whole(config) else ():
            terminalreporter.write_line(f"Sends a statement of its own: mark each_database: {test}", red=True)

    def _is_whole(self, config: pytest.Config) -> bool:
        return config.args_source == pytest.Config.ArgsSource.TESTPATHS and not config.option.keyword


@cache
def _shape(statement: str) -> int:
    """A number for a statement, the same whatever its values and however many."""
    plain = re.sub(r"%\(\w+\)s(::[A-Z]+(\(\d+\))?( WITH(OUT)? TIME ZONE)?)?", "?", statement)
    plain = re.sub(r"\?(, ?\?)+", "?", plain)
    return crc32(re.sub(r"sa_savepoint_\d+", "", re.sub(r"\(\?\)(, ?\(\?\))+", "(?)", plain)).encode())
