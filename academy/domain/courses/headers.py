"""From the front matter of another tool to ours: what has a word here is taken, the rest is kept or told."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from academy.domain import contract, to_write
from academy.domain.courses import tolerant_yaml
from academy.domain.problems import Problem
from academy.domain.typed_values import BadValueError
from academy.rendering import frontmatter

_HEADER = re.compile(r"\A\ufeff?---[ \t]*\r?\n(?P<yaml>(?:.*\n)*?)(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)")
_KEY = re.compile(r"(?m)^(?P<key>[\w-]+)[ \t]*:")
_FIRST_HEADING = re.compile(r"(?m)^# +(?P<title>.+?)[ \t]*#*[ \t]*\r?$")
_UNDERLINED = re.compile(r"(?m)^(?P<title>[^\s#>\-*`].{0,200})\r?\n=+[ \t]*\r?$")
_SUMMARIES = ("summary", "description", "subtitle", "excerpt", "abstract")
_AUTHORS = ("authors", "author")
_LICENCES = ("licence", "license")
_TAGS = ("topics", "tags", "keywords", "categories")
_ORDER = ("sidebar_position", "weight", "nav_order", "order", "sidebar_label", "pagination_next", "pagination_prev")
_STATES = ("draft", "published", "status")
_OWN = re.compile(r"[a-zA-Z][\w-]{0,63}")
_WORDS_A_MINUTE = 200  # of somebody who reads to learn
LONGEST = {"title": 300, "summary": contract.SUMMARY_LENGTH}


@dataclass(frozen=True)
class Page:
    """A page of a course, cut in two. `line` is that of the file where the body starts."""

    path: str
    values: dict[str, Any]
    body: str
    line: int
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class Known:
    """What the academy says where a page is silent."""

    key: str
    language: str
    author: str
    topics: frozenset[str]
    nav_title: str = ""


def cut(path: str, source: str) -> Page:
    """Take the front matter off; one that cannot be read stays at the top of the text, and is told."""
    found = _HEADER.match(source)
    if found is None:
        return Page(path, {}, source.removeprefix("\ufeff"), 1)
    values = tolerant_yaml.read(found["yaml"]) if found["yaml"].strip() else {}
    if not isinstance(values, dict):
        return Page(path, {}, source, 1, [Problem(path, 1, "", "course_header")])
    lines = {
        it["key"]: source.count("\n", 0, found.start("yaml") + it.start()) + 1 for it in _KEY.finditer(found["yaml"])
    }
    line = source.count("\n", 0, found.end()) + 1
    page = Page(path, {str(key): value for key, value in values.items()}, source[found.end() :], line)
    page.problems.extend(
        Problem(path, lines.get(key, 1), key, "course_key")
        for key, value in page.values.items()
        if not _is_used(key) and _flat(value) is None
    )
    return page


def titled(page: Page, nav_title: str) -> tuple[str, str]:
    """The title (of the front matter, else the first heading, else the table of contents) and the body without it."""
    said = page.values.get("title")
    found = _FIRST_HEADING.search(page.body) or _UNDERLINED.search(page.body)
    first = found["title"].strip() if found and not page.body[: found.start()].strip() else ""
    title = said.strip() if isinstance(said, str) and said.strip() else first or nav_title
    title = re.sub(r"\s*\{[#.][^}]*\}$", "", title)
    body = page.body
    if found and first and first == (said if isinstance(said, str) else first).strip():
        body = body[: found.start()] + "\n" * found[0].count("\n") + body[found.end() :]
    return title[: LONGEST["title"]], body


def header(page: Page, title: str, body: str, known: Known) -> dict[str, frontmatter.Value | None]:
    """The front matter of the module: always a draft, for somebody has to read it here first."""
    values = page.values
    own = {
        key: flat
        for key, value in values.items()
        if not _is_used(key) and key not in contract.KEYS and _OWN.fullmatch(key) and (flat := _flat(value)) is not None
    }
    tags = [word for key in _TAGS for word in _words(values.get(key))]
    topics = list(dict.fromkeys(word.casefold() for word in tags if word.casefold() in known.topics))
    others = [word for word in tags if word.casefold() not in known.topics]
    own = own | ({"tags": others} if others else {})
    return {
        "id": known.key,
        "title": title,
        "summary": _summary(values, body) or to_write.SUMMARY[known.language],
        "topics": topics,
        "authors": next((names for key in _AUTHORS if (names := _words(values.get(key)))), [known.author]),
        "objectives": _words(values.get("objectives")) or [to_write.OBJECTIVE[known.language]],
        "duration": _checked("duration", values) or _reading_time(body),
        "level": _checked("level", values) or contract.LEVELS[0],
        "licence": next((name for key in _LICENCES if (name := _licence(values.get(key)))), contract.LICENCES[-1]),
        "status": contract.DRAFT,
        **own,
    }


def _is_used(key: str) -> bool:
    """Whether a key has said what it had to say: it became one of ours, or an order of pages."""
    used = ("title", "objectives", "duration", "level", "id", "slug", *_SUMMARIES, *_AUTHORS, *_LICENCES, *_TAGS)
    return key in (*used, *_ORDER, *_STATES)


def _flat(value: Any) -> frontmatter.Value | None:
    """A text or a list of texts, as our front matter has them; None for anything else."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str | int | float):
        return _clean(str(value))
    if isinstance(value, list) and value and all(isinstance(item, str | int | float) for item in value):
        return [_clean(str(item)) for item in value[:50]]
    return None


def _clean(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:300]


def _words(value: Any) -> list[str]:
    """Names out of a text, a list of texts, or a list of mappings with a name."""
    if isinstance(value, str):
        value = re.split(r"\s*[,;]\s*", value)
    if isinstance(value, dict):
        value = [value]
    if not isinstance(value, list):
        return []
    names = [item.get("name") or item.get("title") if isinstance(item, dict) else item for item in value[:50]]
    return [text for name in names if isinstance(name, str | int) and (text := _clean(str(name)))]


def _summary(values: Mapping[str, Any], body: str) -> str:
    said = next((text for key in _SUMMARIES if isinstance(text := values.get(key), str) and text.strip()), "")
    text = _clean(said) or _first_sentence(body)
    if len(text) <= LONGEST["summary"]:
        return text
    head = text[: LONGEST["summary"] - 1]
    return head[: head.rfind(" ") if " " in head else None].rstrip(" ,;:") + "…"


def _first_sentence(body: str) -> str:
    """The first sentence of the first paragraph that is plain words."""
    for block in re.split(r"\n[ \t\r]*\n", body[:20_000]):
        words = _clean(block)
        if (
            words
            and re.match(r"[\w«“\"'‘(*_\[]", words)
            and not re.match(r"\[[^\]]*\]:|\d+[.)] |import |export ", words)
        ):
            words = re.sub(r"!?\[\[?([^\[\]|]*\|)?([^\[\]|]*)\]\]?(?:\([^()]*\))?", r"\2", words)
            words = re.sub(r"[*_`]{1,3}", "", words)
            return re.split(r"(?<=[.!?…])\s", words, maxsplit=1)[0]
    return ""


def _checked(key: str, values: Mapping[str, Any]) -> str:
    """A value that is already one of ours."""
    said = values.get(key)
    try:
        contract.KEYS[key].read(said)
    except (BadValueError, AttributeError, TypeError):
        return ""
    return str(said)


def _reading_time(body: str) -> str:
    """How long it takes to read, in steps of five minutes."""
    return f"{max(-(-len(body.split()) // (_WORDS_A_MINUTE * 5)) * 5, 5)} min"


def _licence(value: Any) -> str:
    """One of our licences, from the ways in which others write it; "" when it is none of them."""
    words = re.sub(r"[^a-z0-9.]+", "-", str(value or "").casefold()).strip("-")
    if "creativecommons.org-licenses-" in words:
        words = "cc-" + words.partition("licenses-")[2]
    return next((licence for licence in contract.LICENCES if words.startswith(licence)), "")
