"""Redis away, hanging, back, not installed: people are answered, and limits hold in each process."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path

import pytest
import time_machine
from limits.storage import SCHEMES

from academy import config, create_app
from academy.config import UnsafeSettings
from academy.extensions import Counts, limiter
from tests.conftest import settings_for

AWAY = "redis://127.0.0.1:1/0"  # no server listens on the first port


class _Redis(Counts):
    """Counts as the Redis of an academy does, while it is there."""

    STORAGE_SCHEME = None
    is_away = False

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        if self.is_away:
            raise ConnectionError("Error 111 connecting to 127.0.0.1:6379. Connection refused.")
        return super().incr(key, expiry, amount)

    def check(self) -> bool:
        return not self.is_away


@pytest.fixture
def redis(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[_Redis]]:
    monkeypatch.setitem(SCHEMES, "redis", _Redis)
    monkeypatch.setattr(config, "find_spec", lambda _name: True)
    monkeypatch.setattr(_Redis, "is_away", False)
    before = dict(vars(limiter))  # it is one for all applications of a process
    limiter.enabled, limiter._storage_options = True, {}  # before it is given an application
    yield _Redis
    vars(limiter).clear()
    vars(limiter).update(before)


def test_a_redis_that_goes_away_stops_nobody_and_lets_nobody_through(app, redis: type[_Redis], tmp_path: Path):
    url = app.config["SETTINGS"].database_url
    client = create_app(settings_for(tmp_path, database_url=url, redis_url=AWAY)).test_client()

    def ask(name: str) -> int:
        return client.post("/connexion", data={"email": f"{name}@example.org"}).status_code

    assert [ask("before") for _ in range(6)] == [303] * 5 + [429]
    assert isinstance(limiter.storage, redis)
    redis.is_away = True
    assert client.get("/").status_code == 200
    assert [ask("during") for _ in range(6)] == [303] * 5 + [429]
    redis.is_away = False
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=5)):  # when it is asked again
        assert ask("after") == 303
        assert ask("before") == 429  # Redis has not forgotten


def test_without_its_package_the_start_is_refused_with_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(config, "find_spec", lambda _name: None)
    with pytest.raises(UnsafeSettings, match="pip install"):
        settings_for(tmp_path, redis_url=AWAY)
    with pytest.raises(UnsafeSettings, match="write redis://"):
        settings_for(tmp_path, redis_url="127.0.0.1:6379")


@pytest.mark.skipif(find_spec("redis") is None, reason="the optional package redis is not installed")
@pytest.mark.parametrize("is_hanging", [False, True])
def test_the_real_client_gives_up_soon(is_hanging: bool, tmp_path: Path, migrated: Path):
    script = """
from academy import create_app
client = create_app().test_client()
print([client.post("/connexion", data={"email": "who@example.org"}).status_code for _ in range(6)])
"""
    (tmp_path / "academy.db").write_bytes(migrated.read_bytes())
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(50)  # it accepts, and never answers
        environ = {
            "ACADEMY_INSTANCE": str(tmp_path),
            "ACADEMY_JOBS": "worker",
            "ACADEMY_PUBLIC_URL": "http://localhost",
        }
        environ["ACADEMY_REDIS_URL"] = f"redis://127.0.0.1:{silent.getsockname()[1]}" if is_hanging else AWAY
        done = subprocess.run(
            [sys.executable, "-c", script],
            check=False,
            env=os.environ | environ,
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert done.stdout.strip() == "[303, 303, 303, 303, 303, 429]", done.stderr
