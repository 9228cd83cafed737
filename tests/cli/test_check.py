"""`flask check`: what the law wants said is a warning at home, a problem in production; a missing audit never is."""

import shutil
from pathlib import Path

from click.testing import Result

from academy import create_app
from tests.architecture.test_settings import SAFE
from tests.conftest import settings_for
from tests.web.test_statements import FACTS

PUBLIC = {name.removeprefix("ACADEMY_").lower(): value for name, value in SAFE.items()}


def _check(folder: Path, migrated: Path, **settings: str) -> Result:
    shutil.copy(migrated, folder / "academy.db")
    runner = create_app(settings_for(folder, **settings)).test_cli_runner()
    assert runner.invoke(args=["index", "rebuild"]).exit_code == 0
    return runner.invoke(args=["check"])


def test_empty_facts_are_warnings(tmp_path: Path, migrated: Path):
    done = _check(tmp_path, migrated)
    assert done.exit_code == 0, done.output
    assert done.output.count("- warning: ACADEMY_") == len(FACTS) + 1
    assert "invariants hold" in done.output


def test_empty_facts_are_problems_in_production(tmp_path: Path, migrated: Path):
    done = _check(tmp_path, migrated, **PUBLIC, **(FACTS | {"host_phone": ""}))
    assert done.exit_code == 1
    assert "- ACADEMY_HOST_PHONE is empty" in done.output


def test_production_may_wait_for_its_audit(tmp_path: Path, migrated: Path):
    done = _check(tmp_path, migrated, **PUBLIC, **FACTS)
    assert done.exit_code == 0, done.output
    assert done.output.startswith("- warning: ACADEMY_AUDIT_RATE")
