"""Which tool made a course, where its pages lie, in what order it shows them."""

import enum
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from academy.domain.courses import tolerant_yaml

PAGES = (".md", ".markdown", ".mdx", ".qmd")
_MOST = 2_000  # entries of a table of contents
_DEPTH = 12
_LINK = re.compile(r"\[(?P<title>[^\]\n]{1,300})\]\(<?(?P<path>[^)>\s]{1,500})>?[^)\n]{0,300}\)")
_WIKI = re.compile(r"\[\[(?P<title>[^\]|\n]{1,300})(?:\|(?P<path>[^\]\n]{1,300}))?\]\]")
_QUOTED = re.compile(r"""(["'])(?P<path>[\w./ -]{1,300})\1""")
_NUMBER = re.compile(r"(\d{1,6})")


class Maker(enum.StrEnum):
    """The tools whose folders are known."""

    MKDOCS = "mkdocs"
    GITBOOK = "gitbook"
    DOCUSAURUS = "docusaurus"
    QUARTO = "quarto"
    WIKI = "wiki"


@dataclass(frozen=True)
class Contents:
    """The pages in their order; `root` is the folder that they lie in, `read` the files that say the order."""

    root: str
    pages: list[str]
    titles: dict[str, str] = field(default_factory=dict)  # that the table of contents gives
    read: list[str] = field(default_factory=list)


Files = Mapping[str, str]  # path -> text, of what is text


def detect(paths: list[str]) -> Maker | None:
    """The maker that the names of the files give away; None when none does."""
    names = {PurePosixPath(path).name for path in paths}
    if names & {"mkdocs.yml", "mkdocs.yaml"}:
        return Maker.MKDOCS
    if "_quarto.yml" in names:
        return Maker.QUARTO
    if names & {"_category_.json", "_category_.yml", "sidebars.js", "sidebars.ts", "sidebars.json"}:
        return Maker.DOCUSAURUS
    if any(name.startswith("docusaurus.config.") for name in names):
        return Maker.DOCUSAURUS
    if "SUMMARY.md" in names:
        return Maker.GITBOOK
    return Maker.WIKI if names & {"Home.md", "_Sidebar.md"} else None


def contents(maker: Maker, paths: list[str], texts: Files) -> Contents:
    """Find the pages of a course: first in the order of its table of contents, then the others by name."""
    return {
        Maker.MKDOCS: _mkdocs,
        Maker.GITBOOK: _gitbook,
        Maker.DOCUSAURUS: _docusaurus,
        Maker.QUARTO: _quarto,
        Maker.WIKI: _wiki,
    }[maker](paths, texts)


def _mkdocs(paths: list[str], texts: Files) -> Contents:
    said = _first(paths, "mkdocs.yml") or _first(paths, "mkdocs.yaml")
    about = _mapping(tolerant_yaml.read(texts.get(said, "")))
    docs = about.get("docs_dir")
    root = _joined(_folder(said), docs if isinstance(docs, str) else "docs")
    return _ordered(root, paths, list(_walked(about.get("nav"))), [said] if said else [])


def _gitbook(paths: list[str], texts: Files) -> Contents:
    said = _first(paths, "SUMMARY.md")
    entries = [(found["path"], found["title"]) for found in _LINK.finditer(texts.get(said, "")[:100_000])]
    return _ordered(_folder(said), paths, entries[:_MOST], [said] if said else [])


def _docusaurus(paths: list[str], texts: Files) -> Contents:
    said = [path for path in paths if PurePosixPath(path).name in {"sidebars.js", "sidebars.ts", "sidebars.json"}]
    categories = [path for path in paths if PurePosixPath(path).name in {"_category_.json", "_category_.yml"}]
    config = next((path for path in paths if PurePosixPath(path).name.startswith("docusaurus.config.")), "")
    beside = _folder(said[0]) if said else _folder(config) if config else ""
    root = _joined(beside, "docs")
    if not any(path.startswith(f"{root}/") for path in paths):
        root = min((_folder(_folder(path)) for path in categories), key=len, default=beside)
    listed = [(found["path"], "") for path in said for found in _QUOTED.finditer(texts[path][:100_000])]
    places = {_folder(path): _position(texts.get(path, "")) for path in categories}
    pages = _ordered(root, paths, listed[:_MOST], [*said, *categories, *([config] if config else [])])
    known = {page for page in pages.pages if page in _resolved(pages.root, listed, pages.pages)}
    rest = sorted((page for page in pages.pages if page not in known), key=lambda page: _place(page, places, texts))
    return Contents(pages.root, [page for page in pages.pages if page in known] + rest, pages.titles, pages.read)


def _quarto(paths: list[str], texts: Files) -> Contents:
    said = _first(paths, "_quarto.yml")
    about = _mapping(tolerant_yaml.read(texts.get(said, "")))
    entries = [*_walked(about.get("book")), *_walked(about.get("website"))]
    return _ordered(_folder(said), paths, entries, [said] if said else [])


def _wiki(paths: list[str], texts: Files) -> Contents:
    home, said = _first(paths, "Home.md"), _first(paths, "_Sidebar.md")
    source = texts.get(said, "")[:100_000]
    found = [(match.start(), match["path"], match["title"]) for match in _LINK.finditer(source)]
    found += [(match.start(), match["path"] or match["title"], match["title"]) for match in _WIKI.finditer(source)]
    entries = [("Home", "")] + [(path.replace(" ", "-"), title) for _, path, title in sorted(found)]
    return _ordered(_folder(home or said), paths, entries[:_MOST], [said] if said else [])


def _walked(node: Any, title: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """Path and title of each page that a nested table of contents names, in order."""
    if depth > _DEPTH:
        return
    if isinstance(node, str):
        yield node, title
    elif isinstance(node, list):
        for entry in node[:_MOST]:
            yield from _walked(entry, "", depth + 1)
    elif isinstance(node, dict):
        named = next((node[key] for key in ("file", "href") if isinstance(node.get(key), str)), None)
        if named is not None:
            yield named, str(node.get("text") or "")
            node = {key: value for key, value in node.items() if isinstance(value, list)}
        for key, value in node.items():
            yield from _walked(value, str(key) if isinstance(value, str) else "", depth + 1)


def _ordered(root: str, paths: list[str], entries: list[tuple[str, str]], read: list[str]) -> Contents:
    inside = f"{root}/" if root else ""
    there = [path for path in paths if path.startswith(inside) and path.endswith(PAGES) and path not in read]
    there = [path for path in there if PurePosixPath(path).name not in {"_Sidebar.md", "_Footer.md", "SUMMARY.md"}]
    listed = _resolved(root, entries, there)
    rest = sorted((path for path in there if path not in listed), key=_natural)
    return Contents(root, [*listed, *rest], {path: title for path, title in listed.items() if title}, read)


def _resolved(root: str, entries: list[tuple[str, str]], there: list[str]) -> dict[str, str]:
    """The pages that entries name, in their order, with their titles; a suffix or a folder's first page is understood."""
    known = {path.casefold(): path for path in there}
    found: dict[str, str] = {}
    for said, title in entries:
        name = _joined(root, said.partition("#")[0].strip().removeprefix("./").strip("/"))
        forms = [name, *(name + suffix for suffix in PAGES), f"{name}/index.md", f"{name}/README.md"]
        if page := next((known[form.casefold()] for form in forms if form.casefold() in known), ""):
            found.setdefault(page, title)
    return found


def _position(source: str) -> float:
    try:
        said = json.loads(source)
    except (ValueError, RecursionError):
        said = tolerant_yaml.read(source)
    place = _mapping(said).get("position")
    return float(place) if isinstance(place, int | float) else float("inf")


def _place(page: str, places: Mapping[str, float], texts: Files) -> list[tuple[float, list[Any]]]:
    """Where Docusaurus shows a page: by the position of each folder above it, its own, then by name."""
    own = re.search(r"(?m)^sidebar_position:\s*([\d.]{1,12})\s*$", texts.get(page, "")[:4_000])
    steps = page.split("/")
    above = ["/".join(steps[: at + 1]) for at in range(len(steps) - 1)]
    ranks = [(places.get(folder, float("inf")), _natural(folder.rpartition("/")[2])) for folder in above]
    try:
        mine = float(own[1]) if own else float("inf")
    except ValueError:
        mine = float("inf")
    return [*ranks, (mine, _natural(steps[-1]))]


def _natural(name: str) -> list[Any]:
    """A key by which `10-x` comes after `2-x`, and the first page of a folder before the others."""
    stem = name.rpartition("/")[2].rpartition(".")[0].casefold()
    first = 0 if stem in {"index", "readme", "home", "intro"} else 1
    parts = [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in _NUMBER.split(name.casefold()) if part]
    return [name.rpartition("/")[0].casefold(), first, parts]


def _first(paths: list[str], name: str) -> str:
    """The file of that name that lies highest."""
    found = [path for path in paths if PurePosixPath(path).name == name]
    return min(found, key=lambda path: (path.count("/"), path), default="")


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _joined(folder: str, name: str) -> str:
    name = name.strip("/")
    name = "" if name == "." else name
    return f"{folder}/{name}".strip("/") if folder or name else ""


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
