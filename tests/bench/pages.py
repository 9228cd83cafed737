"""Pages against a bare Flask hello on the same server: cached, not cached, signed in."""

from dataclasses import dataclass
from statistics import median

from tests.bench.servers import Cost, Server, running
from tests.bench.tables import table

COUNT = 400
ROUNDS = 3


@dataclass(frozen=True)
class Page:
    name: str
    path: str
    limit: float  # goal for the uncached page, in hellos (performance.md 3 and 4)


def _median(server: Server, path: str, *, count: int = COUNT, headers=None) -> Cost:
    costs = [server.cost(path, count=count, headers=headers) for _ in range(ROUNDS)]
    return Cost(median(c.cpu_ms for c in costs), median(c.per_second for c in costs), costs[0].size)


def report(environ: dict[str, str], pages: list[Page], *, cookie: str) -> None:
    """Print cost per page as multiples of hello."""
    uncached = environ | {"ACADEMY_PAGE_CACHE_MB": "0"}
    rows = []
    with running("hello") as hello, running("academy", environ) as warm, running("academy", uncached) as cold:
        for page in pages:
            base = _median(hello, "/", count=2000)
            kept = _median(warm, page.path, count=2000)
            made = _median(cold, page.path)
            mine = _median(cold, page.path, headers={"Cookie": cookie})
            rows.append(
                [
                    page.name,
                    f"{base.cpu_ms:.2f}",
                    f"{kept.cpu_ms / base.cpu_ms:.2f}",
                    f"{kept.per_second / base.per_second:.2f}",
                    f"{made.cpu_ms / base.cpu_ms:.1f} (≤ {page.limit:g})",
                    f"{mine.cpu_ms / base.cpu_ms:.1f}",
                    f"{kept.size / 1000:.1f}",
                ]
            )
    heads = [
        "page",
        "hello CPU ms",
        "cached (≤ 0.65)",
        "cached rps (≥ 1.3)",
        "not cached",
        "signed in (≤ 12)",
        "kB gzip (≤ 10)",
    ]
    table("Pages, CPU of the server as multiples of Flask hello", heads, rows)
