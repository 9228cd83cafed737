"""Pages against a bare Flask hello on the same server: cached, not cached, signed in."""

from dataclasses import dataclass
from statistics import median

from tests.bench.servers import Cost, Server, running
from tests.bench.tables import table

COUNT, MANY = 400, 2000  # requests of a turn
ROUNDS = 5


@dataclass(frozen=True)
class Page:
    name: str
    path: str
    limit: float  # goal for the uncached page, in hellos (performance.md 3 and 4)


def _turns(*asked: tuple[Server, str, int, dict[str, str] | None]) -> list[list[Cost]]:
    """The costs of each, measured turn by turn: what slows the machine slows all."""
    rounds = [
        [server.cost(path, count=count, headers=headers) for server, path, count, headers in asked]
        for _ in range(ROUNDS)
    ]
    return [list(costs) for costs in zip(*rounds, strict=True)]


def report(environ: dict[str, str], pages: list[Page], *, cookie: str) -> None:
    """Print cost per page as multiples of hello: the median over the turns of what each costs against its hello."""
    uncached = environ | {"ACADEMY_PAGE_CACHE_MB": "0"}
    rows = []
    with running("hello") as hello, running("academy", environ) as warm, running("academy", uncached) as cold:
        for page in pages:
            base, kept, made, mine = _turns(
                (hello, "/", MANY, None),
                (warm, page.path, MANY, None),
                (cold, page.path, COUNT, None),
                (cold, page.path, COUNT, {"Cookie": cookie}),
            )
            cpu = [
                median(it.cpu_ms / one.cpu_ms for it, one in zip(costs, base, strict=True))
                for costs in (kept, made, mine)
            ]
            rows.append(
                [
                    page.name,
                    f"{median(one.cpu_ms for one in base):.2f}",
                    f"{cpu[0]:.2f}",
                    f"{median(it.per_second / one.per_second for it, one in zip(kept, base, strict=True)):.2f}",
                    f"{cpu[1]:.1f} (≤ {page.limit:g})",
                    f"{cpu[2]:.1f}",
                    f"{kept[0].size / 1000:.1f}",
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
