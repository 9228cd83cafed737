"""Every French string of the interface is marked for translation, and has its English."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "academy"
TEMPLATES = sorted(path for path in (PACKAGE / "templates").rglob("*.*") if path.suffix in {".html", ".txt"})
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts)
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]")
MARKS = {"_", "_l", "gettext", "ngettext", "lazy_gettext"}
SPOKEN = ("alt", "aria-label", "aria-description", "content", "label", "placeholder", "title")
SAME_IN_BOTH = {"English", "FR", "EN", "Français", "Markdown", "One Provence", "RSS"}
SAME_IN_BOTH |= {"English version", "version française"}  # each in its own language, in the other's pages
SAME_IN_BOTH |= {"M0 0h0.1"}  # a path of a drawing
# Tables that hold both languages, words that authors type, names that do not change.
TWO_LANGUAGES = {
    "blueprints/studio/guide.py": "examples of texts in both languages",
    "blueprints/resources/understood.py": "the names of languages, as visitors type them",
    "blueprints/styles/prose_sample.py": "invented words of the style page",
    "blueprints/styles/samples.py": "invented words of the style page",
    "domain/to_write.py": "the words that a new text starts from, in both languages",
    "domain/courses/headers.py": "marks with which a sentence may begin",
    "blueprints/studio/skeletons.py": "the text that a new draft starts from, in both languages",
    "cli/content.py": "the terminal has its own language",
    "config.py": "the sender's name",
    "domain/communes.py": "names of places",
    "domain/samples.py": "sample sessions are texts",
    "formats/art/card.py": "letters by their width",
    "formats/art/coast.py": "names of places",
    "formats/atom.py": "the author's name",
    "formats/jsonld.py": "the academy's name",
    "rendering/attributes.py": "what authors type",
    "rendering/autolinks.py": "punctuation",
    "rendering/callouts.py": "titles in both languages, and what authors type",
    "rendering/chart_drawing.py": "words in both languages",
    "rendering/chart_figure.py": "words in both languages",
    "rendering/charts.py": "what authors type",
    "rendering/containers.py": "words in both languages, and what authors type",
    "rendering/elements.py": "words in both languages",
    "rendering/figures.py": "words in both languages",
    "rendering/frontmatter.py": "letters that YAML may hold unquoted",
    "rendering/passages.py": "punctuation",
    "rendering/slugs.py": "letters",
    "rendering/typography.py": "signs, units and months",
    "search/analysis.py": "stop words",
    "search/query.py": "punctuation",
    "web/archive_words.py": "words in both languages",
    "web/course_words.py": "words in both languages",
    "web/file_words.py": "words in both languages",
    "web/front_matter_words.py": "words in both languages",
    "web/link_words.py": "words in both languages",
    "web/problems.py": "words in both languages",
    "web/text_words.py": "words in both languages",
}


def _keywords() -> dict:
    """The words that mark a string: those of Babel and those that the Makefile adds."""
    added = re.findall(r" -k (\S+)", (ROOT / "Makefile").read_text("utf-8"))
    assert added
    return DEFAULT_KEYWORDS | parse_keywords(added)


def _extracted() -> dict:
    """Every marked string of the product, with its plural, and where it first stands."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    # A template that does not parse must fail here, not be passed over.
    options = {pattern: found | {"silent": "false"} for pattern, found in options.items()}
    options |= {pattern: {"silent": "false"} for pattern, method in methods if method == "jinja2"}
    found = extract_from_dir(PACKAGE, methods, options, keywords=_keywords())
    return {message: f"{path}:{line}" for path, line, message, _comments, _context in reversed(list(found))}


@pytest.fixture(scope="module")
def english() -> Catalog:
    with (PACKAGE / "translations/en/LC_MESSAGES/messages.po").open("rb") as file:
        return read_po(file, locale="en", abort_invalid=True)


def _forms(text: str | tuple | list) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def test_the_catalogue_holds_what_the_product_says_and_nothing_else(english: Catalog):
    said, held = _extracted(), {message.id for message in english if message.id}
    assert {text: where for text, where in said.items() if text not in held} == {}  # run `make translations`
    assert held - said.keys() == set()
    assert list(english.obsolete) == []


def test_templates_of_pages_and_of_mails_are_both_read():
    endings = {where.split(":")[0].rpartition("/")[2].rpartition(".")[2] for where in _extracted().values()}
    assert endings == {"html", "py", "txt"}


def test_every_string_has_its_english(english: Catalog):
    empty = [message.id for message in english if message.id and not all(map(str.strip, _forms(message.string)))]
    assert empty == []
    assert [message.id for message in english if message.fuzzy and message.id] == []


def test_plurals_have_all_their_forms(english: Catalog):
    wrong = [
        message.id for message in english if message.pluralizable and len(_forms(message.string)) != english.num_plurals
    ]
    assert wrong == []


def test_both_languages_take_the_same_values(english: Catalog):
    def values(text: str) -> list[str]:
        return sorted(PLACEHOLDER.findall(text))

    wrong = [
        message.id
        for message in english
        if message.id and values(_forms(message.id)[-1]) != values(_forms(message.string)[-1])
    ]
    wrong += [
        message.id
        for message in english
        if message.pluralizable and not set(values(message.string[0])) <= {*values(message.id[1]), "%(num)s"}
    ]
    assert wrong == []


def test_no_sign_of_percent_stands_alone(english: Catalog):
    texts = [text for message in english for text in (*_forms(message.id), *_forms(message.string))]
    assert [text for text in texts if "%" in PLACEHOLDER.sub("", text)] == []  # gettext formats with %


def test_english_has_english_punctuation(english: Catalog):
    texts = [text for message in english if message.id for text in _forms(message.string)]
    assert [text for text in texts if re.search(r"[«»\u00a0\u202f]| [;:?!]|\w'\w", text)] == []


def test_edges_keep_their_spaces(english: Catalog):
    def edges(text: str) -> tuple[bool, bool]:
        return text[:1].isspace(), text[-1:].isspace()

    pairs = [(_forms(message.id)[-1], _forms(message.string)[-1]) for message in english if message.id]
    assert [pair for pair in pairs if edges(pair[0]) != edges(pair[1])] == []


class _Spoken(HTMLParser):
    """Collect what a page says by itself: its text, and the attributes that people read or hear."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._mute = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._mute = tag in {"script", "style"}
        values = dict(attrs)
        is_read = tag != "meta" or "description" in (values.get("name") or values.get("property") or "")
        self.said += [values.get(name) or "" for name in SPOKEN if is_read]

    def handle_endtag(self, tag: str) -> None:
        self._mute = False

    def handle_data(self, data: str) -> None:
        if not self._mute:
            self.said.append(data)


def _raw(source: str) -> str:
    """A template without its expressions (a digit in their place), statements and comments."""
    tokens = Environment(autoescape=True).lex(source)
    kept = {"data": lambda value: value, "variable_begin": lambda _value: "0"}
    return "".join(kept[kind](value) for _line, kind, value in tokens if kind in kept)


def _unmarked_text(source: str) -> list[str]:
    page = _Spoken()
    page.feed(_raw(source))
    page.close()
    said = (" ".join(text.split()) for text in page.said)
    return [
        text for text in said if re.search(r"[^\W\d_]| [;:?!]", text) and text.strip(" –·,.()0") not in SAME_IN_BOTH
    ]


def _unmarked_strings(source: str) -> list[str]:
    """Strings inside expressions that read like a phrase, outside `_(…)` and `ngettext(…)`."""
    found, marked, depth, previous = [], [], 0, ""
    for _line, kind, value in Environment(autoescape=True).lex(source):
        if kind == "operator" and value in "([{":
            depth += 1
            marked.append(previous in MARKS)
        elif kind == "operator" and value in ")]}":
            depth -= 1
            marked.pop()
        elif kind == "string" and not any(marked) and _is_phrase(value[1:-1]):
            found.append(value[1:-1])
        previous = value if kind != "whitespace" else previous
    assert depth == 0
    return [text for text in found if text not in SAME_IN_BOTH]


def _is_phrase(text: str) -> bool:
    """French by its letters or quotes, or by its punctuation; English and codes are neither."""
    return bool(re.search(r"[À-ÖØ-öø-ÿŒœ«»’]| [;:?!](?: |$)", text))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(PACKAGE / "templates").as_posix())
def test_templates_say_nothing_unmarked(path: Path):
    source = path.read_text("utf-8")
    assert _unmarked_text(source) == []
    assert _unmarked_strings(source) == []


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("<p>Bonjour</p>", ["Bonjour"]),
        ('<img alt="Une carte" src="{{ url }}">', ["Une carte"]),
        ('<button aria-label="Fermer {{ name }}">×</button>', ["Fermer 0"]),
        ('<meta name="description" content="Un site"><meta name="robots" content="noindex">', ["Un site"]),
        ('<h{{ level }} class="title">{{ _("Bonjour") }}{{ name }}</h{{ level }}>', []),
        ("<p>{{ label }} : {{ value }}</p>", ["0 : 0"]),
        ("{# Une note #}{% if a %}<p>0 – {{ b }}</p>{% endif %}", []),
    ],
)
def test_the_scan_sees_what_people_read(source: str, said: list[str]):
    assert _unmarked_text(source) == said


def test_the_scan_sees_strings_in_expressions():
    assert _unmarked_strings('{{ f("Clé", _("Thème")) }}{% set a = {"x": ngettext("é", "és", n)} %}') == ["Clé"]


CODE = re.compile(r"\w+Field|[\w -]*--[\w -]*")  # types of fields, classes of the style sheet
WORDS = re.compile(r"\s*[A-ZÀ-Þ][^\W\d_]|.*[^\W\d_] [^\W\d_]", re.DOTALL)


def _literal_words(source: str) -> list[str]:
    """Strings of a template's code that read like words, whatever their language, outside `_(…)` and `ngettext(…)`."""

    def walk(node: nodes.Node) -> Iterator[str]:
        if isinstance(node, nodes.Call) and getattr(node.node, "name", "") in MARKS:
            return
        if isinstance(node, nodes.Const) and isinstance(node.value, str) and WORDS.match(node.value):
            yield node.value
        for child in node.iter_child_nodes():
            yield from walk(child)

    found = walk(Environment(autoescape=True).parse(source))
    return [text for text in found if not CODE.fullmatch(text) and text not in SAME_IN_BOTH]


@pytest.mark.parametrize(
    "path",
    [path for path in TEMPLATES if "styles" not in path.parts],  # a page for those who develop, about samples
    ids=lambda path: path.relative_to(PACKAGE / "templates").as_posix(),
)
def test_no_word_in_the_code_of_a_template_is_unmarked(path: Path):
    assert _literal_words(path.read_text("utf-8")) == []


def test_that_check_sees_words_without_accents():
    assert _literal_words('{{ button("Voir") }}{{ f("deux mots", _("Oui")) }}{{ g("quiet", "a--b c--d") }}') == [
        "Voir",
        "deux mots",
    ]


def _unmarked_in(path: Path) -> list[str]:
    tree = ast.parse(path.read_text("utf-8"))
    skipped: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in MARKS:
            skipped |= {id(inner) for inner in ast.walk(node)}
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            skipped.add(id(node.value))  # a docstring
    strings = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return [node.value for node in strings if id(node) not in skipped and _is_phrase(node.value)]


def test_python_says_nothing_unmarked():
    found = {path.relative_to(PACKAGE).as_posix(): _unmarked_in(path) for path in MODULES}
    found = {name: [text for text in texts if text not in SAME_IN_BOTH] for name, texts in found.items()}
    found = {name: texts for name, texts in found.items() if texts}
    assert {name: texts for name, texts in found.items() if name not in TWO_LANGUAGES} == {}
    assert TWO_LANGUAGES.keys() - found.keys() == set()
