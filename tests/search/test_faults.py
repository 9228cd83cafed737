"""Killed at any call, cut short or flipped: the index is the one before, the one after, or rebuilt."""

import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable

import pytest

from academy.search.index import Index, UnavailableError

IS_DEEP = bool(os.environ.get("ACADEMY_DEEP"))
WRITES = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "fcntl.flock", "shutil.rmtree"}


def _killed_at(call: int, work: Callable[[], object]) -> bool:
    """Run in a child that is killed at its n-th call that touches files; False when it finished first."""
    child = os.fork()
    if child == 0:
        seen = 0

        def hook(event: str, _args) -> None:
            nonlocal seen
            if event in WRITES:
                seen += 1
                if seen == call:
                    os.kill(os.getpid(), signal.SIGKILL)

        try:
            sys.addaudithook(hook)
            work()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def test_killed_at_any_call_of_a_commit_it_is_whole(filled, found, a_document, root):
    filled([a_document(1, "Port"), a_document(2, "Ville")])
    call, cursor = 0, 1
    while True:
        call += 1 if IS_DEEP else 3  # both parities come up
        document = a_document(1, "Gare" if call % 2 else "Port", f"essai{call}")
        killed = _killed_at(call, lambda d=document, c=call: Index(root).apply([(1, d)], cursor=c + 1))
        index = Index(root)
        ids = sorted(found(index, ""))
        assert ids == [1, 2], f"after call {call}"
        assert bool(found(index, f'"essai{call}"')) == (index.cursor() == call + 1)
        assert index.cursor() in {cursor, call + 1}
        cursor = index.cursor()
        if not killed:
            break
    assert call > 20
    assert index.apply([(3, a_document(3, "Quai"))], cursor=call + 2) == 1
    assert sorted(path.name for path in root.iterdir() if path.is_dir()) == [index.generation()[0]]
    assert not [path.name for path in (root / index.generation()[0]).iterdir() if ".toc." in path.name]


def test_killed_at_any_call_of_a_rebuild_the_old_one_serves(filled, found, a_document, root):
    index = filled([a_document(1, "Port")])
    call, serving = -1, [1]
    while True:
        call += 3  # a rebuild makes about a hundred calls: every third of them keeps the test short
        documents = [a_document(call + 1, "Port"), a_document(call + 2, "Port")]
        killed = _killed_at(call, lambda d=documents, r=index: r.rebuild(d, cursor=1, replacing=r.generation()))
        index = Index(root)
        assert sorted(found(index, "port")) in (serving, [call + 1, call + 2])
        serving = sorted(found(index, "port"))
        if not killed:
            break
    assert call > 20
    assert serving == [call + 1, call + 2]
    assert sum(path.is_dir() for path in root.iterdir()) == 1


def test_killed_at_random_moments_nothing_is_torn(filled, found, a_library, root):
    documents = a_library(30)
    filled(documents)
    chance = random.Random(3)

    def work() -> None:
        index = Index(root)
        for n in range(2, 10_000):
            index.apply([(d.id, d) for d in chance.sample(documents, 3)], cursor=index.cursor() + n)

    everyone = frozenset({"public", "members"})
    expected = sorted(found(Index(root), "", audiences=everyone))
    for _ in range(6):
        child = os.fork()
        if child == 0:
            work()
        time.sleep(0.1 + chance.random() / 5)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        index = Index(root)
        assert sorted(found(index, "", audiences=everyone)) == expected
        index.apply([], cursor=index.cursor() + 1)


def _answers(index: Index, found) -> list:
    return [found(index, q) for q in ("", "port", "énergie ville", '"eau"')]


def _files(root) -> list:
    return sorted(
        path for path in root.rglob("*") if path.is_file() and path.name != "write.lock" and path.stat().st_size
    )


def test_a_flipped_bit_is_never_a_wrong_answer(filled, found, a_library, root):
    documents = a_library(20)
    right = _answers(filled(documents), found)
    chance = random.Random(7)
    for path in _files(root) * 12:
        whole = path.read_bytes()
        at = chance.randrange(len(whole))
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << chance.randrange(8)]) + whole[at + 1 :])
        index = Index(root)
        assert not index.is_ready() or _answers(index, found) == right
        path.write_bytes(whole)
    assert _answers(Index(root), found) == right


@pytest.mark.parametrize("fault", ["truncate", "empty", "remove"])
def test_a_damaged_file_is_noticed_and_rebuilt(fault: str, filled, found, a_library, root):
    documents = a_library(20)
    right = _answers(filled(documents), found)
    count = len(_files(root))
    for n in range(count):
        path = _files(root)[n]
        whole = path.read_bytes()
        if fault == "remove":
            path.unlink()
        else:
            path.write_bytes(whole[: len(whole) // 2] if fault == "truncate" else b"")
        index = Index(root)
        assert index.is_ready() is False, path.name
        index.rebuild(documents, cursor=1, replacing=index.generation())
        assert _answers(index, found) == right


def test_a_file_cut_under_a_running_process_is_noticed(filled, found, ask, a_library, root):
    documents = a_library(20)
    index = filled(documents)
    right = _answers(index, found)
    (segment,) = root.rglob("*.seg")
    os.truncate(segment, 100)
    with pytest.raises(UnavailableError):
        ask(index, "hydrogène")
    assert index.is_ready() is False
    index.rebuild(documents, cursor=1, replacing=index.generation())
    assert _answers(index, found) == right


def test_a_fault_of_ours_does_not_break_the_index(filled, ask, found, a_library, monkeypatch):
    index = filled(a_library(5))
    with monkeypatch.context() as patched:
        patched.setattr("academy.search.ranking.interpret", lambda *_, **__: 1 / 0)
        with pytest.raises(UnavailableError):
            ask(index, "port")
    assert index.is_ready()
    assert found(index, "")


def test_another_version_is_rebuilt(filled, a_library, root, monkeypatch):
    filled(a_library(5))
    monkeypatch.setattr("academy.search.storage.FORMAT", 999)
    assert Index(root).is_ready() is False


def test_rubbish_in_the_folder_is_no_index(root):
    root.mkdir()
    (root / "current").write_bytes(b"\xff\x00../../etc")
    assert Index(root).is_ready() is False
    (root / "current").write_text("..")
    assert Index(root).is_ready() is False


def test_a_full_disk_keeps_the_old_index(filled, found, a_document, monkeypatch):
    index = filled([a_document(1, "Port")])

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("academy.search.storage.sync_path", full)
        with pytest.raises(OSError, match="No space"):
            index.apply([(2, a_document(2, "Gare"))], cursor=2)
        with pytest.raises(OSError, match="No space"):
            index.rebuild([a_document(2, "Gare")], cursor=2, replacing=index.generation())
    assert (found(index, ""), index.cursor()) == ([1], 1)
    assert index.apply([(2, a_document(2, "Gare"))], cursor=2) == 1


def test_the_folder_can_vanish_while_serving(filled, found, a_library, root):
    index = filled(a_library(5))
    shutil.rmtree(root)
    index._checked = 0.0
    assert index.is_ready() is False
