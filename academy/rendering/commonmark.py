"""Make Python-Markdown read CommonMark: markdown-it-py parses, Python-Markdown keeps the tree and the door.

Load this extension first and nothing of Python-Markdown that brings its own block parsing after it
(`extra`, `fenced_code`, `md_in_html`...): `MarkdownItParser` refuses to run beside them.
"""

import xml.etree.ElementTree as etree  # noqa: N813 (its usual name)
from collections.abc import Callable, Iterable
from typing import Any

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor
from markdown.util import ETX, STX, AtomicString
from markdown_it import MarkdownIt
from markdown_it.common.utils import unescapeAll
from markdown_it.token import Token

MAX_DEPTH = 64  # of elements: deeper emphasis keeps its words and loses its tag
MAX_NESTING = 32  # of blocks
TAGS = {"s": "del"}
MULTILINE = frozenset(("ul", "ol", "blockquote", "table", "thead", "tbody", "tr", "dl", "div", "section"))
OURS = frozenset(("normalize_whitespace",))


class Normalize(Preprocessor):
    """Drop what Python-Markdown reserves for itself; tabs stay, for CommonMark gives them a meaning."""

    def run(self, lines: list[str]) -> list[str]:
        return [line.replace(STX, "").replace(ETX, "").rstrip("\r") for line in lines]


class TreeWriter:
    """Write tokens as elements. A method named like a token's type handles it; other tokens are plain tags.

    `etree.TreeBuilder` joins its strings once (`element.text += ...` would be quadratic). Python-Markdown's
    serialiser leaves `&name;` alone, so every `&` is written as `&amp;` here.
    """

    def __init__(self, md: Markdown, env: dict[str, Any]) -> None:
        self.md, self.env = md, env
        self.builder = etree.TreeBuilder()
        self.data = self.builder.data
        self.kept: list[bool] = []  # for each open tag: was it written?

    def open(self, tag: str, /, **attrs: Any) -> None:
        keep = len(self.kept) < MAX_DEPTH
        self.kept.append(keep)
        if keep:
            # A trailing underscore spells Python's keywords (class_), an inner one a hyphen (aria_label).
            names = {
                name.rstrip("_").replace("_", "-"): str(value).replace("&", "&amp;") for name, value in attrs.items()
            }
            self.builder.start(tag, names)

    def close(self, tag: str) -> etree.Element | None:
        return self.builder.end(tag) if self.kept.pop() else None

    def void(self, tag: str, /, **attrs: Any) -> None:
        self.open(tag, **attrs)
        self.close(tag)

    def raw(self, html: str) -> None:
        self.data(self.md.htmlStash.store(html))

    def code(self, content: str, **attrs: Any) -> None:
        """Write code as a finished leaf: no tree processor may look for markup in it."""
        self.open("code", **attrs)
        self.data(content.replace("&", "&amp;"))
        element = self.close("code")
        if element is not None and element.text:
            element.text = AtomicString(element.text)

    def write(self, tokens: Iterable[Token]) -> None:
        after_hidden = False  # the paragraphs of a tight list have no tag: what follows one starts a line
        for token in tokens:
            if token.hidden:
                after_hidden = token.nesting == -1
                continue
            if after_hidden and token.block and token.nesting != -1:
                self.data("\n")
            after_hidden = False
            self.one(token)
            if token.block and token.type != "inline" and (token.nesting != 1 or token.tag in MULTILINE):
                self.data("\n")

    def one(self, token: Token) -> None:
        handler: Callable[[Token], Any] | None = getattr(self, token.type, None)
        if handler:
            handler(token)
        elif token.nesting == -1:
            self.close(token.tag)
        else:
            self.open(TAGS.get(token.tag, token.tag), **token.attrs)
            if token.nesting == 0:
                self.close(token.tag)

    def text(self, token: Token) -> None:
        self.data(token.content.replace("&", "&amp;"))

    def inline(self, token: Token) -> None:
        self.write(token.children or ())

    def softbreak(self, token: Token) -> None:
        self.data("\n")

    def hardbreak(self, token: Token) -> None:
        self.void("br")
        self.data("\n")

    def image(self, token: Token) -> None:
        mdit: Any = self.md.parser.mdit  # type: ignore[attr-defined]
        alt = mdit.renderer.renderInlineAsText(token.children or [], mdit.options, self.env)
        self.void("img", **{**token.attrs, "alt": alt})

    def html_inline(self, token: Token) -> None:
        self.raw(token.content)

    def html_block(self, token: Token) -> None:
        self.raw(token.content.rstrip("\n"))

    def code_inline(self, token: Token) -> None:
        self.code(token.content, **token.attrs)

    def code_block(self, token: Token) -> None:
        self.open("pre")
        self.code(token.content)
        self.close("pre")

    def fence(self, token: Token) -> None:
        words = unescapeAll(token.info).split(None, 1)
        self.open("pre")
        self.code(token.content, **({"class": "language-" + words[0]} if words else {}))
        self.close("pre")


class MarkdownItParser(BlockParser):
    """Stand in for Python-Markdown's block parser as a whole; keeps its last `tokens` and `env`."""

    def __init__(self, md: Markdown, mdit: MarkdownIt, writer: type[TreeWriter]) -> None:
        super().__init__(md)
        self.mdit, self.writer = mdit, writer
        self.settings: dict[str, Any] = {}  # given to each parse as its first `env`
        self.tokens: list[Token] = []
        self.env: dict[str, Any] = {}

    def parseDocument(self, lines: Iterable[str]) -> etree.ElementTree:  # noqa: N802 (Python-Markdown's name)
        names = {item.name for item in self.md.preprocessors._priority}  # type: ignore[attr-defined]
        if strays := names - OURS:
            raise RuntimeError(f"these extensions bring back another block parser: {sorted(strays)}")
        self.env = dict(self.settings)
        self.tokens = self.mdit.parse("\n".join(lines), self.env)
        writer = self.writer(self.md, self.env)
        writer.open(self.md.doc_tag)
        writer.write(self.tokens)
        writer.close(self.md.doc_tag)
        return etree.ElementTree(writer.builder.close())


class CommonMark(Extension):
    """Install the parser. A dialect gives its own writer, and plugins of markdown-it-py."""

    writer: type[TreeWriter] = TreeWriter

    def configure(self, mdit: MarkdownIt) -> None:
        """Add a dialect's rules to the parser."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (Python-Markdown's name)
        mdit = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING})
        self.configure(mdit)
        md.parser = MarkdownItParser(md, mdit, self.writer)
        md.preprocessors.deregister("html_block")
        md.preprocessors.register(Normalize(md), "normalize_whitespace", 30)
        # Inline markup is parsed already, spacing is written already, nothing is escaped with STX.
        for name in ("inline", "prettify", "unescape"):
            md.treeprocessors.deregister(name)
