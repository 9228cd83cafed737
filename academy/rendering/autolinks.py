"""Make links of bare web and mail addresses.

The plugin of mdit-py-plugins scans the paragraph again at every colon (quadratic): this is one pass.
"""

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

WEB = r"(?:https?://|www\.)[\w-][^\s<]{1,1000}"
MAIL = r"[a-zA-Z0-9.+_-]{1,64}@[a-zA-Z0-9_-]{1,63}(?:\.[a-zA-Z0-9_-]{1,63}){1,8}(?<![-_])"
ADDRESS = re.compile(rf"(?<![\w/.@+-])(?:{WEB}|{MAIL})")
# Punctuation that ends the sentence, not the address; French quotation marks too.
ENDING = "?!.,:;*_~'\"’»”"


def autolinks_plugin(mdit: MarkdownIt) -> None:
    """Link addresses in text that is not already in a link."""
    mdit.core.ruler.after("text_join", "autolinks", _link_all)


def _link_all(state: StateCore) -> None:
    for block in state.tokens:
        if block.type == "inline" and any(mark in block.content for mark in ("://", "www.", "@")):
            depth, children = 0, []
            for token in block.children or ():
                depth += token.nesting if token.tag == "a" else 0
                children += _split(token.content, state.md) if token.type == "text" and not depth else [token]
            block.children = children


def _split(text: str, mdit: MarkdownIt) -> Iterator[Token]:
    done = 0
    for match in ADDRESS.finditer(text):
        address = _trimmed(match[0])
        yield Token("text", "", 0, content=text[done : match.start()])
        yield Token("link_open", "a", 1, {"href": mdit.normalizeLink(_scheme(address) + address)}, info="auto")
        yield Token("text", "", 0, content=address)
        yield Token("link_close", "a", -1, info="auto")  # as in markdown-it: the text is the address
        done = match.start() + len(address)
    yield Token("text", "", 0, content=text[done:])


def _trimmed(address: str) -> str:
    """Leave out the punctuation after an address, and a bracket that it does not open."""
    address = address.rstrip(ENDING)
    while address.endswith(")") and address.count(")") > address.count("("):
        address = address[:-1].rstrip(ENDING)
    return address


def _scheme(address: str) -> str:
    if "@" in address.split("/")[0]:
        return "mailto:"
    return "" if address.startswith("http") else "http://"
