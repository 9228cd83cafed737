"""Turn the stored HTML of a text into the tree that `text.typ` walks: plain lists, dictionaries and strings.

Nothing of the text ever becomes Typst source: it is data, whatever it holds.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

Node = dict[str, Any] | str

DEEPEST = 24  # nested elements; what is deeper joins the last one above it
_VOID = {"br", "hr", "img", "input", "col", "source", "wbr"}
_BLOCKS = set("blockquote details div dl figure h2 h3 h4 h5 h6 hr ol p pre section table ul".split())
_INLINE = {
    **dict.fromkeys(("strong", "b"), "strong"),
    **dict.fromkeys(("em", "i", "dfn", "cite", "var"), "emph"),
    **dict.fromkeys(("code", "kbd", "samp"), "code"),
    **dict.fromkeys(("del", "s"), "strike"),
    **dict.fromkeys(("ins", "u"), "underline"),
    **{tag: tag for tag in ("sup", "sub", "mark", "small")},
}
PIXEL = 0.5  # points on paper of a pixel: 144 to the inch
TALLEST = 560  # points of a picture
_BLANK = re.compile(r"[ \t\r\n\f]+")  # not the no-break spaces of the typographer


@dataclass(slots=True)
class _Element:
    tag: str
    attrs: dict[str, str]
    children: "list[_Element | str]" = field(default_factory=list)

    def has(self, name: str) -> bool:
        return name in self.attrs.get("class", "").split()


class _Builder(HTMLParser):
    """HTML as `nh3` writes it: every element is closed, in order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = _Element("div", {})
        self._open = [self.root]
        self._skipped = 0  # elements beyond the deepest

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if len(self._open) > DEEPEST and tag not in _VOID:
            self._skipped += 1
            return
        element = _Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if self._skipped:
            self._skipped -= 1
        elif len(self._open) > 1 and tag not in _VOID:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def tree_of(html: str, *, base: str, prefix: str = "", pictures: Mapping[str, str] | None = None) -> list[Node]:
    """The blocks of a text; *base* is its address, to which its links are relative; *prefix* starts its ids in a book.

    *pictures* are the files to show by the addresses that the text gives them; any other picture is its words.
    """
    builder = _Builder()
    builder.feed(html)
    builder.close()
    writer = _Writer(base=base, prefix=prefix, pictures=pictures or {})
    tree = list(writer.blocks(builder.root.children))
    writer.aim()
    return tree


@dataclass(slots=True)
class _Writer:
    base: str
    prefix: str = ""
    pictures: Mapping[str, str] = field(default_factory=dict)
    _ids: set[str] = field(default_factory=set)
    _aims: list[dict[str, Any]] = field(default_factory=list)
    _level: int = 1  # of the last heading: none is skipped, for a reader who goes from one to the next

    def aim(self) -> None:
        """Let go of the links to places that are not in the tree: Typst refuses a text that has one."""
        for link in self._aims:
            link["to"] = link["to"] if link["to"] in self._ids else ""

    def blocks(self, children: "Sequence[_Element | str]") -> Iterator[Node]:
        """Blocks, and paragraphs made of what stands between them."""
        run: list[_Element | str] = []
        for child in children:
            if isinstance(child, _Element) and _is_block(child):
                yield from self._paragraph(run)
                run = []
                yield from self._block(child)
            else:
                run.append(child)
        yield from self._paragraph(run)

    def _paragraph(self, run: "Sequence[_Element | str]") -> Iterator[Node]:
        inlines = _trimmed(self.inlines(run))
        first = inlines[0] if inlines else ""
        if isinstance(first, dict) and first.get("file") and len(inlines) == 1:
            yield first | {"k": "picture", "caption": []}
        elif inlines:
            yield {"k": "p", "c": inlines}

    def _block(self, it: _Element) -> Iterator[Node]:
        makers: dict[str, Callable[[_Element], Node]] = {
            **dict.fromkeys(("h2", "h3", "h4", "h5", "h6"), self._heading),
            **dict.fromkeys(("ul", "ol"), self._list),
            "blockquote": lambda it: {"k": "quote", "c": list(self.blocks(it.children))},
            "details": self._callout,
            "dl": lambda it: {"k": "terms", "c": list(self._terms(it))},
            "figure": self._figure,
            "hr": lambda it: {"k": "rule"},
            "pre": lambda it: {"k": "pre", "text": _text(it).removesuffix("\n")},
        }
        if it.tag == "table":
            yield from self._table(it)
        elif it.has("chart__legend"):  # there are no colours on this paper: the table of the chart stands alone
            return
        elif it.tag in makers:
            yield makers[it.tag](it)
        elif it.has("admonition"):
            yield self._callout(it)
        else:
            yield from self.blocks(it.children)

    def _heading(self, it: _Element) -> Node:
        self._level = min(int(it.tag[1]) - 1, self._level + 1)
        return self._aimed(it, {"k": "heading", "level": self._level, "c": _trimmed(self.inlines(it.children))})

    def _list(self, it: _Element) -> Node:
        items = [
            self._aimed(child, {"k": "item", "c": list(self.blocks(child.children))})
            for child in it.children
            if isinstance(child, _Element) and child.tag == "li"
        ]
        start = int(it.attrs.get("start") or 1)
        return {"k": "numbers" if it.tag == "ol" else "bullets", "start": start, "c": items}

    def _terms(self, it: _Element) -> Iterator[Node]:
        for child in it.children:
            if isinstance(child, _Element) and child.tag == "dt":
                yield {"term": _trimmed(self.inlines(child.children)), "c": []}
            elif isinstance(child, _Element) and child.tag == "dd":
                yield {"term": [], "c": list(self.blocks(child.children))}

    def _callout(self, it: _Element) -> Node:
        title: list[Node] = []
        rest: list[_Element | str] = []
        for child in it.children:
            if not title and isinstance(child, _Element) and (child.tag == "summary" or child.has("admonition-title")):
                title = _trimmed(self.inlines(child.children))
            else:
                rest.append(child)
        return {"k": "callout", "title": title, "c": list(self.blocks(rest))}

    def _figure(self, it: _Element) -> Node:
        """A picture above its caption; what else a figure holds stays blocks."""
        caption = [child for child in it.children if isinstance(child, _Element) and child.tag == "figcaption"]
        blocks = list(self.blocks([child for child in it.children if child not in caption]))
        if len(blocks) == 1 and isinstance(blocks[0], dict) and blocks[0]["k"] == "picture":
            return blocks[0] | {"caption": _trimmed([node for one in caption for node in self.inlines(one.children)])}
        return {"k": "figure", "c": [*blocks, *self.blocks(caption)]}

    def _picture(self, it: _Element) -> Node:
        """A picture, as wide as it may be in points; `file` is "" when only its words are there."""
        width, height = (int(it.attrs.get(side) or 0) for side in ("width", "height"))
        file = self.pictures.get(it.attrs.get("src", ""), "") if width and height else ""
        points = min(width * PIXEL, TALLEST * width / height) if file else 0
        return {"k": "image", "alt": it.attrs.get("alt", ""), "file": file, "width": points}

    def _table(self, it: _Element) -> Iterator[Node]:
        rows = [_cells_of(row) for row in _all(it, "tr")]
        rows = [row for row in rows if row]
        if not rows:
            return
        columns = max(len(row) for row in rows)
        heads = 0
        while heads < len(rows) - 1 and all(cell.tag == "th" for cell in rows[heads]):
            heads += 1
        for caption in _all(it, "caption"):
            yield from self._paragraph(caption.children)
        yield {
            "k": "table",
            "columns": columns,
            "heads": [self._cells(row, columns) for row in rows[:heads]],
            "rows": [self._cells(row, columns) for row in rows[heads:]],
        }

    def _cells(self, row: Sequence[_Element], columns: int) -> list[Node]:
        cells: list[Node] = [
            {"c": list(self.blocks(cell.children)), "align": _alignment(cell), "head": cell.tag == "th"} for cell in row
        ]
        nothing: Node = {"c": [], "align": "left", "head": False}
        return cells + [nothing] * (columns - len(row))

    def inlines(self, children: "Sequence[_Element | str]") -> list[Node]:
        found: list[Node] = []
        for child in children:
            if isinstance(child, str):
                found.append(_BLANK.sub(" ", child))
            else:
                found += self._inline(child)
        return found

    def _inline(self, it: _Element) -> list[Node]:
        if it.has("heading-anchor") or it.has("footnote-backref"):
            return []
        if it.tag in _INLINE:
            return [self._aimed(it, {"k": _INLINE[it.tag], "c": self.inlines(it.children)})]
        match it.tag:
            case "a":
                return [self._aimed(it, self._link(it))]
            case "br":
                return [{"k": "break"}]
            case "img":
                return [self._picture(it)]
            case "input":
                return [{"k": "box", "checked": "checked" in it.attrs}]
            case "math":
                return [{"k": "emph", "c": [it.attrs.get("alttext", "")]}]
            case "svg":  # of a chart: its table stands in its place
                return []
            case "q":
                return [{"k": "said", "c": self.inlines(it.children)}]
        return self.inlines(it.children)

    def _link(self, it: _Element) -> dict[str, Any]:
        href, inside = it.attrs.get("href", ""), self.inlines(it.children)
        if href.startswith("#"):
            self._aims.append({"k": "aim", "to": self.prefix + href[1:], "c": inside})
            return self._aims[-1]
        try:
            return {"k": "link", "to": urljoin(self.base, href), "c": inside}
        except ValueError:  # an address that is none
            return {"k": "aim", "to": "", "c": inside}

    def _aimed(self, it: _Element, node: dict[str, Any]) -> dict[str, Any]:
        if anchor := it.attrs.get("id", ""):
            node["id"] = self.prefix + anchor
            self._ids.add(node["id"])
        return node


def _is_block(it: _Element) -> bool:
    """Whether it is a block, or an inline element that an author opened around some."""
    return it.tag in _BLOCKS or any(isinstance(child, _Element) and _is_block(child) for child in it.children)


def _cells_of(row: _Element) -> list[_Element]:
    return [cell for cell in row.children if isinstance(cell, _Element) and cell.tag in {"th", "td"}]


def _alignment(it: _Element) -> str:
    return next((side for side in ("center", "right") if it.has(f"align-{side}")), "left")


def _all(it: _Element, tag: str) -> Iterator[_Element]:
    """The elements of that name inside, those of a table inside a cell left to it."""
    for child in it.children:
        if isinstance(child, _Element):
            if child.tag == tag:
                yield child
            elif child.tag != "table":
                yield from _all(child, tag)


def _text(it: _Element) -> str:
    return "".join(child if isinstance(child, str) else _text(child) for child in it.children)


def _trimmed(nodes: list[Node]) -> list[Node]:
    """Without blanks at the ends, and nothing when there is nothing else."""
    while nodes and isinstance(nodes[0], str) and not nodes[0].strip(" "):
        nodes = nodes[1:]
    while nodes and isinstance(nodes[-1], str) and not nodes[-1].strip(" "):
        nodes = nodes[:-1]
    if nodes and isinstance(nodes[0], str):
        nodes = [nodes[0].lstrip(" "), *nodes[1:]]
    if nodes and isinstance(nodes[-1], str):
        nodes = [*nodes[:-1], nodes[-1].rstrip(" ")]
    return nodes
