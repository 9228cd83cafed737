"""Published words are shown typeset, while the author's file stays as it was typed."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update

from academy import search
from academy.domain import renderings
from academy.extensions import db as database, transaction
from academy.models import Edition, Kind, Rendering, Revision
from tests.factories import a_cycle, a_text

NOW = datetime(2027, 1, 4, 12, 0, tzinfo=UTC)
TITLE, SUMMARY = 'L\'eau : "claire" ?', "1 500 mots, 12 % d'eau !"
SHOWN = "L’eau\u00a0: «\u202fclaire\u202f»\u202f?"


@pytest.fixture
def water(db) -> int:
    a_cycle("port")
    words = {"title": TITLE, "summary": SUMMARY, "body": "## L'eau ?\n\nOn dit \"l'eau\" : 1 500 litres...\n"}
    return a_text("eau", kind=Kind.MODULE, cycle="port", objectives=["Dire l'eau !"], **words)


def test_lists_show_it_typeset_and_the_source_keeps_every_byte(water: int):
    edition = database.session.get_one(Edition, water)
    assert edition.title == SHOWN
    assert edition.summary == "1\u202f500\u00a0mots, 12\u202f% d’eau\u202f!"
    assert edition.objectives == ["Dire l’eau\u202f!"]
    assert edition.published is not None
    assert edition.published.title == SHOWN
    assert "## L'eau ?\n\nOn dit \"l'eau\" : 1 500 litres..." in edition.published.source
    html = " ".join(database.session.scalars(select(Rendering.html)))
    assert "«\u202fl’eau\u202f»&nbsp;: 1\u202f500 litres…" in html


def test_english_keeps_its_spaces(db):
    edition = database.session.get_one(Edition, a_text("water", language="en", title='Who\'s "first"?'))
    assert edition.title == "Who’s “first”?"


def test_a_title_that_would_not_fit_its_column_stays_as_typed(db):
    title = "a!" + "b" * 298
    long = f"{title[:299]}!"
    assert database.session.get_one(Edition, a_text("long", title=long)).title == long


@pytest.mark.parametrize("asked", ["l'eau", "L’eau", '"eau claire"', "1 500", "1\u202f500 mots", "claire ?"])
def test_what_was_typed_and_what_is_shown_are_both_found(water: int, asked: str):
    search.sync()
    found = search.find(asked, audiences=frozenset({"public"}), language="fr")
    assert [hit.edition_id for hit in found.hits] == [water]
    assert found.hits[0].title == SHOWN


def test_passages_keep_their_spaces(water: int):
    search.sync()
    [hit] = search.find("litres", audiences=frozenset({"public"}), language="fr").hits
    assert "1\u202f500 <mark>litres</mark>" in hit.passage


def test_texts_of_a_former_renderer_are_set_again(water: int):
    with transaction() as session:
        session.execute(update(Rendering).values(renderer="1-old"))
        session.execute(update(Edition).values(title=TITLE))
    assert water in renderings.stale()
    made = renderings.render(water)
    with transaction():
        renderings.keep(made, now=NOW)
    assert database.session.get_one(Edition, water).title == SHOWN
    assert water not in renderings.stale()


def test_a_text_published_meanwhile_keeps_its_own_title(water: int):
    with transaction() as session:
        session.execute(update(Rendering).values(renderer="1-old"))
    made = renderings.render(water)
    with transaction() as session:
        session.execute(update(Revision).values(source_hash="0" * 64))
        session.execute(update(Edition).values(title="Un autre"))
    with transaction():
        renderings.keep(made, now=NOW)
    assert database.session.get_one(Edition, water).title == "Un autre"
