"""Write a content folder out of a course that was made elsewhere, and say what became of each file."""

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from sqlalchemy import select

from academy.domain.content import folders as content_folders
from academy.domain.content.files import shown, write
from academy.domain.content.paths import file_of, path_for, place_of
from academy.domain.courses import dialects, headers, linking, makers
from academy.domain.courses.dialects import Lines
from academy.domain.courses.headers import Known
from academy.domain.courses.linking import Links
from academy.domain.courses.makers import PAGES, Maker
from academy.domain.courses.sections import sections_of
from academy.domain.problems import Problem
from academy.extensions import db
from academy.files import kinds
from academy.models import Cycle, Document, Kind, Topic
from academy.rendering import frontmatter
from academy.rendering.limits import MAX_BYTES
from academy.rendering.slugs import slugify

MOST_FILES = 2_000
BLOCKING = {"archive_too_many", "course_cycle", "course_without_pages"}  # remarks with which nothing is imported
_MOST_POSITION = 999
_NUMBERED = re.compile(r"^\d{1,4}[-_. ]+(?=\S)")
_FIRST_PAGES = {"index", "readme", "home"}
_TEXT = (*PAGES, ".yml", ".yaml", ".json", ".js", ".ts")
_MOST_CONFIGURATION = 256 * 1024  # bytes of a file that says the order


@dataclass(frozen=True)
class Course:
    """What somebody says of a course: who made it, the slug of the cycle that takes it, its language, its author."""

    maker: Maker
    cycle: str
    language: str
    author: str


@dataclass(frozen=True)
class Outcome:
    """What became of a file: page, attached, read (its order was), or a code of problems that says why it was left."""

    path: str
    word: str
    target: str = ""  # where it is in the content folder

    @property
    def is_left(self) -> bool:
        return self.word not in ("page", "attached", "read")

    @property
    def why(self) -> Problem:
        """Why it was left, and what to do."""
        limit = kinds.MAX_FILES if self.word == "file_too_many" else kinds.MAX_BYTES >> 20
        return Problem(self.path, 0, "", self.word, {"limit": limit})


@dataclass
class Converted:
    """The report of a conversion; `remarks` are of the files of the course, with their lines."""

    outcomes: list[Outcome] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)
    sources: dict[str, tuple[str, int]] = field(default_factory=dict)  # target -> file of the course, shift of lines

    @property
    def blocking(self) -> list[Problem]:
        return [problem for problem in self.remarks if problem.code in BLOCKING]

    @property
    def advice(self) -> list[Problem]:
        return [problem for problem in self.remarks if problem.code not in BLOCKING]

    def refuse(self, problems: Iterable[Problem]) -> None:
        """Note that files which were attached cannot be taken after all; the problems are of the folder that was written."""
        codes = {problem.path: problem.code for problem in problems}
        self.outcomes[:] = [Outcome(it.path, codes[it.target]) if it.target in codes else it for it in self.outcomes]

    def at_source(self, problem: Problem) -> Problem:
        """A problem of the folder that was written, said of the file that somebody can repair."""
        path, shift = self.sources.get(problem.path, (problem.path, 0))
        is_of_header = bool(problem.key) or problem.line <= shift  # which is ours: it has no line there
        return replace(problem, path=path, line=0 if is_of_header else problem.line - shift)


@dataclass(frozen=True)
class _Place:
    """Where a page goes."""

    stem: str
    key: str


def files_below(top: Path) -> list[str]:
    """Every file of a folder that is no link and not hidden, relative to it, with `/`."""
    found: list[str] = []
    for parent, folders, names in os.walk(top):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name != "node_modules")
        plain = [os.path.join(parent, name) for name in sorted(names) if not name.startswith(".")]
        found += [Path(os.path.relpath(path, top)).as_posix() for path in plain if not os.path.islink(path)]
    return found


def convert(top: Path, target: Path, course: Course) -> Converted:
    """Read the course below *top* and write its content folder below *target*: nothing is written to the academy.

    The same course gives the same ids and the same paths again, whatever else the cycle has.
    """
    done, paths = Converted(), files_below(top)
    if len(paths) > MOST_FILES:
        done.remarks.append(Problem("", 0, "", "archive_too_many", {"limit": MOST_FILES}))
        return done
    if db.session.scalar(select(Cycle.id).where(Cycle.slug == course.cycle)) is None:
        done.remarks.append(Problem("", 0, "cycle", "course_cycle", {"value": course.cycle}))
        return done
    texts, left = _texts(top, paths)
    contents = makers.contents(course.maker, paths, texts)
    pages = {path: headers.cut(path, texts[path]) for path in contents.pages if path in texts}
    heads = {path: headers.titled(page, contents.titles.get(path, "")) for path, page in pages.items()}
    titles = {path: title for path, (title, _) in heads.items()}
    sections = {path: sections_of(*head) for path, head in heads.items()}
    places = _places(course, contents.root, list(pages), titles)
    topics = frozenset(db.session.scalars(select(Topic.slug)))
    ids = {path: place.key for path, place in places.items()}
    attached: dict[str, str] = {}
    for path, page in pages.items():
        links = Links(
            path,
            contents.root,
            ids,
            frozenset(paths) - set(pages),
            lambda file: _not_taken(top, file),
            course.language,
            sections,
            is_wiki=course.maker == Maker.WIKI,
        )
        known = Known(places[path].key, course.language, course.author, topics, contents.titles.get(path, ""))
        _write_page(target, page, places[path], links, known, course, done)
        _attach(top, target, places[path], links, done)
        attached |= {file: f"{places[path].stem}/{name}" for file, name in links.attached.items()}
        left |= {file: code for file, code in links.refused.items() if file not in attached}
    for path in paths:
        if path not in pages and path not in attached:
            word = "read" if path in contents.read else left.get(path) or _why_left(path, contents.root)
            done.outcomes.append(Outcome(shown(path), word))
    if not pages:
        done.remarks.append(Problem("", 0, "", "course_without_pages"))
    return done


def _texts(top: Path, paths: list[str]) -> tuple[dict[str, str], dict[str, str]]:
    """The words of what is text, and why some files have none."""
    texts: dict[str, str] = {}
    left: dict[str, str] = {}
    for path in paths:
        if not path.endswith(_TEXT):
            continue
        is_page = path.endswith(PAGES)
        try:
            if (top / path).stat().st_size > (MAX_BYTES if is_page else _MOST_CONFIGURATION):
                left[path] = "course_too_long"
                continue
            source = (top / path).read_bytes().decode("utf-8-sig")
        except (UnicodeDecodeError, OSError):
            left[path] = "course_not_utf8"
            continue
        if "\0" in source:
            left[path] = "course_not_utf8"
        else:
            texts[path] = source
    return texts, left


def _places(course: Course, root: str, pages: list[str], titles: Mapping[str, str]) -> dict[str, _Place]:
    """The id and the path of each page: those that the academy gave it before, else new ones after the last module."""
    rows = db.session.execute(
        select(Document.key, Document.path, Document.position, Cycle.slug, Document.kind).outerjoin(
            Cycle, Cycle.id == Document.cycle_id
        )
    ).all()
    there = {row.key: row.path for row in rows if row.slug == course.cycle and row.kind == Kind.MODULE}
    others = {row.key for row in rows} - set(there)
    position = max((row.position for row in rows if row.key in there), default=0)
    slugs = {place.slug for stem in there.values() if (place := place_of(file_of(stem, "fr")))}
    places: dict[str, _Place] = {}
    used: set[str] = set()
    for path in pages:
        slug = _slug(path.removeprefix(root).lstrip("/"), titles[path])
        number, wanted = 1, slug
        while (key := f"{course.cycle}-{wanted}"[:80].strip("-")) in used or key in others:
            number += 1
            wanted = f"{slug}-{number}"
        used.add(key)
        if key in there:
            places[path] = _Place(there[key], key)
            continue
        position = min(position + 1, _MOST_POSITION)
        while wanted in slugs:
            number += 1
            wanted = f"{slug}-{number}"
        slugs.add(wanted)
        places[path] = _Place(path_for(Kind.MODULE, wanted, cycle=course.cycle, position=position), key)
    return places


def _slug(path: str, title: str) -> str:
    """From the name of the file below the course, which changes less than a title; a first page has its folder’s."""
    file = PurePosixPath(path)
    name = _NUMBERED.sub("", file.stem)
    if name.casefold() in _FIRST_PAGES:
        name = _NUMBERED.sub("", file.parent.name) if len(file.parts) > 1 else title or "introduction"
    return slugify(name, 40)


def _write_page(
    target: Path, page: headers.Page, place: _Place, links: Links, known: Known, course: Course, done: Converted
) -> None:
    title, body = headers.titled(page, known.nav_title)
    title = title or _NUMBERED.sub("", PurePosixPath(page.path).stem).replace("-", " ").replace("_", " ")
    lines = Lines(body, path=page.path, first=page.line, maker=course.maker)
    dialects.translate(lines)
    linking.relink(lines, links)
    values = headers.header(page, title, body, known)
    newline = "\r\n" if "\r\n" in page.body else "\n"
    try:
        front = frontmatter.replace(f"---{newline}---{newline}{newline}", values)
    except frontmatter.FrontMatterError:  # a key of theirs that no front matter can hold: ours alone
        done.remarks.append(Problem(page.path, 1, "", "course_header"))
        ours = {key: value for key, value in values.items() if key in headers.contract.KEYS}
        front = frontmatter.replace(f"---{newline}---{newline}{newline}", ours)
    path = file_of(place.stem, course.language)
    write(target, path, (front + "\n".join(lines.lines)).encode())
    done.sources[path] = (page.path, front.count("\n") + 1 - page.line)
    done.outcomes.append(Outcome(shown(page.path), "page", path))
    done.remarks += sorted([*page.problems, *lines.problems], key=lambda problem: problem.line)


def _attach(top: Path, target: Path, place: _Place, links: Links, done: Converted) -> None:
    for file, name in links.attached.items():
        path = f"{place.stem}/{name}"
        write(target, path, content_folders.data_of(top, file))
        done.sources[path] = (file, 0)
        done.outcomes.append(Outcome(shown(file), "attached", path))


def _not_taken(top: Path, file: str) -> str:
    """Why a file cannot come with a text, as a code of problems; "" when it can."""
    name = content_folders.suggested(re.sub(r"\.jpeg$", ".jpg", PurePosixPath(file).name, flags=re.IGNORECASE))
    if not kinds.is_name(name):
        return "file_name"
    try:
        if (top / file).stat().st_size > kinds.MAX_BYTES:
            return "file_too_big"
        kinds.check(name, content_folders.data_of(top, file))
    except kinds.WrongFile as wrong:
        return wrong.code
    except OSError:
        return "unreadable"
    return ""


def _why_left(path: str, root: str) -> str:
    if path.endswith(PAGES):
        return "course_outside" if root and not path.startswith(f"{root}/") else "course_menu"
    return "course_unused" if path.rpartition(".")[2].lower() in {*kinds.KINDS, "jpeg"} else "course_kind"
