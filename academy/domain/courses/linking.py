"""Make the links of a course hold: pages by their id, pictures and files as attachments of the text."""

import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from academy.domain.content import folders as content_folders
from academy.domain.courses.dialects import Lines, masked
from academy.domain.courses.makers import PAGES
from academy.domain.courses.sections import section_in
from academy.files import kinds

_INLINE = re.compile(
    r"(?P<image>!?)\[(?P<text>[^\[\]\n]{0,500})\]\(\s*<?(?P<href>[^()<>\s]{1,500})>?(?P<title>\s+(?:\"[^\"\n]*\"|'[^'\n]*'))?\s*\)"
)
_PICTURED = re.compile(r"\[(?P<picture>!\[[^\[\]\n]{0,500}\]\([^()\n]{1,500}\))\]\((?P<href>[^()<>\s]{1,500})\)")
_DEFINITION = re.compile(r"^(?P<head>\s{0,3}\[[^\]\n]{1,200}\]:\s*)<?(?P<href>[^<>\s]{1,500})>?(?P<rest>.*)$")
_WIKI = re.compile(r"\[\[(?P<text>[^\[\]|\n]{1,300})(?:\|(?P<page>[^\[\]\n]{1,300}))?\]\]")
_ELSEWHERE = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//|#|$")
_OURS = re.compile(r"\[\[ *[a-z0-9]")  # would be a link to one of our ids
Attached = dict[str, str]  # path in the course -> name beside the text


@dataclass
class Links:
    """What the links of one page may lead to, and the files that they bring along."""

    page: str
    root: str
    ids: Mapping[str, str]  # path of a page -> id
    files: frozenset[str]  # that are no pages
    check: Callable[[str], str]  # path of a file -> why it is not taken, or ""
    language: str
    sections: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # path of a page -> `sections_of` it
    is_wiki: bool = False
    attached: Attached = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)  # path -> code


def relink(lines: Lines, links: Links) -> None:
    """Rewrite every link of a page; one that leads nowhere stays, and is told with its line."""
    for number, line in lines.text_lines():
        if "](" in line or "]:" in line or "[[" in line:
            lines.lines[number] = _line(lines, links, number, line)


def _line(lines: Lines, links: Links, number: int, line: str) -> str:
    if found := _DEFINITION.match(line):
        return f"{found['head']}{_address(lines, links, number, found['href'])}{found['rest']}"
    bare = masked(line)
    if links.is_wiki:
        line = _replaced(_WIKI, bare, line, lambda found: _wiki(lines, links, number, found))
        bare = masked(line)
    line = _replaced(
        _PICTURED, bare, line, lambda it: f"[{it['picture']}]({_address(lines, links, number, it['href'])})"
    )
    return _replaced(_INLINE, masked(line), line, lambda found: _inline(lines, links, number, found))


def _replaced(shape: re.Pattern[str], bare: str, line: str, made: Callable[[re.Match[str]], str]) -> str:
    """Replace what *bare*, the line without its code, has of a shape."""
    done, parts = 0, []
    for found in shape.finditer(bare):
        whole = shape.match(line, found.start())
        if whole is None or whole.end() != found.end():
            continue
        parts += [line[done : found.start()], made(whole)]
        done = found.end()
    return "".join([*parts, line[done:]])


def _inline(lines: Lines, links: Links, number: int, found: re.Match[str]) -> str:
    page, anchor = _page(links, found["href"])
    if page is not None and not found["image"]:
        section = _section(lines, links, number, page, anchor)
        text, aim = found["text"].strip(), f"#{section}" if section else ""
        return (
            f"[[{links.ids[page]}{aim}|{text}]]"
            if _fits(text)
            else f"[{found['text']}]({_stable(links, page, section)})"
        )
    address = _address(lines, links, number, found["href"])
    if address == found["href"] and not found["image"] and _names_a_page(address):
        return f"{found['text']} (`{address}`)"
    return f"{found['image']}[{found['text']}]({address}{found['title'] or ''})"


def _wiki(lines: Lines, links: Links, number: int, found: re.Match[str]) -> str:
    """`[[Page]]` and `[[text|Page]]`, as the wikis of GitHub have them."""
    name = (found["page"] or found["text"]).strip().replace(" ", "-")
    page, anchor = _page(links, name)
    if page is None:
        lines.blame(number, "course_dead_link", value=name)
        return f"`{found[0]}`" if _OURS.match(found[0]) else found[0]
    section = _section(lines, links, number, page, anchor)
    return f"[[{links.ids[page]}{f'#{section}' if section else ''}|{found['text'].strip()}]]"


def _section(lines: Lines, links: Links, number: int, page: str, anchor: str) -> str:
    """Our anchor of a place in a page; one that is not there is told, and the link leads to the top."""
    section = section_in(links.sections.get(page, {}), unquote(anchor))
    if section is None:
        lines.blame(number, "course_anchor", detail=anchor)
    return section or ""


def _names_a_page(href: str) -> bool:
    """Whether the academy would look for a text there, and refuse the link that finds none."""
    return not _ELSEWHERE.match(href) and re.split(r"[#?]", href, maxsplit=1)[0].endswith(PAGES)


def _fits(text: str) -> bool:
    return bool(text) and len(text) <= 200 and not set(text) & set("[]|`\n")


def _stable(links: Links, page: str, section: str) -> str:
    return f"{'/en' if links.language == 'en' else ''}/d/{links.ids[page]}" + (f"#s-{section}" if section else "")


def _address(lines: Lines, links: Links, number: int, href: str) -> str:
    """Where a link leads from now on."""
    if href.startswith("#") and len(href) > 1:
        section = section_in(links.sections.get(links.page, {}), unquote(href[1:]))
        if section is None:
            lines.blame(number, "course_anchor_here", detail=href)
        return f"#{section}" if section else href
    if _ELSEWHERE.match(href):
        return href
    page, anchor = _page(links, href)
    if page is not None:
        return _stable(links, page, _section(lines, links, number, page, anchor))
    file = next((path for path in _candidates(links, href) if path in links.files), None)
    if file is None:
        lines.blame(number, "course_dead_link", value=href)
        return href
    name = links.attached.get(file) or _attach(links, file)
    if not name:
        lines.blame(number, "course_file_left", value=file)
        return href
    return f"fichiers/{name}"


def _attach(links: Links, file: str) -> str:
    """The name of a file beside the text; "" when it cannot come along."""
    code = "file_too_many" if len(links.attached) >= kinds.MAX_FILES else links.check(file)
    if code:
        links.refused[file] = code
        return ""
    name = content_folders.suggested(re.sub(r"\.jpeg$", ".jpg", posixpath.basename(file), flags=re.IGNORECASE))
    stem, _, suffix = name.rpartition(".")
    number = 1
    while name in links.attached.values():
        number += 1
        name = f"{stem}-{number}.{suffix}"
    links.attached[file] = name
    return name


def _page(links: Links, href: str) -> tuple[str | None, str]:
    """The page that a link means, and the place in it."""
    if _ELSEWHERE.match(href):
        return None, ""
    anchor = href.partition("#")[2]
    for path in _candidates(links, href):
        stem = re.sub(r"\.html?$", "", path)
        forms = [path, *(stem + suffix for suffix in PAGES), f"{stem}/index.md", f"{stem}/README.md"]
        if page := next((form for form in forms if form in links.ids), ""):
            return page, anchor
    if links.is_wiki:
        wanted = posixpath.basename(unquote(href.partition("#")[0])).casefold()
        return next((page for page in links.ids if _stem(page) == wanted), None), anchor
    return None, ""


def _stem(page: str) -> str:
    return posixpath.basename(page).rpartition(".")[0].casefold()


def _candidates(links: Links, href: str) -> list[str]:
    """The paths that a link may mean; none that leads out of the course."""
    said = unquote(re.split(r"[#?]", href, maxsplit=1)[0])
    if said.startswith("/"):
        said = said.lstrip("/")
        folders = [links.root, posixpath.join(posixpath.dirname(links.root), "static"), ""]
    else:
        folders = [posixpath.dirname(links.page)]
    paths = [posixpath.normpath(posixpath.join(folder, said)) for folder in folders]
    return [path for path in paths if not path.startswith(("../", "/")) and path != ".."]
