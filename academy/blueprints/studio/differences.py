"""What changed between two texts, word by word inside the lines that changed."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import NamedTuple

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
# Comparing is quadratic: beyond this many words a changed block is shown as a whole, old then new.
MOST_WORDS = 1_500
MOST_LINES = 2_000
# Fewer characters in common between two changes are shown as changed: whole phrases read better than crumbs.
ENOUGH = 4


class Part(NamedTuple):
    """A piece of text: `kind` is same, added or removed."""

    kind: str
    text: str


def differences(before: str, after: str) -> list[Part]:
    """The parts that, without the removed ones, make *after*; neighbours of one kind are joined."""
    old, new = _lines(before), _lines(after)
    if len(old) > MOST_LINES or len(new) > MOST_LINES:
        return _joined(_whole(before, after))
    return _joined(_by_lines(old, new))


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").splitlines(keepends=True)


def _by_lines(old: list[str], new: list[str]) -> Iterator[Part]:
    for word, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if word == "equal":
            yield Part("same", "".join(old[a:b]))
        else:
            yield from _by_words("".join(old[a:b]), "".join(new[c:d]))


def _by_words(before: str, after: str) -> Iterator[Part]:
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if not old or not new or len(old) > MOST_WORDS or len(new) > MOST_WORDS:
        yield from _whole(before, after)
        return
    removed = added = ""
    for word, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        same = "".join(old[a:b]) if word == "equal" else ""
        if len(same.strip()) >= ENOUGH:
            yield from _whole(removed, added)
            removed = added = ""
            yield Part("same", same)
        else:
            removed, added = removed + "".join(old[a:b]), added + "".join(new[c:d])
    yield from _whole(removed, added)


def _whole(before: str, after: str) -> Iterator[Part]:
    yield Part("removed", before)
    yield Part("added", after)


def _joined(parts: Iterator[Part]) -> list[Part]:
    joined: list[Part] = []
    for part in parts:
        if not part.text:
            continue
        if joined and joined[-1].kind == part.kind:
            joined[-1] = Part(part.kind, joined[-1].text + part.text)
        else:
            joined.append(part)
    return joined
