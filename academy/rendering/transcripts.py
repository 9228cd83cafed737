"""Show the cues of a WebVTT file, pasted between ```vtt fences, as a transcript with its times."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore

NAMES = frozenset(("vtt", "webvtt"))
TIME = r"(?:([0-9]{2,3}):)?([0-5][0-9]):([0-5][0-9])\.[0-9]{3}"
TIMING = re.compile(rf"[ \t]*{TIME}[ \t]+-->[ \t]+{TIME}(?:[ \t].*)?")
VOICE = re.compile(r"<v(?:\.[^ \t>]{0,80})?[ \t]([^<>\n]{1,80})>")
COLONS = {"fr": "\u00a0: ", "en": ": "}  # after the name of who speaks
TAG = re.compile(r"</?[a-z0-9][^<>\n]{0,100}>")


def transcripts_plugin(mdit: MarkdownIt) -> None:
    """Make a transcript of each fence that is named so; its content is then the words alone."""
    mdit.core.ruler.after("block", "transcripts", _transcripts)


def _transcripts(state: StateCore) -> None:
    for token in state.tokens:
        if token.type == "fence" and token.info.strip().lower() in NAMES:
            cues = cues_of(token.content, COLONS[state.env.get("language", "fr")])
            if cues:  # without a single cue it is code, as it stands
                token.type, token.meta["cues"] = "transcript", cues
                token.content = "\n".join(words for _, words in cues)


def cues_of(text: str, colon: str) -> list[tuple[str, str]]:
    """Give the time (`1:02`, `1:00:02`) and the words of each cue; a voice is written before its words."""
    cues: list[tuple[str, list[str]]] = []
    is_open = False
    for line in text.split("\n"):
        if match := TIMING.fullmatch(line):
            hours, minutes, seconds = int(match[1] or 0), int(match[2]), match[3]
            cues.append((f"{hours}:{minutes:02}:{seconds}" if hours else f"{minutes}:{seconds}", []))
            is_open = True
        elif not line.strip():
            is_open = False
        elif is_open:
            cues[-1][1].append(TAG.sub("", VOICE.sub(lambda voice: voice[1] + colon, line)).strip())
    return [(time, " ".join(words)) for time, words in cues if words]
