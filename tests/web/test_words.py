"""What the product says from Python exists in both languages."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import academy
from academy.web import problems

PACKAGE = Path(academy.__file__).parent
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts)


def _called(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (getattr(node.func, "id", "") or getattr(node.func, "attr", "")) in names:
            yield node


SAY = ("flash", "ValidationError", "StopValidation", "notice")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_what_is_flashed_or_refused_is_translated(path: Path):
    """`flash("Bravo")` is French for everybody: what is said goes through gettext, or comes from a function that did."""
    for call in _called(ast.parse(path.read_text("utf-8")), *SAY):
        said = call.args[0] if call.args else None
        assert not isinstance(said, ast.Constant | ast.JoinedStr | ast.BinOp), f"{path.name}:{call.lineno}"


@pytest.mark.parametrize(("code", "pair"), sorted(problems.WORDS.items()), ids=lambda value: value)
def test_the_words_of_problems_exist_in_both_languages_with_the_same_values(code: str, pair: tuple[str, str]):
    french, english = (sorted(re.findall(r"\{(\w+)\}", text)) for text in pair)
    assert french == english
    assert all(text.strip() for text in pair)
    assert not re.search(r"[«»\u00a0\u202f]| [;:?!]", pair[1])
