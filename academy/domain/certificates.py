"""Certificates of a session: who gets one and why not, issue, revoke, verify, forget."""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Select, select, update
from sqlalchemy.orm import joinedload

from academy.domain import attendance, audit, outbox, seating, sheets, stated
from academy.domain.accounts import clean_name
from academy.domain.attended import Attended, Evidence, attended, evidence_of
from academy.domain.errors import Refused
from academy.domain.forgetting import delete_due
from academy.domain.stated import Issuer
from academy.extensions import db
from academy.models import Certificate, CertificateKind, CycleSession, Person

KEPT = timedelta(days=3 * 365)  # after they were issued
LENGTH = 28  # characters of a code, 5 random bits each
RESULT_LENGTH, REASON_LENGTH = 200, 500
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # of Crockford's base 32: nothing that is read as something else
_MISREAD = str.maketrans({"o": "0", "i": "1", "l": "1"})
_CODE = re.compile(rf"[{_ALPHABET}]{{{LENGTH}}}")


@dataclass(frozen=True, slots=True)
class Line:
    """A person of the session: what they attended, what they hold, what they would get."""

    it: Attended
    held: Mapping[CertificateKind, Certificate]
    missing: Sequence[CertificateKind]
    revoked: Sequence[Certificate] = field(default_factory=list)

    @property
    def is_outdated(self) -> bool:
        """Whether a certificate that they hold states other hours than are counted now."""
        return any(row.stated["minutes"] != self.it.minutes for row in self.held.values())


def kinds(issuer: Issuer) -> tuple[CertificateKind, ...]:
    """The papers that everybody gets who attended."""
    if issuer.is_training:
        return (CertificateKind.COMPLETION, CertificateKind.REALISATION)
    return (CertificateKind.ATTENDANCE,)


def why_not(session: CycleSession, issuer: Issuer, evidence: Evidence, *, now: datetime) -> str:
    """The code of the refusal that issuing would meet now; "" when it may go on."""
    found = attendance.of_session(session)
    if not found:
        return "certificates_no_date"
    if found[-1].ends_at > now:
        return "certificates_too_early"
    if any(True for _fault in sheets.faults(session.id)):
        return "certificates_broken_chain"
    if issuer.is_training and evidence == Evidence.MARKED:
        return "certificates_unsigned"
    return ""


def lines(session: CycleSession, issuer: Issuer, evidence: Evidence) -> list[Line]:
    """Everybody with a place or a presence, by name; the number of queries does not depend on how many they are."""
    held: dict[int, dict[CertificateKind, Certificate]] = {}
    revoked: dict[int, list[Certificate]] = {}
    for row in of_session(session.id):
        if row.revoked_at is None:
            held.setdefault(row.person_id, {})[row.kind] = row
        else:
            revoked.setdefault(row.person_id, []).append(row)
    made = []
    for it in attended(session, evidence):
        mine = held.get(it.person.id, {})
        missing = [kind for kind in kinds(issuer) if kind not in mine] if it.minutes else []
        made.append(Line(it, mine, missing, revoked.get(it.person.id, [])))
    return made


def issue(
    session: CycleSession, issuer: Issuer, *, results: Mapping[int, str], by: Person, now: datetime
) -> list[Certificate]:
    """Give everybody who attended the papers that they do not hold yet, and promise each person one mail.

    Again, it gives only what is missing. *results* are those of an assessment by person, where there was one.
    """
    seating.lock(session)
    evidence = evidence_of(session.id)
    if code := why_not(session, issuer, evidence, now=now):
        raise Refused(code)
    common = stated.of_session(session, evidence, attendance.of_session(session), issuer)
    issued: list[Certificate] = []
    for line in lines(session, issuer, evidence):
        result = clean_name(results.get(line.it.person.id, ""))[:RESULT_LENGTH]
        issued += _give(session, line, stated.of_person(common, line.it, result), by=by, now=now)
    return issued


def _give(session: CycleSession, line: Line, words: dict, *, by: Person, now: datetime) -> list[Certificate]:
    person = line.it.person
    made = [
        Certificate(
            session_id=session.id,
            person_id=person.id,
            kind=kind,
            code=new_code(),
            stated=words,
            issued_at=now,
            issued_by_id=by.id,
        )
        for kind in line.missing
    ]
    db.session.add_all(made)
    db.session.flush()  # their numbers follow from their ids
    for row in made:
        audit.record("certificate.issue", row, by=by, now=now, session=session.id, person=person.id, number=row.number)
    if made:
        ids = [row.id for row in made]
        outbox.promise("certificate.issued", now=now, person=person.id, session=session.id, certificates=ids)
    return made


def revoke(certificate: Certificate, reason: str, *, by: Person, now: datetime) -> None:
    """Take a certificate back, and say why; the row stays. Twice is harmless: the first reason stands."""
    reason = clean_name(reason)[:REASON_LENGTH]
    if not reason:
        raise Refused("revocation_reason")
    done = db.session.scalar(
        update(Certificate)
        .where(Certificate.id == certificate.id, Certificate.revoked_at.is_(None))
        .values(revoked_at=now, reason=reason)
        .returning(Certificate.id)
        .execution_options(synchronize_session=False)
    )
    if done is not None:
        told = {"session": certificate.session_id, "person": certificate.person_id, "number": certificate.number}
        audit.record("certificate.revoke", certificate, by=by, now=now, reason=reason, **told)


def new_code() -> str:
    """140 random bits."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(LENGTH))


def normal(typed: str) -> str:
    """A code as it was issued, whatever was read for it: capitals, blanks, dashes, o for 0; "" for what is none."""
    read = "".join(c for c in typed.lower() if c not in "- \t\u00a0\u202f").translate(_MISREAD)
    return read if _CODE.fullmatch(read) else ""


def by_code(code: str) -> Certificate | None:
    """The certificate of a code, valid or revoked."""
    known = normal(code)
    return db.session.scalar(select(Certificate).where(Certificate.code == known)) if known else None


def of_session(session_id: int) -> list[Certificate]:
    """All of a session, in the order of their numbers."""
    return list(
        db.session.scalars(select(Certificate).where(Certificate.session_id == session_id).order_by(Certificate.id))
    )


def of_person(person_id: int) -> list[Certificate]:
    """All of a person, the latest first."""
    wanted = select(Certificate).where(Certificate.person_id == person_id).order_by(Certificate.id.desc())
    return list(db.session.scalars(wanted))


def by_id(certificate_id: int) -> Certificate | None:
    """One, with its person."""
    wanted = select(Certificate).where(Certificate.id == certificate_id).options(joinedload(Certificate.person))
    return db.session.scalar(wanted)


def old(now: datetime) -> Select[int]:
    """The certificates that were kept for long enough."""
    return select(Certificate.id).where(Certificate.issued_at < now - KEPT)


def purge(*, now: datetime) -> int:
    """Forget the certificates issued more than three years ago; return how many."""
    return delete_due(Certificate, old(now), "certificate.purge", now=now)
