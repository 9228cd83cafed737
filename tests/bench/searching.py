"""Searching against SQLite's FTS5 on the same editions: `python -m tests.bench.searching` runs it alone."""

import gc
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from flask import Flask

from academy import create_app, search
from academy.cli import start
from academy.config import Settings
from academy.search.document import documents, every_document, published_ids
from academy.search.query import parse
from academy.search.ranking import Request
from academy.search.results import FACETS
from tests.bench.corpus import Corpus, grow, questions
from tests.bench.in_process import asking
from tests.bench.tables import table
from tests.bench.yardstick import Yardstick

ROUNDS = 5
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


def report(environ: dict[str, str]) -> None:
    """Print, for every size, times as ratios to FTS5 and what has a goal of its own."""
    sizes = sorted(int(size) for size in os.environ.get("BENCH_SEARCH_SIZES", SIZES).split(","))
    corpus = Corpus.of_size(sizes[-1])
    app = create_app(Settings.from_environ(environ | {"ACADEMY_PAGE_CACHE_MB": "0"}))
    for size in sizes:
        with app.app_context():
            start.prepare()
            grow(corpus, size)
            rebuilt = _cpu_ms(search.rebuild) / size
            path = Path(environ["ACADEMY_INSTANCE"]) / f"yardstick-{size}.db"
            yardstick = Yardstick(path, every_document())
            _print_ratios(size, corpus, yardstick)
            own = [["rebuild, CPU ms a document", f"{rebuilt:.2f}", "3"], *_own(size, corpus)]
        own += [_page(app, corpus), _memory(environ)]
        table(f"Search at {size} documents", ["what", "measured", "goal ≤"], own)


def _print_ratios(size: int, corpus: Corpus, yardstick: Yardstick) -> None:
    index = search.engine()
    common, asked = corpus.content_words(30, 130)[:8], list(questions(corpus, 8))
    masks = {word: _matching(word) for word in common}

    def counted(word: str) -> None:
        snapshot = index.snapshot()
        for facet in FACETS:
            snapshot.facets[facet].counts(masks[word])

    def forgotten(work: Callable[[str], object]) -> Callable[[str], object]:
        def anew(q: str) -> None:
            index.snapshot().forget_terms()
            work(q)

        return anew

    def reopened(work: Callable[[str], object]) -> Callable[[str], object]:
        def anew(q: str) -> None:
            yardstick.reopen()
            work(q)

        return anew

    whole = _searching(per_page=10)
    top = _searching(per_page=0)  # no hits: what it counts besides costs next to nothing
    works = {
        "one common word": (common, top, yardstick.top),
        "a question of 6 to 10 words": (asked, top, yardstick.top),
        "one common word, terms forgotten": (common, forgotten(top), reopened(yardstick.top)),
        "a question, terms forgotten": (asked, forgotten(top), reopened(yardstick.top)),
        "facet counts over all matches": (common, counted, yardstick.facets),
        "10 results, snippets and facets": (common, whole, yardstick.page),
        "the same, terms forgotten": (common, forgotten(whole), reopened(yardstick.page)),
    }
    rows = []
    for name, (qs, ours, theirs) in works.items():
        mine, other = _turns(qs, [ours, theirs])
        goal = GOALS[name][0 if size <= 1000 else 1 if size <= 10_000 else 2]
        rows.append([name, f"{other:.3f}", f"{mine:.3f}", f"{mine / other:.3f}", f"{goal:g}"])
    table(f"Search at {size} documents, CPU ms", ["what", "FTS5", "academy", "ratio", "goal ≤"], rows)


def _own(size: int, corpus: Corpus) -> list[list[str]]:
    rare = corpus.content_words(len(corpus.words) // 2, len(corpus.words) // 2 + 8)
    frequent = corpus.content_words(60, 400)
    three = [" ".join(f'"{word}"' for word in frequent[i : i + 3]) for i in range(0, 24, 3)]
    top = _searching(per_page=0)
    (one,), (every,) = _turns(rare, [top]), _turns(three, [top])
    return [
        ["rare word, CPU ms", f"{one:.2f}", "0.5 at 10,000"],
        ["AND of three words, CPU ms", f"{every:.2f}", "0.5 at 10,000"],
        ["suggestions, p95 CPU ms", f"{_suggestions(corpus):.2f}", "10"],
        ["publication to visible, wall ms", f"{_visible():.0f}", "300" if size > 10_000 else "100"],
    ]


def _searching(*, per_page: int) -> Callable[[str], object]:
    index = search.engine()
    return lambda q: index.search(Request(typed=parse(q), per_page=per_page))


def _matching(word: str):
    """Return which editions have a word."""
    import numpy as np

    from academy.search.analysis import FOLDED, STEM

    snapshot = search.engine().snapshot()
    mask = np.zeros(snapshot.size, bool)
    mask[snapshot.term("fr", STEM["fr"][FOLDED[word]] or "").editions] = True
    return mask


def _suggestions(corpus: Corpus) -> float:
    """Return the 95th of 100 costs; nobody types only frequent beginnings."""
    words = corpus.text(3, 40) + corpus.content_words(200, 20_000)[::330]
    prefixes = [word[: 2 + i % 5] for i, word in enumerate(words)][:100]
    index = search.engine()
    index.suggest("zz", audiences={"public"}, language="fr", limit=8)
    costs = [
        _cpu_ms(lambda p=prefix: index.suggest(p, audiences={"public"}, language="fr", limit=8)) for prefix in prefixes
    ]
    return sorted(costs)[int(len(costs) * 0.95) - 1]


def _visible() -> float:
    """Return the time from the start of a commit to the first answer that has it, the index warm again."""
    index = search.engine()
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


def _page(app: Flask, corpus: Corpus) -> list[str]:
    frequent = corpus.content_words(60, 600)
    queries = [f"q={left}+{right}" for left, right in zip(frequent[:60], frequent[60:120], strict=True)]
    asked = [asking(app, "/ressources/", query=q) for q in queries]  # each once: nothing is remembered
    costs = [_cpu_ms(ask) for ask in asked]
    return ["the whole search page, CPU ms", f"{median(costs[20:]):.1f}", "10 at 10,000"]


def _memory(environ: dict[str, str]) -> list[str]:
    command = [sys.executable, "-m", "tests.bench.searching", "memory"]
    done = subprocess.run(command, env=os.environ | environ, capture_output=True, text=True, check=True)
    return ["memory of a web process after 200 searches, MB", done.stdout.strip(), "200 at 10,000"]


def _serve_and_weigh() -> None:
    app = create_app()
    words = [word for word in Path(__file__).read_text("utf-8").split() if word.isalpha()]
    words += [word for path in sorted(Path("content").rglob("*.fr.md"))[:3] for word in path.read_text("utf-8").split()]
    for word in [word for word in dict.fromkeys(words) if word.isalpha()][:200]:
        asking(app, "/ressources/", query=f"q={word}")()
    asking(app, "/ressources/suggestions", query="q=por")
    status = Path("/proc/self/status").read_text()
    print(f"{int(status.split('VmRSS:')[1].split()[0]) / 1000:.0f}")


def _turns(questions: Sequence[str], works: Sequence[Callable[[str], object]]) -> list[float]:
    """Return the median CPU ms of each work over the questions, measured turn by turn: what slows one slows all."""
    costs: list[list[float]] = [[] for _ in works]
    for work in works:
        for q in questions:
            work(q)
    gc.collect()
    for _ in range(ROUNDS):
        for work, spent in zip(works, costs, strict=True):
            for q in questions:
                spent.append(_cpu_ms(lambda w=work, asked=q: w(asked)))
    return [median(spent) for spent in costs]


def _cpu_ms(work: Callable[[], object]) -> float:
    began = time.process_time_ns()
    work()
    return (time.process_time_ns() - began) / 1e6


def main() -> None:
    if sys.argv[1:] == ["memory"]:
        return _serve_and_weigh()
    with tempfile.TemporaryDirectory(prefix="academy-bench-") as folder:
        environ = {
            "ACADEMY_INSTANCE": folder,
            "ACADEMY_SECRET_KEY": "bench " * 8,
            "ACADEMY_JOBS": "worker",
            "ACADEMY_PUBLIC_URL": "http://127.0.0.1",
        }
        report(environ)


if __name__ == "__main__":
    main()
