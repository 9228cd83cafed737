"""The migrations lead to the models, and back, on both databases."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import PrimaryKeyConstraint, UniqueConstraint, inspect, text
from sqlalchemy.exc import IntegrityError

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


def test_every_reference_leads_an_index():
    """A database looks for what points to a row that it deletes: without an index, in the whole table, each time."""
    missing = []
    for table in db.metadata.tables.values():
        led = {next(iter(index.columns)) for index in table.indexes if index.dialect_options["sqlite"]["where"] is None}
        led |= {
            next(iter(constraint.columns))
            for constraint in table.constraints
            if isinstance(constraint, PrimaryKeyConstraint | UniqueConstraint)
        }
        missing += [f"{table}.{column.name}" for column in table.columns if column.foreign_keys and column not in led]
    assert missing == []


def test_sessions_survive_the_way_to_their_sequence_and_back(empty_database: str, tmp_path: Path):
    app = create_app(settings_for(tmp_path, database_url=empty_database))
    with app.app_context():
        upgrade(revision="0001")
        with db.engine.begin() as connection:
            for statement in (
                "INSERT INTO cycle (id, slug, position, created_at) VALUES (1, 'port', 1, '2026-11-16 08:00:00+00:00')",
                (
                    "INSERT INTO document (id, key, path, kind, slug, position, audience)"
                    " VALUES (1, 'visite', 'visite', 'session', 'visite', 0, 'public')"
                ),
                (
                    "INSERT INTO cycle_session (id, cycle_id, document_id, seq, status, mode, module_keys)"
                    " VALUES (1, 1, 1, 7, 'cancelled', 'onsite', '[]')"
                ),
            ):
                connection.execute(text(statement))
        for _ in range(2):
            upgrade(revision="0002")
            with db.engine.begin() as connection:
                row = connection.execute(text("SELECT seq, sequence, changed_at FROM cycle_session")).one()
                assert tuple(row) == (7, 0, None)
            downgrade(revision="0001")
        with db.engine.begin() as connection:
            checks = {check["name"] for check in inspect(connection).get_check_constraints("cycle_session")}
            assert "ck_cycle_session_ends_after_start" in checks
            assert connection.execute(text("SELECT count(*) FROM cycle_session")).scalar() == 1
        db.engine.dispose()


def test_what_was_published_before_is_known_after(empty_database: str, tmp_path: Path):
    app = create_app(settings_for(tmp_path, database_url=empty_database))
    at, later = "2026-11-16 08:00:00+00:00", "2026-11-17 08:00:00+00:00"
    if empty_database.startswith("sqlite"):
        at, later = at[:19] + ".000000", later[:19] + ".000000"
    texts = "INSERT INTO document (id, key, path, kind, slug, position, audience)"
    words = "INSERT INTO edition (id, document_id, language, seq, title, summary, type, licence, level, authors, objectives, prerequisites)"
    number = "INSERT INTO revision (id, edition_id, number, source, source_hash, title, note, created_at)"
    trail = "INSERT INTO audit_entry (at, action, entity, entity_id, detail)"
    with app.app_context():
        upgrade(revision="0003")
        with db.engine.begin() as connection:
            for statement in (
                f"{texts} VALUES (1, 'note', 'note', 'resource', 'note', 0, 'public')",
                f"{words} VALUES (1, 1, 'fr', 0, 'Note', '', 'note', '', '', '[]', '[]', '[]')",
                *(f"{number} VALUES ({n}, 1, {n}, 'source', 'hash', 'Note', '', '{at}')" for n in (1, 2, 3, 4)),
                "UPDATE edition SET head_id = 4, published_id = 3",  # the trail of the third was lost, the fourth is a draft
                f"{trail} VALUES ('{later}', 'document.publish', 'edition', 1, '{{\"key\": \"note\", \"revision\": 1}}')",
                f"{trail} VALUES ('{later}', 'document.save_draft', 'edition', 1, '{{\"revision\": 2}}')",
            ):
                connection.exec_driver_sql(statement)
        for _ in range(2):
            upgrade(revision="0004")
            with db.engine.begin() as connection:
                rows = connection.execute(text("SELECT number, published_at FROM revision ORDER BY number")).all()
            days = {row.number: str(row.published_at)[8:10] for row in rows if row.published_at}
            assert days == {1: "17", 3: "16"}
            downgrade(revision="0003")
        db.engine.dispose()


def test_enrolments_survive_the_way_to_offers_and_back(empty_database: str, tmp_path: Path):
    app = create_app(settings_for(tmp_path, database_url=empty_database))
    at = "2026-11-16 08:00:00.000000" if empty_database.startswith("sqlite") else "2026-11-16 08:00:00+00:00"
    held = "INSERT INTO enrolment (id, session_id, person_id, status, rank, joined_at)"
    checks = {"enrolment": "ck_enrolment_enrolmentstatus", "ticket": "ck_ticket_purpose"}
    with app.app_context():
        upgrade(revision="0007")
        with db.engine.begin() as connection:
            for statement in (
                f"INSERT INTO cycle (id, slug, position, created_at) VALUES (1, 'port', 1, '{at}')",
                (
                    "INSERT INTO document (id, key, path, kind, slug, position, audience)"
                    " VALUES (1, 'visite', 'visite', 'session', 'visite', 0, 'public')"
                ),
                (
                    "INSERT INTO cycle_session (id, cycle_id, document_id, seq, status, mode, module_keys)"
                    " VALUES (1, 1, 1, 7, 'scheduled', 'onsite', '[]')"
                ),
                (
                    "INSERT INTO person (id, email, name, role, language, created_at)"
                    f" VALUES (1, 'a@example.org', 'A', 'stakeholder', 'fr', '{at}')"
                ),
                f"{held} VALUES (1, 1, 1, 'confirmed', 7, '{at}')",
            ):
                connection.exec_driver_sql(statement)
        for _ in range(2):
            upgrade(revision="0008")
            with db.engine.begin() as connection:
                row = connection.execute(text("SELECT access, needs_approval, offer_hours FROM cycle_session")).one()
                assert tuple(row) == ("open", False, None)
                connection.exec_driver_sql("UPDATE enrolment SET status = 'offered'")
                for table, name in checks.items():
                    assert name in {check["name"] for check in inspect(connection).get_check_constraints(table)}
                with pytest.raises(IntegrityError), connection.begin_nested():
                    connection.exec_driver_sql(f"{held} VALUES (2, 1, 1, 'waiting', 8, '{at}')")
                with pytest.raises(IntegrityError), connection.begin_nested():
                    connection.exec_driver_sql("UPDATE enrolment SET status = 'perhaps'")
            downgrade(revision="0007")
            with db.engine.begin() as connection:
                assert connection.execute(text("SELECT status FROM enrolment")).scalar() == "waiting"
                for table, name in checks.items():
                    assert name in {check["name"] for check in inspect(connection).get_check_constraints(table)}
        db.engine.dispose()


def test_places_that_exist_get_a_personal_code_each(empty_database: str, tmp_path: Path):
    app = create_app(settings_for(tmp_path, database_url=empty_database))
    at = "2026-11-16 08:00:00.000000" if empty_database.startswith("sqlite") else "2026-11-16 08:00:00+00:00"
    person = "INSERT INTO person (id, email, name, role, language, created_at)"
    with app.app_context():
        upgrade(revision="0011")
        with db.engine.begin() as connection:
            for statement in (
                f"INSERT INTO cycle (id, slug, position, created_at) VALUES (1, 'port', 1, '{at}')",
                (
                    "INSERT INTO document (id, key, path, kind, slug, position, audience)"
                    " VALUES (1, 'visite', 'visite', 'session', 'visite', 0, 'public')"
                ),
                (
                    "INSERT INTO cycle_session (id, cycle_id, document_id, seq, status, mode, module_keys)"
                    " VALUES (1, 1, 1, 7, 'scheduled', 'onsite', '[]')"
                ),
                *(f"{person} VALUES ({n}, '{n}@example.org', 'A', 'stakeholder', 'fr', '{at}')" for n in (1, 2)),
                *(
                    "INSERT INTO enrolment (id, session_id, person_id, status, rank, joined_at)"
                    f" VALUES ({n}, 1, {n}, 'confirmed', {n}, '{at}')"
                    for n in (1, 2)
                ),
            ):
                connection.exec_driver_sql(statement)
        for _ in range(2):
            upgrade(revision="0012")
            with db.engine.begin() as connection:
                tokens = connection.execute(text("SELECT pass_token FROM enrolment")).scalars().all()
                assert (len(set(tokens)), {len(token) for token in tokens}) == (2, {27})
                with pytest.raises(IntegrityError), connection.begin_nested():
                    connection.exec_driver_sql("UPDATE enrolment SET pass_token = 'one'")
            downgrade(revision="0011")
            with db.engine.connect() as connection:
                assert connection.execute(text("SELECT count(*) FROM enrolment")).scalar() == 2
        db.engine.dispose()


def test_old_enrolments_may_lose_their_person_and_venues_state_their_seats(empty_database: str, tmp_path: Path):
    app = create_app(settings_for(tmp_path, database_url=empty_database))
    at = "2026-11-16 08:00:00.000000" if empty_database.startswith("sqlite") else "2026-11-16 08:00:00+00:00"
    held = "INSERT INTO enrolment (id, session_id, person_id, status, rank, joined_at, pass_token)"
    with app.app_context():
        upgrade(revision="0012")
        with db.engine.begin() as connection:
            for statement in (
                f"INSERT INTO cycle (id, slug, position, created_at) VALUES (1, 'port', 1, '{at}')",
                (
                    "INSERT INTO document (id, key, path, kind, slug, position, audience)"
                    " VALUES (1, 'visite', 'visite', 'session', 'visite', 0, 'public')"
                ),
                (
                    "INSERT INTO cycle_session (id, cycle_id, document_id, seq, status, mode, module_keys)"
                    " VALUES (1, 1, 1, 7, 'scheduled', 'onsite', '[]')"
                ),
                (
                    "INSERT INTO person (id, email, name, role, language, created_at)"
                    f" VALUES (1, 'a@example.org', 'A', 'stakeholder', 'fr', '{at}')"
                ),
                f"{held} VALUES (1, 1, 1, 'cancelled', 7, '{at}', 'x')",
                f"{held} VALUES (2, 1, 1, 'confirmed', 8, '{at}', 'y')",
                (
                    "INSERT INTO venue (id, slug, name, address, postcode, city, is_totem, access_fr, access_en)"
                    " VALUES (1, 'cisam', 'Cisam', '', '', '', false, '', '')"
                ),
                (
                    "INSERT INTO content_file (path, source, source_hash)"
                    " VALUES ('venues.yml', '- slug: cisam\n  name: Cisam\n  capacity: 80\n', 'h')"
                ),
            ):
                connection.exec_driver_sql(statement)
        for left in (2, 1):
            upgrade(revision="0013")
            with db.engine.begin() as connection:
                assert connection.execute(text("SELECT capacity FROM venue")).scalar() == 80
                assert connection.execute(text("SELECT is_cofinanced FROM cycle_session")).scalar() in (0, False)
                assert connection.execute(text("SELECT count(*) FROM enrolment")).scalar() == left
                checks = {check["name"] for check in inspect(connection).get_check_constraints("enrolment")}
                assert {f"ck_enrolment_{name}" for name in ("enrolmentstatus", "ending", "organisationkind")} <= checks
                with pytest.raises(IntegrityError), connection.begin_nested():
                    connection.exec_driver_sql(f"{held} VALUES (3, 1, 1, 'waiting', 9, '{at}', 'z')")
                connection.exec_driver_sql("UPDATE enrolment SET person_id = NULL WHERE id = 1")
            downgrade(revision="0012")
            with db.engine.begin() as connection:
                assert list(connection.execute(text("SELECT id, person_id FROM enrolment")).all()) == [(2, 1)]
                assert not inspect(connection).get_columns("enrolment")[2]["nullable"]
        db.engine.dispose()
