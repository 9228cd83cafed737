"""A real academy with its demo in a process of its own, and a real Chromium to use it."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import policy
from email.parser import BytesParser
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@dataclass
class Academy:
    """A running academy: its address, its sign-in links and its mails."""

    url: str
    instance: Path
    environ: dict[str, str]

    def flask(self, *words: str) -> str:
        """Run a `flask` command beside the server, as an operator would."""
        command = [sys.executable, "-m", "flask", "--app", "wsgi", *words]
        return subprocess.run(command, cwd=ROOT, env=self.environ, check=True, capture_output=True, text=True).stdout

    def sign_in(self, page: Page, role: str) -> None:
        """Use a fresh link of the sample person of that role."""
        links = dict(line.split() for line in self.flask("demo", "links").splitlines())
        page.goto(links[role])
        page.get_by_role("button", name="Me connecter").click()

    def mails_to(self, address: str) -> list[str]:
        """Plain texts of the mails to an address, oldest first."""
        found = []
        for path in sorted((self.instance / "mails").glob("*.eml")):
            message = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
            if address in str(message["To"]):
                found.append(message.get_body(("plain",)).get_content())
        return found

    def mail_to(self, address: str, *, count: int = 1) -> str:
        """Wait for the mail number *count* to an address; its plain text."""
        for _ in range(150):
            if len(mails := self.mails_to(address)) >= count:
                return mails[count - 1]
            time.sleep(0.1)
        raise AssertionError(f"no mail number {count} to {address}")


def link_in(mail: str, part: str) -> str:
    """The address in a mail that contains *part*."""
    return next(link for link in re.findall(r"https?://\S+", mail) if part in link)


@pytest.fixture(scope="session")
def academy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Academy]:
    with served(tmp_path_factory.mktemp("academy")) as academy:
        yield academy


@contextmanager
def served(instance: Path) -> Iterator[Academy]:
    """`flask start` with its demo on a free port, ended on leaving."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("ACADEMY_", "FLASK_"))}
    environ |= {"ACADEMY_INSTANCE": str(instance), "ACADEMY_PUBLIC_URL": url, "ACADEMY_DEMO": "1"}
    log = instance / "server.log"
    with log.open("wb") as output:
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "start", "--port", str(port)]
        server = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=output, stderr=subprocess.STDOUT)
    try:
        _wait(port, server, log)
        yield Academy(url, instance, environ)
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait(port: int, server: subprocess.Popen, log: Path) -> None:
    for _ in range(600):
        if server.poll() is not None:
            raise AssertionError(f"the server ended:\n{log.read_text()}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"the server did not answer:\n{log.read_text()}")


def find_chromium() -> str | None:
    """The path of a Chromium of this machine."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = find_chromium()
    if path is None:
        message = "BROWSER TESTS SKIPPED: Chromium is missing (on Debian: apt install chromium)"
        if os.environ.get("ACADEMY_REQUIRE_BROWSER"):
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(params=["with-scripts", "without-scripts"])
def context(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[BrowserContext]:
    """A fresh browser profile; each journey runs with and without JavaScript."""
    context = chromium.new_context(java_script_enabled=request.param == "with-scripts", locale="fr-FR")
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()
