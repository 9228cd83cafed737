"""Compare a content folder with the academy: what a load would do, all problems at once, nothing written.

The rules, for each file, are in `content_states`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import aliased

from academy.domain import (
    content_attached,
    content_checks,
    content_folders,
    content_lists,
    content_names,
    contract,
    publishing,
)
from academy.domain.content_attached import FileItem
from academy.domain.content_checks import CheckedFile
from academy.domain.content_files import Folder, TextFile, read_folder
from academy.domain.content_paths import file_of
from academy.domain.content_states import State, state_of
from academy.domain.contract import Names
from academy.domain.problems import ContentRefused, Problem
from academy.domain.publishing import Prepared
from academy.domain.revisions import hash_of
from academy.extensions import db
from academy.models import ContentFile, Document, Edition, Kind, Revision


@dataclass(frozen=True)
class Site:
    """An edition of the academy, as far as a comparison needs it."""

    edition_id: int
    document_id: int
    path: str
    synced: str | None
    head_id: int | None
    head: str | None  # hashes of sources
    published: str | None
    scheduled: str | None = None

    @property
    def current(self) -> str | None:
        """What a folder holds of it: the text that is to be published, else the published one, else the last saved."""
        return self.scheduled or self.published or self.head


@dataclass(frozen=True)
class Item:
    """What a load would do with one text file."""

    file: TextFile
    state: State
    site: Site | None
    is_moved: bool = False
    prepared: Prepared | None = None  # of what is created or changed


@dataclass(frozen=True)
class ListItem:
    """What a load would do with one list file."""

    path: str
    state: State
    source: str
    entries: list[content_lists.Entry]


@dataclass(frozen=True)
class Plan:
    """A comparison, ready to be loaded when it has no problems."""

    root: Path
    items: list[Item] = field(default_factory=list)
    lists: list[ListItem] = field(default_factory=list)
    files: list[FileItem] = field(default_factory=list)  # beside the texts
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)  # files that the academy would dump and the folder lacks

    def paths(self, state: State) -> list[str]:
        """The files in a state: texts, lists, and what lies beside texts."""
        lists = [item.path for item in self.lists if item.state == state]
        files = [item.path for item in self.files if item.state == state and (item.file or item.current)]
        return sorted(lists + files + [item.file.path for item in self.items if item.state == state])

    @property
    def moved(self) -> list[str]:
        return [item.file.path for item in self.items if item.is_moved]


def plan_load(root: Path, *, render: bool = True) -> Plan:
    """Compare, check and (unless *render* is off) render; call it outside the transaction of `load`."""
    folder = read_folder(root)
    plan = Plan(root, problems=list(folder.problems))
    plan.lists.extend(_list_items(folder, plan))
    names = _names(folder)
    files = list(_checked(folder, names, plan))
    plan.problems.extend(content_checks.problems_of(files))
    sites = _sites()
    plan.missing.extend(_missing(folder, sites))
    plan.items.extend(_item(it, sites) for it in files)
    _compare_files(folder, files, plan)
    if render:
        plan.items[:] = _prepared(plan, names)
        plan.files[:] = content_attached.prepare(root, plan.files, remarks := [])
        plan.warnings.extend(remark for remark in remarks if remark.is_warning)
        plan.problems.extend(remark for remark in remarks if not remark.is_warning)
    plan.problems.sort(key=lambda problem: (problem.path, problem.line))
    return plan


def difference(root: Path) -> list[tuple[str, str]]:
    """The files in which folder and academy differ: (path, state), or (path, "missing"), or (path, "moved")."""
    plan = plan_load(root, render=False)
    if plan.problems:
        raise ContentRefused(plan.problems)
    return differing(plan)


def differing(plan: Plan) -> list[tuple[str, str]]:
    """The same, of a plan already made."""
    states = [(path, str(state)) for state in State if state != State.UNCHANGED for path in plan.paths(state)]
    moved = [(item.file.path, "moved") for item in plan.items if item.is_moved and item.state == State.UNCHANGED]
    return sorted(states + moved + [(path, "missing") for path in plan.missing])


def list_state(path: str, source: str) -> State:
    """The same rule for a list file."""
    current = content_lists.source_of(path)
    kept = db.session.get(ContentFile, path)
    current_hash = hash_of(current) if current is not None else None
    return state_of(hash_of(source), current=current_hash, synced=kept.source_hash if kept else None, head=current_hash)


def _list_items(folder: Folder, plan: Plan) -> Iterator[ListItem]:
    for path, source in sorted(folder.lists.items()):
        try:
            entries, warnings = content_lists.read(path, source)
        except ContentRefused as refused:
            plan.problems.extend(refused.problems)
        else:
            plan.warnings.extend(warnings)
            yield ListItem(path, list_state(path, source), source, entries)


def _names(folder: Folder) -> Names:
    """What exists once the folder is loaded; a file that is itself refused still lends its id."""
    names = content_names.of_academy()
    for path, source in folder.lists.items():
        if not (kind := content_lists.LIST_FILES[path].names):
            continue
        names = replace(names, **{kind: getattr(names, kind) | content_lists.slugs_of(source)})
    ids: dict[str, Kind] = {}
    for file in folder.texts.values():
        try:
            key = contract.parse(file.path, file.source).values.get("id")
        except ContentRefused:
            continue
        if isinstance(key, str):
            ids[key] = file.place.kind
    modules = frozenset(key for key, kind in ids.items() if kind == Kind.MODULE)
    sessions = frozenset(key for key, kind in ids.items() if kind == Kind.SESSION)
    return replace(
        names,
        documents=names.documents | frozenset(ids),
        modules=names.modules | modules,
        sessions=names.sessions | sessions,
        cycles=names.cycles | frozenset(file.place.cycle for file in folder.texts.values()) - {""},
    )


def _checked(folder: Folder, names: Names, plan: Plan) -> Iterator[CheckedFile]:
    for file in folder.texts.values():
        try:
            checked = contract.check(file.path, file.source, kind=file.place.kind, names=names)
        except ContentRefused as refused:
            plan.problems.extend(problem for problem in refused.problems if not problem.is_warning)
            plan.warnings.extend(problem for problem in refused.problems if problem.is_warning)
        else:
            plan.warnings.extend(checked.warnings)
            yield CheckedFile(file, checked)


def _compare_files(folder: Folder, files: list[CheckedFile], plan: Plan) -> None:
    """Read the files beside the texts; those of a text that is itself refused wait for it."""
    stems = {file.place.stem for file in folder.texts.values()}
    beside = content_folders.read_files(folder.root, stems, plan.problems)
    items, missing = content_attached.compare(beside, {it.file.place.stem: it.key for it in files})
    plan.files.extend(items)
    plan.missing[:] = sorted(plan.missing + missing)


def _sites() -> dict[tuple[str, str], Site]:
    """Every edition by (key, language), in one query."""
    head, published, scheduled = aliased(Revision), aliased(Revision), aliased(Revision)
    rows = db.session.execute(
        select(
            Document.key,
            Edition.language,
            Edition.id,
            Document.id,
            Document.path,
            Edition.synced_hash,
            Edition.head_id,
            head.source_hash,
            published.source_hash,
            scheduled.source_hash,
        )
        .join(Edition, Edition.document_id == Document.id)
        .outerjoin(head, head.id == Edition.head_id)
        .outerjoin(published, published.id == Edition.published_id)
        .outerjoin(scheduled, scheduled.id == Edition.scheduled_id)
    )
    return {(row[0], row[1]): Site(*row[2:]) for row in rows}


def _missing(folder: Folder, sites: dict[tuple[str, str], Site]) -> list[str]:
    """What a dump would add; a text that only moved is not missing."""
    there = set()
    for file in folder.texts.values():
        try:
            there.add((contract.parse(file.path, file.source).values.get("id"), file.place.language))
        except ContentRefused:
            there.add((file.path, ""))
    texts = [
        file_of(site.path, language)
        for (key, language), site in sites.items()
        if (key, language) not in there and file_of(site.path, language) not in folder.texts
    ]
    lists = [path for path in content_lists.LIST_FILES if path not in folder.lists and content_lists.source_of(path)]
    return sorted(texts + lists)


def _item(it: CheckedFile, sites: dict[tuple[str, str], Site]) -> Item:
    site = sites.get((it.key, it.file.place.language))
    if site is None:
        return Item(it.file, State.CREATED, None)
    state = state_of(it.file.source_hash, current=site.current, synced=site.synced, head=site.head)
    return Item(it.file, state, site, is_moved=site.path != it.file.place.stem)


def _prepared(plan: Plan, names: Names) -> Iterator[Item]:
    """Render what will be stored; what is refused joins the plan's problems."""
    for item in plan.items:
        if item.state not in (State.CREATED, State.CHANGED):
            yield item
            continue
        file, place = item.file, item.file.place
        try:
            ready = publishing.prepare(
                file.source, kind=place.kind, language=place.language, path=file.path, names=names, reuse=True
            )
        except ContentRefused as refused:
            plan.problems.extend(refused.problems)
            continue
        plan.warnings.extend(warning for warning in ready.warnings if warning.code.startswith("lint_"))
        yield replace(item, prepared=ready)
