"""Make an academy of the starter content in a folder of its own, then print every table."""

import os
import sys
import tempfile
from pathlib import Path

from sqlalchemy import select

from academy import create_app
from academy.cli import start
from academy.config import Settings
from academy.domain import accounts
from academy.extensions import transaction
from academy.models import CycleSession, Document, Kind, Person, Role
from academy.web import clock
from academy.web.identity import cookie_name
from tests.bench import comparing, enrolling, in_process, pages, presence, publishing, searching


def main() -> None:
    documents = int(os.environ.get("BENCH_DOCUMENTS", "1000"))
    with tempfile.TemporaryDirectory(prefix="academy-bench-") as folder:
        environ = {
            "ACADEMY_INSTANCE": folder,
            "ACADEMY_SECRET_KEY": "bench " * 8,
            "ACADEMY_DEMO": "1",
            "ACADEMY_JOBS": "worker",
            "ACADEMY_PUBLIC_URL": "http://127.0.0.1",
        }
        app = create_app(Settings.from_environ(environ))
        app.testing = True
        with app.app_context():
            start.prepare()
            listed = _pages()
            cookie = _signed_in()
        print(f"One Provence Academy, {sys.platform}, Python {sys.version.split()[0]}, {os.cpu_count()} cores")
        pages.report(environ, listed, cookie=cookie)
        uncached = create_app(Settings.from_environ(environ | {"ACADEMY_PAGE_CACHE_MB": "0"}))
        in_process.report(uncached, listed, cookie)
        presence.report(app)
        publishing.report(app, documents=documents)
    enrolling.report()
    comparing.report()
    searching.run()


def _pages() -> list[pages.Page]:
    from academy.extensions import db

    module = db.session.scalars(select(Document).where(Document.kind == Kind.MODULE).order_by(Document.id)).first()
    resource = db.session.scalars(select(Document).where(Document.kind == Kind.RESOURCE).order_by(Document.id)).first()
    session = db.session.scalars(select(CycleSession).order_by(CycleSession.id)).first()
    return [
        pages.Page("home", "/", 7),
        pages.Page("cycle", f"/cycles/{module.cycle.slug}/", 7),
        pages.Page("module", f"/cycles/{module.cycle.slug}/{module.slug}/", 4.3),
        pages.Page("session", f"/sessions/{session.id}-{session.document.slug}/", 7),
        pages.Page("resource", f"/ressources/{resource.id}-{resource.slug}/", 4.3),
        pages.Page("list of resources", "/ressources/", 7),
        pages.Page("search, 2 words", "/ressources/?q=cybersecurite+port", 15),
        pages.Page("module in English", f"/en/cycles/{module.cycle.slug}/{module.slug}/", 4.3),
    ]


def _signed_in() -> str:
    with transaction() as session:
        person = session.scalars(select(Person).where(Person.role == Role.STAKEHOLDER)).first()
        return f"{cookie_name()}={accounts.sign_in(person, now=clock.now())}"


if __name__ == "__main__":
    assert Path("wsgi.py").exists(), "run from the repository's root: make bench"
    main()
