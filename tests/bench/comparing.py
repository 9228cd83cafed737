"""Two versions of 3,000 words compared word by word: CPU, at most 100 ms."""

import random

from academy.blueprints.studio.differences import differences
from tests.bench.in_process import cpu_ms
from tests.bench.tables import table

WORDS = 3000


def report() -> None:
    """Print the CPU of a comparison where one word in two, seven or fifty changed, in one paragraph and in many."""
    chance, rows = random.Random(1), []
    words = [f"mot{chance.randint(0, 900)}" for _ in range(WORDS)]
    for every in (2, 7, 50):
        other = [f"autre{n}" if n % every == 0 else word for n, word in enumerate(words)]
        for name, size in (("one paragraph", WORDS), ("paragraphs of 60 words", 60)):
            before, after = (_text(text, size) for text in (words, other))
            (spent,) = cpu_ms([lambda a=before, b=after: differences(a, b) and None], rounds=3, count=3)
            rows.append([f"one word in {every} changed, {name}", f"{spent:.0f}"])
    table("Two versions of 3,000 words", ["what changed", "CPU ms (≤ 100)"], rows)


def _text(words: list[str], size: int) -> str:
    return "\n\n".join(" ".join(words[n : n + size]) for n in range(0, len(words), size))
