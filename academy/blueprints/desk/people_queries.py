"""What the list of people reads."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from academy.blueprints.desk.queries import Page, page_of
from academy.models import Person, Role

PER_PAGE = 50


def holding(query: str, columns: Sequence[InstrumentedAttribute[str]]) -> list[ColumnElement[bool]]:
    """The conditions that every word of *query* is in one of the columns."""
    words = query.replace("\0", "").split()[:8]
    return [or_(*(column.icontains(word, autoescape=True) for column in columns)) for word in words]


def people(query: str, *, role: str, number: int) -> Page:
    """Accounts whose name or address holds every word of *query*, by name."""
    wanted = select(Person).order_by(func.lower(Person.name), Person.id)
    wanted = wanted.where(*holding(query, (Person.name, Person.email)))
    if role in set(Role):
        wanted = wanted.where(Person.role == Role(role))
    return page_of(wanted, number=number, per_page=PER_PAGE)
