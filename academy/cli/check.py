"""`flask check`: the invariants of the academy, one sentence for each thing that is wrong."""

import click
from flask.cli import with_appcontext

from academy import search
from academy.domain import invariants
from academy.web import clock


@click.command("check")
@with_appcontext
def check() -> None:
    """Exit 0 and say so when all is well; else 1, and what to repair."""
    problems = [*invariants.broken(now=clock.now()), *search.problems()]
    for problem in problems:
        click.echo(f"- {problem}")
    if problems:
        raise SystemExit(1)
    click.echo(f"check: {len(invariants.CHECKS)} invariants hold, the index is up to date")
