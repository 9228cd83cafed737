"""The migrations lead to the models, and back, on both databases."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text

from academy import create_app
from academy.extensions import db
from tests.conftest import settings_for


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'fresh.db'}"
    from sqlalchemy import create_engine

    address = request.getfixturevalue("postgresql").replace("postgresql://", "postgresql+psycopg://", 1)
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS migrations"))
        connection.execute(text("CREATE DATABASE migrations"))
    engine.dispose()
    return engine.url.set(database="migrations").render_as_string(hide_password=False)


def test_head_equals_the_models_and_downgrades_to_nothing(empty_database: str, tmp_path: Path):
    app = create_app(settings_for(tmp_path, database_url=empty_database))
    with app.app_context():
        upgrade()
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, db.metadata) == []
            foreign_keys = {key["name"] for key in inspect(connection).get_foreign_keys("edition")}
            assert {"fk_edition_head_id", "fk_edition_published_id"} <= foreign_keys
        downgrade(revision="base")
        with db.engine.connect() as connection:
            assert set(inspect(connection).get_table_names()) - {"alembic_version"} == set()
        upgrade()
        db.engine.dispose()
