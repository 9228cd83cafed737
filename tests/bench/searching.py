"""Searching against SQLite's FTS5 on the same editions: `python -m tests.bench.searching` runs it alone."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import numpy as np

from academy import create_app, search
from academy.cli import start
from academy.config import Settings
from academy.search.analysis import FOLDED, STEM
from academy.search.document import documents, every_document, last_change, published_ids
from academy.search.engine import Engine
from academy.search.on_tantivy.index import TantivyIndex
from academy.search.query import parse
from academy.search.ranking import Request
from academy.search.results import FACETS
from tests.bench.corpus import Corpus, grow, questions
from tests.bench.tables import table
from tests.bench.timing import Asking, cost_ms, turns
from tests.bench.yardstick import Yardstick

SIZES = "1000,10000"
GOALS = {  # ratio to FTS5, by number of documents (design of the search)
    "one common word": (1.5, 0.3, 0.1),
    "a question of 6 to 10 words": (1.5, 0.3, 0.1),
    "one common word, terms forgotten": (3, 1, 0.5),
    "a question, terms forgotten": (3, 1, 0.5),
    "facet counts over all matches": (0.1, 0.1, 0.1),
    "10 results, snippets and facets": (1, 0.5, 0.2),
    "the same, terms forgotten": (3, 1, 0.5),
}


def run() -> None:
    """Print everything, in an academy of its own that is thrown away."""
    with tempfile.TemporaryDirectory(prefix="academy-bench-") as folder:
        report({
            "ACADEMY_INSTANCE": folder,
            "ACADEMY_SECRET_KEY": "bench " * 8,
            "ACADEMY_JOBS": "worker",
            "ACADEMY_PUBLIC_URL": "http://127.0.0.1",
            "ACADEMY_PAGE_CACHE_MB": "0",
        })  # fmt: skip


def report(environ: dict[str, str]) -> None:
    """Print, for every size, times as ratios to FTS5 and what has a goal of its own; the second engine beside."""
    sizes = sorted(int(size) for size in os.environ.get("BENCH_SEARCH_SIZES", SIZES).split(","))
    corpus = Corpus.of_size(sizes[-1])
    app = create_app(Settings.from_environ(environ))
    folder = Path(environ["ACADEMY_INSTANCE"])
    for size in sizes:
        with app.app_context():
            start.prepare()
            grow(corpus, size)
            index, second = search.engine(), TantivyIndex(folder / "index-tantivy")
            rebuilt = [_rebuilt(engine, size) for engine in (index, second)]
            yardstick = Yardstick(folder / f"yardstick-{size}.db", every_document())
            _print_ratios(size, corpus, yardstick, index, second)
            own = [["rebuild, CPU ms a document", *rebuilt, "3"], *_own(size, corpus, index, second)]
            own += _alone(environ, corpus, second)
        table(f"Search at {size} documents", ["what", "academy", "on tantivy", "goal ≤"], own)


def _rebuilt(index: Engine, size: int) -> str:
    def work() -> None:
        index.rebuild(every_document(), cursor=last_change(), replacing=index.generation())

    cost = cost_ms(work) / size
    index.warm()
    return f"{cost:.2f}"


def _print_ratios(size: int, corpus: Corpus, yardstick: Yardstick, index: Engine, second: Engine) -> None:
    common, asked = corpus.content_words(30, 130)[:8], list(questions(corpus, 8))
    masks = {word: _matching(index, word) for word in common}

    def counted(word: str) -> None:
        snapshot = index.snapshot()
        for facet in FACETS:
            snapshot.facets[facet].counts(masks[word])

    def reopened(work: Asking) -> Asking:
        return lambda q: (yardstick.reopen(), work(q))

    # As the yardstick does: the best ten without what is shown of them, then facets alone, then all of it.
    (top, cold_top), (other_top, cold_other) = (_asked(engine, per_page=0) for engine in (index, second))
    (page, cold_page), (other_page, cold_other_page) = (_asked(engine, per_page=10) for engine in (index, second))
    works = {
        "one common word": (common, yardstick.top, top, other_top),
        "a question of 6 to 10 words": (asked, yardstick.top, top, other_top),
        "one common word, terms forgotten": (common, reopened(yardstick.top), cold_top, cold_other),
        "a question, terms forgotten": (asked, reopened(yardstick.top), cold_top, cold_other),
        "facet counts over all matches": (common, yardstick.facets, counted, counted),
        "10 results, snippets and facets": (common, yardstick.page, page, other_page),
        "the same, terms forgotten": (common, reopened(yardstick.page), cold_page, cold_other_page),
    }
    rows = []
    for name, (qs, *engines) in works.items():
        theirs, ours, other = turns(qs, engines)
        goal = GOALS[name][0 if size <= 1000 else 1 if size <= 10_000 else 2]
        rows.append(
            [name, f"{theirs:.2f}", f"{ours:.2f}", f"{ours / theirs:.3f}", f"{goal:g}", f"{other / theirs:.3f}"]
        )
    heads = ["what", "FTS5", "academy", "ratio", "goal ≤", "ratio on tantivy"]
    table(f"Search at {size} documents, CPU ms", heads, rows)


def _asked(index: Engine, *, per_page: int) -> tuple[Asking, Asking]:
    """Return a search, and the same with every decoded term forgotten."""

    def ask(q: str) -> object:
        return index.search(Request(typed=parse(q), per_page=per_page, is_counted=per_page > 0))

    return ask, lambda q: (index.snapshot().forget(), ask(q))


def _matching(index: Engine, word: str) -> np.ndarray:
    """Return which editions have a word."""
    snapshot = index.snapshot()
    mask = np.zeros(snapshot.size, bool)
    mask[snapshot.term("fr", STEM["fr"][FOLDED[word]] or "").editions] = True
    return mask


def _own(size: int, corpus: Corpus, *engines: Engine) -> list[list[str]]:
    rare = corpus.content_words(len(corpus.words) // 2, len(corpus.words) // 2 + 8)
    goal = "300" if size > 10_000 else "100"
    return [
        ["rare word, CPU ms", *(f"{_cost(engine, rare):.2f}" for engine in engines), "0.5 at 10,000"],
        ["suggestions, p95 CPU ms", *(f"{_suggestions(engine, corpus):.2f}" for engine in engines), "10"],
        ["publication to visible, wall ms", *(f"{_visible(engine):.0f}" for engine in engines), goal],
    ]


def _cost(index: Engine, questions: Sequence[str]) -> float:
    """Return what one engine costs by itself: by turns, one would empty the caches of the other."""
    return turns(questions, [_asked(index, per_page=0)[0]])[0]


def _suggestions(index: Engine, corpus: Corpus) -> float:
    """Return the 95th of 100 costs; nobody types only frequent beginnings."""
    words = corpus.text(3, 40) + corpus.content_words(200, 20_000)[::330]
    prefixes = [word[: 2 + i % 5] for i, word in enumerate(words)][:100]
    index.suggest("zz", audiences={"public"}, language="fr", limit=8)
    costs = [
        cost_ms(lambda p=prefix: index.suggest(p, audiences={"public"}, language="fr", limit=8)) for prefix in prefixes
    ]
    return sorted(costs)[int(len(costs) * 0.95) - 1]


def _visible(index: Engine) -> float:
    """Return the time from the start of a commit to the first answer that has it, the index warm again."""
    ids = published_ids(after=100, limit=9)
    changed = documents(ids)
    took = []
    for document in changed:
        began = time.perf_counter()
        index.apply([(document.id, document)], cursor=index.cursor())
        index.warm()
        index.search(Request(typed=parse(document.title)))
        took.append((time.perf_counter() - began) * 1000)
    return median(took)


def _alone(environ: dict[str, str], corpus: Corpus, second: Engine) -> list[list[str]]:
    """Return what a process costs that does nothing but answer."""
    frequent, words = corpus.content_words(60, 600), corpus.content_words(60, 400)
    pages = [f"q={left}+{right}" for left, right in zip(frequent[:60], frequent[60:120], strict=True)]
    three = [" ".join(f'"{word}"' for word in words[i : i + 3]) for i in range(0, 24, 3)]
    command = [sys.executable, "-m", "tests.bench.alone", json.dumps([pages, three])]
    done = subprocess.run(command, env=os.environ | environ, capture_output=True, text=True, check=True)
    memory, page, all_three = done.stdout.split()
    return [
        ["AND of three words, CPU ms", all_three, f"{_cost(second, three):.2f}", "0.5 at 10,000"],
        ["the whole search page, CPU ms", page, "", "10 at 10,000"],
        ["memory of a web process after 200 searches, MB", memory, "", "200 at 10,000"],
    ]


if __name__ == "__main__":
    run()
