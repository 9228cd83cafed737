"""Half-days follow from the start and the end of a session on the clocks of Paris."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings, strategies as st

from academy.domain.half_days import current, half_days, named
from academy.domain.typed_values import PARIS


def _paris(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=PARIS).astimezone(UTC)


def _said(start: datetime | None, end: datetime | None) -> list[str]:
    return [
        f"{it.key} {it.starts_at.astimezone(PARIS):%H:%M}-{it.ends_at.astimezone(PARIS):%H:%M}"
        for it in half_days(start, end)
    ]


def test_a_day_is_cut_at_one_o_clock():
    assert _said(_paris(2027, 2, 4, 9), _paris(2027, 2, 4, 17)) == [
        "2027-02-04.morning 09:00-13:00",
        "2027-02-04.afternoon 13:00-17:00",
    ]


def test_an_evening_is_one_half_day_even_past_midnight():
    assert _said(_paris(2027, 2, 4, 18), _paris(2027, 2, 4, 20)) == ["2027-02-04.afternoon 18:00-20:00"]
    assert _said(_paris(2027, 2, 4, 20), _paris(2027, 2, 5, 1)) == ["2027-02-04.afternoon 20:00-01:00"]


def test_each_day_of_several_has_the_hours_of_the_first_start_and_the_last_end():
    assert _said(_paris(2027, 2, 4, 9, 30), _paris(2027, 2, 6, 16)) == [
        f"2027-02-0{day}.{half}" for day in (4, 5, 6) for half in ("morning 09:30-13:00", "afternoon 13:00-16:00")
    ]


def test_from_noon_to_noon_has_the_usual_hours_between():
    assert _said(_paris(2027, 2, 4, 14), _paris(2027, 2, 6, 12)) == [
        "2027-02-04.afternoon 14:00-18:00",
        "2027-02-05.morning 09:00-13:00",
        "2027-02-05.afternoon 13:00-18:00",
        "2027-02-06.morning 09:00-12:00",
    ]


@pytest.mark.parametrize(("day", "minutes"), [(28, 2 * 60), (27, 3 * 60)])
def test_minutes_are_those_that_passed_when_the_clocks_change(day: int, minutes: int):
    """In the night to 28 March 2027 the clock goes from 2:00 to 3:00."""
    start = _paris(2027, 3, day, 1)
    assert [it.minutes for it in half_days(start, _paris(2027, 3, day, 4))] == [minutes]


def test_the_walls_stay_the_same_across_the_change_of_clocks():
    found = half_days(_paris(2027, 10, 30, 9), _paris(2027, 10, 31, 17))
    assert [f"{it.starts_at.astimezone(PARIS):%H}" for it in found] == ["09", "13", "09", "13"]
    assert {it.minutes for it in found} == {240}


def test_there_is_none_without_a_date():
    at = _paris(2027, 2, 4, 9)
    assert [half_days(None, None), half_days(at, None), half_days(at, at)] == [[], [], []]


def test_the_one_that_runs_comes_before_the_one_that_is_near():
    found = half_days(_paris(2027, 2, 4, 9), _paris(2027, 2, 4, 17))
    morning, afternoon = found
    cases = {7: None, 8: morning, 12: morning, 13: afternoon, 16: afternoon, 17: None}
    assert {hour: current(found, now=_paris(2027, 2, 4, hour)) for hour in cases} == cases
    assert named(found, "2027-02-04.afternoon") is afternoon
    assert named(found, "x") is None


@settings(max_examples=300, deadline=None)
@given(
    st.integers(0, 2 * 365 * 24 * 60),
    st.integers(1, 5 * 24 * 60),
)
def test_they_are_in_order_apart_and_inside(shift: int, minutes: int):
    start = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=shift)
    end = start + timedelta(minutes=minutes)
    found = half_days(start, end)
    assert found
    assert (found[0].starts_at, found[-1].ends_at) == (start, end)
    assert all(it.starts_at < it.ends_at for it in found)
    assert all(one.ends_at <= other.starts_at for one, other in pairwise(found))
    assert len({it.key for it in found}) == len(found)
