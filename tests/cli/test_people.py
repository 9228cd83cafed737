"""`flask people`: accounts from the command line."""

import pytest

from academy.extensions import db as database
from academy.models import Person, Role
from tests.factories import a_person


def run(app, *arguments: str):
    return app.test_cli_runner().invoke(args=["people", *arguments])


def test_add_then_list(app):
    assert run(app, "add", "Lea@Example.org", " Léa  Roux ", "--role", "organiser").output == (
        "lea@example.org: added as organiser\n"
    )
    assert run(app, "list").output == "organiser    lea@example.org  Léa Roux\n"
    assert run(app, "list", "--role", "trainer").output == ""


def test_an_address_has_one_account(app):
    with app.app_context():
        a_person(email="lea@example.org")
    result = run(app, "add", "LEA@example.org", "Léa")
    assert result.exit_code == 1
    assert "already has an account" in result.output


@pytest.mark.parametrize(
    "arguments",
    [("pas-une-adresse", "Léa"), ("lea@example.org", "\u202e"), ("lea@example.org", "Léa", "--role", "king")],
)
def test_what_cannot_be_an_account_is_refused(app, arguments: tuple[str, ...]):
    assert run(app, "add", *arguments).exit_code == 2
    with app.app_context():
        assert database.session.scalars(database.select(Person)).all() == []


def test_the_first_admin_comes_from_here(app):
    run(app, "add", "admin@example.org", "Admin", "--role", "admin")
    with app.app_context():
        assert database.session.scalars(database.select(Person)).one().role == Role.ADMIN


def test_a_closed_account_opens_again(app):
    with app.app_context():
        a_person("Léa Roux", email="lea@example.org")
    assert run(app, "close", "LEA@example.org").output == "lea@example.org: closed\n"
    assert "(closed)" in run(app, "list").output
    assert run(app, "reopen", "lea@example.org").output == "lea@example.org: open\n"
    assert "(closed)" not in run(app, "list").output
    missing = run(app, "close", "nobody@example.org")
    assert missing.exit_code == 1
    assert "flask people list" in missing.output
