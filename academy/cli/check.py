"""`flask check`: the invariants of the academy, one sentence for each thing that is wrong."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from academy import search
from academy.cli.backup import LAST
from academy.domain import attachments, invariants
from academy.domain.problems import Problem
from academy.web import clock, statements
from academy.web.problems import describe

BACKUP_AGE = timedelta(days=3)


@click.command("check")
@with_appcontext
def check() -> None:
    """Exit 0 and say so when all is well; else 1, and what to repair.

    What the law wants said and no setting says is a warning; in production, where the public reads it, a problem.
    A missing audit stays a warning: the site then says that it is not compliant, which is true and lawful.
    """
    now, settings = clock.now(), current_app.config["SETTINGS"]
    problems, warnings = [*invariants.broken(now=now), *search.problems()], list(statements.unsaid(settings))
    if settings.production:
        problems, warnings = problems + warnings, []
    warnings += statements.unaudited(settings, today=now.astimezone(clock.PARIS).date())
    warnings += [*_files(now=now), *_backup(settings.instance / LAST, now=now)]
    for sentence in [*problems, *(f"warning: {warning}" for warning in warnings)]:
        click.echo(f"- {sentence}")
    if problems:
        raise SystemExit(1)
    click.echo(f"check: {len(invariants.CHECKS)} invariants hold, the index is up to date")


def _backup(last: Path, *, now: datetime) -> Iterator[str]:
    """Where `flask backup` is what saves the academy, say that it has stopped; other tools are not known here."""
    if not last.exists():
        return
    age = now - datetime.fromtimestamp(last.stat().st_mtime, UTC)
    if age > BACKUP_AGE:
        yield f"the last backup is {age.days} days old: look why `flask backup` is not run any more"


def _files(*, now: datetime) -> Iterator[str]:
    """Say of which files the search does not know all words, and how many bytes nobody needs."""
    for path, name, fault in attachments.faulty():
        yield describe(Problem(f"{path}/{name}", 0, "", f"lint_file_{fault}"), "en")
    if orphans := attachments.orphans(now=now):
        yield f"{len(orphans)} files in the store belong to no text any more; `flask files sweep` removes them"
