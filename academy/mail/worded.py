"""A mail in the words of organisers: one plain text with placeholders, made into a text and its HTML twin.

Values are put in after the words were read: nothing in them is read as a placeholder or as a mark.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from flask import current_app
from flask_babel import force_locale
from markupsafe import Markup, escape

from academy.domain.mail_texts import ADDRESSES, MAILS, PLACEHOLDER
from academy.mail import facts
from academy.rendering.typography import typeset

_MARKS = re.compile(r"(\*\*)|\[([^\[\]\n]+)\]\(\{([a-z]+)\}\)|\{([a-z]+)\}")
_ITEM = "- "
_QUEUE = 777  # stands for a place in the queue where the shipped words are read


def values(topic: str, told: Mapping[str, Any], language: str) -> dict[str, Any]:
    """What each placeholder of a mail stands for; "" for what there is not."""
    found: dict[str, Any] = {
        "name": told.get("name", ""),
        "link": told.get("enrolment_url") or told.get("url") or told.get("sessions_url", ""),
        "answer": told.get("url", ""),
        "asker": told.get("asker", ""),
        "reason": told.get("reason", ""),
        "question": told.get("question", ""),
        "text": told.get("title", ""),
        "video": told.get("video_url", ""),
        "readings": told.get("readings", []),
        "access": told.get("access", ""),
        "page": told.get("session_url", ""),
        "sessions": told.get("sessions_url", ""),
        "pass": told.get("pass_url", ""),
    }
    if "starts_at" in told:
        words: Any = facts.words({**told, "topic": topic}, language)
        found |= {"session": told["title"], "when": words.when, "where": words.where, "standing": words.standing}
        found |= {"position": words.place, "deadline": words.deadline}
    if topic in {"enrolment_link", "session_invited", "certificate_issued"}:
        found["link"] = told["url"]
    return {name: found.get(name, "") for name in MAILS[topic].placeholders}


def subject(words: str, said: Mapping[str, Any], language: str) -> str:
    """The subject: one line of plain words."""
    return PLACEHOLDER.sub(lambda found: str(said.get(found[1], "")), typeset(words, language))


def text(words: str, said: Mapping[str, Any], language: str) -> str:
    """The text; a line, and a paragraph, of which all placeholders are empty is left out."""
    return "\n".join("".join(_plain(line, said)) for line in _lines(words, said, language))


def html(words: str, said: Mapping[str, Any], language: str) -> Markup:
    """Its HTML twin: paragraphs, lists, bold words and links, everything else escaped."""
    blocks: list[list[str]] = [[]]
    for line in _lines(words, said, language):
        is_item, was_item = line.startswith(_ITEM), bool(blocks[-1]) and blocks[-1][0].startswith(_ITEM)
        if not line.strip() or (blocks[-1] and is_item != was_item):
            blocks.append([])
        if line.strip():
            blocks[-1].append(line)
    return Markup("\n").join(_block(block, said) for block in blocks if block)


def shipped(topic: str, language: str) -> tuple[str, str]:
    """Subject and text of the template that ships, with placeholders where the facts go: to begin from."""
    marks: dict[str, Any] = {name: f"{{{name}}}" for name in MAILS[topic].placeholders}
    told = marks | {
        "title": marks.get("session", marks.get("text", "")),
        "venue": marks.get("where", ""),
        "session_url": marks.get("page", ""),
        "sessions_url": marks.get("sessions", marks.get("link", "")),
        "url": marks.get("answer", marks.get("link", "")),
        "enrolment_url": marks.get("link", ""),
        "video_url": marks.get("video", ""),
        "pass_url": marks.get("pass", ""),
        "readings": [facts.Reading("{readings}", language, "")],
        "position": _QUEUE,
        "mode": "onsite",
        "starts_at": None,
        "settings": current_app.config["SETTINGS"],
    }
    with force_locale(language):
        template = current_app.jinja_env.get_template(f"mail/{topic}.txt")
        said = str(template.make_module(told).subject)  # pyright: ignore[reportAttributeAccessIssue]
        body = "".join(template.blocks["body"](template.new_context(told)))
    body = re.sub(r"^- \{readings\}\s*$", "{readings}\n", body, flags=re.MULTILINE)
    body = re.sub(r"\n{2,}(\{(?:video|readings)\})", r"\n\1", body)  # gone together when there is none
    body = body.replace(f"{_QUEUE}e" if language == "fr" else str(_QUEUE), "{position}")
    lines = "\n".join(line.strip() for line in body.strip().splitlines())
    return said, re.sub(r"\n{3,}", "\n\n", lines)


def _lines(words: str, said: Mapping[str, Any], language: str) -> Iterator[str]:
    """The lines that say something: without those, and without the paragraphs, whose placeholders are all empty."""
    paragraphs = re.split(r"\n[ \t]*\n\s*", typeset(words, language))
    kept = [lines for it in paragraphs if (lines := _said(it.splitlines(), said))]
    for number, lines in enumerate(kept):
        yield from ([""] if number else [])
        yield from lines


def _said(lines: list[str], said: Mapping[str, Any]) -> list[str]:
    held = {line: [it[3] or it[4] for it in _MARKS.finditer(line) if it[3] or it[4]] for line in lines}
    full = [line for line in lines if any(said.get(name) for name in held[line])]
    return [line for line in lines if line in full or not held[line]] if full or not any(held.values()) else []


def _plain(line: str, said: Mapping[str, Any]) -> Iterator[str]:
    end = 0
    for mark in _MARKS.finditer(line):
        yield line[end : mark.start()]
        end = mark.end()
        if mark[3]:
            yield f"{mark[2]} {said.get(mark[3], '')}"
        elif mark[4] == "readings":
            yield "\n".join(f"- {it.title}\n  {it.url}" for it in said.get("readings", ()))
        elif mark[4]:
            yield str(said.get(mark[4], ""))
    yield line[end:]


def _block(lines: list[str], said: Mapping[str, Any]) -> Markup:
    if lines[0].startswith(_ITEM):
        items = (Markup("<li>{}</li>").format(_rich(line.removeprefix(_ITEM), said)) for line in lines)
        return Markup("<ul>{}</ul>").format(Markup("").join(items))
    if lines == ["{readings}"]:
        item = Markup('<li><a href="{}">{}</a></li>')
        return Markup("<ul>{}</ul>").format(
            Markup("").join(item.format(it.url, it.title) for it in said.get("readings", ()))
        )
    return Markup("<p>{}</p>").format(Markup("<br>\n").join(_rich(line, said) for line in lines))


def _rich(line: str, said: Mapping[str, Any]) -> Markup:
    """A line with its marks; a bold that is not closed ends with the line."""
    made, end, is_bold = Markup(""), 0, False
    for mark in _MARKS.finditer(line):
        made += escape(line[end : mark.start()])
        end = mark.end()
        if mark[1]:
            made += Markup("</b>") if is_bold else Markup("<b>")
            is_bold = not is_bold
        else:
            made += _value(mark[3] or mark[4], mark[2], said)
    made += escape(line[end:])
    return made + Markup("</b>") if is_bold else made


def _value(name: str, label: str | None, said: Mapping[str, Any]) -> Markup:
    value = said.get(name, "")
    if name == "readings":
        links = (Markup('<a href="{}">{}</a>').format(it.url, it.title) for it in value)
        return Markup(", ").join(links)
    if name in ADDRESSES:
        return Markup('<a href="{}">{}</a>').format(value, label or value)
    return Markup("<br>\n").join(str(label or value).splitlines())
