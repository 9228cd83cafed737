"""Many short texts, in order, in one piece of memory: a sixth of what as many Python strings take."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from typing import overload

import numpy as np

_STEP = 16  # texts between two that are held as strings, to be found by


class Strings(Sequence[str]):
    """Texts, decoded when they are asked for; those that are looked for must be in order."""

    def __init__(self, data: bytes, starts: np.ndarray):
        """*starts* are where each begins in the UTF-8 of all of them, and where the last ends."""
        self.data, self.starts = data, starts
        self._starts = starts.astype(np.uint32).data  # numbers of Python come faster from it than from numpy

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Strings":
        """Pack texts."""
        parts = [text.encode() for text in texts]
        return cls(b"".join(parts), np.cumsum([0, *map(len, parts)], dtype="<u4"))

    def __len__(self) -> int:
        return len(self._starts) - 1

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> list[str]: ...
    def __getitem__(self, at: int | slice) -> str | list[str]:
        if isinstance(at, slice):
            return [self[n] for n in range(*at.indices(len(self)))]
        return self.data[self._starts[at] : self._starts[at + 1]].decode()

    def __iter__(self) -> Iterator[str]:
        return (self.data[start:end].decode() for start, end in pairwise(self._starts))

    @cached_property
    def _milestones(self) -> list[str]:
        return [self[at] for at in range(0, len(self), _STEP)]

    def place(self, text: str) -> int | None:
        """Return where a text is, None where it is not."""
        near = bisect_left(self._milestones, text) * _STEP
        at = bisect_left(self, text, max(0, near - _STEP), min(near, len(self)))
        return at if at < len(self) and self[at] == text else None
