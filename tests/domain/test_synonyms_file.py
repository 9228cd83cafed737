"""synonyms.yml: the words that mean the same, in the folder and on the site."""

from pathlib import Path

import pytest
from sqlalchemy import select

from academy.domain.content import (
    dump as content_dump,
    lists as content_lists,
    load as content_load,
    plan as content_plan,
)
from academy.domain.problems import ContentRefused
from academy.extensions import transaction
from academy.models import ContentHead, Synonym
from tests.domain.test_content import NOW
from tests.domain.texts import a_folder, put

FILE = '- term: IA\n  language: fr\n  meanings: intelligence artificielle\n- term: OMI\n  language: fr\n  meanings: "A ; B"\n  mutual: no\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = a_folder(tmp_path / "content")
    put(root, "synonyms.yml", FILE)
    return root


def _load(folder: Path) -> None:
    plan = content_plan.plan_load(folder)
    with transaction():
        content_load.load(plan, by=None, now=NOW)


def _rows(db) -> list[tuple]:
    rows = db.session.scalars(select(Synonym).order_by(Synonym.term))
    return [(row.language, row.term, row.meanings, row.is_mutual) for row in rows]


def test_the_file_becomes_rows_and_the_rows_the_same_file(db, folder: Path, tmp_path: Path):
    _load(folder)
    assert _rows(db) == [("fr", "IA", ["intelligence artificielle"], True), ("fr", "OMI", ["A", "B"], False)]
    with transaction():
        content_dump.dump(tmp_path / "copy", by=None, now=NOW)
    assert (tmp_path / "copy/synonyms.yml").read_text("utf-8") == FILE
    assert content_plan.difference(folder) == []


def test_a_change_is_seen_by_every_cache_and_what_is_taken_out_goes(db, folder: Path):
    _load(folder)
    before = db.session.scalar(select(ContentHead.seq))
    put(folder, "synonyms.yml", FILE.partition("- term: OMI")[0].replace("artificielle", "artificielle; IAG"))
    _load(folder)
    assert _rows(db) == [("fr", "IA", ["intelligence artificielle", "IAG"], True)]
    assert db.session.scalar(select(ContentHead.seq)) > before


def test_what_an_organiser_adds_is_written_back(db, folder: Path):
    _load(folder)
    with transaction() as session:
        session.add(Synonym(language="en", term="AI: the thing", meanings=["a", "b c"], is_mutual=False))
    with transaction():
        assert content_dump.dump(folder, by=None, now=NOW).written == ["synonyms.yml"]
    entries, _ = content_lists.read("synonyms.yml", (folder / "synonyms.yml").read_text("utf-8"))
    assert entries == content_lists.entries_of("synonyms.yml")
    assert {"term": "AI: the thing", "language": "en", "meanings": ["a", "b c"], "is_mutual": False} in entries


@pytest.mark.parametrize(("source", "line", "key", "code"), [
    ("- term: IA\n  language: fr\n", 1, "meanings", "missing_key"),
    ("- term: IA\n  language: de\n  meanings: x\n", 1, "language", "bad_choice"),
    ("- term: IA\n  language: fr\n  meanings: x\n  mutual: maybe\n", 1, "mutual", "bad_yes_no"),
    ("- language: fr\n  meanings: x\n", 1, "term", "missing_key"),
    ("- term: IA\n  language: fr\n  meanings: \";\"\n", 1, "meanings", "empty_value"),
    (FILE + "- term: IA\n  language: fr\n  meanings: x\n", 8, "term", "entry_twice"),
    (f"- term: IA\n  language: fr\n  meanings: {'x' * 101}\n", 1, "meanings", "text_too_long"),
])  # fmt: skip
def test_a_mistake_is_told_with_its_line(source: str, line: int, key: str, code: str):
    with pytest.raises(ContentRefused) as refused:
        content_lists.read("synonyms.yml", source)
    assert (line, key, code) in [(p.line, p.key, p.code) for p in refused.value.problems]


def test_the_same_term_may_stand_in_both_languages():
    entries, problems = content_lists.read("synonyms.yml", FILE + "- term: IA\n  language: en\n  meanings: x\n")
    assert (len(entries), problems) == (3, [])
