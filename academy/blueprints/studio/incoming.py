"""What an archive would do to the academy, as far as the person who sends it may: the report of an import."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from sqlalchemy import select

from academy.blueprints.studio.differences import Part, differences
from academy.blueprints.studio.uploads import OWN, Upload
from academy.domain import contract, courses
from academy.domain.content import (
    archives as content_archives,
    attached as content_attached,
    bases as content_bases,
    plan as content_plan,
)
from academy.domain.content.archives import Opened
from academy.domain.content.attached import FileItem
from academy.domain.content.bases import Exchange
from academy.domain.content.conflicts import Choice, Choices
from academy.domain.content.plan import Item, ListItem, Plan
from academy.domain.content.states import State
from academy.domain.courses import Converted, Course, Maker
from academy.domain.problems import ContentRefused, Problem
from academy.extensions import db
from academy.models import Document, Kind, Person
from academy.policies import Action, can

TRAINERS = (Kind.MODULE, Kind.RESOURCE)  # what a trainer may add
_QUIET = (State.UNCHANGED, State.KEPT)


@dataclass(frozen=True)
class Line:
    """One file of the report: what would happen to it, and what changes in its words."""

    path: str
    state: str
    is_moved: bool = False
    document_id: int | None = None
    language: str = ""
    parts: list[Part] = field(default_factory=list)
    choices: tuple[Choice, ...] = ()  # of a conflict


@dataclass(frozen=True)
class Report:
    """A dry run. `plan` is None when the archive could not even be opened."""

    problems: list[Problem]
    warnings: list[Problem] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    left: list[str] = field(default_factory=list)  # files that are no content
    plan: Plan | None = None
    converted: Converted | None = None  # of a course that was made elsewhere
    left_out: list[Problem] = field(default_factory=list)  # files without which a load goes on
    may_leave_out: bool = False  # whether leaving the refused files out would settle every problem

    @property
    def conflicts(self) -> list[Line]:
        return [line for line in self.lines if line.choices]

    @property
    def is_idle(self) -> bool:
        """Whether a load would change nothing."""
        return all(line.state in _QUIET for line in self.lines)

    def of(self, *states: str) -> list[Line]:
        return [line for line in self.lines if line.state in states]

    @property
    def seal(self) -> str:
        """What was shown: a load that would do something else is shown again first."""
        told = "\n".join(f"{line.path} {line.state} {line.is_moved} {line.parts}" for line in self.lines)
        return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:32]


@contextmanager
def report_of(
    upload: Upload, file: BinaryIO, *, me: Person, choices: Choices | None = None, leaves_out: bool = False
) -> Iterator[Report]:
    """Open the archive and compare it, for as long as the block lasts; with *leaves_out* without the files refused."""
    try:
        with content_archives.opened(file) as archive, TemporaryDirectory(prefix="academy-") as folder:
            if (maker := _maker(upload, archive)) is not None:
                yield _course_report(upload, archive, maker, Path(folder), me, choices or {}, leaves_out)
            else:
                yield _report(archive, me, choices or {}, leaves_out)
    except ContentRefused as refused:
        yield Report(list(refused.problems))


def _maker(upload: Upload, archive: Opened) -> Maker | None:
    """The tool that made it; None for a folder of the academy."""
    if upload.maker in set(Maker):
        return Maker(upload.maker)
    is_own = upload.maker == OWN or archive.has_content
    return None if is_own else courses.detect(list(archive.paths))


def _report(archive: Opened, me: Person, choices: Choices, leaves_out: bool) -> Report:
    met = Exchange(archive.versions, me)
    plan = content_plan.plan_load(archive.root, exchange=met, choices=choices, leaves_out=leaves_out)
    left = archive.left_aside(plan)
    if not (plan.items or plan.lists or plan.problems):
        return Report([Problem("", 0, "", "archive_without_content")], left=left)
    plan.problems.extend(_not_allowed(plan, me))
    lines, may = _lines(plan), _may_leave_out(plan)
    return Report(plan.problems, plan.warnings, lines, left, plan, None, plan.left_out, may)


def _may_leave_out(plan: Plan) -> bool:
    return bool(plan.problems) and all(map(content_attached.is_of_one_file, plan.problems))


def _course_report(
    upload: Upload, archive: Opened, maker: Maker, folder: Path, me: Person, choices: Choices, leaves_out: bool
) -> Report:
    course = Course(maker, upload.cycle, upload.language, me.name)
    converted = courses.convert(archive.top, folder, course)
    if converted.blocking:
        return Report(converted.blocking, converted=converted)
    plan = content_plan.plan_load(folder, exchange=Exchange({}, me), choices=choices, leaves_out=leaves_out)
    may = _may_leave_out(plan)
    converted.refuse(filter(content_attached.is_of_one_file, (*plan.problems, *plan.left_out)))
    for problems in (plan.problems, plan.left_out):
        problems[:] = [converted.at_source(problem) for problem in problems]
    plan.problems.extend(denied := list(_not_allowed(plan, me)))
    lines = _lines(plan)
    remarks = [*converted.advice, *(converted.at_source(warning) for warning in plan.warnings)]
    remarks.sort(key=lambda it: (it.path, it.line))
    return Report(plan.problems, remarks, lines, [], plan, converted, plan.left_out, may and not denied)


def _not_allowed(plan: Plan, me: Person) -> Iterator[Problem]:
    """What this person may not do: nobody comes in by an archive where the editor would be closed."""
    touched = [item for item in plan.items if item.state not in _QUIET or item.is_moved]
    files = [item for item in plan.files if item.state not in _QUIET]
    keys = {_key_of(item) for item in touched} | {item.key for item in files}
    rows = db.session.execute(select(Document.key, Document.owner_id, Document.kind).where(Document.key.in_(keys)))
    known = {row.key: row for row in rows}
    is_team = can(me, Action.DESK_USE)
    for item in touched:
        row, path = known.get(_key_of(item)), item.file.path
        if row is not None and not can(me, Action.DOCUMENT_EDIT, row):
            yield Problem(path, 0, "", "not_yours")
        elif row is None and not is_team and item.file.place.kind not in TRAINERS:
            yield Problem(path, 0, "", "team_only")
    for item in files:
        if (row := known.get(item.key)) is not None and not can(me, Action.DOCUMENT_EDIT, row):
            yield Problem(item.path, 0, "", "not_yours")
    yield from (
        Problem(item.path, 0, "", "team_only") for item in plan.lists if not is_team and item.state not in _QUIET
    )


def _key_of(item: Item) -> str:
    return str(contract.parse(item.file.path, item.file.source).values.get("id"))


def _lines(plan: Plan) -> list[Line]:
    """Every file, the differences of those that change; one query for the sources of all."""
    forbidden = {problem.path for problem in plan.problems if problem.code in ("not_yours", "team_only")}
    shown = [it for it in plan.items if it.state not in (*_QUIET, State.CREATED) and it.file.path not in forbidden]
    sites = [it.site for it in shown if it.site]
    sources = content_bases.sources((site.edition_id, site.head) for site in sites if site.head) if sites else {}
    lines = [_text_line(item, sources if item.file.path not in forbidden else {}) for item in plan.items]
    lines += [_other_line(item) for item in plan.lists]
    lines += [_other_line(item) for item in plan.files if item.file or item.current]
    return sorted(lines, key=lambda line: line.path)


def _text_line(item: Item, sources: dict[tuple[int, str], str]) -> Line:
    before = sources.get((item.site.edition_id, item.site.head or "")) if item.site else None
    is_conflict = item.state == State.CONFLICTING
    return Line(
        item.file.path,
        str(item.state),
        item.is_moved,
        item.site.document_id if item.site else None,
        item.file.place.language,
        differences(before, item.source) if before is not None else [],
        tuple(Choice) if is_conflict else (),
    )


def _other_line(item: FileItem | ListItem) -> Line:
    is_conflict = item.state == State.CONFLICTING
    return Line(item.path, str(item.state), choices=(Choice.SITE, Choice.FOLDER) if is_conflict else ())
