"""A real academy in a process of its own: started, asked, ended."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import policy
from email.parser import BytesParser
from functools import cached_property
from pathlib import Path

from flask import Flask
from playwright.sync_api import Page

from tests.browser import stage

ROOT = Path(__file__).resolve().parents[2]
CHROMIUMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
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
    written: dict[int, str] = field(default_factory=dict)  # addresses of the trainer's texts

    @cached_property
    def app(self) -> Flask:
        """An application on the same rows, in this process."""
        return stage.beside(self.environ)

    @cached_property
    def cookies(self) -> dict[str, tuple[str, str]]:
        """Name and value of a sign-in cookie by kind of person."""
        return stage.cookies(self.app)

    @cached_property
    def names(self) -> dict[str, str]:
        """The addresses of places.py that depend on rows."""
        return stage.addresses(self.app)

    def sign_in(self, page: Page, role: str) -> None:
        """Be the sample person of that role."""
        name, value = self.cookies[role]
        page.context.add_cookies([{"name": name, "value": value, "url": self.url}])

    def write(self, page: Page, number: int = 0) -> None:
        """Be the sample trainer, with that text of theirs open to be written on, its scripts at work."""
        self.sign_in(page, "trainer")
        if number not in self.written:
            page.goto(f"{self.url}/atelier/")
            self.written[number] = page.locator(".works__editions a[lang=fr]").nth(number).get_attribute("href") or ""
        page.goto(self.url + self.written[number])

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


@contextmanager
def served(instance: Path, *, content: Path | None = None) -> Iterator[Academy]:
    """`flask start` with its demo on a free port, ended on leaving."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("ACADEMY_", "FLASK_"))}
    environ |= {"ACADEMY_INSTANCE": str(instance), "ACADEMY_PUBLIC_URL": url, "ACADEMY_DEMO": "1"}
    environ |= {"ACADEMY_CONTENT": str(content)} if content else {}
    log = instance / "server.log"
    with log.open("wb") as output:
        command = [sys.executable, "-m", "flask", "--app", "tests.browser.stage:stage", "start", "--port", str(port)]
        server = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=output, stderr=subprocess.STDOUT)
    try:
        _wait(port, server, log)
        yield Academy(url, instance, environ)
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait(port: int, server: subprocess.Popen, log: Path) -> None:
    for _ in range(1800):
        if server.poll() is not None:
            raise AssertionError(f"the server ended:\n{log.read_text()}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"the server did not answer:\n{log.read_text()}")


def find_chromium() -> str | None:
    """The path of a Chromium of this machine: the shell without windows first, whose pages are the same for half the work."""
    return next(filter(None, map(shutil.which, CHROMIUMS)), None)
