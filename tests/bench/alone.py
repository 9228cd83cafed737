"""What a web process costs that answers searches: alone, so that it holds nothing of the bench.

The bench itself holds two indexes, a yardstick and all its words: beside them what takes half a millisecond takes a
quarter more.
"""

import json
import sys
from pathlib import Path
from statistics import median

from academy import create_app, search
from academy.search.query import parse
from academy.search.ranking import Request
from tests.bench.in_process import asking
from tests.bench.timing import cost_ms, turns


def weigh(pages: list[str], strict: list[str]) -> None:
    """Print the megabytes that the process holds after 200 searches, then the CPU ms of a page, then of a strict search.

    Of the pages of other queries, each asked once, so that nothing is remembered; of strict queries again and again.
    """
    app = create_app()
    words = [word for path in sorted(Path("content").rglob("*.fr.md"))[:3] for word in path.read_text("utf-8").split()]
    for word in [word for word in dict.fromkeys(words) if word.isalpha()][:200]:
        asking(app, "/ressources/", query=f"q={word}")()
    asking(app, "/ressources/suggestions", query="q=por")()
    status = Path("/proc/self/status").read_text()
    print(f"{int(status.split('VmRSS:')[1].split()[0]) / 1000:.0f}")
    print(f"{median(cost_ms(asking(app, '/ressources/', query=query)) for query in pages):.1f}")
    with app.app_context():
        index = search.engine()
        [cost] = turns(strict, [lambda q: index.search(Request(typed=parse(q), per_page=0, is_counted=False))])
    print(f"{cost:.2f}")


if __name__ == "__main__":
    weigh(*json.loads(sys.argv[1]))
