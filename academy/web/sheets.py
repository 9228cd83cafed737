"""The attendance sheet of a session as the page and the paper show it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import groupby

from academy.domain import attendance, sheets
from academy.domain.half_days import HalfDay
from academy.formats.pdf.sheet import BLANK_ROWS, Day, Row, Sheet, Signed
from academy.models import CycleSession, Half, Signature, Signer
from academy.web.clock import PARIS
from academy.web.filters import hours, long_date
from academy.web.locale import gettext as _, language, ngettext
from academy.web.session_cards import SessionCard

_NO_CHANGE = datetime(2024, 1, 25, tzinfo=UTC)  # of a session that nobody dated
Signatures = dict[tuple[int, str, str], Signature]


def half_words(half_day: HalfDay) -> str:
    """matin, 9 h – 12 h"""
    half = _("matin") if half_day.half == Half.MORNING else _("après-midi")
    return f"{half}, {hours(half_day.starts_at, half_day.ends_at)}"


def by_cell(chain: Sequence[Signature]) -> Signatures:
    """Signatures by who, as whom and when."""
    return {(row.person_id, str(row.signer), f"{row.day}.{row.half}"): row for row in chain}


def paper(session: CycleSession, card: SessionCard, *, is_blank: bool) -> Sheet:
    """The sheet with every name; blank, or with what was signed so far."""
    chain = [] if is_blank else sheets.signatures(session.id)
    head = sheets.head_of(session.id)
    names = _names(session, chain)
    teachers = _trainers(session, chain)
    blank = [(0, "")] * BLANK_ROWS if is_blank else []
    return Sheet(
        title=_("Feuille d’émargement : %(title)s", title=card.title),
        organiser=_("Académie One Provence"),
        language=language(),
        facts=_facts(session, card),
        days=_days(attendance.of_session(session), by_cell(chain), names + blank, teachers + (blank[:1] or [])),
        foot=_foot(head.count, head.digest)
        if head and not is_blank
        else _("À signer à la main, une case par demi-journée."),
        words={
            "number": _("N°"),
            "name": _("Nom"),
            "organisation": _("Structure"),
            "trainers": _("Signature de qui anime"),
        },
        at=chain[-1].signed_at if chain else session.changed_at or _NO_CHANGE,
    )


def _names(session: CycleSession, chain: Sequence[Signature]) -> list[tuple[int, str]]:
    """Who has a place, and who signed and gave it up since; in the order of the alphabet."""
    found = {row.person_id: row.name for row in chain if row.signer == Signer.PARTICIPANT}
    found |= {seat.person_id: seat.person.name for seat in attendance.seats(session.id)}
    return sorted(found.items(), key=lambda item: (item[1].casefold(), item[0]))


def _trainers(session: CycleSession, chain: Sequence[Signature]) -> list[tuple[int, str]]:
    """Who teaches by the programme, and who signed as that."""
    signed = {row.person_id: row.name for row in chain if row.signer == Signer.TRAINER}
    planned = [
        (speaker.person_id or 0, speaker.name) for speaker in session.speakers if speaker.person_id not in signed
    ]
    return [*planned, *signed.items()]


def _days(
    found: list[HalfDay], cells: Signatures, names: list[tuple[int, str]], teachers: list[tuple[int, str]]
) -> list[Day]:
    days: list[Day] = []
    for day, of_day in groupby(found, key=lambda it: it.day):
        halves = list(of_day)
        rows = (_rows(people, halves, cells, as_) for people, as_ in ((names, "participant"), (teachers, "trainer")))
        participants, trainers = rows
        days.append(
            Day(title=long_date(day), halves=[half_words(it) for it in halves], rows=participants, trainers=trainers)
        )
    return days


def _rows(people: list[tuple[int, str]], halves: list[HalfDay], cells: Signatures, signer: str) -> list[Row]:
    return [
        Row(name=name, cells=[_signed(cells.get((number, signer, it.key))) for it in halves]) for number, name in people
    ]


def _signed(row: Signature | None) -> Signed | None:
    if row is None:
        return None
    return Signed(typed=row.typed, drawing=row.drawing, at=f"{row.signed_at.astimezone(PARIS):%Y-%m-%d %H:%M:%S %z}")


def _facts(session: CycleSession, card: SessionCard) -> list[tuple[str, str]]:
    place = ", ".join(filter(None, (card.venue_name, card.venue_city)))
    facts = (
        (_("Organisée par"), _("Académie One Provence")),
        (_("Cycle"), str(card.cycle_title or card.cycle_slug)),
        (_("Lieu"), place if card.mode != "online" else _("En ligne")),
        (_("Heures"), "Europe/Paris"),
    )
    return [(label, value) for label, value in facts if value]


def _foot(count: int, digest: str) -> str:
    """How many signatures the chain has, and its last digest: on paper, it witnesses them all."""
    return (
        ngettext("%(num)s signature", "%(num)s signatures", count)
        + " · "
        + _("empreinte de la chaîne (SHA-256) : %(digest)s", digest=digest)
    )
