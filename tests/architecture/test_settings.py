"""Settings: each is documented, and production refuses what is unsafe with a way to repair it."""

from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import pytest

from academy.config import Settings, UnsafeSettings

ROOT = Path(__file__).resolve().parents[2]
SAFE = {
    "ACADEMY_PRODUCTION": "1",
    "ACADEMY_SECRET_KEY": "k" * 48,
    "ACADEMY_PUBLIC_URL": "https://academie.example",
    "ACADEMY_MAIL_URL": "smtps://user:word@mail.example:465",
    "ACADEMY_MAIL_FROM": "Académie <academie@academie.example>",
}


def test_every_setting_has_a_doc_line_and_stands_in_the_operating_guide():
    guide = (ROOT / "docs" / "operating.md").read_text("utf-8")
    for field in fields(Settings):
        assert field.metadata.get("doc"), field.name
        assert f"`ACADEMY_{field.name.upper()}`" in guide, field.name


def test_settings_are_frozen(tmp_path: Path):
    settings = Settings.from_environ({"ACADEMY_INSTANCE": str(tmp_path)})
    with pytest.raises(FrozenInstanceError):
        settings.demo = True  # pyright: ignore


def test_an_embedded_academy_needs_no_setting(tmp_path: Path):
    settings = Settings.from_environ({"ACADEMY_INSTANCE": str(tmp_path)})
    assert settings.database_url == f"sqlite:///{tmp_path / 'academy.db'}"
    assert settings.mail_url == f"file:{tmp_path / 'mails'}"


def test_the_secret_key_is_made_once_and_kept_for_its_owner(tmp_path: Path):
    first = Settings.from_environ({"ACADEMY_INSTANCE": str(tmp_path)}).secret_key
    assert len(first) >= 48
    assert Settings.from_environ({"ACADEMY_INSTANCE": str(tmp_path)}).secret_key == first
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_postgresql_addresses_mean_psycopg(tmp_path: Path):
    for scheme in ("postgresql", "postgres"):
        given = {"ACADEMY_INSTANCE": str(tmp_path), "ACADEMY_DATABASE_URL": f"{scheme}://u:p@db/academy"}
        assert Settings.from_environ(given).database_url == "postgresql+psycopg://u:p@db/academy"


def test_safe_production_settings_are_accepted(tmp_path: Path):
    assert Settings.from_environ({"ACADEMY_INSTANCE": str(tmp_path), **SAFE}).production


@pytest.mark.parametrize(
    ("name", "value", "repair"),
    [
        ("ACADEMY_SECRET_KEY", "short", "ACADEMY_SECRET_KEY is missing or shorter than 32"),
        ("ACADEMY_SECRET_KEY", "", "ACADEMY_SECRET_KEY is missing or shorter than 32"),
        ("ACADEMY_PUBLIC_URL", "http://academie.example", "must start with https://"),
        ("ACADEMY_DEMO", "1", "ACADEMY_DEMO must be 0"),
        ("ACADEMY_MAIL_URL", "console:", "ACADEMY_MAIL_URL must be smtp"),
        ("ACADEMY_MAIL_FROM", "x <academie@localhost>", "ACADEMY_MAIL_FROM must be an address"),
    ],
)
def test_production_refuses_unsafe_values(tmp_path: Path, name: str, value: str, repair: str):
    with pytest.raises(UnsafeSettings, match=repair):
        Settings.from_environ({"ACADEMY_INSTANCE": str(tmp_path), **SAFE, name: value})


@pytest.mark.parametrize(
    ("name", "value", "repair"),
    [
        ("ACADEMY_PUBLIC_URL", "academie.example", "write the whole address"),
        ("ACADEMY_MAIL_URL", "pigeon:", "write file:<folder>"),
        ("ACADEMY_SEARCH_ENGINE", "grep", "write whoosh or tantivy"),
        ("ACADEMY_JOBS", "sometimes", "write inline or worker"),
        ("ACADEMY_DEMO", "perhaps", "write 0 or 1"),
        ("ACADEMY_PAGE_CACHE_MB", "lots", "write a whole number"),
    ],
)
def test_malformed_values_are_refused_with_a_remedy(tmp_path: Path, name: str, value: str, repair: str):
    with pytest.raises(UnsafeSettings, match=repair):
        Settings.from_environ({"ACADEMY_INSTANCE": str(tmp_path), name: value})


TRAINING = {
    "ACADEMY_TRAINING_EVIDENCE": "1",
    "ACADEMY_OPERATOR_NAME": "Quai 9",
    "ACADEMY_OPERATOR_ADDRESS": "1 quai",
    "ACADEMY_TRAINING_NUMBER": "93 13",
    "ACADEMY_TRAINING_SIGNATORY": "Ada, directrice",
    "ACADEMY_TRAINING_PLACE": "Marseille",
}


def test_training_evidence_that_is_whole_is_accepted(tmp_path: Path):
    assert Settings.from_environ({"ACADEMY_INSTANCE": str(tmp_path), **TRAINING}).training_evidence


@pytest.mark.parametrize("name", sorted(TRAINING.keys() - {"ACADEMY_TRAINING_EVIDENCE"}))
def test_training_evidence_names_the_field_that_is_missing(tmp_path: Path, name: str):
    given = {"ACADEMY_INSTANCE": str(tmp_path), **TRAINING, name: " "}
    with pytest.raises(UnsafeSettings, match=f"ACADEMY_TRAINING_EVIDENCE=1 .*: set {name}\\."):
        Settings.from_environ(given)
