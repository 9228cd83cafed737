"""Read attribute lists: `## Title {#anchor}`, `![…](…){credit="…" licence=…}`, `[words]{lang=en}`, `[term]{.glossaire}`.

Only what the lists below name is read; anything else stays on the page as typed, and a remark says so.
"""

import re
from collections.abc import Callable

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline, image

from academy.rendering.limits import with_line
from academy.rendering.results import LinkKind
from academy.rendering.slugs import slugify

Given = dict[str, str]

VALUE = r"""(?:"[^"\n{}]{0,200}"|[^\s"{}=]{1,200})"""
PAIR = re.compile(rf"""(\.|[a-zé]{{1,12}}=)({VALUE})""")
LIST = re.compile(rf"\{{ *((?:(?:\.|[a-zé]{{1,12}}=){VALUE} *){{1,4}})\}}")
SPAN = re.compile(r"\[([^\[\]\n]{1,200})\](?=\{)")
ANCHOR = re.compile(r"[ \t]+\{#([A-Za-z][\w-]{0,59})\}$")
UNREAD = re.compile(r"\{(?:[.#:][\w-]{1,40}|[\w-]{1,20}=[^{}\n]{0,200})\}")  # what was meant as a list and is none
MAX_HEADING = 300
GLOSSARY = frozenset(("glossaire", "glossary"))
LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z]{2,8})?")
# Licences of pictures, as in the front matter: how they are named, and where they are written.
LICENCES = {
    "licence-ouverte-2.0": (
        "Licence Ouverte 2.0",
        "https://www.etalab.gouv.fr/wp-content/uploads/2017/04/ETALAB-Licence-Ouverte-v2.0.pdf",
    ),
    "cc0-1.0": ("CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
    "cc-by-4.0": ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
    "cc-by-sa-4.0": ("CC BY-SA 4.0", "https://creativecommons.org/licenses/by-sa/4.0/"),
    "cc-by-nc-4.0": ("CC BY-NC 4.0", "https://creativecommons.org/licenses/by-nc/4.0/"),
    "tous-droits-reserves": ("", ""),  # named in the language of the text
}


def attributes_plugin(mdit: MarkdownIt) -> None:
    """Read the lists of headings, pictures and words."""
    mdit.inline.ruler.at("image", with_line(_image))
    mdit.inline.ruler.before("link", "span", _span)
    mdit.core.ruler.after("block", "anchors", _anchors)


def _image(state: StateInline, silent: bool) -> bool:
    if not image(state, silent):
        return False
    given, end = _read(state, state.pos, _of_picture)
    if given and not silent:
        state.tokens[-1].meta["given"] = given
    state.pos = end
    return True


def _span(state: StateInline, silent: bool) -> bool:
    if silent or state.src[state.pos] != "[":  # silent: the label of a link is being measured, and may hold a span
        return False
    match = SPAN.match(state.src, state.pos, state.posMax)
    given, end = _read(state, match.end(), _of_words) if match else ({}, 0)
    if not match or not given or ("term" in given and state.linkLevel):
        return False
    is_term = "term" in given
    opening = state.push("term_open" if is_term else "span_open", "a" if is_term else "span", 1)
    if is_term:
        term = given["term"] or match[1]
        anchor = "s-" + slugify(term, 60)
        opening.attrs = {"class": "term", "href": state.env["glossary"] + "#" + anchor}
        opening.meta = {"way": (LinkKind.TERM, term, anchor), "newlines": state.src.count("\n", 0, state.pos)}
    if "lang" in given:
        opening.attrs["lang"] = given["lang"]
    outer_end, state.posMax, state.pos = state.posMax, match.end(1), match.start(1)
    state.linkLevel += is_term
    state.md.inline.tokenize(state)
    state.linkLevel -= is_term
    state.posMax = outer_end
    state.push("term_close" if is_term else "span_close", opening.tag, -1)
    state.pos = end
    return True


def _read(state: StateInline, at: int, known: Callable[[str, str], Given | None]) -> tuple[Given, int]:
    """Read the list at a place; give it with its end, or nothing and the place itself."""
    match = LIST.match(state.src, at, state.posMax) if state.src.startswith("{", at) else None
    given: Given = {}
    for name, value in PAIR.findall(match[1]) if match else ():
        part = known(name.rstrip("="), value.strip('"').strip())
        if part is None:
            return {}, at
        given |= part
    return (given, match.end()) if match else ({}, at)


def _of_picture(name: str, value: str) -> Given | None:
    if name in ("credit", "crédit"):
        return {"credit": value}
    if name in ("licence", "license") and value in LICENCES:
        return {"licence": value}
    return None


def _of_words(name: str, value: str) -> Given | None:
    if name == "." and value in GLOSSARY:
        return {"term": ""}
    if name in ("terme", "term") and value:
        return {"term": value}
    if name == "lang" and LANGUAGE.fullmatch(value):
        return {"lang": value}
    return None


def _anchors(state: StateCore) -> None:
    """Take the anchor that an author gives to a heading out of its words."""
    for opening, block in zip(state.tokens, state.tokens[1:], strict=False):
        if opening.type != "heading_open" or len(block.content) > MAX_HEADING or not block.content.endswith("}"):
            continue
        if match := ANCHOR.search(block.content):
            opening.meta["id"] = match[1]
            block.content = block.content[: match.start()]
