"""Lists of people for a roll: what each line would do, told before anything is done; then enrol them by the one rule."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select

from academy.domain import accounts, enrolment, rolls
from academy.domain.errors import Refused
from academy.extensions import db
from academy.models import CycleSession, Enrolment, EnrolmentStatus, OrganisationKind, Person

ENROL, PRESENT, TWICE = "enrol", "present", "twice"
NAME_LENGTH, EMAIL_LENGTH, ORGANISATION_LENGTH = 120, 254, 160
_ASKED_AT_ONCE = 400  # addresses in one statement
_COLUMNS = {
    "name": "nom | name | nom complet | full name | nom et prenom | prenom et nom | participant | participante | personne | person",
    "first": "prenom | first name | given name",
    "email": "adresse electronique | adresse e-mail | adresse mail | adresse email | e-mail | email | mail | courriel | mel | e-mail address | email address",
    "organisation": "structure | organisation | organization | organisme | entreprise | employeur | societe | company | employer",
    "kind": "type de structure | la structure est | kind of organisation | the organisation is",
    "status": "statut | status",
}
_MEANINGS = {word: column for column, words in _COLUMNS.items() for word in words.split(" | ")}
_KINDS = {
    OrganisationKind.COMPANY: "une entreprise | entreprise | a company | company",
    OrganisationKind.PUBLIC_BODY: "un organisme public | organisme public | a public body | public body",
    OrganisationKind.ASSOCIATION: "une association | association | an association",
    OrganisationKind.EDUCATION: "un etablissement d'enseignement | enseignement | a school or university | education",
}
_KIND_MEANINGS = {word: kind for kind, words in _KINDS.items() for word in words.split(" | ")}
_GONE = frozenset(
    {"annulee", "cancelled", "demande refusee", "refusee", "refused", "a approuver", "to approve"}
)  # as our own lists say it
_SIGNS = ("=", "+", "-", "@")


@dataclass(frozen=True)
class Line:
    """A line of a list and what it would do: `enrol`, `present`, `twice`, or why it cannot be taken."""

    number: int  # in the file
    name: str
    email: str
    organisation: str
    kind: OrganisationKind | None
    code: str


def assess(session: CycleSession, rows: Sequence[tuple[int, Sequence[str]]], *, now: datetime) -> list[Line]:
    """What each row below the header would do; nothing is written.

    Raise Refused when the session takes nobody, or `list_columns` when the header names no address and no name.
    """
    enrolment.refuse_unless_accepting(session, now=now)
    lines, seen = [], set()
    for line in _lines(rows):
        lines.append(replace(line, code=TWICE) if line.code == ENROL and line.email in seen else line)
        seen.add(line.email)
    known = _known(session, [line.email for line in lines if line.code == ENROL])
    lines = [replace(line, code=known.get(line.email, ENROL)) if line.code == ENROL else line for line in lines]
    return _within_seats(session, lines)


def enrol_all(session: CycleSession, lines: Sequence[Line], *, by: Person | None, now: datetime) -> list[Line]:
    """Enrol the people of some lines, each by the rule of `rolls.enrol_for`; say of each what became of it."""
    enrolment.lock(session)
    done, known = [], _known(session, [line.email for line in lines])
    for line in lines:
        code = known.get(line.email, ENROL)
        if code != PRESENT:
            code = _enrol(session, line, by=by, now=now)
        done.append(replace(line, code=code))
    return done


def _enrol(session: CycleSession, line: Line, *, by: Person | None, now: datetime) -> str:
    said = {"name": line.name, "organisation": line.organisation, "kind": line.kind}
    try:
        with db.session.begin_nested():
            rolls.enrol_for(session, line.email, **said, by=by, now=now)
    except Refused as refusal:
        return refusal.code
    return ENROL


def plain_cell(text: str) -> str:
    """A cell as it was before `formats.csv.safe` put an apostrophe before its leading sign."""
    return text[1:] if text.startswith("'") and unicodedata.normalize("NFKC", text[1:2]).startswith(_SIGNS) else text


def _lines(rows: Sequence[tuple[int, Sequence[str]]]) -> Iterator[Line]:
    """The rows below the header, cleaned and checked each for itself."""
    columns = _columns(rows[0][1]) if rows else {}
    if not {"name", "email"} <= set(columns):
        raise Refused("list_columns")
    for number, cells in rows[1:]:
        said = {column: cells[at] if at < len(cells) else "" for column, at in columns.items()}
        bare = {column: plain_cell(text) for column, text in said.items()}
        name = accounts.clean_name(" ".join(filter(None, (bare.get("first"), bare["name"]))))
        email, organisation = accounts.clean_email(bare["email"]), accounts.clean_name(bare.get("organisation", ""))
        code = ENROL
        if _folded(bare.get("status", "")) in _GONE:
            code = "line_cancelled"
        elif any(_is_formula(text) for column, text in said.items() if column != "status"):
            code = "line_formula"
        elif not name:
            code = "name_missing"
        elif max(len(name) - NAME_LENGTH, len(organisation) - ORGANISATION_LENGTH) > 0:
            code = "line_long"
        elif not _is_address(email):
            code = "line_address"
        kind = _KIND_MEANINGS.get(_folded(bare.get("kind", "")))
        yield Line(number, name, email, organisation, kind, code)


def _columns(header: Sequence[str]) -> dict[str, int]:
    """Where each column is; the first of two with one meaning."""
    found: dict[str, int] = {}
    for at, label in enumerate(header):
        if column := _MEANINGS.get(_folded(label)):
            found.setdefault(column, at)
    return found


_PLAIN = {ord("*"): " ", 0x2011: "-", 0x2019: "'"}  # a star of a required field, a no-break hyphen, a curly apostrophe


def _folded(text: str) -> str:
    """Words without case, accents and double spaces."""
    bare = (c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return " ".join("".join(bare).translate(_PLAIN).split())


def _is_formula(text: str) -> bool:
    return unicodedata.normalize("NFKC", text[:1]).startswith(_SIGNS)


def _is_address(email: str) -> bool:
    if len(email) > EMAIL_LENGTH:
        return False
    try:
        validate_email(email, check_deliverability=False)
    except EmailNotValidError:
        return False
    return True


def _known(session: CycleSession, emails: Sequence[str]) -> dict[str, str]:
    """What keeps some addresses from being enrolled: they are, or their account is closed.

    Who only asked is enrolled by the team, which approves.
    """
    live = Enrolment.session_id == session.id
    live &= Enrolment.status.not_in((EnrolmentStatus.CANCELLED, EnrolmentStatus.REQUESTED))
    wanted = select(Person.email, Person.is_disabled, Enrolment.id).outerjoin(
        Enrolment, (Enrolment.person_id == Person.id) & live
    )
    found: dict[str, str] = {}
    for start in range(0, len(emails), _ASKED_AT_ONCE):
        some = emails[start : start + _ASKED_AT_ONCE]
        for email, is_disabled, held in db.session.execute(wanted.where(Person.email.in_(some))):
            if held is not None:
                found[email] = PRESENT
            elif is_disabled:
                found[email] = "account_disabled"
    return found


def _within_seats(session: CycleSession, lines: Sequence[Line]) -> list[Line]:
    """Without a waiting list, those for whom no seat is left are refused."""
    left = enrolment.seats([session])[session.id].left
    if left is None or session.has_waiting_list:
        return list(lines)
    wanted = [line for line in lines if line.code == ENROL]
    beyond = {line.number for line in wanted[left:]}
    return [replace(line, code="enrolment_full") if line.number in beyond else line for line in lines]
