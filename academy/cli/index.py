"""`flask index`: the search index of this node."""

import time

import click
from flask.cli import AppGroup

from academy import search

group = AppGroup("index", help="The search index of this node.")


@group.command()
def status() -> None:
    """Say whether the index is usable and equal to what is published."""
    problems = search.problems()
    for problem in problems:
        click.echo(f"- {problem}")
    if problems:
        raise SystemExit(1)
    click.echo(f"index: up to date, {search.engine().generation()}")


@group.command()
def rebuild() -> None:
    """Build it anew beside the one in use, then swap."""
    began = time.perf_counter()
    count = search.rebuild()
    click.echo(f"index: {count} editions in {time.perf_counter() - began:.1f} s")


@group.command()
def sync() -> None:
    """Bring it up to the change log."""
    click.echo(f"index: {search.sync()} editions written")
