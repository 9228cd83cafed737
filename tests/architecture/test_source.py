"""The habits of the code, held by reading it."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "academy"
SOURCES = sorted(path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts)
TEMPLATES = sorted((PACKAGE / "templates").rglob("*.html"))
DRAWERS = {"utils.py", "util.py", "helpers.py", "helper.py", "common.py", "misc.py", "base.py", "manager.py"}


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _calls(path: Path, method: str) -> bool:
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == method
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
    )


def test_only_transaction_commits():
    commits = [_name(path) for path in SOURCES if _calls(path, "commit") and "search" not in path.parts]
    assert commits == ["academy/extensions.py"]  # search/ commits its index, not the database


def test_files_stay_small():
    lengths = {_name(path): len(path.read_text("utf-8").splitlines()) for path in SOURCES}
    assert {name: count for name, count in lengths.items() if count > 300} == {}


def test_templates_stay_small():
    lengths = {_name(path): len(path.read_text("utf-8").splitlines()) for path in TEMPLATES}
    assert {name: count for name, count in lengths.items() if count > 120} == {}


def test_no_drawers():
    assert [_name(path) for path in SOURCES if path.name in DRAWERS] == []


def test_every_module_says_its_job():
    silent = [_name(path) for path in SOURCES if not ast.get_docstring(ast.parse(path.read_text("utf-8")))]
    assert silent == []


@pytest.mark.parametrize(
    "pattern", [r"<script(?![^>]*\bsrc=)(?![^>]*application/ld\+json)", r"<style", r"\sstyle=", r"\son[a-z]+="]
)
def test_templates_hold_nothing_that_the_csp_blocks(pattern: str):
    assert [_name(path) for path in TEMPLATES if re.search(pattern, path.read_text("utf-8"))] == []


def test_legacy_queries_are_not_used():
    assert [_name(path) for path in SOURCES if re.search(r"\.query\.|\.query\(", path.read_text("utf-8"))] == []


def test_text_files_are_utf8_with_a_final_newline():
    files = [*SOURCES, *TEMPLATES, *(ROOT / "docs").rglob("*.md")]
    assert [_name(path) for path in files if (text := path.read_bytes()) and not text.endswith(b"\n")] == []
