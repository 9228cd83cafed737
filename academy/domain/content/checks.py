"""What the files of a folder must keep together: ids, pairs, paths, prerequisites."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from academy.domain.content.files import TextFile
from academy.domain.contract import SHARED, Checked
from academy.domain.problems import Problem
from academy.extensions import db
from academy.models import Cycle, Document, Edition, Kind


@dataclass(frozen=True)
class CheckedFile:
    """A file whose own front matter is right."""

    file: TextFile
    checked: Checked

    @property
    def key(self) -> str:
        return self.checked.facts.id

    def problem(self, code: str, key: str = "", **details: object) -> Problem:
        return Problem(self.file.path, self.checked.lines.get(key, 0), key, code, details)


def problems_of(files: list[CheckedFile]) -> list[Problem]:
    """Every disagreement between files, and between files and the academy."""
    return [
        *_shared_ids(files),
        *_disagreeing_pairs(files),
        *_ids_of_the_academy(files),
        *_module_addresses(files),
        *_cycles_without_presentation(files),
        *_prerequisite_loops(files),
    ]


def _shared_ids(files: list[CheckedFile]) -> Iterator[Problem]:
    """One id is one text: at most a French and an English file of the same name."""
    first: dict[str, CheckedFile] = {}
    for it in files:
        other = first.setdefault(it.key, it)
        if other.file.place.stem != it.file.place.stem:
            yield it.problem("id_twice", "id", value=it.key, other=other.file.path)


def _disagreeing_pairs(files: list[CheckedFile]) -> Iterator[Problem]:
    stems: dict[str, CheckedFile] = {}
    for it in files:
        other = stems.setdefault(it.file.place.stem, it)
        if other.key != it.key:
            yield it.problem("pair_ids_differ", "id", value=other.key, other=other.file.path)
            continue
        for name in SHARED:
            both = name in it.checked.facts.stated & other.checked.facts.stated
            if both and getattr(it.checked.facts, name) != getattr(other.checked.facts, name):
                yield it.problem("pair_differs", name, other=other.file.path)


def _ids_of_the_academy(files: list[CheckedFile]) -> Iterator[Problem]:
    rows = db.session.execute(select(Document.key, Document.path, Document.kind)).all()
    by_key, by_path = {row.key: row for row in rows}, {row.path: row.key for row in rows}
    coming = {it.key for it in files}
    for it in files:
        place = it.file.place
        if (known := by_key.get(it.key)) and known.kind != place.kind:
            yield it.problem("kind_changed", "id", kind=str(known.kind), other=known.path)
        elif (holder := by_path.get(place.stem, it.key)) != it.key and holder not in coming:
            yield it.problem("id_changed", "id", value=holder)


def _module_addresses(files: list[CheckedFile]) -> Iterator[Problem]:
    """The address of a module is its cycle and the name of its file without the number."""
    modules = [it for it in files if it.file.place.kind == Kind.MODULE]
    coming = {it.key for it in modules}
    query = select(Cycle.slug, Document.slug, Document.key, Document.path).join(Cycle, Cycle.id == Document.cycle_id)
    rows = db.session.execute(query.where(Document.kind == Kind.MODULE)).all()
    taken = {(cycle, slug): (key, path) for cycle, slug, key, path in rows if key not in coming}
    for it in modules:
        place = it.file.place
        key, path = taken.setdefault((place.cycle, place.slug), (it.key, it.file.path))
        if key != it.key:
            yield it.problem("slug_twice", "", value=place.slug, other=path)


def _cycles_without_presentation(files: list[CheckedFile]) -> Iterator[Problem]:
    presented = {it.file.place.cycle for it in files if it.file.path.endswith("/cycle.fr.md")}
    french = select(Cycle.slug).join(Document, Document.cycle_id == Cycle.id).join(Document.editions)
    presented |= set(db.session.scalars(french.where(Document.kind == Kind.CYCLE, Edition.language == "fr")))
    for cycle in sorted({it.file.place.cycle for it in files} - presented - {""}):
        yield Problem(f"cycles/{cycle}/cycle.fr.md", 0, "", "cycle_without_presentation", {"value": cycle})


def _prerequisite_loops(files: list[CheckedFile]) -> Iterator[Problem]:
    """Nobody could begin modules that wait for one another."""
    query = select(Document.key, Edition.prerequisites).join(Document.editions)
    graph = {key: set(wanted) for key, wanted in db.session.execute(query)}
    for it in files:
        graph[it.key] = set()
    for it in files:
        graph[it.key] |= set(it.checked.facts.prerequisites)
    for it in files:
        if it.checked.facts.prerequisites and _leads_back(it.key, graph):
            yield it.problem("prerequisite_loop", "prerequisites", value=it.key)


def _leads_back(key: str, graph: Mapping[str, set[str]]) -> bool:
    seen: set[str] = set()
    ahead = list(graph[key])
    while ahead:
        if (step := ahead.pop()) == key:
            return True
        if step not in seen:
            seen.add(step)
            ahead += graph.get(step, ())
    return False
