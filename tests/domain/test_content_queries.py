"""What a comparison with a folder costs: as many queries, however many texts changed."""

from pathlib import Path

import pytest
from flask import Flask

from academy.domain.content import load as content_load, plan as content_plan
from academy.extensions import transaction
from academy.models import Kind
from tests.domain.texts import a_folder, put, text
from tests.factories import at

LINKS = "\n## Suite\n\nVoir [[quai#une-partie]], [le quai](../cycles/port/modules/02-quai.fr.md).\n\n![[note-0]]\n"
VTT = "WEBVTT\n\n00:01.000 --> 00:02.000\nUn quai {n}.\n"


@pytest.fixture
def loaded(app: Flask, tmp_path: Path) -> Path:
    """Eight notes, each leads to a module; each but the first includes the first, is for members, has a file."""
    folder = a_folder(tmp_path / "content")
    for number in range(8):
        _note(folder, number, "")
    with app.app_context():
        plan = content_plan.plan_load(folder)
        assert not plan.problems
        with transaction():
            content_load.load(plan, by=None, now=at(2026, 11, 22))
    return folder


def _note(folder: Path, number: int, more: str) -> None:
    body = f"{LINKS if number else ''}{more}"
    audience = "members" if number else "public"
    put(folder, f"resources/note-{number}.fr.md", text(Kind.RESOURCE, f"note-{number}", body=body, audience=audience))
    put(folder, f"resources/note-{number}/film.fr.vtt", VTT.format(n=f"{number}{more}"))


def test_a_comparison_costs_as_much_for_one_changed_text_as_for_three(app: Flask, loaded: Path, queries: list[str]):
    costs = []
    for many in (1, 3):
        for number in range(1, 1 + many):
            _note(loaded, number, f"\nEncore {many}.\n")
        with app.app_context():
            queries.clear()
            plan = content_plan.plan_load(loaded)
            costs.append(len(queries))
        assert not plan.problems
        assert len(plan.paths(content_plan.State.CHANGED)) == 2 * many
    assert costs[0] == costs[1]
    assert costs[0] <= 40
