"""Read the captions of a recording (WebVTT): blocks of 60 to 150 words, each with its time."""

import html
import io
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

import webvtt

from academy.files.cutting import MAX_WORDS, MIN_WORDS, Part, clean

_ENDS = (".", "!", "?", "…")


def read(file: BinaryIO) -> tuple[str, Iterator[Part]]:
    """No title, and a part for each block of captions; its anchor is the time at which it begins."""
    return "", _blocks(webvtt.from_buffer(io.StringIO(file.read().decode("utf-8-sig")), format="vtt").captions)


def _blocks(captions: Iterable[Any]) -> Iterator[Part]:
    """Cut after a sentence from MIN_WORDS on, before MAX_WORDS at the latest."""
    start, said, size, last = 0, [], 0, ""
    for caption in captions:
        lines = [line for line in clean(html.unescape(caption.text)).split("\n") if line and line != last]
        if not lines:
            continue  # live captions roll: each repeats the line before
        last, count = lines[-1], sum(len(line.split()) for line in lines)
        if said and (size + count > MAX_WORDS or (size >= MIN_WORDS and said[-1].endswith(_ENDS))):
            yield Part(anchor(start), (), " ".join(said))
            said, size = [], 0
        start = start if said else caption.start_in_seconds
        said += lines
        size += count
    if said:
        yield Part(anchor(start), (), " ".join(said))


def anchor(seconds: int) -> str:
    """750 seconds are `t-00-12-30`."""
    minutes, rest = divmod(int(seconds), 60)
    return "t-{:02d}-{:02d}-{:02d}".format(*divmod(minutes, 60), rest)
