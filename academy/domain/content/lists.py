"""The list files of content/ (topics.yml, venues.yml, people.yml, synonyms.yml): read, compare with rows, write back."""

import hashlib
import json
import re
from typing import Any

from sqlalchemy import literal, select

from academy.domain import contract, typed_values as typed
from academy.domain.communes import COMMUNES
from academy.domain.list_files import LIST_FILES, SEPARATOR, ListFile
from academy.domain.problems import ContentRefused, Problem
from academy.extensions import db
from academy.models import (
    ContentFile,
    CycleSession,
    Edition,
    Speaker,
    Synonym,
    Topic,
    Venue,
    edition_topic,
    session_speaker,
)
from academy.rendering import frontmatter

Entry = dict[str, Any]  # column -> value; `parent` is a slug


def read(path: str, source: str) -> tuple[list[Entry], list[Problem]]:
    """The entries of a list file and its warnings; raise ContentRefused with every problem at once."""
    try:
        rows = frontmatter.load_list(source)
    except frontmatter.FrontMatterError as error:
        raise ContentRefused(contract.front_problems(path, error)) from None
    lines = _lines_of_entries(source)
    entries, problems = [], []
    for number, row in enumerate(rows):
        line = lines[number] if number < len(lines) else 0
        entry, found = _entry(LIST_FILES[path], row)
        entries.append(entry)
        problems += [Problem(path, line, p.key, p.code, p.details) for p in found]
    problems += _relations(path, entries, lines)
    if any(not problem.is_warning for problem in problems):
        raise ContentRefused(problems)
    return entries, problems


def slugs_of(source: str) -> frozenset[str]:
    """The slugs that a list file seems to hold, even when it is refused: one mistake is told once."""
    return frozenset(re.findall(r"(?m)^[ \t\ufeff-]*slug:[ \t]*[\"']?([a-z0-9-]+)", source))


def entries_of(path: str) -> list[Entry]:
    """What the academy's rows say, in the order in which they came."""
    file = LIST_FILES[path]
    rows: list[Any] = list(db.session.scalars(select(file.model).order_by(file.model.id)))
    slugs = {row.id: row.slug for row in rows} if file.names else {}
    return [
        {
            field.column: slugs.get(row.parent_id) if field.column == "parent" else getattr(row, field.column)
            for field in file.fields.values()
        }
        for row in rows
    ]


def source_of(path: str) -> str | None:
    """The file that describes the rows: the kept one, byte for byte, while it is true; else a new one."""
    kept = db.session.get(ContentFile, path)
    rows = entries_of(path)
    if kept is not None and _says(path, kept.source, rows):
        return kept.source
    return _written(LIST_FILES[path], rows) if rows else None


def apply(path: str, entries: list[Entry]) -> None:
    """Make or update a row for each entry; rows without an entry stay for `remove_absent`."""
    file = LIST_FILES[path]
    rows: dict[tuple[Any, ...], Any] = {_key_of(file, row): row for row in db.session.scalars(select(file.model))}
    for entry in entries:
        row = rows.get(file.key_of(entry))
        if row is None:
            row = rows[file.key_of(entry)] = file.model(**{column: entry[column] for column in file.key})
            db.session.add(row)
        for column, value in entry.items():
            if column != "parent":
                setattr(row, column, value)
    db.session.flush()
    for entry in entries:
        if "parent" in entry:
            rows[entry["slug"],].parent_id = rows[entry["parent"],].id if entry["parent"] else None
    db.session.flush()


def remove_absent(path: str, entries: list[Entry]) -> None:
    """Delete the rows that their file no longer lists; refuse while a text, a session or a topic needs them."""
    file = LIST_FILES[path]
    listed = {file.key_of(entry) for entry in entries}
    absent = [row for row in db.session.scalars(select(file.model)) if _key_of(file, row) not in listed]
    if used := [_key_of(file, row)[-1] for row in absent if _is_used(row)]:
        raise ContentRefused(Problem(path, 0, "slug", "still_used", {"value": slug}) for slug in used)
    for row in absent:
        db.session.delete(row)
    db.session.flush()


def keep(path: str, source: str) -> None:
    """Remember the bytes of a list file."""
    kept = db.session.get(ContentFile, path) or ContentFile(path=path)
    kept.source, kept.source_hash = source, hashlib.sha256(source.encode()).hexdigest()
    db.session.add(kept)


def _key_of(file: ListFile, row: Any) -> tuple[Any, ...]:
    return tuple(getattr(row, column) for column in file.key)


def _is_used(row: Topic | Venue | Speaker | Synonym) -> bool:
    if isinstance(row, Synonym):
        return False
    if isinstance(row, Topic):
        uses = (edition_topic.c.topic_id == row.id, Topic.parent_id == row.id)
    elif isinstance(row, Venue):
        if row.slug not in COMMUNES and _is_a_territory(row.slug):
            return True
        uses = (CycleSession.venue_id == row.id,)
    else:
        uses = (session_speaker.c.speaker_id == row.id,)
    return any(db.session.scalar(select(literal(1)).where(use).limit(1)) for use in uses)


def _is_a_territory(slug: str) -> bool:
    """Whether a text names this place."""
    return any(slug in named for named in db.session.scalars(select(Edition.territories)))


def _says(path: str, source: str, rows: list[Entry]) -> bool:
    try:
        return _by_key(path, read(path, source)[0]) == _by_key(path, rows)
    except ContentRefused:  # kept under an older contract
        return False


def _by_key(path: str, entries: list[Entry]) -> dict[tuple[Any, ...], Entry]:
    return {LIST_FILES[path].key_of(entry): entry for entry in entries}


def _entry(file: ListFile, row: dict[str, str]) -> tuple[Entry, list[Problem]]:
    entry: Entry = {}
    problems = [Problem("", 0, key, "unknown_key", {"close": ""}) for key in row if key not in file.fields]
    for key, field in file.fields.items():
        if not row.get(key, "").strip():
            entry[field.column] = None if field.absent is ... else field.absent
            problems += [Problem("", 0, key, "missing_key", {"kind": file.path})] if field.absent is ... else []
            continue
        try:
            entry[field.column] = field.read(row[key])
        except typed.BadValueError as bad:
            problems.append(Problem("", 0, key, bad.code, bad.details))
    return entry, problems


def _relations(path: str, entries: list[Entry], lines: list[int]) -> list[Problem]:
    problems = []
    file = LIST_FILES[path]
    slugs = [entry.get("slug") for entry in entries]
    keys = [file.key_of(entry) for entry in entries]
    parents = {entry.get("slug"): entry.get("parent") for entry in entries}
    for number, entry in enumerate(entries):
        line, slug, parent = (lines[number] if number < len(lines) else 0), entry.get("slug"), entry.get("parent")
        if keys[number] in keys[:number]:
            problems.append(Problem(path, line, file.key[-1], "entry_twice", {"value": keys[number][-1]}))
        if parent and parent not in slugs:
            problems.append(Problem(path, line, "parent", "unknown_topics", {"value": parent, "close": ""}))
        elif parent and _is_own_ancestor(slug, parents):
            problems.append(Problem(path, line, "parent", "parent_loop", {"value": parent}))
    return problems


def _is_own_ancestor(slug: Any, parents: dict[Any, Any]) -> bool:
    seen, above = set(), parents.get(slug)
    while above and above not in seen:
        seen.add(above)
        above = parents.get(above)
    return slug in seen


def _lines_of_entries(source: str) -> list[int]:
    """The line of each entry: where its `-` stands."""
    return [source.count("\n", 0, found.start(1)) + 1 for found in re.finditer(r"(?m)^[ \t\ufeff]*(-)(?=\s)", source)]


def _written(file: ListFile, entries: list[Entry]) -> str:
    lines = []
    for entry in entries:
        for number, (key, field) in enumerate(file.fields.items()):
            value = entry[field.column]
            if number == 0 or value != field.absent:
                lines.append(f"{'- ' if number == 0 else '  '}{key}: {_scalar(value)}")
    return "\n".join(lines) + "\n"


def _scalar(value: Any) -> str:
    if isinstance(value, list):
        value = f"{SEPARATOR} ".join(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return '"' + f"{value:.12f}".rstrip("0").rstrip(".") + '"'
    text = str(value)
    return text if re.fullmatch(r"[^\W\d_][\w -]*\w", text) else json.dumps(text, ensure_ascii=False)
