"""The other releases of Whoosh, in a folder of their own: changing the pin is one line (only with ACADEMY_DEEP=1)."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SUITE = ("test_contract.py", "test_index.py", "test_filters.py", "test_whoosh.py", "test_scoring.py", "test_faults.py")


@pytest.mark.skipif(not os.environ.get("ACADEMY_DEEP"), reason="long: only with ACADEMY_DEEP=1")
@pytest.mark.parametrize("release", ["whoosh==2.7.4", "whoosh3"])
def test_another_release_of_whoosh_keeps_the_contract(release: str, tmp_path: Path):
    target = tmp_path / "release"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--disable-pip-version-check"]
    installed = subprocess.run([*pip, "--target", target, release], check=False, capture_output=True, text=True)
    if installed.returncode:
        pytest.skip(f"pip cannot install {release}: {installed.stderr.strip().splitlines()[-1:]}")
    environ = {name: value for name, value in os.environ.items() if name != "ACADEMY_DEEP"} | {
        "PYTHONPATH": str(target)
    }
    asked = [sys.executable, "-c", "import whoosh; print(whoosh.__file__)"]
    used = subprocess.run(asked, env=environ, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert Path(used.strip()).is_relative_to(target)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--basetemp", str(tmp_path / "run")]
    command += ["-k", "not tantivy", "-W", "ignore::SyntaxWarning", "-W", "ignore::DeprecationWarning"]
    done = subprocess.run(
        [*command, *(f"tests/search/{name}" for name in SUITE)],
        check=False,
        env=environ,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]
