"""Texts that come up again and again are read once, and never take more than their budget."""

from types import SimpleNamespace

from academy.search import texts
from academy.search.texts import Texts


def _column(content: list[bytes], reads: list[int]):
    offsets = [sum(map(len, content[:i])) for i in range(len(content))]

    def at(start: int, length: int) -> bytes:
        reads.append(start)
        return b"".join(content)[start - 5 : start - 5 + length]

    file = SimpleNamespace(file=SimpleNamespace(at=at))
    return SimpleNamespace(_dbfile=file, _basepos=5, _offsets=offsets, _lengths=list(map(len, content)))


def test_a_text_is_read_once_until_it_is_forgotten():
    reads: list[int] = []
    kept = Texts(_column([b"port", b"", b"ville"], reads))
    assert [kept[row] for row in (0, 2, 1, 2, 0)] == [b"port", b"ville", b"", b"ville", b"port"]
    assert len(reads) == 3
    kept.forget()
    assert (kept[2], len(reads)) == (b"ville", 4)


def test_all_is_dropped_when_the_budget_is_spent(monkeypatch):
    monkeypatch.setattr(texts, "KEPT", 10)
    kept = Texts(_column([b"x" * 8] * 6, []))
    for row in range(6):
        assert kept[row] == b"x" * 8
        assert sum(map(len, kept.values())) <= 10 + 8
