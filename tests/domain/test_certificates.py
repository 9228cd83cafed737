"""Certificates: hours from evidence, words that are frozen, codes that nobody guesses, none twice."""

from datetime import timedelta

import pytest
from sqlalchemy import Select, func, select, update

from academy import jobs
from academy.domain import attendance, attended, certificates, enrolment, sheets, stated
from academy.domain.attended import Evidence
from academy.domain.errors import Refused
from academy.domain.stated import Issuer
from academy.extensions import db as database, transaction
from academy.models import (
    Attendance,
    AuditEntry,
    Certificate,
    CertificateKind,
    CycleSession,
    DoorLink,
    OutboxMessage,
    Person,
    Role,
    RollTap,
    RoomCode,
    SheetHead,
    SheetScan,
    Signature,
    Signer,
    Way,
)
from academy.web import clock
from tests.factories import a_person, a_session, a_venue, at

pytestmark = pytest.mark.usefixtures("db")
ACADEMY = Issuer(name="")
TRAINING = Issuer(
    name="Quai 9", is_training=True, address="1 quai", number="93 13", signatory="Ada, directrice", place="Marseille"
)
AFTER = at(2026, 11, 10)  # the two days of a_past_session are over


def a_past_session(**values) -> int:
    """Two days of two half-days, 7 hours each."""
    session = a_session(title="Lire la rade", **values)
    with transaction() as it:
        row = it.get_one(CycleSession, session)
        row.starts_at, row.ends_at = at(2026, 11, 4, 8), at(2026, 11, 5, 16)  # 9:00 to 17:00 in Paris
    return session


def a_guest(session: int, name: str, *, halves: int = 4, signs: int = 0, organisation: str = "") -> int:
    """Somebody with a place, marked in the first half-days, of which they signed the first ones."""
    person = a_person(name, organisation=organisation)
    with transaction() as it:
        row = it.get_one(CycleSession, session)
        who = it.get_one(Person, person)
        enrolment.enrol(who, row, now=at(2026, 11, 3))
        for number, half in enumerate(attendance.of_session(row)[:halves]):
            place = {"session_id": session, "person_id": person, "day": half.day, "half": half.half}
            it.add(Attendance(**place, way=Way.TEAM, marked_at=half.starts_at))
            it.flush()
            if number < signs:
                sheets.sign(who, row, half, Signer.PARTICIPANT, typed=name, now=half.ends_at)
    return person


@pytest.fixture
def boss() -> int:
    return a_person("Olga", role=Role.ORGANISER)


def issue(session: int, boss: int, issuer: Issuer = ACADEMY, *, now=AFTER, results=None) -> list[int]:
    with transaction() as it:
        row, by = it.get_one(CycleSession, session), it.get_one(Person, boss)
        return [made.id for made in certificates.issue(row, issuer, results=results or {}, by=by, now=now)]


def refusal(session: int, boss: int, issuer: Issuer = ACADEMY, *, now=AFTER) -> str:
    with pytest.raises(Refused) as refused:
        issue(session, boss, issuer, now=now)
    return refused.value.code


def rows(session: int) -> list[Certificate]:
    database.session.expire_all()
    return certificates.of_session(session)


def test_hours_are_those_of_the_half_days_attended(boss):
    session = a_past_session()
    a_guest(session, "Ana", halves=4)
    a_guest(session, "Bob", halves=1)
    a_guest(session, "Cléo", halves=0)
    issue(session, boss)
    told = {row.stated["name"]: (row.stated["minutes"], len(row.stated["half_days"])) for row in rows(session)}
    assert told == {"Ana": (16 * 60, 4), "Bob": (4 * 60, 1)}
    assert {row.stated["evidence"] for row in rows(session)} == {"marked"}


def test_once_somebody_signed_only_signed_half_days_count(boss):
    session = a_past_session()
    a_guest(session, "Ana", halves=4, signs=2)
    a_guest(session, "Bob", halves=4)
    issue(session, boss)
    assert [(row.stated["name"], row.stated["minutes"], row.stated["evidence"]) for row in rows(session)] == [
        ("Ana", 8 * 60, "signed")
    ]
    lines = certificates.lines(database.session.get_one(CycleSession, session), ACADEMY, attended.evidence_of(session))
    assert [(it.it.person.name, it.it.minutes, it.it.is_marked, list(it.missing)) for it in lines] == [
        ("Ana", 8 * 60, True, []),
        ("Bob", 0, True, []),
    ]


def test_the_signature_of_a_trainer_alone_says_nothing_of_the_participants(boss):
    session = a_past_session()
    a_guest(session, "Ana", halves=1)
    with transaction() as it:
        row = it.get_one(CycleSession, session)
        half = attendance.of_session(row)[0]
        sheets.sign(it.get_one(Person, boss), row, half, Signer.TRAINER, typed="Olga", now=half.ends_at)
    assert attended.evidence_of(session) == Evidence.MARKED
    assert len(issue(session, boss)) == 1


def test_issuing_again_gives_only_what_is_missing(boss):
    session = a_past_session()
    a_guest(session, "Ana")
    first = issue(session, boss)
    assert issue(session, boss) == []
    a_guest(session, "Bob")
    second = issue(session, boss)
    assert [row.id for row in rows(session)] == [*first, *second]
    promised = select(OutboxMessage.payload).where(OutboxMessage.topic == "certificate.issued")
    assert [it["certificates"] for it in database.session.scalars(promised.order_by(OutboxMessage.id))] == [
        first,
        second,
    ]
    audited = select(func.count()).where(AuditEntry.action == "certificate.issue")
    assert database.session.scalar(audited) == 2


def test_what_is_stated_is_frozen(boss):
    session = a_past_session(venue_id=a_venue("cisam", name="Cisam", city="Marseille"))
    ana = a_guest(session, "Ana", organisation="Port & Cie")
    issue(session, boss)
    before = dict(rows(session)[0].stated)
    with transaction() as it:
        row = it.get_one(CycleSession, session)
        row.starts_at, row.ends_at, row.venue_id = at(2026, 11, 8, 8), at(2026, 11, 8, 9), None
        row.document.editions[0].title = "Autre"
        person = it.get_one(Person, ana)
        person.name, person.organisation = "Anna", "Ailleurs"
    assert rows(session)[0].stated == before
    assert (before["name"], before["organisation"], before["titles"], before["place"]) == (
        "Ana",
        "Port & Cie",
        {"fr": "Lire la rade"},
        "Cisam, Marseille",
    )
    assert (before["from"], before["to"], before["planned"]) == ("2026-11-04", "2026-11-05", 16 * 60)


def test_hours_that_changed_since_are_said(boss):
    session = a_past_session()
    ana = a_guest(session, "Ana", halves=2)
    issue(session, boss)
    with transaction() as it:
        row = it.get_one(CycleSession, session)
        half = attendance.of_session(row)[2]
        it.add(
            Attendance(session_id=session, person_id=ana, day=half.day, half=half.half, way=Way.TEAM, marked_at=AFTER)
        )
    (line,) = certificates.lines(
        database.session.get_one(CycleSession, session), ACADEMY, attended.evidence_of(session)
    )
    assert (line.is_outdated, list(line.missing)) == (True, [])


def test_revoking_keeps_the_row_and_another_gets_another_number(boss):
    session = a_past_session()
    a_guest(session, "Ana")
    (first,) = issue(session, boss)
    with transaction() as it:
        row, by = it.get_one(Certificate, first), it.get_one(Person, boss)
        certificates.revoke(row, "  Autre \u202e nom ", by=by, now=AFTER)
    with transaction() as it:  # twice: the first reason stands
        certificates.revoke(it.get_one(Certificate, first), "Encore", by=it.get_one(Person, boss), now=AFTER)
    (second,) = issue(session, boss)
    old, new = rows(session)
    assert (old.id, old.reason, old.revoked_at) == (first, "Autre nom", AFTER)
    assert (new.id, new.revoked_at) == (second, None)
    assert old.number != new.number
    assert old.code != new.code
    audited = select(AuditEntry.detail).where(AuditEntry.action == "certificate.revoke")
    assert [it["reason"] for it in database.session.scalars(audited)] == ["Autre nom"]


def test_revoking_asks_for_a_reason(boss):
    session = a_past_session()
    a_guest(session, "Ana")
    (first,) = issue(session, boss)
    with pytest.raises(Refused) as refused, transaction() as it:
        certificates.revoke(it.get_one(Certificate, first), " \u200b ", by=it.get_one(Person, boss), now=AFTER)
    assert refused.value.code == "revocation_reason"


def test_nothing_is_issued_before_the_end_nor_of_a_session_that_was_none(boss):
    session = a_past_session()
    a_guest(session, "Ana")
    assert refusal(session, boss, now=at(2026, 11, 5, 15, 59)) == "certificates_too_early"
    with transaction() as it:
        it.get_one(CycleSession, session).ends_at = None
    assert refusal(session, boss) == "certificates_no_date"


def test_a_broken_chain_gives_no_hours(boss):
    session = a_past_session()
    a_guest(session, "Ana", signs=2)
    with transaction() as it:
        it.execute(update(Signature).values(typed="Forged"))
    assert refusal(session, boss) == "certificates_broken_chain"


def test_training_evidence_gives_two_papers_and_wants_signatures(boss):
    session = a_past_session()
    ana = a_guest(session, "Ana")
    assert refusal(session, boss, TRAINING) == "certificates_unsigned"
    with transaction() as it:
        scan = {"media_type": "application/pdf", "digest": "0" * 64, "size": 9}
        it.add(SheetScan(session_id=session, **scan, added_at=AFTER, added_by_id=boss))
    issue(session, boss, TRAINING, results={ana: "Acquis", 999: "Nobody"})
    found = rows(session)
    assert [row.kind for row in found] == [CertificateKind.COMPLETION, CertificateKind.REALISATION]
    for row in found:
        assert (row.stated["evidence"], row.stated["nature"], row.stated["result"]) == ("paper", "training", "Acquis")
        assert row.stated["issuer"] == {
            "name": "Quai 9",
            "address": "1 quai",
            "number": "93 13",
            "signatory": "Ada, directrice",
            "place": "Marseille",
        }
    promised = select(func.count()).where(OutboxMessage.topic == "certificate.issued")
    assert database.session.scalar(promised) == 1  # one mail for both


def test_codes_are_long_random_and_read_as_people_type_them(boss):
    session = a_past_session()
    a_guest(session, "Ana")
    issue(session, boss)
    row = rows(session)[0]
    codes = {certificates.new_code() for _ in range(200)}
    assert len(codes) == 200
    assert 32**certificates.LENGTH >= 2**128
    shouted = " - ".join(row.code[at : at + 4].upper() for at in range(0, 28, 4))
    assert certificates.by_code(shouted.replace("0", "O").replace("1", "l")) is row
    for wrong in ("", row.code[:-1], f"{row.code}0", f"{row.code[:-1]}é", "u" * 28, "\0" * 28, "%" * 28):
        assert certificates.by_code(wrong) is None


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Camille Exemple", "C. E."),
        ("Jean-Luc de la Tour du Pin", "J. L. D. L."),
        ("élodie", "É."),
        ("<b>x</b> Gras", "G."),
        ("123 🙂", "–"),
        ("", "–"),
    ],
)
def test_initials(name: str, letters: str):
    assert stated.initials(name) == letters


def _due(old: Select[int]) -> list[int]:
    return list(database.session.scalars(old))


def test_certificates_are_forgotten_after_three_years(boss):
    session = a_past_session()
    a_guest(session, "Ana")
    issue(session, boss)
    end = AFTER + certificates.KEPT
    assert not _due(certificates.old(end))
    with transaction():
        assert certificates.purge(now=end) == 0
    assert _due(certificates.old(end + timedelta(seconds=1)))
    with transaction():
        assert certificates.purge(now=end + timedelta(seconds=1)) == 1
    assert rows(session) == []


def test_evidence_is_forgotten_after_six_years_a_session_at_a_time_and_whole(boss):
    old, kept = a_past_session(), a_past_session()
    for session in (old, kept):
        a_guest(session, "Ana", signs=2)
        with transaction() as it:
            it.add(RoomCode(session_id=session, secret="0" * 64, made_at=AFTER))
            it.add(RollTap(session_id=session, nonce="0" * 20, at=AFTER))
            link = {
                "token_hash": f"{session}",
                "name": "Ana",
                "day": AFTER.date(),
                "made_by_id": boss,
                "made_at": AFTER,
            }
            it.add(DoorLink(session_id=session, **link, expires_at=AFTER))
    end = AFTER + attendance.KEPT
    with transaction() as it:
        scan = {"media_type": "image/png", "digest": "0" * 64, "size": 9, "added_by_id": boss}
        it.add(SheetScan(session_id=kept, **scan, added_at=AFTER + timedelta(days=9)))
    assert not _due(attendance.old(end))
    later = end + timedelta(days=1)
    assert _due(attendance.old(later))
    with transaction():
        assert attendance.purge(now=later) == 1
    for table in (Attendance, Signature, SheetHead, RoomCode, RollTap, DoorLink):
        assert set(database.session.scalars(select(table.session_id))) == {kept}
    assert list(sheets.faults()) == []


def test_the_worker_forgets(boss, monkeypatch):
    session = a_past_session()
    a_guest(session, "Ana")
    issue(session, boss)
    monkeypatch.setattr(clock, "now", lambda: AFTER + attendance.KEPT + timedelta(days=1))
    jobs.tidy()
    assert rows(session) == []
    assert database.session.scalar(select(func.count()).select_from(Attendance)) == 0
