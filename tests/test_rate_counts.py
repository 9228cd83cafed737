"""What rate limits count, in the memory of a process."""

import threading
from datetime import timedelta

import time_machine
from limits import parse
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

from academy.extensions import Counts


def test_the_limiter_counts_without_a_thread_of_its_own(app):
    assert app.config["RATELIMIT_STORAGE_URI"] == "counts://"
    before = threading.active_count()
    counts = storage_from_string("counts://")
    assert isinstance(counts, Counts)
    assert [counts.incr("a", 60) for _ in range(3)] == [1, 2, 3]
    assert threading.active_count() == before


def test_a_window_begins_with_what_is_counted_first_and_ends_after_its_time():
    counts, limit = Counts(), parse("2 per minute")
    limiter = FixedWindowRateLimiter(counts)
    with time_machine.travel("2030-01-01", tick=False) as clock:
        assert [limiter.hit(limit, "one") for _ in range(3)] == [True, True, False]
        assert limiter.hit(limit, "another")
        clock.shift(timedelta(seconds=59))
        assert not limiter.hit(limit, "one")
        clock.shift(timedelta(seconds=2))
        assert limiter.hit(limit, "one")
        assert limiter.get_window_stats(limit, "one").remaining == 1


def test_what_ended_is_forgotten_and_all_may_be():
    counts = Counts()
    with time_machine.travel("2030-01-01", tick=False) as clock:
        for number in range(5):
            counts.incr(f"sender {number}", 60)
        clock.shift(timedelta(minutes=2))
        counts.incr("late", 60)
        assert counts.reset() == 1
        counts.incr("late", 60, 3)
        assert counts.get("late") == 3
        counts.clear("late")
        assert (counts.get("late"), counts.reset()) == (0, 0)
