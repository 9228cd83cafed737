"""What the list of people reads."""

from sqlalchemy import func, or_, select

from academy.blueprints.desk.queries import Page, page_of
from academy.models import Person, Role

PER_PAGE = 50


def people(query: str, *, role: str, number: int) -> Page:
    """Accounts whose name or address holds every word of *query*, by name."""
    wanted = select(Person).order_by(func.lower(Person.name), Person.id)
    for word in query.replace("\0", "").split()[:8]:
        holds = [column.icontains(word, autoescape=True) for column in (Person.name, Person.email)]
        wanted = wanted.where(or_(*holds))
    if role in set(Role):
        wanted = wanted.where(Person.role == Role(role))
    return page_of(wanted, number=number, per_page=PER_PAGE)
