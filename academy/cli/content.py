"""`flask content`: load a folder of Markdown, dump it back, compare, render again."""

import os
from collections.abc import Iterable
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.exc import IntegrityError

from academy.domain import content_dump, content_load, content_plan, renderings
from academy.domain.content_plan import Plan
from academy.domain.content_states import State
from academy.domain.errors import Refused
from academy.domain.problems import ContentRefused, Problem
from academy.extensions import transaction
from academy.web import clock
from academy.web.problems import describe

DIFFERS = 2  # exit code of `check`; 1 means invalid files
group = AppGroup("content", help="Load, dump and compare the folder of Markdown.")
_folder = click.argument("folder", required=False, type=click.Path(path_type=Path))


@group.command()
@_folder
@click.option("--dry-run", is_flag=True, help="Say what would happen; write nothing.")
@click.option("--skip-conflicts", is_flag=True, help="Load the rest when a text was edited on both sides.")
def load(folder: Path | None, dry_run: bool, skip_conflicts: bool) -> None:
    """Bring a content folder into the academy: all of it, or nothing."""
    load_folder(folder or _default(), dry_run=dry_run, skip_conflicts=skip_conflicts)


@group.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def dump(folder: Path) -> None:
    """Write the academy's texts into a folder, never over an edit made there."""
    with transaction():
        dumped = content_dump.dump(folder, by=None, now=clock.now())
    for path in dumped.written:
        click.echo(f"  {_said('written')}  {path}")
    for path in dumped.moved:
        click.echo(f"  {_said('moved')}  {path}")
    for path in dumped.removed:
        click.echo(f"  {_said('removed')}  {path}")
    for path in dumped.kept:
        click.echo(f"  {_said('newer_here')}  {path}")
    for path in dumped.conflicting:
        click.echo(describe(Problem(path, 0, "", "conflict"), _language()), err=True)
    for path in dumped.lost:
        click.echo(describe(Problem(path, 0, "", "file_lost"), _language()), err=True)
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
    plan = content_plan.plan_load(root)
    _tell(plan.warnings)
    if plan.problems:
        _fail(plan.problems)
    differences = [] if files_only else content_plan.differing(plan)
    for path, state in differences:
        click.echo(f"  {_said(state)}  {path}")
    click.echo(
        f"{root}: {_said('files')} {len(plan.items) + len(plan.lists) + len(plan.files)}, {_said('differing')} {len(differences)}"
    )
    if differences:
        raise SystemExit(DIFFERS)


@group.command()
def render() -> None:
    """Render again the published texts that this version's renderer has not made."""
    click.echo(f"{_said('rendered')} {render_missing()}")


def load_folder(folder: Path, *, dry_run: bool = False, skip_conflicts: bool = False) -> None:
    """Plan, report, load; a refusal is printed whole and ends the command with 1."""
    plan = content_plan.plan_load(folder)
    _tell(plan.warnings)
    try:
        content_load.refuse(plan, skip_conflicts=skip_conflicts)
        if not dry_run:
            with transaction():
                content_load.load(plan, by=None, now=clock.now(), skip_conflicts=skip_conflicts)
    except ContentRefused as refused:
        _fail(refused.problems)
    except (Refused, IntegrityError):
        raise click.ClickException(_said("moved_meanwhile")) from None
    _report(plan, dry_run=dry_run)


def render_missing() -> int:
    """Render what lacks the current renderer, each text in its own transaction; return how many."""
    done = 0
    for edition_id in renderings.stale():
        try:
            made = renderings.render(edition_id)
        except ContentRefused as refused:
            _tell(refused.problems)  # readers keep what the former renderer made
            continue
        with transaction():
            renderings.keep(made, now=clock.now())
        done += 1
    return done


def _report(plan: Plan, *, dry_run: bool) -> None:
    shown = (State.CREATED, State.CHANGED, State.REMOVED, State.KEPT, State.CONFLICTING)
    is_first = not plan.paths(State.UNCHANGED) and not plan.paths(State.CHANGED)
    for state in shown if not is_first else shown[1:]:
        for path in plan.paths(state):
            click.echo(f"  {_said(state)}  {path}")
    for path in plan.moved:
        click.echo(f"  {_said('moved')}  {path}")
    for path in plan.missing:
        click.echo(f"  {_said('missing')}  {path}")
    counts: dict[str, list[str]] = {str(state): plan.paths(state) for state in State}
    _count(
        plan.root, counts | {"moved": plan.moved, "missing": plan.missing}, first=_said("dry_run") if dry_run else ""
    )


def _count(root: Path, counts: dict[str, list[str]], *, first: str = "") -> None:
    said = ", ".join(f"{_said(name)} {len(paths)}" for name, paths in counts.items() if paths) or _said("nothing")
    click.echo(f"{first}{root}: {said}")


def _tell(problems: Iterable[Problem]) -> None:
    for problem in problems:
        click.echo(describe(problem, _language()), err=True)


def _fail(problems: Iterable[Problem]) -> None:
    problems = list(problems)
    _tell(problems)
    click.echo(f"{_said('refused')} {sum(not problem.is_warning for problem in problems)}", err=True)
    raise SystemExit(1)


def _default() -> Path:
    return current_app.config["SETTINGS"].content


def _language() -> str:
    """The terminal's language: French when LANG says so, else English."""
    spoken = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "fr" if spoken.lower().startswith("fr") else "en"


def _said(word: str) -> str:
    return _WORDS[word][0 if _language() == "fr" else 1]


_WORDS = {
    "created": ("créés", "created"),
    "changed": ("modifiés", "changed"),
    "unchanged": ("inchangés", "unchanged"),
    "kept": ("gardés (le site est plus récent)", "kept (the site is newer)"),
    "conflicting": ("en conflit", "conflicting"),
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
    "moved_meanwhile": (
        "Quelqu’un a modifié le site pendant le chargement. Rien n’a été chargé : relancez la commande.",
        "Somebody changed the site while this was loading. Nothing was loaded: run the command again.",
    ),
}
