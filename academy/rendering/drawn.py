"""Put what this package draws itself (formulas, charts) into a page after the page was sanitised.

No author may write MathML or SVG. Ours is made of element trees, never of an author's markup, and takes the place of
a mark that nobody can guess: an author's HTML cannot ask for it.
"""

import re
import secrets
from typing import Any
from xml.etree.ElementTree import Element, tostring


class Drawn:
    """The drawings of one page."""

    def __init__(self) -> None:
        self._mark = secrets.token_hex(16)
        self._kept: list[str] = []

    def keep(self, drawing: Element) -> str:
        """Keep a drawing; give the text that stands for it."""
        self._kept.append(tostring(drawing, encoding="unicode", short_empty_elements=False))
        return f"{self._mark}-{len(self._kept) - 1}."

    def put_into(self, html: str) -> str:
        """Replace the marks of a sanitised page by their drawings."""
        if not self._kept:
            return html
        return re.sub(rf"{self._mark}-([0-9]+)\.", lambda match: self._kept[int(match[1])], html)


def of(env: dict[str, Any]) -> Drawn:
    """Give the drawings of the page that is being parsed."""
    return env.setdefault("drawn", Drawn())
