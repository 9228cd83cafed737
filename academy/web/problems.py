"""The wording of every problem of a text: where, what, and how to repair it, in French and in English.

A table rather than the catalogues: the command line has no request, and speaks the language of its terminal.
"""

from academy.domain.problems import Problem
from academy.web import archive_words, course_words, file_words, front_matter_words, link_words, text_words
from academy.web.locale import typeset

_LONGEST = 80  # characters of a quoted value
_PLACES = {"fr": ("ligne {line}", "« {key} »", " : "), "en": ("line {line}", "“{key}”", ": ")}
_CLOSE = {"fr": " Vouliez-vous dire « {close} » ?", "en": " Did you mean “{close}”?"}
_KINDS = {
    "cycle": ("un cycle", "a cycle"),
    "module": ("un module", "a module"),
    "session": ("une session", "a session"),
    "resource": ("une ressource", "a resource"),
    "page": ("une page", "a page"),
}

WORDS = (
    front_matter_words.WORDS
    | text_words.WORDS
    | link_words.WORDS
    | file_words.WORDS
    | archive_words.WORDS
    | course_words.WORDS
)


def describe(problem: Problem, language: str) -> str:
    """A sentence that names the file, the line and the key, says what is wrong and how to repair it."""
    line, key, colon = _PLACES[language]
    place = [
        problem.path,
        line.format(line=problem.line) if problem.line else "",
        key.format(key=problem.key) if problem.key else "",
    ]
    where = ", ".join(part for part in place if part)
    said = f"{where}{colon}{what(problem, language)}" if where else what(problem, language)
    return typeset(said) if language == "fr" else said


def what(problem: Problem, language: str) -> str:
    """The sentence alone, for a message that already stands beside its line."""
    number = 0 if language == "fr" else 1
    details = {name: _quoted(value) for name, value in problem.details.items()}
    if (kind := details.get("kind")) in _KINDS:
        details["kind"] = _KINDS[str(kind)][number]
    close = _CLOSE[language].format(close=details["close"]) if details.get("close") else ""
    return WORDS[problem.code][number].format_map(details) + close


def _quoted(value: object) -> str:
    words = "".join(c if c.isprintable() else " " for c in str(value))
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1] + "…"
