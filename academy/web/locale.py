"""Languages: French at the root, English under /en/, translated and typeset strings."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import cast
from urllib.parse import quote

from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from flask import Flask, Request, g, has_request_context, request
from flask_babel import get_locale
from flask_babel.speaklater import LazyString
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from academy.extensions import babel
from academy.rendering import typography

LANGUAGES = ("fr", "en")
_PREFIX = "/en"
# The request itself: each attribute of `request` costs ten times as much, and a page asks for hundreds.
this_request: Callable[[], Request] = request._get_current_object  # pyright: ignore[reportAttributeAccessIssue]
_CATALOGUES = Path(__file__).resolve().parent.parent / "translations"


class LanguagePrefix:
    """WSGI: `/en/x` is `/x` in English; `url_for` keeps the prefix because it is the SCRIPT_NAME."""

    def __init__(self, app):
        self.app = app

    def __call__(self, environ, start_response):
        path = environ.get("PATH_INFO", "")
        if path.startswith(_PREFIX) and path[len(_PREFIX) : len(_PREFIX) + 1] in {"", "/"}:
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + _PREFIX
            environ["PATH_INFO"] = path[len(_PREFIX) :] or "/"
            environ["academy.language"] = "en"
        return self.app(environ, start_response)


def language() -> str:
    """The language of this page or, outside a request, of this mail: "fr" or "en"."""
    try:
        return this_request().environ.get("academy.language", "fr")
    except RuntimeError:  # outside of a request; to ask first would double what a page pays two hundred times
        locale = get_locale()
        return locale.language if locale else "fr"


@contextmanager
def speaking(spoken: str) -> Iterator[None]:
    """Speak another language than the page for a while: that of a mail which it shows."""
    before = language()
    request.environ["academy.language"] = spoken
    try:
        yield
    finally:
        request.environ["academy.language"] = before


def here() -> str:
    """The path and query of this page below the language prefix, escaped: `//host` and `/\\host` never lead away."""
    path = "/" + quote(request.path.lstrip("/"), safe="/@!$&'()*+,;=:~")
    query = quote(request.query_string, safe="/?@!$&'()*+,;=:~%")
    return f"{path}?{query}" if query else path


def language_urls() -> dict[str, str]:
    """This page in each language, with its query."""
    root = request.script_root.removesuffix(_PREFIX)
    return {"fr": f"{root}{here()}", "en": f"{root}{_PREFIX}{here()}"}


def other_language_url() -> str:
    """This very page in the other language."""
    return language_urls()["fr" if language() == "en" else "en"]


def gettext(message: str, **values: object) -> str:
    """The message (French is the msgid) in the page's language, with its typographic spaces."""
    text = _translated(language(), message)
    return text % values if values else text


def ngettext(singular: str, plural: str, n: int, **values: object) -> str:
    """As gettext, with the plural rule of the language: 0 and 1 are singular in French."""
    text = _translated_plural(language(), singular, plural, n)
    return text % {"num": number(n), **values}


def number(value: int) -> str:
    """A whole number with the separators of the language."""
    return str(value) if -1000 < value < 1000 else format_decimal(value, locale=language())


def lazy_gettext(message: str, **values: object) -> str:
    """As gettext, translated when shown: for what is said while a module loads (labels of forms)."""
    return cast("str", LazyString(gettext, message, **values))


def typeset(text: str) -> str:
    """A French string of ours as it is shown; straight quotation marks in it are those of code."""
    return typography.typeset(text, "fr", quotes=False)


@lru_cache(maxsize=8192)
def _translated(language: str, message: str) -> str:
    return typeset(message) if language == "fr" else _catalogue(language).get(message, message)


@lru_cache(maxsize=8192)
def _translated_plural(language: str, singular: str, plural: str, n: int) -> str:
    if language == "fr":
        return typeset(singular if n < 2 else plural)
    one, other = _catalogue(language).get((singular, plural), (singular, plural))
    return one if n == 1 else other


@lru_cache
def _catalogue(language: str) -> dict:
    """The .po file itself, read once a process: there is nothing to compile and nothing to go stale."""
    with (_CATALOGUES / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return {
            message.id: message.string for message in read_po(file, locale=language) if _is_complete(message.string)
        }


def _is_complete(translated: object) -> bool:
    return all(translated) if isinstance(translated, tuple | list) else bool(translated)


def init_app(app: Flask) -> None:
    babel.init_app(app, locale_selector=_select)
    app.jinja_env.install_gettext_callables(gettext, ngettext, newstyle=True)  # pyright: ignore
    app.jinja_env.globals.update({"_": _jinja_gettext, "ngettext": _jinja_ngettext})
    app.context_processor(lambda: {"language": language()})


@pass_eval_context
def _jinja_gettext(context: EvalContext, message: str, **values: object) -> str:
    """`_` of templates, without Jinja's detour of 7 µs for words that stand alone."""
    text = _translated(language(), message)
    if context.autoescape:
        return Markup(text) % values if values or "%" in text else _safe(text)  # noqa: S704 -- ours, values are escaped
    return text % values


@lru_cache(maxsize=8192)
def _safe(text: str) -> Markup:
    return Markup(text)  # noqa: S704 -- from our templates and catalogues


@pass_eval_context
def _jinja_ngettext(context: EvalContext, singular: str, plural: str, n: int, **values: object) -> str:
    """`ngettext` of templates; `%(num)s` is the number as people write it."""
    text = _translated_plural(language(), singular, plural, n)
    return (_safe(text) if context.autoescape else text) % {"num": number(n), **values}


def _select() -> str:
    if has_request_context():
        return request.environ.get("academy.language", "fr")
    return g.get("language", "fr")
