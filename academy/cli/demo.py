"""`flask demo`: sample people and sessions, and links that sign in as them."""

from datetime import timedelta

import click
from flask import current_app
from flask.cli import AppGroup

from academy.domain import accounts, samples
from academy.extensions import db, transaction
from academy.mail.links import url
from academy.models import Cycle, Purpose
from academy.web import clock

LINK_LIFETIME = timedelta(hours=24)

group = AppGroup("demo", help="Sample people and sessions, plainly marked.")


@group.command("load")
def load() -> None:
    """Add what is missing and move the dates that have passed; again is harmless."""
    if current_app.config["SETTINGS"].production:
        raise click.ClickException("samples have no place in production (ACADEMY_PRODUCTION=1)")
    moved = load_once()
    click.echo(f"demo: {len(samples.ROLES) + len(samples.CROWD)} sample people, {moved} sessions added or moved")


@group.command("links")
def show_links() -> None:
    """Print one sign-in link per role; each works once, for 24 hours."""
    if not current_app.config["SETTINGS"].demo:
        raise click.ClickException("sign-in links are printed in a demo only: set ACADEMY_DEMO=1")
    for role, link in links():
        click.echo(f"{role:<12} {link}")


def load_once() -> int:
    """Bring the samples to today; return how many sessions were added or moved."""
    now = clock.now()
    with transaction():
        samples.add_people(now=now)
    cycles = set(db.session.scalars(db.select(Cycle.slug)))
    due = [sample for sample in samples.stale(now=now) if sample.cycle in cycles]
    for sample in due:
        texts = list(samples.prepared(sample, now=now))
        with transaction():
            samples.publish(sample, texts, now=now)
    return len(due)


def links() -> list[tuple[str, str]]:
    """A fresh single-use sign-in link for the sample person of each role; nothing outside a demo."""
    if not current_app.config["SETTINGS"].demo:
        return []
    now = clock.now()
    with transaction():
        tokens = {
            role: accounts.issue_ticket(Purpose.SIGN_IN, email, now=now, lifetime=LINK_LIFETIME)
            for role, (email, _name) in samples.ROLES.items()
        }
    return [(str(role), url("account.ticket", language="fr", token=token)) for role, token in tokens.items()]
