"""`flask content`: load a folder of Markdown (or a ZIP of one), dump it back, compare, render again."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.exc import IntegrityError

from academy.domain import renderings
from academy.domain.content import (
    archives as content_archives,
    dump as content_dump,
    export as content_export,
    load as content_load,
    plan as content_plan,
)
from academy.domain.content.bases import Exchange
from academy.domain.content.conflicts import Choice
from academy.domain.content.export import Part
from academy.domain.content.plan import Plan
from academy.domain.content.states import State
from academy.domain.errors import Refused
from academy.domain.problems import ContentRefused, Problem
from academy.extensions import transaction
from academy.formats import zips
from academy.web import clock, kept_files
from academy.web.problems import describe

DIFFERS = 2  # exit code of `check`; 1 means invalid files
group = AppGroup("content", help="Load, dump and compare the folder of Markdown.")
_folder = click.argument("folder", required=False, type=click.Path(path_type=Path))


@group.command()
@_folder
@click.option("--dry-run", is_flag=True, help="Say what would happen; write nothing.")
@click.option("--skip-conflicts", is_flag=True, help="Load the rest when a text was edited on both sides.")
@click.option(
    "--conflicts",
    type=click.Choice([str(choice) for choice in Choice]),
    help="What wins where both sides edited the same lines; editor: a draft that holds both.",
)
def load(folder: Path | None, dry_run: bool, skip_conflicts: bool, conflicts: str | None) -> None:
    """Bring a content folder, or a ZIP of one, into the academy: all of it, or nothing."""
    choice = Choice(conflicts) if conflicts else None
    load_folder(folder or _default(), dry_run=dry_run, skip_conflicts=skip_conflicts, choice=choice)


@group.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--cycle", default="", help="Only this cycle and its resources; into a ZIP.")
def dump(folder: Path, cycle: str) -> None:
    """Write the academy's texts into a folder, never over an edit made there; or into a new ZIP."""
    if folder.suffix == ".zip":
        _dump_archive(folder, cycle)
        return
    if cycle:
        raise click.UsageError(said("cycle_needs_zip"))
    with transaction():
        dumped = content_dump.dump(folder, by=None, now=clock.now())
    for path in dumped.written:
        click.echo(f"  {said('written')}  {path}")
    for path in dumped.moved:
        click.echo(f"  {said('moved')}  {path}")
    for path in dumped.removed:
        click.echo(f"  {said('removed')}  {path}")
    for path in dumped.kept:
        click.echo(f"  {said('newer_here')}  {path}")
    for path in dumped.conflicting:
        click.echo(describe(Problem(path, 0, "", "conflict"), language()), err=True)
    for path in dumped.lost:
        click.echo(describe(Problem(path, 0, "", "file_lost"), language()), err=True)
    counts = {
        "written": dumped.written,
        "unchanged": dumped.unchanged,
        "moved": dumped.moved,
        "removed": dumped.removed,
    }
    _count(folder, counts | {"newer_here": dumped.kept, "conflicting": dumped.conflicting})
    if dumped.conflicting or dumped.lost:
        raise SystemExit(1)


@group.command()
@_folder
@click.option("--files-only", is_flag=True, help="Only whether the files are valid, not whether the site has them.")
def check(folder: Path | None, files_only: bool) -> None:
    """Exit 0 when folder and academy are the same, 2 when they differ, 1 when files are invalid."""
    root = folder or _default()
    with _opened(root) as (top, exchange):
        plan = content_plan.plan_load(top, exchange=exchange)
    tell(plan.warnings)
    if plan.problems:
        fail(plan.problems)
    differences = [] if files_only else content_plan.differing(plan)
    for path, state in differences:
        click.echo(f"  {said(state)}  {path}")
    click.echo(
        f"{root}: {said('files')} {len(plan.items) + len(plan.lists) + len(plan.files)}, {said('differing')} {len(differences)}"
    )
    if differences:
        raise SystemExit(DIFFERS)


@group.command()
def render() -> None:
    """Render again the published texts that this version's renderer has not made."""
    click.echo(f"{said('rendered')} {render_missing()}")


def load_folder(
    folder: Path, *, dry_run: bool = False, skip_conflicts: bool = False, choice: Choice | None = None
) -> None:
    """Plan, report, load; a refusal is printed whole and ends the command with 1."""
    with _opened(folder) as (root, exchange):
        plan = content_plan.plan_load(root, exchange=exchange)
        if choice is not None and (clashing := plan.paths(State.CONFLICTING)):
            plan = content_plan.plan_load(root, exchange=exchange, choices=dict.fromkeys(clashing, choice))
        tell(plan.warnings)
        try:
            content_load.refuse(plan, skip_conflicts=skip_conflicts)
            if not dry_run:
                with transaction():
                    content_load.load(plan, by=None, now=clock.now(), skip_conflicts=skip_conflicts)
        except ContentRefused as refused:
            fail(refused.problems)
        except (Refused, IntegrityError):
            raise click.ClickException(said("moved_meanwhile")) from None
        report(plan, folder, dry_run=dry_run)


@contextmanager
def _opened(folder: Path) -> Iterator[tuple[Path, Exchange | None]]:
    """The folder of content, unpacked for a moment when it is a ZIP."""
    if not folder.is_file():
        yield folder, None
        return
    try:
        with folder.open("rb") as file, content_archives.opened(file) as archive:
            yield archive.root, Exchange(archive.versions)
    except ContentRefused as refused:
        fail(refused.problems)


def _dump_archive(file: Path, cycle: str) -> None:
    """Write a ZIP whole or not at all."""
    part = Part(cycle=cycle)
    if cycle and not content_export.files_of_part(part):
        raise click.UsageError(said("no_such_cycle").format(cycle=cycle))
    file.parent.mkdir(parents=True, exist_ok=True)
    written: list[str] = []
    with kept_files.whole(file) as waiting:
        for some in zips.stream(_noted(content_export.entries(part, now=clock.now()), written)):
            waiting.write(some)
    _count(file, {"written": written[:-1]})  # the last says what the archive was made from


def _noted(entries: Iterator[content_export.Entry], written: list[str]) -> Iterator[content_export.Entry]:
    for entry in entries:
        written.append(entry[0])
        yield entry


def render_missing() -> int:
    """Render what lacks the current renderer, each text in its own transaction; return how many."""
    done = 0
    for edition_id in renderings.stale():
        try:
            made = renderings.render(edition_id)
        except ContentRefused as refused:
            tell(refused.problems)  # readers keep what the former renderer made
            continue
        with transaction():
            renderings.keep(made, now=clock.now())
        done += 1
    return done


def report(plan: Plan, root: Path, *, dry_run: bool) -> None:
    """Print what a load did, or would do, with each file that is not as it was."""
    shown = (State.CREATED, State.CHANGED, State.MERGED, State.DRAFTED, State.REMOVED, State.KEPT, State.CONFLICTING)
    is_first = not plan.paths(State.UNCHANGED) and not plan.paths(State.CHANGED)
    for state in shown if not is_first else shown[1:]:
        for path in plan.paths(state):
            click.echo(f"  {said(state)}  {path}")
    for path in plan.moved:
        click.echo(f"  {said('moved')}  {path}")
    for path in plan.missing:
        click.echo(f"  {said('missing')}  {path}")
    counts: dict[str, list[str]] = {str(state): plan.paths(state) for state in State}
    _count(root, counts | {"moved": plan.moved, "missing": plan.missing}, first=said("dry_run") if dry_run else "")


def _count(root: Path, counts: dict[str, list[str]], *, first: str = "") -> None:
    counted = ", ".join(f"{said(name)} {len(paths)}" for name, paths in counts.items() if paths) or said("nothing")
    click.echo(f"{first}{root}: {counted}")


def tell(problems: Iterable[Problem]) -> None:
    """Print problems, one a line, in the terminal's language."""
    for problem in problems:
        click.echo(describe(problem, language()), err=True)


def fail(problems: Iterable[Problem]) -> NoReturn:
    """Print problems, and end the command with 1."""
    problems = list(problems)
    tell(problems)
    click.echo(f"{said('refused')} {sum(not problem.is_warning for problem in problems)}", err=True)
    raise SystemExit(1)


def _default() -> Path:
    return current_app.config["SETTINGS"].content


def language() -> str:
    """The terminal's language: French when LANG says so, else English."""
    spoken = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "fr" if spoken.lower().startswith("fr") else "en"


def said(word: str) -> str:
    """A word of the reports in the terminal's language."""
    return _WORDS[word][0 if language() == "fr" else 1]


_WORDS = {
    "created": ("créés", "created"),
    "changed": ("modifiés", "changed"),
    "unchanged": ("inchangés", "unchanged"),
    "kept": ("gardés (le site est plus récent)", "kept (the site is newer)"),
    "conflicting": ("en conflit", "conflicting"),
    "merged": ("réunis (les deux côtés ont changé)", "merged (both sides changed)"),
    "drafted": ("en brouillon avec les deux textes", "a draft with both texts"),
    "removed": ("retirés", "removed"),
    "moved": ("déplacés", "moved"),
    "missing": ("absents du dossier (rien n’est supprimé)", "not in the folder (nothing is deleted)"),
    "written": ("écrits", "written"),
    "newer_here": ("plus récents dans le dossier", "newer in the folder"),
    "files": ("fichiers", "files"),
    "differing": ("différents", "differing"),
    "rendered": ("textes remis en page", "texts rendered again"),
    "refused": ("Rien n’a été chargé. Problèmes", "Nothing was loaded. Problems"),
    "nothing": ("rien", "nothing"),
    "dry_run": ("À blanc, rien n’est écrit. ", "Dry run, nothing is written. "),
    "page": ("importé", "imported"),
    "attached": ("joint", "attached"),
    "read": ("lu pour l’ordre des pages", "read for the order of the pages"),
    "left": ("laissé", "left"),
    "cycle_needs_zip": ("Un cycle seul s’écrit dans un fichier .zip.", "One cycle alone is written into a .zip file."),
    "no_such_cycle": ("Il n’y a pas de texte dans le cycle « {cycle} ».", "There is no text in the cycle “{cycle}”."),
    "moved_meanwhile": (
        "Quelqu’un a modifié le site pendant le chargement. Rien n’a été chargé : relancez la commande.",
        "Somebody changed the site while this was loading. Nothing was loaded: run the command again.",
    ),
}
