"""`flask people`: add, list, close and reopen accounts."""

import click
from email_validator import EmailNotValidError, validate_email
from flask.cli import AppGroup
from sqlalchemy import select

from academy.domain import accounts
from academy.extensions import db, transaction
from academy.models import Person, Role
from academy.web import clock

group = AppGroup("people", help="Accounts and their roles.")
_ROLES = click.Choice([str(role) for role in Role])


@group.command()
@click.argument("email")
@click.argument("name")
@click.option("--role", type=_ROLES, default=str(Role.STAKEHOLDER), show_default=True)
def add(email: str, name: str, role: str) -> None:
    """Make an account; its owner signs in with a link sent by mail."""
    try:
        address = validate_email(accounts.clean_email(email), check_deliverability=False).normalized
    except EmailNotValidError as problem:
        raise click.BadParameter(str(problem), param_hint="EMAIL") from None
    name = accounts.clean_name(name)[:120]
    if not name or len(address) > 254:
        raise click.BadParameter("write a name and an address of at most 254 characters")
    with transaction():
        if accounts.by_email(address) is not None:
            raise click.ClickException(f"{address} already has an account: see `flask people list`.")
        accounts.add_person(address, name, role=Role(role), by=None, now=clock.now())
    click.echo(f"{address}: added as {role}")


@group.command("list")
@click.option("--role", type=_ROLES, help="Only this role.")
def list_(role: str | None) -> None:
    """Print the accounts, one a line: role, address, name."""
    wanted = select(Person).order_by(Person.role, Person.email)
    if role:
        wanted = wanted.where(Person.role == Role(role))
    for person in db.session.scalars(wanted):
        click.echo(f"{person.role:<12} {person.email}  {person.name}{'  (closed)' if person.is_disabled else ''}")


@group.command()
@click.argument("email")
def close(email: str) -> None:
    """Close an account: sign its browsers out; no link and no password opens it any more."""
    with transaction():
        accounts.close(_owner(email), by=None, now=clock.now())
    click.echo(f"{accounts.clean_email(email)}: closed")


@group.command()
@click.argument("email")
def reopen(email: str) -> None:
    """Let the person of a closed account sign in again."""
    with transaction():
        accounts.reopen(_owner(email), by=None, now=clock.now())
    click.echo(f"{accounts.clean_email(email)}: open")


def _owner(email: str) -> Person:
    person = accounts.by_email(email)
    if person is None:
        raise click.ClickException(f"{accounts.clean_email(email)} has no account: see `flask people list`.")
    return person
