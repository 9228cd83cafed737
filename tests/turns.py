"""Which cases of a test run on which kind of database."""

import os
from collections import defaultdict
from zlib import crc32

import pytest

KINDS = ("sqlite", "postgresql")
PAGES = ("tests/blueprints/", "tests/mail/", "tests/web/")  # words, HTML, forms: a case changes those, and no statement


def kept(items: list[pytest.Item]) -> set[str]:
    """The ids of what runs: of a test of pages with several cases, each case on one kind of database, by turns.

    So each test runs on both, and both see cases of all kinds. A test whose cases are statements of SQL of their own
    is marked `each_database`. With ACADEMY_DEEP=1 every case runs on both.
    """
    if os.environ.get("ACADEMY_DEEP"):
        return {item.nodeid for item in items}
    cases: dict[str, dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    for item in items:
        if _takes_turns(item):
            test, _, case = item.nodeid.partition("[")
            cases[test][case.replace(_kind(item), "", 1)][_kind(item)] = item.nodeid
    ended = set()
    for test, found in cases.items():
        both = [ids for ids in found.values() if len(ids) == len(KINDS)]
        if len(both) > 1:
            ended |= {ids[KINDS[(number + crc32(test.encode())) % 2]] for number, ids in enumerate(both)}
    return {item.nodeid for item in items} - ended


def _takes_turns(item: pytest.Item) -> bool:
    return item.nodeid.startswith(PAGES) and bool(_kind(item)) and not item.get_closest_marker("each_database")


def _kind(item: pytest.Item) -> str:
    callspec = getattr(item, "callspec", None)
    return callspec.params.get("database_url", "") if callspec else ""
