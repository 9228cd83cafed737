"""What the law wants said: the words follow the audit, the facts come from the settings, nothing is promised."""

from datetime import date
from pathlib import Path

import pytest

from academy import create_app
from academy.config import UnsafeSettings
from academy.web import statements
from academy.web.statements import Conformity, conformity
from tests.conftest import settings_for

TODAY = date(2026, 11, 22)
AUDIT = {"audit_rate": "87,5", "audit_date": "2026-03-02", "audit_author": "Cabinet Regard"}
FACTS = {
    "operator_name": "Agence du territoire",
    "operator_form": "Association, SIREN 123 456 789",
    "operator_address": "1 quai du Port, 13002 Marseille",
    "operator_phone": "04 00 00 00 00",
    "operator_email": "bonjour@agence.example",
    "publication_director": "Ada Lovelace",
    "host_name": "Hébergement du Sud",
    "host_address": "2 rue des Serveurs, 13003 Marseille",
    "host_phone": "04 00 00 00 01",
    "data_contact": "dpo@agence.example",
}


@pytest.mark.parametrize(
    ("rate", "day", "expected"),
    [
        ("100", "2026-03-02", Conformity.FULL),
        ("99.9", "2026-03-02", Conformity.PARTIAL),
        ("50", "2026-03-02", Conformity.PARTIAL),
        ("49,9", "2026-03-02", Conformity.NONE),
        ("100", "2023-11-22", Conformity.FULL),
        ("100", "2023-11-21", Conformity.NONE),
    ],
)
def test_the_words_follow_an_audit_of_three_years_at_most(tmp_path: Path, rate: str, day: str, expected: Conformity):
    settings = settings_for(tmp_path, **{**AUDIT, "audit_rate": rate, "audit_date": day})
    assert conformity(settings, today=TODAY) == expected


def test_without_an_audit_a_site_is_not_compliant(tmp_path: Path):
    assert conformity(settings_for(tmp_path), today=TODAY) == Conformity.NONE


@pytest.mark.parametrize(
    ("wrong", "remedy"),
    [
        ({"audit_author": ""}, "go together"),
        ({"audit_rate": "101"}, "from 0 to 100"),
        ({"audit_rate": "nan"}, "from 0 to 100"),
        ({"audit_rate": "most"}, "from 0 to 100"),
        ({"audit_date": "last March"}, "2027-03-31"),
    ],
)
def test_half_an_audit_is_refused_with_a_remedy(tmp_path: Path, wrong: dict[str, str], remedy: str):
    with pytest.raises(UnsafeSettings, match=remedy):
        settings_for(tmp_path, **(AUDIT | wrong))


def test_each_empty_fact_is_named(tmp_path: Path):
    assert len(list(statements.unsaid(settings_for(tmp_path)))) == len(FACTS)
    assert [*statements.unsaid(settings_for(tmp_path, **FACTS))] == []
    (left,) = statements.unsaid(settings_for(tmp_path, **(FACTS | {"host_phone": ""})))
    assert left.startswith("ACADEMY_HOST_PHONE is empty")


def test_a_missing_or_outdated_audit_is_named(tmp_path: Path):
    def said(**audit: str) -> list[str]:
        return [line.split()[0] for line in statements.unaudited(settings_for(tmp_path, **audit), today=TODAY)]

    assert said() == ["ACADEMY_AUDIT_RATE"]
    assert said(**AUDIT) == []
    assert said(**(AUDIT | {"audit_date": "2020-01-01"})) == ["ACADEMY_AUDIT_DATE"]


def test_another_fact_is_another_content_version(migrated: Path, tmp_path: Path):
    versions = []
    for values in ({}, FACTS, FACTS | AUDIT):
        app = create_app(settings_for(tmp_path, database_url=f"sqlite:///{migrated}", **values))
        versions.append(app.extensions["content_version"]())
    assert len(set(versions)) == 3
