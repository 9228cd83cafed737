"""Jinja filters: dates in Paris time, durations, numbers, in the page's language."""

import re
from datetime import date, datetime
from functools import lru_cache

from babel.dates import format_date, format_time
from flask import Flask
from markupsafe import Markup, escape

from academy.web import locale
from academy.web.clock import PARIS
from academy.web.locale import gettext as _, language


def day_of(value: date | datetime) -> date:
    """The day in Paris of an instant."""
    return value.astimezone(PARIS).date() if isinstance(value, datetime) else value


_HYPHENATED = re.compile(r"(One Provence|\w+(?:-\w+)+)")


@lru_cache(maxsize=4096)
def _date(day: date, pattern: str, language: str) -> str:
    text = format_date(day, pattern, locale=language)
    if "d MMM" not in pattern:
        return text
    # The day stays with its month, the month with its year; French writes "1er", which CLDR does not.
    number = "1er" if language == "fr" and day.day == 1 else str(day.day)
    return re.sub(r"\b[0-9]{1,2} ", f"{number}\u00a0", text, count=1).replace(f" {day.year}", f"\u00a0{day.year}")


@lru_cache(maxsize=4096)
def _time(value: datetime, language: str) -> str:
    local = value.astimezone(PARIS)
    if language == "fr":
        return f"{local:%-H}\u00a0h\u00a0{local:%M}" if local.minute else f"{local:%-H}\u00a0h"
    return format_time(local.time(), "HH:mm", locale="en")


def long_date(value: date | datetime) -> str:
    """jeudi 4 février 2027 · Thursday 4 February 2027"""
    return _date(day_of(value), "EEEE d MMMM y", language())


def short_date(value: date | datetime) -> str:
    """4 février 2027"""
    return _date(day_of(value), "d MMMM y", language())


def iso(value: date | datetime) -> str:
    """2027-02-04, or with its time and offset, for `<time datetime>`."""
    return value.astimezone(PARIS).isoformat(timespec="minutes") if isinstance(value, datetime) else value.isoformat()


def time_of(value: datetime) -> str:
    """18 h 30 · 18:30"""
    return _time(value, language())


def duration(minutes: int | None) -> str:
    """45 min · 1 h · 1 h 30, in English 1 h 30 min"""
    if not minutes:
        return ""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest}\u00a0min"
    if not rest:
        return f"{hours}\u00a0h"
    return f"{hours}\u00a0h\u00a0{rest:02d}" if language() == "fr" else f"{hours}\u00a0h\u00a0{rest}\u00a0min"


def number(value: int) -> str:
    """1 500 · 1,500"""
    return locale.number(value)


def time_range(start: datetime, end: datetime | None) -> str:
    """de 18 h à 20 h · 18:00 to 20:00"""
    if end is None:
        return _time(start, language())
    return _("de %(start)s à %(end)s", start=_time(start, language()), end=_time(end, language()))


def hours(start: datetime, end: datetime | None) -> str:
    """18 h – 20 h · 18:00–20:00: the same in a card, where `time_range` reads like a sentence"""
    first = _time(start, language())
    if end is None:
        return first
    dash = "\u00a0– " if language() == "fr" else "–"
    return f"{first}{dash}{_time(end, language())}"


def unbroken(text: str, most: int = 14) -> Markup:
    """Keep « One Provence », and a hyphenated word of at most *most* characters, on one line: in a large title « Aix-|Marseille » reads badly."""
    parts = _HYPHENATED.split(text)  # every second one is such a word
    return Markup().join(
        Markup('<span class="nowrap">{}</span>').format(part) if number % 2 and len(part) <= most else escape(part)
        for number, part in enumerate(parts)
    )


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(
        date=long_date,
        short_date=short_date,
        day=lambda value: _date(day_of(value), "d", language()),
        month=lambda value: _date(day_of(value), "MMMM", language()),
        short_month=lambda value: _date(day_of(value), "MMM", language()),
        weekday=lambda value: _date(day_of(value), "EEEE", language()),
        time=time_of,
        time_range=time_range,
        iso=iso,
        duration=duration,
        number=number,
        unbroken=unbroken,
    )
    app.jinja_env.globals.update(time_range=time_range, hours_of=hours)
