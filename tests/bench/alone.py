"""What a web process costs that answers searches: alone, so that it holds nothing of the bench."""

import sys
import time
from pathlib import Path
from statistics import median

from academy import create_app
from tests.bench.in_process import asking


def weigh(queries: list[str]) -> None:
    """Print the megabytes that the process holds after 200 searches, then the CPU ms of the page of other queries."""
    app = create_app()
    words = [word for path in sorted(Path("content").rglob("*.fr.md"))[:3] for word in path.read_text("utf-8").split()]
    for word in [word for word in dict.fromkeys(words) if word.isalpha()][:200]:
        asking(app, "/ressources/", query=f"q={word}")()
    asking(app, "/ressources/suggestions", query="q=por")()
    status = Path("/proc/self/status").read_text()
    print(f"{int(status.split('VmRSS:')[1].split()[0]) / 1000:.0f}")
    costs = []
    for ask in [asking(app, "/ressources/", query=query) for query in queries]:  # each once: nothing is remembered
        began = time.process_time_ns()
        ask()
        costs.append((time.process_time_ns() - began) / 1e6)
    print(f"{median(costs):.1f}")


if __name__ == "__main__":
    weigh(sys.argv[1:])
