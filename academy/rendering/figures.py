"""Make a figure of a paragraph that is one picture with a caption, a credit or a licence."""

from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from academy.rendering.attributes import LICENCES

WORDS = {
    "fr": {"credit": "Crédit : ", "reserved": "Tous droits réservés"},
    "en": {"credit": "Credit: ", "reserved": "All rights reserved"},
}


def figures_plugin(mdit: MarkdownIt) -> None:
    """Read figures."""
    mdit.core.ruler.after("inline", "figures", _figures)


def _figures(state: StateCore) -> None:
    for opening, block, closing in zip(state.tokens, state.tokens[1:], state.tokens[2:], strict=False):
        children = block.children or []
        if opening.type != "paragraph_open" or [token.type for token in children] != ["image"]:
            continue
        given = children[0].meta.get("given", {})
        title = str(children[0].attrs.pop("title", ""))
        if title or given:
            opening.type, opening.tag, opening.hidden = "figure_open", "figure", False
            closing.type, closing.tag, closing.hidden = "figure_close", "figure", False
            children.append(Token("figcaption_open", "figcaption", 1))
            children.append(Token("text", "", 0, content=title))
            if given:
                children += _credit(given, title, state.env.get("language", "fr"))
            children.append(Token("figcaption_close", "figcaption", -1))


def _credit(given: dict[str, str], title: str, language: str) -> Iterator[Token]:
    """Say who made the picture, and on what terms others may use it."""
    words = WORDS[language]
    if title:
        yield Token("text", "", 0, content=" ")
    yield Token("credit_open", "span", 1, {"class": "credit"})
    if credit := given.get("credit"):
        yield Token("text", "", 0, content=words["credit"] + credit)
    if licence := given.get("licence"):
        name, address = LICENCES[licence]
        yield Token("text", "", 0, content="" if not credit else " " if credit.endswith(".") else ". ")
        if address:
            yield Token("link_open", "a", 1, {"href": address})
        yield Token("text", "", 0, content=name or words["reserved"])
        if address:
            yield Token("link_close", "a", -1)
    yield Token("credit_close", "span", -1)
