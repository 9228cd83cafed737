"""`flask jobs`: deliver the outbox from a process of its own."""

import click
from flask import current_app
from flask.cli import AppGroup

group = AppGroup("jobs", help="The outbox: mails and the search index.")


@group.command()
def work() -> None:
    """Deliver until interrupted (set ACADEMY_JOBS=worker for the web processes)."""
    click.echo("jobs: working; Ctrl+C ends it")
    try:
        current_app.extensions["jobs"].run()
    except KeyboardInterrupt:
        click.echo("jobs: ended")


@group.command()
def drain() -> None:
    """Deliver what is due now, then end."""
    delivered = current_app.extensions["jobs"].drain()
    click.echo(f"jobs: {delivered} delivered")
