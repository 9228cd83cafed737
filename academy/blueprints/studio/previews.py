"""See a text as readers will, however unfinished it is, with all that is to be said of it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from flask import url_for

from academy.blueprints.studio import site_links
from academy.domain import contract, layout, links, pictures, preparing
from academy.domain.content import names as content_names
from academy.domain.contract import Names
from academy.domain.lending import Borrower
from academy.domain.problems import ContentRefused, Problem
from academy.models import Document, Edition
from academy.rendering.results import Rendered
from academy.web.blocks import Block, blocks_of, with_lines
from academy.web.links import on_this_side
from academy.web.shown_pictures import with_pictures

# What looks like front matter, also when its YAML cannot be read.
_HEADER = re.compile(r"\A\ufeff?---[ \t]*\r?\n(?:.*\n)*?---[ \t]*(?:\r?\n|\Z)")
WORDS_A_MINUTE = 200  # as an adult reads for work
_SHOWN = ("title", "summary", "duration", "level")


@dataclass(frozen=True)
class Preview:
    """A text as readers would see it; `html` is safe."""

    language: str
    html: str
    words: int
    shown: dict[str, str]  # title, summary, duration and level, as far as they can be read
    problems: tuple[Problem, ...]
    notes: tuple[str, ...] = ()  # of who speaks, by slide
    lines: tuple[int, ...] = ()  # of the source, where each block starts
    is_unreadable: bool = False  # nothing of it can be rendered: what was seen before says more

    @property
    def minutes(self) -> int:
        """How long it takes to read, rounded up."""
        return -(-self.words // WORDS_A_MINUTE)

    @property
    def html_with_lines(self) -> str:
        """For the editor, whose source and preview scroll together."""
        return with_lines(self.html, self.lines)

    @property
    def is_publishable(self) -> bool:
        return all(problem.is_warning for problem in self.problems)


def preview(source: str, *, document: Document, language: str, more: Iterable[Problem] = ()) -> Preview:
    """Check and render; what can be shown is shown, the rest is a list of problems in the order of the lines."""
    if unstorable := preparing.storable_problems("", source):
        return Preview(language, "", 0, {}, tuple(unstorable), is_unreadable=True)
    names = content_names.of_academy()
    own = [*more, *_id_problems(source, document)]
    files = pictures.credits_of(document.id)
    try:
        prepared = preparing.prepare(source, kind=document.kind, language=language, names=names, files=files)
    except ContentRefused as refused:
        return _unfinished(source, [*own, *refused.problems], document=document, language=language, names=names)
    if prepared.rendered is None:
        return Preview(language, "", 0, _shown(source), _in_order([*own, *prepared.warnings]))
    problems = [*own, *prepared.warnings]
    return _made(prepared.rendered, source, problems, document=document, language=language)


def described_blocks(edition: Edition) -> list[Block]:
    """The last saved text of an edition, block by block, as readers would see it; nothing when it cannot be rendered."""
    source, document = edition.head.source if edition.head else "", edition.document
    header = _HEADER.match(source)
    start = header.end() if header else 0
    to = Borrower(document.key, document.path, edition.language, document.audience, contract.title_of(source))
    try:
        made, _ = layout.render_lent(source[start:], to, first_line=source.count("\n", 0, start) + 1)
    except ContentRefused:
        return []
    return blocks_of(_shown_html(made.html, document), made.lines)


def _unfinished(source: str, problems: list[Problem], *, document: Document, language: str, names: Names) -> Preview:
    """Render the body alone."""
    header = _HEADER.match(source)
    start = header.end() if header else 0
    line = source.count("\n", 0, start) + 1
    to = Borrower(document.key, document.path, language, document.audience, contract.title_of(source))
    try:
        rendered, loan = layout.render_lent(source[start:], to, first_line=line)
    except ContentRefused as refused:
        found = _in_order([*problems, *refused.problems])
        return Preview(language, "", 0, _shown(source), found, is_unreadable=True)
    remarks = preparing.remarks_of(source, rendered, pictures.credits_of(document.id))
    dead = links.dead("", rendered.links, names=names, loan=loan)
    dead += links.dead_anchors("", rendered.links, language=language)
    return _made(rendered, source, [*problems, *remarks, *dead], document=document, language=language)


def _made(rendered: Rendered, source: str, problems: list[Problem], *, document: Document, language: str) -> Preview:
    found = site_links.remarks(rendered.links, language=language, audience=document.audience)
    html = _shown_html(rendered.html, document)
    return Preview(
        language,
        html,
        len(rendered.text.split()),
        _shown(source),
        _in_order([*problems, *found]),
        rendered.notes,
        rendered.lines,
    )


def _shown_html(html: str, document: Document) -> str:
    """What was rendered, as the studio shows it: its pictures come from the studio, for a draft has no page."""
    return with_pictures(on_this_side(html), document.id, url_for("studio.files", id=document.id))


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
