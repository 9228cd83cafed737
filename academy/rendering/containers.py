"""Read `:::: tabs` with its `::: tab Title`, and `::: video ADDRESS Title` with its transcript."""

import re
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from academy.rendering.limits import line_of
from academy.rendering.results import RenderingRefused

NAMES = {"tabs": "tabs", "onglets": "tabs", "tab": "tab", "onglet": "tab", "video": "video", "vidéo": "video"}
WORDS = {
    "fr": {"tab": "Partie", "video": "Vidéo", "transcript": "Transcription"},
    "en": {"tab": "Part", "video": "Video", "transcript": "Transcript"},
}
Attributes = dict[str, str | int | float]
PICTURE = re.compile(r"!\[[^\[\]]{0,300}\]\(<?[^\s<>()]{1,500}>?\)")
ADDRESS = re.compile(r"https?://[^\s/]+\.[^\s]+|(?![a-zA-Z][a-zA-Z0-9+.-]*:|//)[^\s\\]+\.[a-z0-9]{2,5}")


def containers_plugin(mdit: MarkdownIt) -> None:
    """Turn the containers of those names into tokens of their own; used after the callouts, so that it runs before."""
    mdit.core.ruler.after("block", "containers", _containers)


def _containers(state: StateCore) -> None:
    if any(token.type == "container_callout_open" for token in state.tokens):
        reader = _Reader(state)
        for token in state.tokens:
            reader.read(token)
        state.tokens = reader.written


class _Reader:
    """Goes through the tokens of a page once."""

    def __init__(self, state: StateCore) -> None:
        self.words = WORDS[state.env.get("language", "fr")]
        self.md = state.md
        self.written: list[Token] = []
        self.opened: list[tuple[str, int]] = []  # of each open container: its name, where it starts in `written`
        self.groups = 0
        self.tabs: list[int] = []  # of each open group: how many tabs it has so far

    def read(self, token: Token) -> None:
        if token.type == "container_callout_open":
            word, _, rest = token.info.strip().partition(" ")
            name = NAMES.get(word.lower(), "")
            if name == "tab" and not (self.opened and self.opened[-1][0] == "tabs"):
                name, token.info = "", f"details {rest}"  # outside a group it is a fold
            self.opened.append((name, len(self.written)))
            getattr(self, f"open_{name or 'callout'}")(token, rest.strip().strip('"').strip())
        elif token.type == "container_callout_close":
            name, start = self.opened.pop()
            getattr(self, f"close_{name or 'callout'}")(token, start)
        else:
            self.written.append(token)

    def open_callout(self, token: Token, title: str) -> None:
        self.written.append(token)

    def close_callout(self, token: Token, start: int) -> None:
        self.written.append(token)

    def open_tabs(self, token: Token, title: str) -> None:
        self.groups += 1
        self.tabs.append(0)
        token.type, token.tag, token.attrs = "tabs_open", "div", {"class": "tabs"}
        self.written.append(token)

    def close_tabs(self, token: Token, start: int) -> None:
        self.tabs.pop()
        token.type, token.tag = "tabs_close", "div"
        self.written.append(token)

    def open_tab(self, token: Token, title: str) -> None:
        """Open a fold that closes the others of its group: it needs no script, and prints whole."""
        self.tabs[-1] += 1
        token.type, token.tag = "tab_open", "details"
        token.attrs = {"class": "tab", "name": f"s-tabs-{self.groups}"}
        if self.tabs[-1] == 1:
            token.attrs["open"] = ""
        self.written.append(token)
        self._line("tab_title", "summary", title or f"{self.words['tab']} {self.tabs[-1]}", token)

    def close_tab(self, token: Token, start: int) -> None:
        token.type, token.tag = "tab_close", "details"
        self.written.append(token)

    def open_video(self, token: Token, title: str) -> None:
        address, _, title = title.partition(" ")
        if not ADDRESS.fullmatch(address) or not self.md.validateLink(address):
            raise RenderingRefused("video_address", line_of(token))
        token.type, token.tag, token.attrs = "video_open", "figure", {"class": "video"}
        token.meta = {"address": address, "title": title.strip().strip('"') or self.words["video"]}
        self.written.append(token)

    def close_video(self, token: Token, start: int) -> None:
        """Write the poster, the link that a reader follows if they want to load the video, then the transcript."""
        opening, body = self.written[start], self.written[start + 1 :]
        del self.written[start + 1 :]
        if body and body[0].type == "paragraph_open" and PICTURE.fullmatch(body[1].content):
            self.written += body[:3]
            body = body[3:]
        address = opening.meta["address"]
        link: Attributes = {"class": "video__link", "href": self.md.normalizeLink(address)}
        self._line("video_link", "a", opening.meta["title"], opening, link)
        self.written[-1].meta["host"] = urlsplit(address).hostname or ""
        opening.meta["transcript"] = bool(body)
        if body:
            self.written.append(Token("transcript_open", "details", 1, block=True))
            self._line("transcript_title", "summary", self.words["transcript"], opening)
            self.written += [*body, Token("transcript_close", "details", -1, block=True)]
        token.type, token.tag = "video_close", "figure"
        self.written.append(token)

    def _line(
        self, name: str, tag: str, text: str, of: Token, attrs: dict[str, str | int | float] | None = None
    ) -> None:
        place = [of.map[0], of.map[0] + 1] if of.map else None
        self.written += [
            Token(f"{name}_open", tag, 1, attrs or {}, place, block=True),
            Token("inline", "", 0, map=place, content=text, children=[], block=True, level=of.level + 2),
            Token(f"{name}_close", tag, -1, block=True),
        ]
