"""The style sheet holds nothing that no page uses, and stays in its layers."""

import ast
import re
from pathlib import Path

import pytest

from academy.web.assets import NOT_OF_TEAM, STATIC, TEAM, sheets

PACKAGE = STATIC.parent
WORD = re.compile(r"[A-Za-z_][\w-]*")
SHEETS = [path for path in sorted((STATIC / "css").rglob("*.css")) if path.stem != "specimens"]  # of /styles/ alone
HIGHLIGHTER = {"c1", "cm", "gh", "gu", "k", "kd", "kn", "m", "mi", "nt", "s", "s1", "s2", "c"}  # written by Pygments


def _rules(css: str) -> list[str]:
    """Selectors and at-rules: what stands before each brace."""
    return re.findall(r"([^{};]+)\{", re.sub(r'/\*.*?\*/|"[^"\n]*"', "", css, flags=re.DOTALL))


def _classes(of: list[Path] = SHEETS) -> set[str]:
    return {
        name
        for sheet in of
        for rule in _rules(sheet.read_text("utf-8"))
        for name in re.findall(r"\.([A-Za-z_][\w-]*)", rule)
    }


def _in_templates() -> set[str]:
    """Words of class attributes, and of the strings inside expressions that may become one."""
    found: set[str] = set()
    for path in (PACKAGE / "templates").rglob("*.html"):
        source = path.read_text("utf-8")
        strings = [
            text
            for code in re.findall(r"\{[{%](.*?)[%}]\}", source, re.DOTALL)
            for text in re.findall(r'"([^"]*)"', code)
        ]
        attributes = re.findall(r'\bclass="([^>]*)', source)
        found.update(word for text in [*attributes, *strings] for word in WORD.findall(text))
    return found


def _in_python() -> set[str]:
    """Words of the strings of what writes HTML or drawings."""
    found: set[str] = set()
    for folder in ("rendering", "formats/art"):
        for path in (PACKAGE / folder).rglob("*.py"):
            strings = (
                node.value for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Constant)
            )
            found.update(word for text in strings if isinstance(text, str) for word in WORD.findall(text))
    return found


def _in_scripts() -> set[str]:
    sources = [path.read_text("utf-8") for path in (PACKAGE / "static/js").glob("*.js")]
    return {
        word
        for source in sources
        for text in re.findall(r'["`\']([^"`\']*)["`\']', source)
        for word in WORD.findall(text)
    }


def test_every_class_of_the_sheet_is_used():
    """A family such as `state--` is built from a word: what starts with it counts as used."""
    used = _in_templates() | _in_python() | _in_scripts() | HIGHLIGHTER
    families = tuple(word for word in used if word.endswith("-"))
    assert {name for name in _classes() if name not in used and not name.startswith(families)} == set()


def test_every_sheet_stays_in_its_layer():
    for sheet in SHEETS:
        source = re.sub(r"/\*.*?\*/", "", sheet.read_text("utf-8"), flags=re.DOTALL).strip()
        layer = "components" if sheet.parent.name == "components" else sheet.stem
        blocks = re.sub(r"^@layer [\w, ]+;\s*", "", source)
        assert blocks.startswith(f"@layer {layer} {{"), sheet.name
        assert blocks.count("@layer") == 1, sheet.name


def _with_what_it_calls(name: str, seen: set[str]) -> set[str]:
    """A template and all that it extends, includes or imports."""
    if name not in seen:
        seen.add(name)
        source = (PACKAGE / "templates" / name).read_text("utf-8")
        for called in re.findall(r'"([\w/]+\.html)"', source):
            _with_what_it_calls(called, seen)
    return seen


@pytest.mark.parametrize("team", TEAM)
def test_the_sheet_of_the_team_has_the_looks_of_all_its_pages(team: str):
    """What is left out of it is in no template of the studio or the desk."""
    templates: set[str] = set()
    for path in (PACKAGE / "templates" / team).glob("*.html"):
        _with_what_it_calls(f"{team}/{path.name}", templates)
    sources = [(PACKAGE / "templates" / name).read_text("utf-8") for name in templates]
    used = {
        word for source in sources for text in re.findall(r'\bclass="([^"]*)', source) for word in WORD.findall(text)
    }
    elsewhere = _classes([path for path in SHEETS if path.stem in NOT_OF_TEAM]) - _classes(sheets(team))
    assert {path.stem for path in SHEETS} >= NOT_OF_TEAM
    assert used & elsewhere == set()
