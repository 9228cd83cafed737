"""Compare a content folder with the academy: what a load would do, all problems at once, nothing written.

The rules, for each file, are in `content_states`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from academy.domain import contract, preparing, revisions
from academy.domain.content import (
    attached as content_attached,
    checks as content_checks,
    conflicts as content_conflicts,
    folders as content_folders,
    links as content_links,
    lists as content_lists,
    names as content_names,
    sites as content_sites,
)
from academy.domain.content.attached import FileItem
from academy.domain.content.bases import Exchange
from academy.domain.content.checks import CheckedFile
from academy.domain.content.conflicts import Both, Choices
from academy.domain.content.files import Folder, TextFile, read_folder
from academy.domain.content.paths import file_of
from academy.domain.content.sites import Site, Sites
from academy.domain.content.states import State, state_of
from academy.domain.contract import Names
from academy.domain.lending import Coming
from academy.domain.preparing import Prepared
from academy.domain.problems import ContentRefused, Problem
from academy.domain.revisions import hash_of
from academy.extensions import db
from academy.models import ContentFile, Kind


@dataclass(frozen=True)
class Item:
    """What a load would do with one text file."""

    file: TextFile
    state: State
    site: Site | None
    is_moved: bool = False
    prepared: Prepared | None = None  # of what is created, changed or merged
    text: str | None = None  # that is written instead of the file's: both sides in one
    both: Both | None = None  # of what was edited on both sides
    is_settled: bool = False  # somebody chose the site's text: the file counts as seen

    @property
    def source(self) -> str:
        """The text that a load writes."""
        return self.file.source if self.text is None else self.text


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
    exchange: Exchange | None = None  # None: a folder that is kept, and remembered
    items: list[Item] = field(default_factory=list)
    lists: list[ListItem] = field(default_factory=list)
    files: list[FileItem] = field(default_factory=list)  # beside the texts
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)  # files that the academy would dump and the folder lacks
    left_out: list[Problem] = field(default_factory=list)  # files that the load goes on without, and why

    def paths(self, state: State) -> list[str]:
        """The files in a state: texts, lists, and what lies beside texts."""
        lists = [item.path for item in self.lists if item.state == state]
        files = [item.path for item in self.files if item.state == state and (item.file or item.current)]
        return sorted(lists + files + [item.file.path for item in self.items if item.state == state])

    @property
    def moved(self) -> list[str]:
        return [item.file.path for item in self.items if item.is_moved]


def plan_load(
    root: Path,
    *,
    render: bool = True,
    exchange: Exchange | None = None,
    choices: Choices | None = None,
    leaves_out: bool = False,
) -> Plan:
    """Compare, check and (unless *render* is off) render; call it outside the transaction of `load`.

    *exchange* says that the folder is an archive's; *choices*, by path, settle conflicts. With *leaves_out* a single
    file that cannot be taken keeps nothing else back: what the academy has of it stays.
    """
    folder, choices = read_folder(root), choices or {}
    plan = Plan(root, exchange, problems=list(folder.problems))
    plan.lists.extend(content_conflicts.settled_lists(_list_items(folder, plan), choices))
    names = _names(folder)
    files = list(_checked(folder, names, plan))
    plan.problems.extend(content_checks.problems_of(files))
    sites = content_sites.met_by(exchange, content_sites.all_sites(), files)
    plan.missing.extend(_missing(folder, sites))
    plan.items.extend(content_conflicts.settled((_item(it, sites) for it in files), choices))
    _compare_files(folder, files, plan, choices)
    if render:
        plan.files[:] = content_attached.prepare(root, plan.files, remarks := [])
        plan.warnings.extend(remark for remark in remarks if remark.is_warning)
        plan.problems.extend(remark for remark in remarks if not remark.is_warning)
    refused = [problem for problem in plan.problems if content_attached.is_of_one_file(problem)]
    untouched = {problem.path for problem in refused}
    plan.files[:] = [item for item in plan.files if item.path not in untouched]
    if leaves_out:
        plan.left_out.extend(refused)
        plan.problems[:] = [problem for problem in plan.problems if problem not in refused]
    if render:
        published = {it.file.path for it in files if it.checked.facts.is_published}
        coming = content_links.coming_of(folder, {it.file.path: it.text for it in plan.items if it.text is not None})
        plan.items[:] = _prepared(plan, names, published, coming)
        _compare_links(plan, coming)
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
    still = [item for item in plan.items if item.state == State.UNCHANGED and item.site]
    moved = [(item.file.path, "moved") for item in still if item.is_moved]
    moved += [
        (it.file.path, "kept") for it in still if it.site and it.site.path != it.file.place.stem and not it.is_moved
    ]
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


def _compare_files(folder: Folder, files: list[CheckedFile], plan: Plan, choices: Choices) -> None:
    """Read the files beside the texts; those of a text that is itself refused wait for it."""
    stems = {file.place.stem for file in folder.texts.values()}
    beside = content_folders.read_files(folder.root, stems, plan.problems)
    keys = {it.file.place.stem: it.key for it in files}
    items, missing = content_attached.compare(beside, keys, plan.exchange.versions if plan.exchange else None)
    plan.files.extend(content_conflicts.settled_files(items, choices))
    plan.missing[:] = sorted(plan.missing + missing)


def _missing(folder: Folder, sites: Sites) -> list[str]:
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


def _item(it: CheckedFile, sites: Sites) -> Item:
    site = sites.get((it.key, it.file.place.language))
    if site is None:
        return Item(it.file, State.CREATED, None)
    state = state_of(it.file.source_hash, current=site.current, synced=site.synced, head=site.head)
    return Item(it.file, state, site, is_moved=it.file.place.stem not in (site.path, site.synced_path))


def _compare_links(plan: Plan, coming: Coming) -> None:
    """Find what leads nowhere once all is loaded."""
    texts = ((it.prepared, it.site is not None and it.site.published is not None) for it in plan.items if it.prepared)
    found = list(content_links.problems_of(texts, coming))
    plan.problems.extend(problem for problem in found if not problem.is_warning)
    plan.warnings.extend(problem for problem in found if problem.is_warning)


def _prepared(plan: Plan, names: Names, published: set[str], coming: Coming) -> Iterator[Item]:
    """Render what will be stored; what is refused joins the plan's problems, but a merge stays a conflict then."""
    beside = content_attached.credits_after(plan.root, plan.files)
    rendered = revisions.rendered_among({hash_of(item.source) for item in plan.items})
    for item in plan.items:
        if item.state not in (State.CREATED, State.CHANGED, State.MERGED):
            yield item
            continue
        file, place = item.file, item.file.place
        files = beside.get(place.stem, {}) if file.path in published else None
        try:
            ready = preparing.prepare(
                item.source,
                kind=place.kind,
                language=place.language,
                path=file.path,
                names=names,
                files=files,
                is_rendered=(hash_of(item.source), place.language) in rendered,
                coming=coming,
            )
        except ContentRefused as refused:
            if item.state == State.MERGED:
                yield replace(item, state=State.CONFLICTING, text=None)
            else:
                plan.problems.extend(refused.problems)
            continue
        plan.warnings.extend(warning for warning in ready.warnings if warning.code.startswith("lint_"))
        yield replace(item, prepared=ready)
