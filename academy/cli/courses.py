"""`flask content import`: bring a course that was made with another tool into a cycle, as drafts."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import IntegrityError

from academy.cli.content import fail, language, report, said, tell
from academy.domain import courses
from academy.domain.content import archives as content_archives, load as content_load, plan as content_plan
from academy.domain.content.bases import Exchange
from academy.domain.courses import Converted, Course, Maker
from academy.domain.errors import Refused
from academy.domain.problems import ContentRefused, Problem
from academy.extensions import transaction
from academy.web import clock
from academy.web.problems import describe


@click.command("import")
@with_appcontext
@click.argument("source", type=click.Path(path_type=Path, exists=True))
@click.option("--from", "maker", type=click.Choice(["auto", *Maker]), default="auto", help="The tool that made it.")
@click.option("--into", "cycle", required=True, help="Slug of the cycle that takes it.")
@click.option("--language", "spoken", type=click.Choice(["fr", "en"]), default="fr", help="Of the course.")
@click.option("--author", default="One Provence Academy", help="Where a page names nobody.")
@click.option("--dry-run", is_flag=True, help="Say what would happen; write nothing.")
@click.option("--skip-conflicts", is_flag=True, help="Import the rest when a text was edited on both sides.")
def import_course(
    source: Path, maker: str, cycle: str, spoken: str, author: str, dry_run: bool, skip_conflicts: bool
) -> None:
    """Bring a course (a folder or a ZIP) made with MkDocs, GitBook, Docusaurus, Quarto or a wiki into a cycle."""
    with _opened(source) as top, TemporaryDirectory(prefix="academy-") as folder:
        known = Maker(maker) if maker != "auto" else courses.detect(courses.files_below(top))
        if known is None:
            fail([Problem(str(source), 0, "", "course_unknown")])
        converted = courses.convert(top, Path(folder), Course(known, cycle, spoken, author))
        _tell_outcomes(converted)
        tell(converted.advice)
        if converted.blocking:
            fail(converted.blocking)
        plan = content_plan.plan_load(Path(folder), exchange=Exchange({}))
        tell(converted.at_source(warning) for warning in plan.warnings)
        try:
            content_load.refuse(plan, skip_conflicts=skip_conflicts)
            if not dry_run:
                with transaction():
                    content_load.load(plan, by=None, now=clock.now(), skip_conflicts=skip_conflicts)
        except ContentRefused as refused:
            fail(converted.at_source(problem) for problem in refused.problems)
        except (Refused, IntegrityError):
            raise click.ClickException(said("moved_meanwhile")) from None
        plan.missing.clear()  # a course is no folder of the academy: it has nothing to do with the other texts
        report(plan, source, dry_run=dry_run)


def _tell_outcomes(converted: Converted) -> None:
    for outcome in converted.outcomes:
        if outcome.is_left:
            click.echo(f"  {said('left')}  {describe(outcome.why, language())}")
        elif outcome.word == "read":
            click.echo(f"  {said('read')}  {outcome.path}")
        else:
            click.echo(f"  {said(outcome.word)}  {outcome.path} → {outcome.target}")


@contextmanager
def _opened(source: Path) -> Iterator[Path]:
    if source.is_dir():
        yield source
        return
    try:
        with source.open("rb") as file, content_archives.opened(file) as archive:
            yield archive.top
    except ContentRefused as refused:
        fail(refused.problems)
