"""Roles: given by those who have them, never to oneself, and a change ends what was open."""

import pytest
from sqlalchemy import func, select

from academy.domain import accounts, roles
from academy.domain.errors import Refused
from academy.extensions import db as database, transaction
from academy.models import AuditEntry, Person, Role, SignIn
from academy.web import clock
from tests.factories import a_person

pytestmark = pytest.mark.usefixtures("db")


def change(person: int, role: Role, by: int) -> None:
    with transaction() as it:
        roles.change_role(it.get_one(Person, person), role, by=it.get_one(Person, by), now=clock.now())


def role_of(person: int) -> Role:
    return database.session.get_one(Person, person).role


def test_an_organiser_makes_a_trainer_whose_open_browsers_are_closed():
    boss, person = a_person(role=Role.ORGANISER), a_person()
    with transaction() as it:
        accounts.sign_in(it.get_one(Person, person), now=clock.now())
    change(person, Role.TRAINER, boss)
    assert role_of(person) == Role.TRAINER
    assert database.session.scalar(select(func.count(SignIn.id))) == 0
    detail = database.session.scalars(select(AuditEntry.detail).where(AuditEntry.action == "account.change_role")).one()
    assert detail == {"before": "stakeholder", "after": "trainer"}


def test_the_same_role_again_closes_nothing():
    boss, person = a_person(role=Role.ORGANISER), a_person()
    with transaction() as it:
        accounts.sign_in(it.get_one(Person, person), now=clock.now())
    change(person, Role.STAKEHOLDER, boss)
    assert database.session.scalar(select(func.count(SignIn.id))) == 1


@pytest.mark.parametrize("role", list(Role))
def test_nobody_changes_their_own(role: Role):
    for mine in (Role.ORGANISER, Role.ADMIN):
        me = a_person(role=mine)
        with pytest.raises(Refused, match="role_own"):
            change(me, role, me)
        assert role_of(me) == mine


@pytest.mark.parametrize("mine", [Role.STAKEHOLDER, Role.TRAINER])
def test_who_is_not_of_the_team_gives_nothing(mine: Role):
    me, person = a_person(role=mine), a_person()
    for role in Role:
        with pytest.raises(Refused, match="role_above"):
            change(person, role, me)


def test_only_an_admin_gives_or_takes_admin():
    organiser, admin, person = a_person(role=Role.ORGANISER), a_person(role=Role.ADMIN), a_person()
    for target, role in ((person, Role.ADMIN), (admin, Role.STAKEHOLDER)):
        with pytest.raises(Refused, match="role_above"):
            change(target, role, organiser)
    change(person, Role.ADMIN, admin)
    assert role_of(person) == Role.ADMIN
