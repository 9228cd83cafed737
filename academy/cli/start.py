"""`flask start`: prepare everything that is missing, say where the academy is, serve it."""

import logging
import signal
import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select

from academy import search
from academy.cli import content, demo
from academy.extensions import db
from academy.models import Document

THREADS = 8


@click.command("start")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@with_appcontext
def start(host: str, port: int) -> None:
    """Migrate, load the starter content into an empty academy, build the index, serve."""
    import waitress  # only this command serves

    app = current_app._get_current_object()  # pyright: ignore[reportAttributeAccessIssue]
    prepare()
    announce(host, port)
    db.session.remove()
    app.extensions["jobs"].start()
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # ended by a supervisor as by Ctrl+C: nothing is lost
    is_direct = not app.config["SETTINGS"].trusted_proxies  # else ProxyFix reads the headers that they sent
    try:
        waitress.serve(
            app, host=host, port=port, threads=THREADS, ident="academy", clear_untrusted_proxy_headers=is_direct
        )
    except OSError as problem:
        raise click.ClickException(
            f"{host}:{port} cannot be served ({problem.strerror}): choose another PORT."
        ) from None
    finally:
        app.extensions["jobs"].stop()


def prepare() -> None:
    """Bring database, content, demo and index to where a first visitor finds them."""
    from flask_migrate import upgrade  # with Alembic, which no other process needs

    logging.getLogger("alembic").setLevel(logging.WARNING)
    upgrade()
    settings = current_app.config["SETTINGS"]
    if db.session.scalar(select(Document.id).limit(1)) is None:
        click.echo("Loading the starter content…")
        content.load_folder(settings.content)
    content.render_missing()
    if settings.demo:
        demo.load_once()
    search.sync()


def announce(host: str, port: int) -> None:
    """Print the address and, in a demo, a sign-in link per role."""
    settings = current_app.config["SETTINGS"]
    click.echo(f"\nOne Provence Academy: {settings.public_url}/   (listening on {host}:{port}, Ctrl+C ends it)")
    if settings.demo:
        click.echo("\nSign in with one click (each link works once, for 24 hours; all people are samples):")
        for role, url in demo.links():
            click.echo(f"  {role:<12} {url}")
    if settings.mail_url.startswith("file:"):
        click.echo(f"\nMails are written to {Path(settings.mail_url.removeprefix('file:'))}")
    click.echo("")
