"""See a text as readers will, however unfinished it is, with all that is to be said of it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from academy.domain import content_names, contract, publishing
from academy.domain.contract import Names
from academy.domain.problems import ContentRefused, Problem
from academy.models import Document, Edition
from academy.rendering import worker
from academy.rendering.results import RenderingRefused
from academy.web.blocks import Block, blocks_of
from academy.web.links import on_this_side

# What looks like front matter, also when its YAML cannot be read.
_HEADER = re.compile(r"\A\ufeff?---[ \t]*\r?\n(?:.*\n)*?---[ \t]*(?:\r?\n|\Z)")
_SHOWN = ("title", "summary", "duration", "level")


@dataclass(frozen=True)
class Preview:
    """A text as readers would see it; `html` is safe."""

    language: str
    html: str
    words: int
    shown: dict[str, str]  # title, summary, duration and level, as far as they can be read
    problems: tuple[Problem, ...]

    @property
    def is_publishable(self) -> bool:
        return all(problem.is_warning for problem in self.problems)


def preview(source: str, *, document: Document, language: str, more: Iterable[Problem] = ()) -> Preview:
    """Check and render; what can be shown is shown, the rest is a list of problems in the order of the lines."""
    if unstorable := publishing.storable_problems("", source):
        return Preview(language, "", 0, {}, tuple(unstorable))
    names = content_names.of_academy()
    own = [*more, *_id_problems(source, document)]
    try:
        prepared = publishing.prepare(source, kind=document.kind, language=language, names=names)
    except ContentRefused as refused:
        return _unfinished(source, [*own, *refused.problems], language=language, names=names)
    text = prepared.rendered.text if prepared.rendered else ""
    html = on_this_side(prepared.rendered.html) if prepared.rendered else ""
    return Preview(language, html, len(text.split()), _shown(source), _in_order([*own, *prepared.warnings]))


def described_blocks(edition: Edition) -> list[Block]:
    """The last saved text of an edition, block by block, as readers would see it; nothing when it cannot be rendered."""
    source = edition.head.source if edition.head else ""
    header = _HEADER.match(source)
    start = header.end() if header else 0
    prefix, line = publishing.LINK_PREFIX[edition.language], source.count("\n", 0, start) + 1
    try:
        made = worker.render_safely(source[start:], link_prefix=prefix, first_line=line, language=edition.language)
    except RenderingRefused:
        return []
    return blocks_of(on_this_side(made.html), made.lines)


def _unfinished(source: str, problems: list[Problem], *, language: str, names: Names) -> Preview:
    """Render the body alone."""
    header = _HEADER.match(source)
    start = header.end() if header else 0
    prefix = publishing.LINK_PREFIX[language]
    line = source.count("\n", 0, start) + 1
    try:
        rendered = worker.render_safely(source[start:], link_prefix=prefix, first_line=line, language=language)
    except RenderingRefused as refusal:
        told = Problem("", refusal.line or 0, "", f"body_{refusal.code}", {"limit": refusal.limit})
        return Preview(language, "", 0, _shown(source), _in_order([*problems, told]))
    remarks = [Problem("", r.line, "", f"lint_{r.code}", {"detail": r.detail}) for r in rendered.lints]
    dead = contract.dead_links("", rendered.links, source, names)
    found = _in_order([*problems, *remarks, *dead])
    return Preview(language, on_this_side(rendered.html), len(rendered.text.split()), _shown(source), found)


def _id_problems(source: str, document: Document) -> list[Problem]:
    """The id of a text does not change: links and bookmarks hold it."""
    try:
        front = contract.parse("", source)
    except ContentRefused:
        return []
    if front.values.get("id", document.key) == document.key:
        return []
    return [Problem("", front.lines.get("id", 0), "id", "id_changed", {"value": document.key})]


def _shown(source: str) -> dict[str, str]:
    try:
        values = contract.parse("", source).values
    except ContentRefused:
        return {}
    return {key: value for key in _SHOWN if isinstance(value := values.get(key), str)}


def _in_order(problems: list[Problem]) -> tuple[Problem, ...]:
    """Each problem once (a text is read twice when it is unfinished), by line."""
    distinct = {(p.line, p.key, p.code, str(p.details)): p for p in problems}
    return tuple(sorted(distinct.values(), key=lambda p: (p.line, p.key, p.code)))
