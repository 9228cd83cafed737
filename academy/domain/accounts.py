"""Accounts: addresses, tickets, passwords, signed-in browsers."""

import hashlib
import secrets
import unicodedata
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.exc import IntegrityError

from academy.domain import audit, outbox
from academy.domain.errors import Refused
from academy.domain.rows import insert_once
from academy.extensions import db
from academy.models import OrganisationKind, Person, Purpose, Role, SignIn, SignInHead, Ticket

TICKET_LIFETIME = timedelta(minutes=30)
SIGN_IN_LIFETIME = timedelta(days=30)
PASSWORD_LENGTH = 12
# OWASP's parameters: 19 MiB, 2 passes, 1 lane. A hash costs about 30 ms: never inside a transaction.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NOBODY = _hasher.hash(secrets.token_urlsafe(16))  # checked when the address is unknown: the same time
_WEAK = ("motdepasse", "password", "azerty", "qwerty", "oneprovence", "marseille", "provence", "123456")


def clean_email(text: str) -> str:
    """One spelling per address: trimmed, NFC, lower case."""
    return unicodedata.normalize("NFC", text).strip().lower()


def clean_name(text: str) -> str:
    """A name without control, invisible or direction characters, with single spaces."""
    kept = (c if not c.isspace() else " " for c in text if unicodedata.category(c) not in {"Cf", "Cc"} or c.isspace())
    return " ".join(unicodedata.normalize("NFC", "".join(kept)).split())


def by_email(email: str) -> Person | None:
    return db.session.scalar(select(Person).where(Person.email == clean_email(email)))


def ask_sign_in(email: str, *, language: str, now: datetime, then: str = "") -> None:
    """Promise a sign-in link; whether the address is known shows only in the mailbox.

    *then* is the path of ours to go on to after the click.
    """
    outbox.promise("account.link_asked", now=now, email=clean_email(email), language=language, then=then)
    audit.record("account.ask_link", by=None, now=now)


def issue_ticket(
    purpose: Purpose, email: str, *, now: datetime, lifetime: timedelta = TICKET_LIFETIME, **payload: object
) -> str:
    """Keep the hash of a new single-use token and return the token (256 bits)."""
    token = secrets.token_urlsafe(32)
    db.session.add(
        Ticket(
            token_hash=digest(token),
            purpose=purpose,
            email=clean_email(email),
            payload=payload,
            created_at=now,
            expires_at=now + lifetime,
        )
    )
    return token


def ticket_for(token: str) -> Ticket | None:
    """The ticket of a link, used or not, expired or not."""
    return db.session.scalar(select(Ticket).where(Ticket.token_hash == digest(token)))


def use_ticket(ticket: Ticket, *, now: datetime) -> None:
    """Spend the ticket; of many parallel uses one succeeds, the others are refused."""
    spent = db.session.scalar(
        update(Ticket)
        .where(Ticket.id == ticket.id, Ticket.used_at.is_(None), Ticket.expires_at > now)
        .values(used_at=now)
        .returning(Ticket.id)
        .execution_options(synchronize_session=False)
    )
    if spent is None:
        raise Refused("link_used" if ticket.used_at else "link_expired" if ticket.expires_at <= now else "link_used")


def person_of(ticket: Ticket, *, now: datetime) -> Person:
    """The account of a ticket's address, made on the first click: the click verifies the address."""
    person = by_email(ticket.email) or _first_visit(ticket, now=now)
    if person.is_disabled:
        raise Refused("account_disabled")
    kind = ticket.payload.get("kind")
    state_organisation(person, str(ticket.payload.get("organisation", "")), OrganisationKind(kind) if kind else None)
    return person


def state_organisation(person: Person, name: str, kind: OrganisationKind | None) -> None:
    """Write down the organisation of a person of whom we know none yet; what they said before stays."""
    person.organisation = person.organisation or clean_name(name)[:160]
    person.organisation_kind = person.organisation_kind or kind


def known_organisations() -> list[str]:
    """Names of organisations to choose from: those that two people gave, so that nobody's own words are shown to all."""
    name = Person.organisation
    wanted = select(name).where(name != "", Person.is_disabled.is_(False)).group_by(name).having(func.count() > 1)
    return list(db.session.scalars(wanted.order_by(func.count().desc(), name).limit(100)))


def set_member(person: Person, is_member: bool, *, by: Person | None, now: datetime) -> None:
    """Make somebody a member, who may enrol in the sessions for members, or end that."""
    if person.is_member != is_member:
        person.is_member = is_member
        audit.record("account.make_member" if is_member else "account.end_membership", person, by=by, now=now)


def _first_visit(ticket: Ticket, *, now: datetime) -> Person:
    """Make the account; two links of one address may be clicked at the same instant."""
    name = clean_name(str(ticket.payload.get("name", ""))) or ticket.email.partition("@")[0]
    language = str(ticket.payload.get("language", "fr"))
    try:
        with db.session.begin_nested():
            return add_person(ticket.email, name[:120], language=language, by=None, now=now)
    except IntegrityError:
        return db.session.scalars(select(Person).where(Person.email == ticket.email)).one()


def add_person(
    email: str, name: str, *, role: Role = Role.STAKEHOLDER, language: str = "fr", by: Person | None, now: datetime
) -> Person:
    """Make an account."""
    name = clean_name(name)[:120]  # composed, it may have become longer than what was typed
    person = Person(email=clean_email(email), name=name, role=role, language=language, created_at=now)
    db.session.add(person)
    audit.record("account.create", person, by=by, now=now, role=role)
    return person


def sign_in(person: Person, *, now: datetime) -> str:
    """Open a signed-in browser; return the token for its cookie."""
    if person.is_disabled:
        raise Refused("account_disabled")
    token = secrets.token_urlsafe(32)
    db.session.add(
        SignIn(token_hash=digest(token), person_id=person.id, created_at=now, expires_at=now + SIGN_IN_LIFETIME)
    )
    audit.record("account.sign_in", person, by=person, now=now)
    return token


# Asked for every browser of a signed-in person: built once, and of the columns that policies ask for.
_SIGNED_IN = (
    select(Person.id, Person.role, SignIn.expires_at)
    .join(SignIn, SignIn.person_id == Person.id)
    .where(
        SignIn.token_hash == bindparam("token_hash"),
        SignIn.expires_at > bindparam("now"),
        Person.is_disabled.is_(False),
    )
)


def signed_in(token: str, *, now: datetime) -> tuple[int, Role, datetime] | None:
    """Id and role of whose browser this is, and until when: while the row lives and the account is not disabled."""
    with db.engine.connect() as connection:  # most pages then need no session of the ORM at all
        row = connection.execute(_SIGNED_IN, {"token_hash": digest(token), "now": now}).first()
    return (row.id, row.role, row.expires_at) if row else None


def sign_out(token: str, *, by: Person | None, now: datetime) -> None:
    """Close this browser; the cookie is worth nothing from now on."""
    db.session.execute(delete(SignIn).where(SignIn.token_hash == digest(token)))
    _end_sign_ins()
    audit.record("account.sign_out", by, by=by, now=now)


def sign_out_everywhere(person: Person, *, by: Person | None, now: datetime) -> None:
    """Close every browser of this person."""
    db.session.execute(delete(SignIn).where(SignIn.person_id == person.id))
    _end_sign_ins()
    audit.record("account.sign_out_everywhere", person, by=by, now=now)


def close(person: Person, *, by: Person | None, now: datetime) -> None:
    """Disable the account: its browsers are signed out, no link and no password opens it; its history stays."""
    if person.is_disabled:
        return
    person.is_disabled = True
    audit.record("account.close", person, by=by, now=now)
    sign_out_everywhere(person, by=by, now=now)


def reopen(person: Person, *, by: Person | None, now: datetime) -> None:
    """Let the person of a closed account sign in again."""
    if person.is_disabled:
        person.is_disabled = False
        audit.record("account.reopen", person, by=by, now=now)


def _end_sign_ins() -> None:
    """Make every process forget the sign-ins that it remembers: one of them has ended."""
    rise = (
        update(SignInHead)
        .where(SignInHead.id == 1)
        .values(seq=SignInHead.seq + 1)
        .returning(SignInHead.seq)
        .execution_options(synchronize_session=False)
    )
    if db.session.scalar(rise) is None and not insert_once(SignInHead(id=1, seq=1)):
        db.session.execute(rise)


def password_matches(person: Person | None, password: str) -> bool:
    """Check a password in the same time for known and unknown addresses (call outside a transaction)."""
    known = person.password_hash if person is not None else None
    try:
        return _hasher.verify(known or _NOBODY, password) and known is not None
    except VerificationError:
        return False


def hash_password(password: str, *, person: Person) -> str:
    """Refuse a weak password, hash a good one (call outside a transaction)."""
    if len(password) < PASSWORD_LENGTH:
        raise Refused("password_short", least=PASSWORD_LENGTH)
    folded = password.lower().replace(" ", "")
    context = (*_WEAK, person.email.partition("@")[0], *person.name.lower().split())
    rest = folded
    for word in context:
        rest = rest.replace(word, "") if len(word) > 3 else rest
    if len(set(folded)) < 5 or len(rest) < 5:
        raise Refused("password_common")
    return _hasher.hash(password)


def set_password(person: Person, password_hash: str, *, now: datetime) -> None:
    """Keep a hash made by `hash_password`, close every browser, tell the person by mail."""
    person.password_hash = password_hash
    audit.record("account.set_password", person, by=person, now=now)
    sign_out_everywhere(person, by=person, now=now)
    outbox.promise("account.password_set", now=now, person=person.id)


def change_details(
    person: Person,
    *,
    name: str,
    language: str,
    organisation: str = "",
    kind: OrganisationKind | None = None,
    now: datetime,
) -> None:
    """Change what a person may change about themselves: never the role, the membership or the address."""
    name = clean_name(name)
    if not name:
        raise Refused("name_missing")
    person.name, person.language = name[:120], language
    person.organisation, person.organisation_kind = clean_name(organisation)[:160], kind
    audit.record("account.change_details", person, by=person, now=now)


def digest(token: str) -> str:
    """SHA-256 of a random token: enough for 256 random bits, and quick."""
    return hashlib.sha256(token.encode()).hexdigest()
