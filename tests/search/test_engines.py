"""The engine is a setting; without its package the start is refused with what to install."""

from pathlib import Path

import pytest

from academy import create_app, search
from academy.config import UnsafeSettings
from academy.search import engines
from academy.search.index import Index
from academy.search.on_tantivy.index import TantivyIndex
from tests.conftest import settings_for


def test_whoosh_unless_the_setting_says_otherwise(tmp_path: Path):
    assert type(engines.open_engine(settings_for(tmp_path))) is Index
    assert type(engines.open_engine(settings_for(tmp_path, search_engine="tantivy"))) is TantivyIndex


def test_a_start_without_the_package_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(engines, "find_spec", lambda name: None)
    with pytest.raises(UnsafeSettings, match="pip install"):
        create_app(settings_for(tmp_path, search_engine="tantivy"))


def test_an_academy_on_tantivy_publishes_searches_and_checks_itself(migrated: Path, tmp_path: Path):
    import shutil

    from tests.search.test_finder import publish

    shutil.copy(migrated, tmp_path / "academy.db")
    app = create_app(settings_for(tmp_path, search_engine="tantivy"))
    with app.app_context():
        publish("port", "Le port de Marseille", "Un texte sur l’économie bleue.")
        assert search.sync() == 1
        assert [hit.key for hit in search.find("economie").hits] == ["port"]
        assert search.find("economei").suggestion == "économie"
        assert search.problems() == []
        publish("port", "La gare", "Un texte sur les trains.")
        assert search.problems() == ["search index: 1 changes behind"]
        search.sync()
        assert (search.find("economie").total, search.find("train").total, search.suggest("la g")) == (
            0,
            1,
            ["La gare"],
        )
    answer = app.test_client().get("/ressources/?q=train", base_url="http://localhost")
    assert "<mark>trains</mark>" in answer.get_data(as_text=True)
