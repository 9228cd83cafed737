"""What every engine must do, whatever is behind it: the answers of plain Python and of SQL, at any moment.

`test_index.py`, `test_filters.py` and `test_spelling.py` run on every engine too.
"""

import os
import random
import signal
import sqlite3
import tempfile
import threading
import time
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from academy.search.analysis import stems, words
from academy.search.document import IndexDocument, Passage
from academy.search.engine import Engine
from academy.search.query import parse
from academy.search.ranking import Request
from academy.search.results import FACETS, Filters
from tests.search.conftest import WORDS
from tests.search.engines import ENGINES, QUERIES, answers, each_engine, similar

IS_DEEP = bool(os.environ.get("ACADEMY_DEEP"))
PUBLIC = frozenset({"public"})
engine_type = each_engine


def _keys(index: Engine, q: str, **values) -> set[str]:
    request = Request(typed=parse(q), per_page=100, is_verbatim=True, **values)
    return {hit.key for hit in index.search(request).hits}


def _folded(document: IndexDocument) -> set[str]:
    return set(words(" ".join([document.title, document.summary, *(p.text for p in document.passages)])))


def _has(document: IndexDocument, word: str) -> bool:
    return bool(set(stems(words(word), document.language)) & set(stems(_folded(document), document.language)))


def _expected(documents, condition, audiences=PUBLIC) -> set[str]:
    return {document.key for document in documents if document.audience in audiences and condition(document)}


def test_single_words_find_what_plain_python_finds(filled, a_library):
    documents = a_library(60)
    index = filled(documents)
    for word in (*WORDS, "PORTS", "metropole", "inconnu"):
        assert _keys(index, word) == _expected(documents, lambda d, w=word: _has(d, w)), word


def test_several_words_find_what_has_any_of_them(filled, a_library):
    documents = a_library(60)
    index = filled(documents)
    for one, other in zip(WORDS[::2], WORDS[1::2], strict=False):
        assert _keys(index, f"{one} {other}") == _expected(
            documents, lambda d, a=one, b=other: _has(d, a) or _has(d, b)
        )


def test_quoted_words_find_what_has_all_of_them_as_written(filled, a_library):
    documents = a_library(60)
    index = filled(documents)
    for trio in zip(WORDS[::3], WORDS[1::3], WORDS[2::3], strict=False):
        wanted = set(words(" ".join(trio)))
        assert _keys(index, " ".join(f'"{word}"' for word in trio)) == _expected(
            documents, lambda d, wanted=wanted: wanted <= _folded(d)
        )


def test_minus_leaves_out_what_plain_python_leaves_out(filled, a_library):
    documents = a_library(60)
    index = filled(documents)
    for one, other in zip(WORDS[::2], WORDS[1::2], strict=False):
        assert _keys(index, f"{one} -{other}") == _expected(
            documents, lambda d, a=one, b=other: _has(d, a) and not _has(d, b)
        )


def test_audiences_and_filters_find_what_plain_python_finds(filled, a_library):
    documents = a_library(60)
    index = filled(documents)
    for audiences in (PUBLIC, frozenset({"members"}), frozenset({"public", "members"}), frozenset({"team"})):
        for kind in ("note", "video", "kit"):
            chosen = Filters(type=(kind,), year=(2024, 2025))
            found = _keys(index, "port", audiences=audiences, filters=chosen)
            assert found == _expected(
                documents, lambda d, k=kind: _has(d, "port") and d.type == k and d.year in {2024, 2025}, audiences
            )


@pytest.mark.parametrize(("q", "chosen"), [
    ("", {}), ("port", {}), ("énergie", {"type": ("note", "kit")}), ("", {"topic": ("mer",), "language": ("fr",)}),
])  # fmt: skip
def test_facets_sum_to_what_sql_groups(q: str, chosen: dict, filled, a_library):
    documents = a_library(80)
    several = {"topic": "topics", "territory": "territories", "stakeholder": "stakeholders"}
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE edition (id INTEGER, key TEXT)")
    database.execute("CREATE TABLE value (edition INTEGER, facet TEXT, value TEXT)")
    for d in documents:
        if d.audience == "public" and (not q or _has(d, q)):
            database.execute("INSERT INTO edition VALUES (?, ?)", (d.id, d.key))
            stated = {f: getattr(d, several[f]) if f in several else [getattr(d, f)] for f in FACETS}
            values = [(d.id, f, str(value)) for f, of in stated.items() for value in of if value]
            database.executemany("INSERT INTO value VALUES (?, ?, ?)", values)
    facets = filled(documents).search(Request(typed=parse(q), filters=Filters(**chosen))).facets
    for facet in FACETS:
        others = [(name, value) for name, values in chosen.items() if name != facet for value in values]
        narrowed = "".join(
            f" AND id IN (SELECT edition FROM value WHERE facet = '{name}' AND value IN ({','.join('?' * len(values))}))"
            for name, values in chosen.items()
            if name != facet
        )
        rows = database.execute(
            "SELECT value, count(DISTINCT key) FROM edition JOIN value ON edition = id WHERE facet = ?"
            + narrowed
            + " GROUP BY value",
            [facet, *(value for _, value in others)],
        )
        assert {value: n for value, n in facets[facet] if n} == dict(rows), facet


def test_changes_are_seen_once_the_generation_changed(filled, a_document, engine_type, root):
    index = filled([a_document(1, "Port"), a_document(2, "Ville")])
    reader = engine_type(root)
    before = reader.generation()
    assert _keys(reader, "gare") == set()
    index.apply([(1, a_document(1, "Gare")), (2, None)], cursor=2)
    assert reader.generation() != before
    assert reader.cursor() == 2  # looks at the disk
    assert (_keys(reader, "gare"), _keys(reader, "port"), _keys(reader, "")) == ({"key-1"}, set(), {"key-1"})


def test_wiped_rebuilt_or_read_anew_it_answers_the_same(filled, a_library, engine_type, root, tmp_path):
    documents = a_library(40)
    index = filled(documents)
    other = engine_type(tmp_path / "other")
    other.rebuild(reversed(documents), cursor=1, replacing=None)
    assert similar(answers(index), answers(engine_type(root)))
    for left, right in zip(answers(index), answers(other), strict=True):
        assert (left.total, left.facets) == (right.total, right.facets)
        assert {hit.edition_id for hit in left.hits} == {hit.edition_id for hit in right.hits}


def test_eight_threads_get_what_one_gets(filled, a_library):
    index = filled(a_library(60))
    expected = {q: [hit.edition_id for hit in index.search(Request(typed=parse(q))).hits] for q in QUERIES}
    index.snapshot().forget()
    wrong: list[object] = []
    start = threading.Barrier(8)

    def ask(number: int) -> None:
        start.wait()
        chance = random.Random(number)
        for q in chance.choices(QUERIES, k=60):
            try:
                found = [hit.edition_id for hit in index.search(Request(typed=parse(q))).hits]
                index.suggest(q[:3], audiences=PUBLIC, language="fr", limit=5)
            except Exception as problem:
                wrong.append(problem)
            else:
                wrong.extend([q] if found != expected[q] else [])

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_killed_at_any_moment_a_commit_is_whole_or_not_there(filled, a_document, engine_type, root):
    filled([a_document(1, "Port", "essai1"), a_document(2, "Ville", "essai1")])
    chance = random.Random(5)
    for _ in range(20 if IS_DEEP else 5):
        child = os.fork()
        if child == 0:
            writer = engine_type(root)
            for n in range(writer.cursor() + 1, 10_000):
                writer.apply([(i, a_document(i, "Port", f"essai{n}")) for i in (1, 2)], cursor=n)
        time.sleep(0.05 + chance.random() / 4)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        index = engine_type(root)
        assert _keys(index, "") == {"key-1", "key-2"}
        assert _keys(index, f'"essai{index.cursor()}"') == {"key-1", "key-2"}
        index.verify(index.snapshot().generation)
        assert index.apply([], cursor=index.cursor()) == 0  # the pen is free


def test_a_damaged_file_is_noticed_and_rebuilt(filled, a_library, engine_type, root):
    documents = a_library(20)
    right = answers(filled(documents))
    damaged = [path for path in root.rglob("*") if path.suffix in {".seg", ".store", ".idx", ".term", ".fast"}]
    assert damaged
    for name in [path.relative_to(root) for path in damaged]:
        path = next((p for p in root.rglob("*") if p.suffix == name.suffix), root / name)
        whole = bytearray(path.read_bytes())
        whole[len(whole) // 3] ^= 4
        path.write_bytes(whole)
        index = engine_type(root)
        assert index.is_ready() is False, name
        index.rebuild(documents, cursor=1, replacing=index.generation())
        assert similar(answers(index), right)


class Operations(RuleBasedStateMachine):
    """Any sequence of changes, against a dict."""

    kind: type[Engine]

    @initialize()
    def start(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.index = self.kind(Path(self.folder.name) / "index")
        self.index.rebuild([], cursor=0, replacing=None)
        self.expected: dict[int, IndexDocument] = {}
        self.cursor = 0

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            self.folder.cleanup()

    @rule(
        ids=st.lists(st.integers(1, 6), min_size=1, max_size=4),
        seed=st.integers(0, 9),
        audience=st.sampled_from(["public", "members"]),
    )
    def put(self, ids: list[int], seed: int, audience: str) -> None:
        self._apply([(id_, _edition(id_, seed + at, audience)) for at, id_ in enumerate(ids)])

    @rule(ids=st.lists(st.integers(1, 7), max_size=3))
    def remove(self, ids: list[int]) -> None:
        self._apply([(id_, None) for id_ in ids])

    @rule(id_=st.integers(1, 6), seed=st.integers(0, 9))
    def remove_and_put_in_one_batch(self, id_: int, seed: int) -> None:
        self._apply([(id_, None), (id_, _edition(id_, seed, "public"))])

    @rule()
    def rebuild(self) -> None:
        self.index.rebuild(list(self.expected.values()), cursor=self.cursor, replacing=self.index.generation())

    @rule()
    def tidy(self) -> None:
        self.index.tidy()

    @rule()
    def open_anew(self) -> None:
        self.index = type(self.index)(self.index.root)

    @invariant()
    def answers_like_the_dict(self) -> None:
        if not hasattr(self, "index"):
            return
        assert self.index.cursor() == self.cursor
        held = self.index.snapshot().revisions()
        assert held == {id_: document.revision for id_, document in self.expected.items()}
        for audiences in (PUBLIC, PUBLIC | {"members"}):
            seen = [d for d in self.expected.values() if d.audience in audiences]
            for q in ("", "port", "énergie"):
                found = _keys(self.index, q, audiences=audiences)
                assert found == {d.key for d in seen if not q or _has(d, q)}
            facets = dict(self.index.search(Request(typed=parse(""), audiences=audiences)).facets["type"])
            counts: defaultdict[str, set[str]] = defaultdict(set)
            for document in seen:
                counts[document.type].add(document.key)
            assert facets == {value: len(keys) for value, keys in counts.items()}

    def _apply(self, changes: list[tuple[int, IndexDocument | None]]) -> None:
        self.cursor += 1
        self.index.apply(changes, cursor=self.cursor)
        for id_, document in changes:
            if document:
                self.expected[id_] = document
            else:
                self.expected.pop(id_, None)


def _edition(id_: int, seed: int, audience: str) -> IndexDocument:
    text = " ".join(random.Random(seed).choices(WORDS[:8], k=6))
    return IndexDocument(
        id=id_, key=f"key-{(id_ + 1) // 2}", kind="resource", type=("note", "kit")[seed % 2],
        language="fr" if id_ % 2 else "en", title=text.split()[0], summary="", text=text,
        passages=(Passage("s", ("Partie",), text),), audience=audience, revision=seed,
    )  # fmt: skip


@pytest.mark.parametrize("name", ENGINES)
def test_any_sequence_of_changes_answers_like_a_dict(name: str):
    machine = type("OperationsOn", (Operations,), {"kind": ENGINES[name]})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=150 if IS_DEEP else 8,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
