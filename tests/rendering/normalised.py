"""Compare HTML as CommonMark's own test runner does: white space and the order of attributes do not count."""

import re
from html import escape
from html.parser import HTMLParser

BLOCKS = frozenset(
    "article section aside header footer nav div p h1 h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote pre table thead "
    "tbody tr td th hr figure figcaption form details summary".split()
)
VOID = frozenset("br hr img input meta link area base col embed source track wbr".split())


class _Normaliser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self.depth_of_pre = 0
        self.after_block = True
        self.after_break = False

    def handle_data(self, data: str) -> None:
        if not self.depth_of_pre:
            data = re.sub(r"\s+", " ", data)
            data = data.lstrip() if self.after_block or self.after_break else data
        self.after_block = self.after_block and not data
        self.after_break = False
        self.out.append(escape(data, quote=False))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._block(tag)
        self.depth_of_pre += tag == "pre"
        self.after_break = tag == "br"
        self.out.append(f"<{tag}{_attributes(attrs)}>")

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self._block(tag)
            self.depth_of_pre -= tag == "pre"
            self.out.append(f"</{tag}>")

    def handle_comment(self, data: str) -> None:
        self.out.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.out.append(f"<!{decl}>")

    def unknown_decl(self, data: str) -> None:
        self.out.append(f"<![{data}]>")

    def handle_pi(self, data: str) -> None:
        self.out.append(f"<?{data}>")

    def _block(self, tag: str) -> None:
        """Drop the white space before a block, and say that what follows starts a line."""
        self.after_block = tag in BLOCKS
        if self.after_block and self.out and not self.depth_of_pre and not self.out[-1].startswith("<"):
            self.out[-1] = self.out[-1].rstrip()


def normalised(html: str) -> str:
    """Give HTML in a form in which equal pages are equal strings."""
    parser = _Normaliser()
    parser.feed(html)
    parser.close()
    return "".join(parser.out).strip()


def _attributes(attrs: list[tuple[str, str | None]]) -> str:
    return "".join(f' {name}="{escape(value or "")}"' for name, value in sorted(attrs, key=lambda pair: pair[0]))
