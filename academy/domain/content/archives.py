"""A ZIP as a content folder: opened in a folder of its own, with what both sides had when it left the site."""

import json
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from academy.domain.content.files import shown
from academy.domain.content.paths import LISTS, place_of
from academy.domain.content.plan import Plan
from academy.domain.problems import ContentRefused, Problem
from academy.files import archives
from academy.files.archives import WrongArchive

VERSIONS = "academie.json"  # in every archive that the academy makes: the digest of each file as it left
_MOST_VERSIONS = 1024 * 1024  # bytes of it
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Opened:
    """An archive on the disk."""

    top: Path  # all of it
    root: Path  # where its content lies
    versions: Mapping[str, str] = field(default_factory=dict)  # path -> digest, {} when it was made elsewhere
    paths: tuple[str, ...] = ()  # of all files, relative to `top`

    @property
    def has_content(self) -> bool:
        """Whether something in it has a place in a content folder."""
        return any(_prefix(path) is not None for path in self.paths)

    def left_aside(self, plan: Plan) -> list[str]:
        """The files that a load does not look at (a README, a picture beside no text): nothing is dropped unsaid."""
        root = self.root.relative_to(self.top)
        told = {it.file.path for it in plan.items} | {it.path for it in plan.lists} | {it.path for it in plan.files}
        told |= {problem.path for problem in (*plan.problems, *plan.left_out)} | {VERSIONS}
        seen = {(root / path).as_posix() for path in told}
        return sorted(shown(path) for path in self.paths if path not in seen)


@contextmanager
def opened(source: BinaryIO) -> Iterator[Opened]:
    """Unpack an archive for as long as the block lasts; raise ContentRefused with a problem archive_… or several."""
    with tempfile.TemporaryDirectory(prefix="academy-") as folder:
        top = Path(folder)
        try:
            paths = archives.unpack(source, top)
        except WrongArchive as wrong:
            raise ContentRefused(
                Problem(shown(fault.path), 0, "", fault.code, {"limit": fault.limit}) for fault in wrong.faults
            ) from None
        root = top / root_of(paths)
        yield Opened(top, root, _versions(root), tuple(paths))


def root_of(paths: list[str]) -> str:
    """The folder in which the content lies: archives often hold one folder around it; "" when there is none."""
    prefixes = {prefix for path in paths if (prefix := _prefix(path)) is not None}
    return min(prefixes, key=lambda prefix: (prefix.count("/"), len(prefix), prefix), default="")


def _prefix(path: str) -> str | None:
    parts = PurePosixPath(path).parts
    for at in range(len(parts)):
        rest = "/".join(parts[at:])
        if place_of(rest) or (at < 2 and rest in (*LISTS, VERSIONS)):
            return "/".join(parts[:at])
    return None


def _versions(root: Path) -> dict[str, str]:
    """What the archive says of itself; anything odd is as good as nothing."""
    try:
        file = root / VERSIONS
        said = json.loads(file.read_bytes()) if file.stat().st_size <= _MOST_VERSIONS else {}
    except (OSError, ValueError, RecursionError):
        return {}
    files = said.get("files") if isinstance(said, dict) else None
    if not isinstance(files, dict):
        return {}
    return {path: digest for path, digest in files.items() if isinstance(digest, str) and _DIGEST.fullmatch(digest)}
