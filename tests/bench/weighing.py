"""The memory of a web process that has answered searches: alone, so that it holds nothing of the bench."""

from pathlib import Path

from academy import create_app
from tests.bench.in_process import asking


def weigh() -> None:
    """Print the megabytes that the process holds after 200 searches."""
    app = create_app()
    words = [word for path in sorted(Path("content").rglob("*.fr.md"))[:3] for word in path.read_text("utf-8").split()]
    for word in [word for word in dict.fromkeys(words) if word.isalpha()][:200]:
        asking(app, "/ressources/", query=f"q={word}")()
    asking(app, "/ressources/suggestions", query="q=por")()
    status = Path("/proc/self/status").read_text()
    print(f"{int(status.split('VmRSS:')[1].split()[0]) / 1000:.0f}")


if __name__ == "__main__":
    weigh()
