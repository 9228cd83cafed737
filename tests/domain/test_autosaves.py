"""Drafts that save themselves: a run of them is one line of the history, and the rest of it goes after a day."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from academy.blueprints.studio import queries
from academy.domain import asides, autosaves, publishing
from academy.domain.errors import Refused
from academy.extensions import db as database, transaction
from academy.models import AuditEntry, Edition, Person, Revision
from tests.factories import a_person, a_text

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def text(db) -> tuple[int, int]:
    """A draft and who writes it."""
    return a_text("quai", is_published=False), a_person("Tess")


def _save(
    edition_id: int, who: int, words: str, *, after: timedelta, verb=autosaves.save, base: int | None = None
) -> int:
    with transaction() as it:
        edition, person = it.get_one(Edition, edition_id), it.get_one(Person, who)
        return verb(edition, words, base_id=base or edition.head_id, by=person, now=NOW + after).id


def _listed(edition_id: int) -> list[int]:
    return [row.number for row in queries.versions(database.session.get_one(Edition, edition_id), number=1).rows]


def _numbers() -> list[int]:
    return list(database.session.scalars(select(Revision.number).order_by(Revision.number)))


def test_a_run_is_one_line_of_the_history_and_every_save_is_in_the_journal(text):
    edition, tess = text
    for minute in range(5):
        _save(edition, tess, f"mot {minute}", after=minute * MINUTE)
    assert _listed(edition) == [6, 1]
    assert _numbers() == [1, 2, 3, 4, 5, 6]  # whoever has an older one open still meets a conflict
    saved = select(AuditEntry).where(AuditEntry.action == "document.save_draft")
    assert [row.detail["revision"] for row in database.session.scalars(saved.order_by(AuditEntry.id))] == [
        2,
        3,
        4,
        5,
        6,
    ]


def test_an_hour_another_person_a_button_and_a_publication_end_a_run(text):
    edition, tess = text
    theo = a_person("Théo")
    _save(edition, tess, "un", after=0 * MINUTE)
    _save(edition, tess, "deux", after=59 * MINUTE)
    _save(edition, tess, "trois", after=61 * MINUTE)  # an hour after the first
    _save(edition, theo, "quatre", after=62 * MINUTE)
    _save(edition, tess, "cinq", after=63 * MINUTE)
    _save(edition, tess, "six", after=64 * MINUTE, verb=publishing.save_draft)
    _save(edition, tess, "sept", after=65 * MINUTE)
    with transaction() as it:
        it.get_one(Edition, edition).head.published_at = NOW
    _save(edition, tess, "huit", after=66 * MINUTE)
    assert _listed(edition) == [9, 8, 7, 6, 5, 4, 3, 1]


def test_a_save_on_an_older_one_of_the_run_is_refused(text):
    edition, tess = text
    first = _save(edition, tess, "un", after=0 * MINUTE)
    _save(edition, tess, "deux", after=1 * MINUTE)
    with pytest.raises(Refused, match="edited_meanwhile"):
        _save(edition, tess, "autre", after=2 * MINUTE, base=first)


def test_the_same_words_again_are_no_version_of_their_own(text):
    edition, tess = text
    _save(edition, tess, "un", after=0 * MINUTE, verb=publishing.save_draft)
    _save(edition, tess, "un", after=1 * MINUTE)
    _save(edition, tess, "deux", after=2 * MINUTE)
    assert _listed(edition) == [3, 2, 1]


def test_what_a_later_one_says_better_goes_after_thirty_days_and_nothing_else(text):
    edition, tess = text
    _save(edition, tess, "à la main", after=0 * MINUTE, verb=publishing.save_draft)
    for minute in range(1, 6):
        last = _save(edition, tess, f"mot {minute}", after=minute * MINUTE)
    base = database.session.scalar(select(Revision).where(Revision.number == 4))
    with transaction() as it:
        asides.keep(it.get_one(Edition, edition), "à part", base=base, by=it.get_one(Person, tess), now=NOW)
    _purge(after=timedelta(days=29))
    assert _numbers() == [1, 2, 3, 4, 5, 6, 7, 8]
    _purge(after=timedelta(days=31))
    assert _numbers() == [1, 2, 4, 7, 8]  # 4 is what the aside was written from
    bases = dict(database.session.execute(select(Revision.number, Revision.base_id)).all())
    numbers = dict(database.session.execute(select(Revision.id, Revision.number)).all())
    assert {number: numbers.get(it) for number, it in bases.items()} == {1: None, 2: 1, 4: 2, 7: 4, 8: 4}
    assert database.session.get_one(Edition, edition).head_id == last
    assert database.session.get_one(Revision, last).source == "mot 5"


def _purge(*, after: timedelta) -> None:
    with transaction():
        autosaves.purge(now=NOW + after)
