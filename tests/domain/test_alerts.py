"""Alerts: asked, confirmed, ended, forgotten; a week is a week across a clock change; what is news, and what is not."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from academy import jobs
from academy.domain import alerts, news, preparing, publishing
from academy.domain.alerts import week_of
from academy.domain.errors import Refused
from academy.extensions import transaction
from academy.models import Alert, AuditEntry, Edition, Kind, OutboxMessage, Person
from academy.web import clock
from tests.factories import a_person, a_source, a_text, at, withdrawn

ASKED = {"q": "port", "chosen": {}, "is_exact": False}
TUESDAY = at(2027, 2, 2)


def an_alert(email: str = "zoe@example.org", *, is_confirmed: bool = True, language: str = "fr", **question) -> str:
    """An alert, as if asked by a visitor who followed the link; return its key."""
    with transaction() as session:
        asked = ASKED | question
        made = alerts.ask(asked, title="port", email=email, language=language, by=None, now=clock.now())
        session.flush()
        if is_confirmed:
            alerts.confirm(made.key, by=None, now=clock.now())
        return made.key


def promises(db, topic: str = "alert.digest") -> list[dict]:
    db.session.expire_all()
    wanted = select(OutboxMessage).where(OutboxMessage.topic == topic).order_by(OutboxMessage.id)
    return [dict(row.payload) for row in db.session.scalars(wanted)]


def chores(at_: datetime) -> None:
    with time_machine.travel(at_, tick=False):
        jobs.tidy()


@pytest.mark.parametrize(
    ("instant", "monday"),
    [
        (datetime(2027, 3, 22, 5, 59, tzinfo=UTC), date(2027, 3, 15)),  # 6:59 in winter
        (datetime(2027, 3, 22, 6, 0, tzinfo=UTC), date(2027, 3, 22)),
        (datetime(2027, 3, 28, 23, 0, tzinfo=UTC), date(2027, 3, 22)),  # 1:00 on Monday, summer began on Sunday
        (datetime(2027, 3, 29, 4, 59, tzinfo=UTC), date(2027, 3, 22)),  # 6:59 in summer
        (datetime(2027, 3, 29, 5, 0, tzinfo=UTC), date(2027, 3, 29)),
        (datetime(2027, 10, 31, 22, 30, tzinfo=UTC), date(2027, 10, 25)),  # 23:30 on the Sunday of 25 hours
        (datetime(2027, 11, 1, 5, 59, tzinfo=UTC), date(2027, 10, 25)),
        (datetime(2027, 11, 1, 6, 0, tzinfo=UTC), date(2027, 11, 1)),
        (datetime(2027, 1, 3, 12, 0, tzinfo=UTC), date(2026, 12, 28)),
    ],
)
def test_a_week_begins_on_monday_at_seven_in_paris(instant: datetime, monday: date):
    assert week_of(instant) == monday


def test_a_visitor_confirms_by_mail_a_person_with_their_own_address_needs_not(db):
    sam = a_person(email="sam@example.org")
    with transaction() as session:
        by = session.get_one(Person, sam)
        own = alerts.ask(ASKED, title="t", email=" SAM@example.org ", language="fr", by=by, now=clock.now())
        other = alerts.ask(ASKED, title="t", email="ada@example.org", language="fr", by=by, now=clock.now())
        assert [own.confirmed_at is None, other.confirmed_at is None] == [False, True]
    assert len(promises(db, "alert.asked")) == 1


def test_the_same_question_asked_twice_is_one_alert(db):
    keys = {an_alert(is_confirmed=False), an_alert(is_confirmed=True), an_alert("ZOE@example.org")}
    assert len(keys) == 1
    assert len({*keys, an_alert(language="en"), an_alert(q="quai"), an_alert("ada@example.org")}) == 4
    assert len(promises(db, "alert.asked")) == 6, "whether it existed shows in the mailbox alone"


def test_an_address_follows_twenty_searches_at_most(db):
    for n in range(alerts.MOST):
        an_alert(q=f"port {n}")
    with pytest.raises(Refused, match="alerts_full"):
        an_alert(q="un de trop")
    an_alert("ada@example.org")


def test_an_alert_that_nobody_confirms_is_gone_after_seven_days_with_its_address(db):
    with time_machine.travel(TUESDAY, tick=False):
        waiting, begun = an_alert(is_confirmed=False), an_alert("ada@example.org")
    chores(TUESDAY + timedelta(days=6, hours=23))
    assert db.session.scalar(select(Alert).where(Alert.key == waiting)) is not None
    chores(TUESDAY + timedelta(days=7, minutes=1))
    assert list(db.session.scalars(select(Alert.key))) == [begun]
    with transaction():
        assert alerts.confirm(waiting, by=None, now=clock.now()) is False


def test_an_ended_alert_leaves_no_address_and_ending_twice_is_harmless(db):
    key = an_alert()
    for _ in range(2):
        with transaction():
            alerts.end(key, by=None, now=clock.now())
    assert db.session.scalars(select(Alert)).all() == []
    entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [entry.action for entry in entries] == ["alert.ask", "alert.confirm", "alert.end"]
    assert not any("zoe" in str(entry.detail) for entry in entries)


def test_a_week_is_promised_once_and_only_when_something_changed(db):
    with time_machine.travel(TUESDAY, tick=False):
        a_text("before", title="Avant")
        key = an_alert()
    chores(TUESDAY + timedelta(days=2))
    assert promises(db) == [], "the week is over on Monday"
    chores(at(2027, 2, 8, 6, 30))
    assert promises(db) == [], "nothing changed"
    with time_machine.travel(at(2027, 2, 9), tick=False):
        a_text("after", title="Après")
    for instant in (at(2027, 2, 10), at(2027, 2, 15, 5, 59), at(2027, 2, 15, 6), at(2027, 2, 15, 7), at(2027, 2, 18)):
        chores(instant)
    assert promises(db) == [{"alert": key, "after": 1, "until": 2}]
    chores(at(2027, 2, 22, 6))
    assert len(promises(db)) == 1


def test_a_worker_that_slept_on_monday_promises_later_that_week(db):
    with time_machine.travel(TUESDAY, tick=False):
        an_alert()
        a_text("new")
    chores(at(2027, 2, 12))
    assert len(promises(db)) == 1
    chores(at(2027, 2, 15, 6))
    assert len(promises(db)) == 1, "what was told is not told again"


def test_unconfirmed_alerts_are_promised_nothing(db):
    with time_machine.travel(TUESDAY, tick=False):
        an_alert(is_confirmed=False)
        a_text("new")
    chores(at(2027, 2, 8, 7))
    assert promises(db) == []


def republish(edition_id: int, **front: object) -> None:
    with transaction() as session:
        edition = session.get_one(Edition, edition_id)
        key, language, base = edition.document.key, edition.language, edition.head_id
    source = a_source(key, Kind.RESOURCE, title="Corrigé", summary="Résumé.", body="Autre.", is_published=True, **front)
    prepared = preparing.prepare(source, kind=Kind.RESOURCE, language=language)
    with transaction() as session:
        edition = session.get_one(Edition, edition_id)
        publishing.publish(edition, prepared, base_id=base, by=None, now=clock.now())


def found(after: int, *, language: str = "fr") -> set[int]:
    return news.new_editions(after=after, until=alerts.last_change(), language=language)


def test_what_everybody_can_read_since_then_is_news(db):
    old = a_text("old")
    hidden = a_text("hidden", audience="members")
    a_text("draft", is_published=False)
    seen = alerts.last_change()
    new = a_text("new")
    a_text("secret", audience="team")
    republish(old)  # a correction
    assert found(seen) == {new}
    republish(hidden, audience="public")
    assert found(seen) == {new, hidden}
    assert found(alerts.last_change()) == set()


def test_what_was_withdrawn_is_no_news_and_what_comes_back_is_if_it_was_away(db):
    first = a_text("first")
    seen = alerts.last_change()
    new = a_text("new")
    withdrawn(new)
    assert found(seen) == set()
    withdrawn(first)
    away = alerts.last_change()
    republish(first)
    assert found(seen) == set(), "it was there then, and is now"
    assert found(away) == {first}


def test_a_translation_is_news_to_who_reads_its_language(db):
    a_text("pair")
    seen = alerts.last_change()
    english = a_text("pair", language="en")
    assert (found(seen), found(seen, language="en")) == (set(), {english})
