"""Bring `!!! note`, `??? note`, `::: note` and `> [!NOTE]` to one kind of token: the callout."""

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.admon import admon_plugin
from mdit_py_plugins.container import container_plugin

TITLES = {
    "fr": {
        "note": "Note",
        "info": "Information",
        "tip": "Astuce",
        "important": "Important",
        "warning": "Attention",
        "caution": "Prudence",
        "danger": "Danger",
        "example": "Exemple",
        "exercise": "Exercice",
        "solution": "Solution",
        "question": "Question",
        "summary": "En bref",
        "quote": "Citation",
        "details": "Détails",
    },
    "en": {
        "note": "Note",
        "info": "Information",
        "tip": "Tip",
        "important": "Important",
        "warning": "Warning",
        "caution": "Caution",
        "danger": "Danger",
        "example": "Example",
        "exercise": "Exercise",
        "solution": "Solution",
        "question": "Question",
        "summary": "In short",
        "quote": "Quote",
        "details": "Details",
    },
}
KINDS = frozenset(TITLES["fr"])
# What people write out of habit, or in French.
ALIASES = {
    "abstract": "summary",
    "astuce": "tip",
    "attention": "warning",
    "citation": "quote",
    "détails": "details",
    "error": "danger",
    "exemple": "example",
    "exercice": "exercise",
    "hint": "tip",
    "remarque": "note",
    "résumé": "summary",
}
OPENINGS = frozenset(("admonition_open", "container_callout_open", "alert_open"))
CLOSINGS = frozenset(("admonition_close", "container_callout_close", "alert_close"))
PLUGIN_TITLES = frozenset(f"{name}_title_{end}" for name in ("admonition", "alert") for end in ("open", "close"))


def callouts_plugin(mdit: MarkdownIt) -> None:
    """Read the four notations; the plugins' own titles are replaced before inline markup is parsed."""
    mdit.use(admon_plugin)
    mdit.use(container_plugin, name="callout", validate=lambda params, markup: bool(params.strip()))
    mdit.options["alerts"] = True
    mdit.core.ruler.after("block", "callouts", _unify)


def _unify(state: StateCore) -> None:
    if not any(token.type in OPENINGS for token in state.tokens):
        return
    tokens, opened, in_title = [], [], False
    for token in state.tokens:
        if token.type in OPENINGS:
            tokens += _opening(token, state.env.get("language", "fr"))
            opened.append(token)
        elif token.type in CLOSINGS:
            token.type, token.tag = "callout_close", opened.pop().tag
            tokens.append(token)
        elif token.type in PLUGIN_TITLES:
            in_title = token.nesting == 1
        elif not in_title:
            tokens.append(token)
    state.tokens = tokens


def _opening(token: Token, language: str) -> list[Token]:
    """Give the opening of a callout, and its title unless the author wants none."""
    kind, title = kind_and_title(token.info, language)
    folds = token.markup.startswith("?") or kind == "details"
    token.type, token.tag = "callout_open", "details" if folds else "div"
    token.attrs = {"class": f"admonition {kind}"}
    if token.markup.endswith("+"):
        token.attrs["open"] = "open"
    if not title and not folds:
        return [token]
    tag = "summary" if folds else "p"
    attrs: dict[str, str | int | float] = {"class": "admonition-title"}
    place = [token.map[0], token.map[0] + 1] if token.map else None
    text = title or TITLES[language][kind]
    return [
        token,
        Token("callout_title_open", tag, 1, attrs, place, block=True),
        Token("inline", "", 0, map=place, content=text, children=[], block=True, level=token.level + 2),
        Token("callout_title_close", tag, -1, block=True),
    ]


def kind_and_title(params: str, language: str) -> tuple[str, str]:
    """Read `note`, `note "Title"`, `note Title` or `note ""` (no title).

    A first word that is no kind belongs to the title: no word of the author is lost.
    """
    params = params.strip()
    word = params.split(None, 1)[0].strip('"').lower() if params else ""
    kind = ALIASES.get(word, word)
    _, quote, quoted = params.partition('"')
    if quote and quoted.find('"') == len(quoted) - 1:
        return (kind if kind in KINDS else "note"), quoted[:-1].strip()
    if kind not in KINDS:
        return "note", params
    rest = params[len(word) :].strip()
    return kind, rest or TITLES[language][kind]
