"""Compare HTML as CommonMark's own test runner does: white space and attribute order do not count."""

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
        super().__init__(convert_charrefs=False)
        self.out: list[str] = []
        self.last = "starttag"
        self.in_pre = False
        self.last_tag = ""

    def handle_data(self, data: str) -> None:
        after_tag = self.last in ("endtag", "starttag")
        after_block = after_tag and self.last_tag in BLOCKS
        if after_tag and self.last_tag == "br":
            data = data.lstrip("\n")
        if not self.in_pre:
            data = re.sub(r"\s+", " ", data)
        if after_block and not self.in_pre:
            data = data.lstrip() if self.last == "starttag" else data.strip()
        self.out.append(data)
        self.last = "data"

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if tag == "pre":
            self.in_pre = False
        elif tag in BLOCKS:
            self._strip_last()
        self.out.append(f"</{tag}>")
        self.last_tag, self.last = tag, "endtag"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "pre":
            self.in_pre = True
        if tag in BLOCKS:
            self._strip_last()
        written = "".join(f' {name}="{escape(value or "", quote=True)}"' for name, value in sorted(attrs))
        self.out.append(f"<{tag}{written}>")
        self.last_tag, self.last = tag, "starttag"

    def handle_comment(self, data: str) -> None:
        self.out.append(f"<!--{data}-->")
        self.last = "comment"

    def handle_decl(self, decl: str) -> None:
        self.out.append(f"<!{decl}>")
        self.last = "decl"

    def unknown_decl(self, data: str) -> None:
        self.out.append(f"<![{data}]>")
        self.last = "decl"

    def handle_pi(self, data: str) -> None:
        self.out.append(f"<?{data}>")
        self.last = "pi"

    def handle_entityref(self, name: str) -> None:
        self._character(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._character(f"&#{name};")

    def _character(self, reference: str) -> None:
        from html import unescape

        self.out.append(escape(unescape(reference), quote=True))
        self.last = "ref"

    def _strip_last(self) -> None:
        if self.last == "data" and self.out:
            self.out[-1] = self.out[-1].rstrip() if not self.in_pre else self.out[-1]


def normalised(html: str) -> str:
    """Give HTML in a form in which equal pages are equal strings."""
    parser = _Normaliser()
    parser.feed(html)
    parser.close()
    return re.sub(r">\s+<(?=/?(?:%s)\b)" % "|".join(BLOCKS), "><", "".join(parser.out)).strip()
