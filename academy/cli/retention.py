"""`flask retention`: what is deleted, when, and how much of it is due; it deletes nothing."""

import click
from flask.cli import with_appcontext

from academy.domain.retention import PLAN
from academy.web import clock


@click.command("retention")
@with_appcontext
def retention() -> None:
    """Print the retention plan, with how many rows are due now; the jobs delete them."""
    now = clock.now()
    for line in PLAN:
        click.echo(f"- {line.what}: {line.until}; due now: {line.count(now=now)}")
