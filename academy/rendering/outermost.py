"""Follow a page that the sanitiser has written, so that its tags close, and know what stands at its top."""

from html.parser import HTMLParser

_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())


class Outermost(HTMLParser):
    """Read a page; `began` and `ended` tell where each of its outermost elements does. Both do nothing here."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.html, self.depth = html, 0
        self._lines = [0]  # where each line starts
        for line in html.split("\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)
        self.feed(html)
        self.close()

    def began(self, tag: str, start: int) -> None:
        """An outermost element starts at that character."""

    def ended(self, end: int) -> None:
        """The outermost element that began last ends before that character."""

    def at(self) -> int:
        """The character that is being read."""
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.depth == 0:
            self.began(tag, self.at())
        if tag not in _VOID:
            self.depth += 1
        elif self.depth == 0:
            self.ended(self.at() + len(self.get_starttag_text() or ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID or self.depth == 0:
            return
        self.depth -= 1
        if self.depth == 0:
            self.ended(self.html.index(">", self.at()) + 1)
