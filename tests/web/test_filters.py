"""Dates, hours, durations and numbers as each language writes them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from flask import Flask

from academy.web import filters
from academy.web.filters import duration, hours, long_date, number, short_date, time_range, unbroken

EVENING = datetime(2027, 2, 4, 17, 0, tzinfo=UTC)  # 18:00 in Paris, in winter
SUMMER = datetime(2027, 7, 1, 16, 5, tzinfo=UTC)  # 18:05 in Paris, in summer
NIGHT = datetime(2027, 12, 31, 23, 30, tzinfo=UTC)  # half past midnight in Paris, on 1 January


@pytest.fixture(params=["fr", "en"])
def spoken(request: pytest.FixtureRequest, app: Flask) -> Iterator[str]:
    """A page in each language."""
    with app.test_request_context("/", environ_overrides={"academy.language": request.param}):
        yield request.param


def _filter(app: Flask, name: str):
    return app.jinja_env.filters[name]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (EVENING, {"fr": "jeudi 4\u00a0février\u00a02027", "en": "Thursday 4\u00a0February\u00a02027"}),
        (NIGHT, {"fr": "samedi 1er\u00a0janvier\u00a02028", "en": "Saturday 1\u00a0January\u00a02028"}),
        (date(2027, 3, 1), {"fr": "lundi 1er\u00a0mars\u00a02027", "en": "Monday 1\u00a0March\u00a02027"}),
        (date(2021, 11, 21), {"fr": "dimanche 21\u00a0novembre\u00a02021", "en": "Sunday 21\u00a0November\u00a02021"}),
        (date(2027, 8, 31), {"fr": "mardi 31\u00a0août\u00a02027", "en": "Tuesday 31\u00a0August\u00a02027"}),
    ],
)
def test_long_dates(spoken: str, value: date, words: dict[str, str]):
    assert long_date(value) == words[spoken]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (EVENING, {"fr": "4\u00a0février\u00a02027", "en": "4\u00a0February\u00a02027"}),
        (SUMMER, {"fr": "1er\u00a0juillet\u00a02027", "en": "1\u00a0July\u00a02027"}),
        (date(2021, 1, 11), {"fr": "11\u00a0janvier\u00a02021", "en": "11\u00a0January\u00a02021"}),
    ],
)
def test_short_dates(spoken: str, value: date, words: dict[str, str]):
    assert short_date(value) == words[spoken]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("day", {"fr": "4", "en": "4"}),
        ("month", {"fr": "février", "en": "February"}),
        ("weekday", {"fr": "jeudi", "en": "Thursday"}),
    ],
)
def test_parts_of_a_date(app: Flask, spoken: str, name: str, words: dict[str, str]):
    assert _filter(app, name)(EVENING) == words[spoken]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (EVENING, {"fr": "18\u00a0h", "en": "18:00"}),
        (SUMMER, {"fr": "18\u00a0h\u00a005", "en": "18:05"}),
        (NIGHT, {"fr": "0\u00a0h\u00a030", "en": "00:30"}),
        (datetime(2027, 2, 4, 7, 0, tzinfo=UTC), {"fr": "8\u00a0h", "en": "08:00"}),
    ],
)
def test_hours_are_those_of_paris(app: Flask, spoken: str, value: datetime, words: dict[str, str]):
    assert _filter(app, "time")(value) == words[spoken]


def test_a_range_of_hours(spoken: str):
    end = datetime(2027, 2, 4, 19, 30, tzinfo=UTC)
    words = {"fr": "de 18\u00a0h à 20\u00a0h\u00a030", "en": "18:00 to 20:30"}
    assert time_range(EVENING, end) == words[spoken]
    assert hours(EVENING, end) == {"fr": "18\u00a0h\u00a0– 20\u00a0h\u00a030", "en": "18:00–20:30"}[spoken]
    assert hours(EVENING, None) == time_range(EVENING, None) == {"fr": "18\u00a0h", "en": "18:00"}[spoken]


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (None, {"fr": "", "en": ""}),
        (45, {"fr": "45\u00a0min", "en": "45\u00a0min"}),
        (60, {"fr": "1\u00a0h", "en": "1\u00a0h"}),
        (90, {"fr": "1\u00a0h\u00a030", "en": "1\u00a0h\u00a030\u00a0min"}),
        (125, {"fr": "2\u00a0h\u00a005", "en": "2\u00a0h\u00a05\u00a0min"}),
    ],
)
def test_durations(spoken: str, minutes: int | None, words: dict[str, str]):
    assert duration(minutes) == words[spoken]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, {"fr": "0", "en": "0"}),
        (999, {"fr": "999", "en": "999"}),
        (14000, {"fr": "14\u202f000", "en": "14,000"}),
    ],
)
def test_numbers(spoken: str, value: int, words: dict[str, str]):
    assert number(value) == words[spoken]


def test_the_machine_reads_the_same_in_both_languages(spoken: str):
    assert filters.iso(EVENING) == "2027-02-04T18:00+01:00"
    assert filters.iso(SUMMER) == "2027-07-01T18:05+02:00"
    assert filters.iso(date(2027, 2, 4)) == "2027-02-04"


def test_a_short_hyphenated_word_stays_on_one_line_and_nothing_hostile_gets_in():
    whole = '<span class="nowrap">Aix-Marseille</span>'
    assert unbroken("Cité Aix-Marseille (Cisam)") == f"Cité {whole} (Cisam)"
    assert unbroken("Aix-Marseille-Provence") == "Aix-Marseille-Provence"  # too long for a title on a phone
    assert unbroken("Aix-Marseille-Provence", 24) == '<span class="nowrap">Aix-Marseille-Provence</span>'
    assert unbroken("<b>a-b</b> – c") == '&lt;b&gt;<span class="nowrap">a-b</span>&lt;/b&gt; – c'
    assert unbroken("") == ""
