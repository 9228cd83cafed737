"""Words that know their language: what is not in the page's says so, to the eye and to a screen reader."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Flask
from markupsafe import Markup, escape
from wtforms.fields.choices import SelectChoice  # pyright: ignore[reportAttributeAccessIssue]

from academy.web.locale import gettext as _, language


class Spoken(str):
    """A text and the language that it is in; else an ordinary text."""

    __slots__ = ("language",)
    language: str

    def __new__(cls, text: str, language: str = "") -> "Spoken":
        """Make it; cutting or joining it gives ordinary texts."""
        made = super().__new__(cls, text)
        made.language = language
        return made


def by_preference(rows: Iterable[Any]) -> list[Any]:
    """Rows with a `language`, those in the page's language last: so a dictionary made of them keeps these."""
    return sorted(rows, key=lambda row: row.language == language())


def sentence(text: str, **values: object) -> Markup:
    """A translated sentence whose values keep their language."""
    return Markup(text) % {name: mark(value) for name, value in values.items()}  # noqa: S704 -- ours, values are escaped


def choices(titles: Mapping[str, str]) -> list[SelectChoice]:
    """The options of a list to choose from, each in its language: one that is not the page's is named."""
    return [
        SelectChoice(value, f"{title} ({title.language.upper()})", {"lang": title.language})
        if isinstance(title, Spoken) and lang(title)
        else SelectChoice(value, title)
        for value, title in titles.items()
    ]


def mark(text: object) -> Markup:
    """The text, inside its language when that is not the page's."""
    attribute = lang(text) if isinstance(text, Spoken) else ""
    return Markup("<span{}>{}</span>").format(attribute, text) if attribute else escape(text)


def lang(it: object) -> Markup:
    """The attribute ` lang="fr"` for a text or a code that is not in the page's language; else nothing."""
    code = _foreign(it)
    return Markup(' lang="{}"').format(code) if code else Markup()


def badge(it: object) -> Markup:
    """The sign FR or EN beside a title of a list that is not in the page's language; else nothing."""
    code = _foreign(it)
    if not code:
        return Markup()
    words = _("en français") if code == "fr" else _("en anglais")
    return Markup(' <span class="tag" lang="{}">{}<span class="vh">, {}</span></span>').format(
        language(), code.upper(), words
    )


def tagged(text: object) -> Markup:
    """The text and, when it is not in the page's language, the sign of its own."""
    return mark(text) + badge(text)


def _foreign(it: object) -> str:
    """The language of a text, or the code itself, unless it is the page's."""
    code = it.language if isinstance(it, Spoken) else str(it)
    return code if code in {"fr", "en"} and code != language() else ""


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(spoken=mark, tagged=tagged, lang=lang, badge=badge)
    app.jinja_env.globals["said"] = Spoken
