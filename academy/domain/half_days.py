"""Half-days of a session: the units of presence, from its start and end on the clocks of Paris. Pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from academy.domain.typed_values import PARIS
from academy.models import Half

NOON = time(13)  # where a day is cut: a lunch break lies before it
NIGHT_ENDS = time(6)  # an evening that ends before still belongs to its first day
FIRST, LAST = time(9), time(18)  # of the days of a session whose own hours do not say
EARLY = timedelta(hours=1)  # before a half-day, when people begin to arrive


@dataclass(frozen=True, slots=True)
class HalfDay:
    """One morning or afternoon of a session; `day` is that of Paris, the instants are UTC."""

    day: date
    half: Half
    starts_at: datetime
    ends_at: datetime

    @property
    def minutes(self) -> int:
        """Elapsed time, as no clock that is put forward or back changes it."""
        return round((self.ends_at - self.starts_at).total_seconds() / 60)

    @property
    def key(self) -> str:
        """Its name in forms: 2027-02-04.morning."""
        return f"{self.day}.{self.half}"


def half_days(starts_at: datetime | None, ends_at: datetime | None) -> list[HalfDay]:
    """The half-days between two instants, in order; none of a session without a date or an end.

    The hours of each day of several are those of the first start and the last end. When these do not make a day
    (it starts at 14:00 and ends at 12:00 on another day), days end at 18:00 and begin at 9:00.
    """
    if starts_at is None or ends_at is None or ends_at <= starts_at:
        return []
    start, end = starts_at.astimezone(PARIS), ends_at.astimezone(PARIS)
    last = end.date()
    if start.date() < last and end.time() <= NIGHT_ENDS:
        last -= timedelta(days=1)
    found: list[HalfDay] = []
    for offset in range((last - start.date()).days + 1):
        day = start.date() + timedelta(days=offset)
        begins = starts_at if day == start.date() else _at(day, _begin(start, end))
        finishes = ends_at if day == last else _at(day, _finish(start, end))
        noon = _at(day, NOON)
        found += _part(day, Half.MORNING, begins, min(finishes, noon))
        found += _part(day, Half.AFTERNOON, max(begins, noon), finishes)
    return found


def current(found: list[HalfDay], *, now: datetime) -> HalfDay | None:
    """The half-day that runs, else the one that begins within the hour."""
    runs = (it for it in found if it.starts_at <= now < it.ends_at)
    comes = (it for it in found if it.starts_at - EARLY <= now < it.starts_at)
    return next(runs, None) or next(comes, None)


def named(found: list[HalfDay], key: str) -> HalfDay | None:
    """The half-day of that key."""
    return next((it for it in found if it.key == key), None)


def end_of(day: date) -> datetime:
    """The midnight that ends a day of Paris."""
    return _at(day + timedelta(days=1), time(0))


def _begin(start: datetime, end: datetime) -> time:
    if start.time() < end.time():
        return start.time()
    return FIRST if end.time() > FIRST else time(0)


def _finish(start: datetime, end: datetime) -> time:
    if start.time() < end.time():
        return end.time()
    return LAST if start.time() < LAST else time(23, 59)


def _part(day: date, half: Half, begins: datetime, ends: datetime) -> list[HalfDay]:
    return [HalfDay(day, half, begins.astimezone(UTC), ends.astimezone(UTC))] if begins < ends else []


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, PARIS).astimezone(UTC)
