"""A Git repository that follows what is published: one commit a change, its author the person who made it.

The repository is a view: it reads the change log from where its last commit stands (`Change: 123` in its message),
so that it may be late, fail, be tried again or thrown away, and never keeps anybody from publishing.
"""

import fcntl
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from academy.domain import attachments
from academy.domain.content import lists as content_lists
from academy.domain.content.files import write
from academy.domain.content.paths import LISTS, file_of, files_of
from academy.domain.revisions import hash_of
from academy.extensions import db
from academy.files.store import store
from academy.models import AuditEntry, Change, Document, Edition, Person, Revision

ACADEMY = "One Provence Academy"
PATIENCE = 60  # seconds that one command of Git may take
AT_ONCE = 200  # changes that one run follows: the next goes on
_MARK = "Change: "
_QUIET = {  # no question, no hook, no configuration of whoever runs the worker
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_LITERAL_PATHSPECS": "1",
    "LC_ALL": "C.UTF-8",
}
_SAFE = ("-c", f"core.hooksPath={os.devnull}", "-c", "commit.gpgSign=false", "-c", "core.autocrlf=false")


class GitFailed(RuntimeError):
    """The repository could not follow; the message says how to repair it."""


@dataclass
class _Step:
    """What one change writes."""

    change: Change
    title: str
    note: str
    author: Person | None
    files: dict[str, bytes] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)


def follow(root: Path, *, host: str) -> int:
    """Commit the changes that the repository has not seen; return how many commits were made. Raise GitFailed.

    One writer at a time: whoever finds the repository locked waits. *host* is in the addresses of authors.
    """
    _prepare(root)
    with _turn(root):
        last, made = _last(root), 0
        if last is None:
            return _begin(root, host)
        changes = select(Change).where(Change.seq > last).order_by(Change.seq).limit(AT_ONCE)
        for change in db.session.scalars(changes).all():
            made += _commit(root, _step(root, change), host)
        return made


def address_of(person: Person | None, host: str) -> str:
    """The author of a commit: the name; never the e-mail, which is nobody's to publish."""
    name = "".join(c for c in person.name if c.isprintable() and c not in "<>").strip() if person else ""
    return f"{name or ACADEMY} <{f'person-{person.id}' if person else 'academy'}@noreply.{host}>"


def _prepare(root: Path) -> None:
    if (root / ".git").exists():
        return
    if root.exists() and any(root.iterdir()):
        raise GitFailed(f"{root} is no Git repository and not empty: run `git init` in it, or name another folder.")
    root.mkdir(parents=True, exist_ok=True)
    _git(root, "init", "--quiet", "--initial-branch=main")


@contextmanager
def _turn(root: Path) -> Iterator[None]:
    folder = Path(_git(root, "rev-parse", "--absolute-git-dir").strip())
    with (folder / "academy.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _last(root: Path) -> int | None:
    """The number of the last change that the repository has; None before the first commit of ours."""
    if not _git(root, "rev-list", "--all", "--max-count=1"):
        return None
    said = _git(root, "log", "-1", f"--grep=^{_MARK}[0-9]", "--format=%B")
    numbers = [line.removeprefix(_MARK) for line in said.splitlines() if line.startswith(_MARK)]
    return int(numbers[-1]) if numbers and numbers[-1].isdigit() else None


def _begin(root: Path, host: str) -> int:
    """The first commit: everything as it is now."""
    newest = db.session.scalars(select(Change).order_by(Change.seq.desc()).limit(1)).first()
    if newest is None:
        return 0
    step = _Step(newest, ACADEMY, "", None)
    editions = db.session.scalars(select(Edition).order_by(Edition.id)).all()
    for edition in editions:
        if (revision := edition.published or edition.head) is not None:
            path = file_of(edition.document.path, edition.language)
            _refuse_an_edit(root, path, edition)
            step.files[path] = revision.source.encode()
    for document in {edition.document for edition in editions}:
        _add_files(root, document, step)
    _add_lists(step)
    return _commit(root, step, host)


def _step(root: Path, change: Change) -> _Step:
    edition = db.session.get(Edition, change.edition_id) if change.edition_id else None
    author = _author(change)
    if edition is None:
        step = _Step(change, "topics.yml, venues.yml, people.yml, synonyms.yml", "", author)
        _add_lists(step)
        return step
    revision = _revision(edition, change.at)
    step = _Step(change, edition.title or edition.document.key, revision.note if revision else "", author)
    if revision is not None:
        path = file_of(edition.document.path, edition.language)
        _refuse_an_edit(root, path, edition)
        step.title = revision.title or step.title
        step.files[path] = revision.source.encode()
        step.gone += _former(root, path, edition)
    _add_files(root, edition.document, step)
    return step


def _revision(edition: Edition, at: datetime) -> Revision | None:
    """What that change made public; else what a dump would write now."""
    then = select(Revision).where(Revision.edition_id == edition.id, Revision.published_at == at)
    return db.session.scalars(then.order_by(Revision.id.desc())).first() or edition.published or edition.head


def _author(change: Change) -> Person | None:
    """Who is in the journal at the instant of the change."""
    query = select(AuditEntry).where(AuditEntry.at == change.at, AuditEntry.person_id.is_not(None))
    rows = db.session.scalars(query.order_by(AuditEntry.id)).all()
    own = [row for row in rows if row.entity == "edition" and row.entity_id == change.edition_id]
    return db.session.get(Person, (own or rows)[0].person_id) if rows else None


def _refuse_an_edit(root: Path, path: str, edition: Edition) -> None:
    """Nothing that somebody wrote in the repository is overwritten: the academy has to take it first."""
    try:
        there = (root / path).read_bytes().decode("utf-8", "replace")
    except FileNotFoundError:
        return
    known = select(Revision.id).where(Revision.edition_id == edition.id, Revision.source_hash == hash_of(there))
    if db.session.scalar(known.limit(1)) is None:
        raise GitFailed(f"{path} was edited in {root}: load it (`flask content load {root}`), or take the edit back.")


def _former(root: Path, path: str, edition: Edition) -> list[str]:
    """Where the text lay before it was renamed."""
    if (root / path).exists():
        return []
    suffix, line = f".{edition.language}.md", f"^id: [\"']?{edition.document.key}[\"']?[[:space:]]*$"
    found = _git(root, "grep", "--files-with-matches", "-z", "-E", "-e", line, fine=(0, 1)).split("\0")
    former = [name for name in found if name.endswith(suffix) and name != path]
    for name in former:
        _refuse_an_edit(root, name, edition)
    return former


def _add_files(root: Path, document: Document, step: _Step) -> None:
    """The files beside a text, and those that it has no more."""
    if files_of(document.path) is None:
        return
    rows = {f"{document.path}/{row.name}": row for row in attachments.attached_to(document.id)}
    for path, row in rows.items():
        step.files[path] = store().read(row.digest, 0, row.size)
    there = _git(root, "ls-files", "-z", "--", document.path).split("\0")
    step.gone += [path for path in there if path and path not in rows]


def _add_lists(step: _Step) -> None:
    for path in LISTS:
        if (source := content_lists.source_of(path)) is not None:
            step.files[path] = source.encode()


def _commit(root: Path, step: _Step, host: str) -> int:
    """Write and commit; 0 when the repository has it all."""
    gone = [path for path in step.gone if (root / path).exists()]
    for path, data in step.files.items():
        write(root, path, data)
    for path in gone:
        (root / path).unlink()
    paths = [*step.files, *gone]
    if not paths:
        return 0
    _git(root, "add", "--all", "--", *paths)
    if not _git(root, "status", "--porcelain", "-z", "--", *paths):
        return 0
    words = [" ".join(step.title.split())[:200], *([step.note] if step.note else []), f"{_MARK}{step.change.seq}"]
    author, when = address_of(step.author, host), step.change.at.isoformat(timespec="seconds")
    who = {"GIT_COMMITTER_NAME": ACADEMY, "GIT_COMMITTER_EMAIL": f"academy@noreply.{host}"}
    _git(
        root,
        "commit",
        "--quiet",
        "--only",
        f"--author={author}",
        f"--date={when}",
        "--cleanup=whitespace",
        "--message=" + "\n\n".join(words),
        "--",
        *paths,
        environ=who,
    )
    return 1


def _git(root: Path, *words: str, fine: tuple[int, ...] = (0,), environ: dict[str, str] | None = None) -> str:
    try:
        done = subprocess.run(  # noqa: S603 -- no shell; what people typed stands after `=` or `--`
            ["git", *_SAFE, "-C", str(root), *words],  # noqa: S607
            capture_output=True,
            check=False,
            env=os.environ | _QUIET | (environ or {}),
            timeout=PATIENCE,
        )
    except FileNotFoundError:
        raise GitFailed("the program git is not installed: install it, or unset ACADEMY_CONTENT_GIT.") from None
    except subprocess.TimeoutExpired:
        raise GitFailed(f"git {words[0]} took more than {PATIENCE} s in {root}.") from None
    if done.returncode not in fine:
        raise GitFailed(f"git {words[0]} in {root}: {done.stderr.decode('utf-8', 'replace').strip()[:500]}")
    return done.stdout.decode("utf-8", "replace")
