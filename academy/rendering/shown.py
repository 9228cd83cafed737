"""Find the pictures in the HTML of a text: each with the paragraph or the figure that it is alone in."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape

_PICTURE = re.compile(
    r'(?P<open><(?P<tag>figure|p)>)?<img(?P<said>(?: [a-z-]+="[^"]*")*)>'
    r"(?P<alone>(?:<figcaption>(?P<caption>.*?)</figcaption>)?</(?:figure|p)>)?",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')
BESIDE = "fichiers/"  # the address of a file beside a text begins so


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """A picture of a text; `tag` is that of what it is alone in ("" among words), `caption` is HTML."""

    name: str  # of the file beside the text; "" for a picture from elsewhere
    alt: str
    tag: str
    caption: str

    @property
    def is_credited(self) -> bool:
        """Whether the text itself says whose it is."""
        return 'class="credit"' in self.caption


def replaced(html: str, write: Callable[[ShownPicture], str | None]) -> str:
    """The HTML of a text with what *write* makes of each picture and its figure; None leaves it as it is."""

    def put(found: re.Match[str]) -> str:
        said = dict(_ATTRIBUTE.findall(found["said"]))
        is_alone = found["open"] is not None and found["alone"] is not None
        address = unescape(said.get("src", ""))
        picture = ShownPicture(
            name=address.removeprefix(BESIDE) if address.startswith(BESIDE) else "",
            alt=unescape(said.get("alt", "")),
            tag=found["tag"] if is_alone else "",
            caption=found["caption"] or "" if is_alone else "",
        )
        made = write(picture)
        if made is None:
            return found[0]
        return made if is_alone else f"{found['open'] or ''}{made}{found['alone'] or ''}"

    return _PICTURE.sub(put, html) if "<img" in html else html


def pictures_of(html: str) -> list[ShownPicture]:
    """The pictures of a text in order."""
    found: list[ShownPicture] = []

    def note(picture: ShownPicture) -> None:
        found.append(picture)

    replaced(html, note)
    return found
