"""The Nu checker, as a folder of pages is given to it."""

import json
import re
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
JAR = ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"


def find_java() -> str | None:
    """The path of a Java, when the checker is there too."""
    path = shutil.which("java")
    return path if path and JAR.is_file() else None


def problems(java: str, folder: Path) -> list[str]:
    """What the checker says, once each, with the first page that has it."""
    command = [
        java,
        "-XX:TieredStopAtLevel=1",  # half the time, for some hundred pages
        "-XX:+UseSerialGC",
        "-Xss2m",
        "-jar",
        str(JAR),
        "--format",
        "json",
        "--exit-zero-always",
        "--also-check-svg",
        "--no-langdetect",
        str(folder),
    ]
    checked = subprocess.run(command, check=True, capture_output=True, text=True, timeout=180)
    found_once: dict[str, str] = {}
    for message in json.loads(checked.stderr)["messages"]:
        if message["type"] != "info" or message.get("subType") == "warning":
            words = f"{message['message']} {message.get('extract', '')!r}"
            found_once.setdefault(re.sub(r"\d+", "0", words), f"{Path(message['url']).name}: {words}")
    return list(found_once.values())
