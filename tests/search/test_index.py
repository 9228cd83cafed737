"""What is applied is found, what is removed is gone, whatever the path that led there."""

import multiprocessing
import stat
import threading
import time

import pytest

from academy.search.engine import UnavailableError
from academy.search.query import parse
from academy.search.ranking import Request
from tests.search.engines import QUERIES, answers, each_engine, similar

engine_type = each_engine


def test_an_update_replaces(filled, found, a_document):
    index = filled([a_document(1, "Port"), a_document(2, "Ville")])
    assert index.apply([(1, a_document(1, "Gare"))], cursor=2) == 1
    assert (found(index, "port"), found(index, "gare"), sorted(found(index, ""))) == ([], [1], [1, 2])


def test_a_removal_removes_hits_counts_and_suggestions(filled, ask, found, a_document):
    index = filled([a_document(1, "Port zanzibar", type="kit"), a_document(2, "Ville")])
    index.apply([(1, None)], cursor=2)
    assert (found(index, "zanzibar"), found(index, "")) == ([], [2])
    assert ask(index, "").facets["type"] == [("note", 1)]
    assert index.suggest("zanz", audiences={"public"}, language="fr", limit=8) == []
    index.apply([(99, None)], cursor=3)  # never was there
    assert found(index, "") == [2]


def test_the_last_change_of_a_batch_counts(filled, found, a_document):
    index = filled([a_document(1, "Port")])
    changes = [(1, a_document(1, "Gare")), (2, a_document(2, "Gare")), (1, a_document(1, "Quai")), (2, None)]
    index.apply(changes, cursor=9)
    assert (found(index, ""), found(index, "quai"), found(index, "gare"), index.cursor()) == ([1], [1], [], 9)


def test_what_is_older_than_the_index_is_not_applied(filled, found, a_document):
    index = filled([a_document(1, "Port")])
    index.apply([(1, a_document(1, "Gare"))], cursor=5)
    assert index.apply([(1, a_document(1, "Port"))], cursor=4) == 0
    assert (found(index, "gare"), index.cursor()) == ([1], 5)


def test_an_empty_indexanswers(filled, ask):
    index = filled([])
    results = ask(index, "port")
    assert (results.total, results.hits, set(results.facets)) == (
        0,
        [],
        {"cycle", "topic", "type", "territory", "stakeholder", "language", "year", "licence"},
    )
    assert ask(index, "").total == 0
    assert index.suggest("por", audiences={"public"}, language="fr", limit=8) == []


def test_all_removed_then_filled_again(filled, found, a_library):
    documents = a_library(12)
    index = filled(documents)
    index.apply([(d.id, None) for d in documents], cursor=2)
    assert found(index, "") == []
    index.apply([(d.id, d) for d in documents[:3]], cursor=3)
    assert len(found(index, "", audiences=frozenset({"public", "members"}))) == 2  # the third is a twin


def test_wiped_and_rebuilt_it_answers_the_same(filled, a_library, root, engine_type):
    import shutil

    documents = a_library(40)
    before = answers(filled(documents))
    shutil.rmtree(root)
    assert engine_type(root).is_ready() is False
    assert similar(before, answers(filled(documents)))


def test_a_rebuild_leaves_one_folder_and_readers_of_the_old_go_on(filled, a_library, root):
    index = filled(a_library(20))
    old = index.snapshot()
    index.rebuild(a_library(25), cursor=7, replacing=index.generation())
    assert [path.name for path in root.iterdir() if path.is_dir()] == [index.generation()[0]]
    assert old.card(0)["title"]
    assert old.term("fr", "port").idf > 0
    assert (index.cursor(), len(index.snapshot().ids)) == (7, 25)


def test_a_rebuild_that_another_process_made_is_not_repeated(filled, a_library):
    index = filled(a_library(5))
    assert index.rebuild(a_library(9), cursor=9, replacing=None) == 0
    assert index.cursor() == 1


def test_only_the_owner_may_look(filled, a_library, root):
    filled(a_library(3))
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (root, *(p for p in root.iterdir() if p.is_dir()))}
    assert modes == {0o700}


def test_a_failed_commit_keeps_nothing_and_blocks_nobody(filled, found, a_document):
    index = filled([a_document(1, "Port")])

    def broken():
        yield (2, a_document(2, "Gare"))
        yield (3, a_document(3, "Quai", published_on="not a date"))

    with pytest.raises(AttributeError):
        index.apply(broken(), cursor=2)
    assert (found(index, ""), index.cursor()) == ([1], 1)
    index.apply([(2, a_document(2, "Gare"))], cursor=2)
    assert sorted(found(index, "")) == [1, 2]


def test_a_missing_index_is_unavailable(root, a_document, engine_type):
    index = engine_type(root)
    assert (index.is_ready(), index.generation()) == (False, None)
    with pytest.raises(UnavailableError):
        index.search(Request(typed=parse("port")))
    with pytest.raises(UnavailableError):
        index.apply([(1, a_document(1))], cursor=1)


def test_threads_agree_while_editions_change(filled, found, a_library):
    documents = a_library(20)
    index = filled(documents)
    expected = {q: sorted(found(index, q)) for q in QUERIES}
    wrong: list[object] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            for q in QUERIES:
                try:
                    if sorted(found(index, q)) != expected[q]:
                        wrong.append(q)
                except Exception as problem:
                    wrong.append(problem)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for n in range(2, 14):
        index.apply([(d.id, d) for d in documents[n : n + 3]], cursor=n)  # the same words again
    stop.set()
    for reader in readers:
        reader.join()
    assert wrong == []


def _write(engine_type, root, documents, first: int) -> None:
    index = engine_type(root)
    for n, document in enumerate(documents, first):
        index.apply([(document.id, document)], cursor=n)


def test_another_process_is_seen_soon(filled, found, a_document, root, engine_type):
    index = filled([a_document(1, "Port")])
    writer = multiprocessing.get_context("fork").Process(
        target=_write, args=(engine_type, root, [a_document(2, "Gare")], 2)
    )
    writer.start()
    writer.join()
    deadline = time.monotonic() + 0.5
    while not found(index, "gare") and time.monotonic() < deadline:
        time.sleep(0.01)
    assert found(index, "gare") == [2]


def test_two_processes_write_and_read_at_once(filled, found, a_document, root, engine_type):
    index = filled([a_document(1, "Port")])
    context = multiprocessing.get_context("fork")
    batches = [[a_document(i, "Gare") for i in range(start, start + 10)] for start in (100, 200)]
    writers = [context.Process(target=_write, args=(engine_type, root, batch, 50)) for batch in batches]
    for writer in writers:
        writer.start()
    seen = []
    while any(writer.is_alive() for writer in writers):
        seen.append(len(found(index, "gare")))
    assert [writer.exitcode for writer in writers] == [0, 0]
    assert seen == sorted(seen)
    # Cursors of both overlap: what came second with a lower number was refused, none is torn.
    fresh = engine_type(root)
    assert {10, len(found(fresh, "gare"))} == {10, len(set(found(fresh, "gare")))}
    assert fresh.cursor() == 59
