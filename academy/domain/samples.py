"""Sample people and sessions, plainly marked, whose dates follow today: one session in each state worth seeing."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from sqlalchemy import select, update

from academy.domain import accounts, admission, audit, enrolment, postponing, preparing, publishing, speakers
from academy.domain.content import names as content_names
from academy.domain.contract import Names
from academy.domain.typed_values import PARIS
from academy.extensions import db
from academy.models import Cycle, CycleSession, Document, Kind, Person, Role, SessionState

ROLES = {
    Role.STAKEHOLDER: ("participante@example.org", "Participante (exemple)"),
    Role.TRAINER: ("formatrice@example.org", "Formatrice (exemple)"),
    Role.ORGANISER: ("organisatrice@example.org", "Organisatrice (exemple)"),
}
CROWD = [(f"exemple-{n:02}@exemple.invalid", f"Exemple {n:02}") for n in range(1, 25)]  # nobody is ever written to
THURSDAY = 3
TAUGHT_CYCLE = "ia-et-cybersecurite"  # its modules belong to the sample trainer


@dataclass(frozen=True, kw_only=True)
class Sample:
    """A session relative to today; `closes` is in days before it starts."""

    key: str
    cycle: str
    title: str
    days: int  # from today to the session
    capacity: int
    enrolled: int  # of the crowd
    states: frozenset[SessionState]  # in any other the dates are moved
    title_en: str = ""
    closes: int = 0
    mode: str = "onsite"
    has_stakeholder: bool = True
    offer_hours: int | None = None  # then one of the crowd gives a seat back, and it is offered
    is_postponed: bool = False


SAMPLES = (
    Sample(
        key="exemple-atelier-rade",
        cycle="economie-bleue",
        title="Exemple : lire la rade, du câble à l’éolienne",
        title_en="Example: reading the harbour, from cable to turbine",
        days=21,
        capacity=30,
        enrolled=11,
        states=frozenset({SessionState.OPEN}),
        has_stakeholder=False,
    ),
    Sample(
        key="exemple-premiers-reflexes",
        cycle=TAUGHT_CYCLE,
        title="Exemple : premiers réflexes face à une attaque",
        days=35,
        capacity=12,
        enrolled=14,
        states=frozenset({SessionState.WAITING_LIST}),
    ),
    Sample(
        key="exemple-escale-numerique",
        cycle="port",
        title="Exemple : une escale suivie de bout en bout",
        days=4,
        closes=2,
        capacity=25,
        enrolled=21,
        mode="online",
        states=frozenset({SessionState.CLOSING_SOON}),
    ),
    Sample(
        key="exemple-mesurer-ensemble",
        cycle="innovation-sociale",
        title="Exemple : mesurer ensemble ce qui change",
        days=-20,
        capacity=24,
        enrolled=17,
        mode="blended",
        states=frozenset({SessionState.ENDED}),
    ),
    Sample(
        key="exemple-place-proposee",
        cycle="innovation-sociale",
        title="Exemple : une place se libère et vous est proposée",
        days=42,
        capacity=9,
        enrolled=9,
        offer_hours=7 * 24,
        states=frozenset({SessionState.WAITING_LIST}),
    ),
    Sample(
        key="exemple-session-reportee",
        cycle="economie-bleue",
        title="Exemple : une visite reportée, les places sont gardées",
        days=28,
        capacity=20,
        enrolled=7,
        is_postponed=True,
        states=frozenset({SessionState.POSTPONED}),
    ),
)


def add_people(*, now: datetime) -> None:
    """Add the sample people that are missing, and give the trainer her cycle."""
    people = [(email, name, role) for role, (email, name) in ROLES.items()]
    people += [(email, name, Role.STAKEHOLDER) for email, name in CROWD]
    known = set(db.session.scalars(select(Person.email).where(Person.is_sample)))
    for email, name, role in people:
        if email not in known:
            person = accounts.by_email(email) or accounts.add_person(email, name, role=role, by=None, now=now)
            person.is_sample = True
    db.session.flush()
    _give_modules(the(Role.TRAINER), now=now)
    _give_name(the(Role.TRAINER), now=now)


def the(role: Role) -> Person:
    """The sample person of a role."""
    return db.session.scalars(select(Person).where(Person.email == ROLES[role][0], Person.is_sample)).one()


def _give_modules(trainer: Person, *, now: datetime) -> None:
    cycle = select(Cycle.id).where(Cycle.slug == TAUGHT_CYCLE).scalar_subquery()
    free = (Document.kind == Kind.MODULE, Document.cycle_id == cycle, Document.owner_id.is_(None))
    changed = update(Document).where(*free).values(owner_id=trainer.id).returning(Document.id)
    if given := db.session.scalars(changed).all():
        audit.record("samples.give_modules", trainer, by=None, now=now, count=len(given))


def _give_name(trainer: Person, *, now: datetime) -> None:
    """Let the trainer be the one whom the samples name, while that is an example too: she signs their sheets."""
    taught = min(speakers.every(), key=lambda one: one.slug, default=None)
    if taught is not None and taught.is_example and taught.person_id is None:
        speakers.link(trainer, taught.slug, by=None, now=now)


def stale(*, now: datetime) -> list[Sample]:
    """The samples that are missing, or no longer in the state that they show."""
    found = {document.key: session for session, document in _sessions()}
    seats = enrolment.seats(list(found.values())) if found else {}
    return [
        sample
        for sample in SAMPLES
        if (session := found.get(sample.key)) is None
        or enrolment.state_of(session, seats[session.id], now=now) not in sample.states
    ]


def prepared(sample: Sample, *, now: datetime) -> Iterator[preparing.Prepared]:
    """Check and render the texts of a sample, in its languages (call outside a transaction)."""
    names = content_names.of_academy()
    languages = ("fr", "en") if sample.title_en else ("fr",)
    for language in languages:
        source = _source(sample, language, names, now=now)
        yield preparing.prepare_for_publication(
            source, kind=Kind.SESSION, language=language, now=now, path=f"{sample.key}.{language}.md"
        )


def publish(sample: Sample, texts: list[preparing.Prepared], *, now: datetime) -> None:
    """Publish the texts of a sample, then enrol its people: a past session was filled before it began."""
    cycle = db.session.scalars(select(Cycle).where(Cycle.slug == sample.cycle)).one()
    for text in texts:
        document = db.session.scalar(select(Document).where(Document.key == sample.key))
        editions = document.editions if document is not None else []
        edition = next((edition for edition in editions if edition.language == text.language), None)
        if edition is None:
            edition = publishing.create(
                text, kind=Kind.SESSION, cycle=cycle, slug=sample.key, owner=None, by=None, now=now
            )
        publishing.publish(edition, text, base_id=edition.head_id, by=None, now=now)
    session, _document = next(row for row in _sessions() if row[1].key == sample.key)
    _fill(sample, session, now=min(now, _starts_at(sample, now) - timedelta(days=sample.closes + 1)))


def _fill(sample: Sample, session: CycleSession, *, now: datetime) -> None:
    emails = [email for email, _name in CROWD[: sample.enrolled]]
    people = list(db.session.scalars(select(Person).where(Person.email.in_(emails)).order_by(Person.email)))
    if sample.has_stakeholder:
        people.append(the(Role.STAKEHOLDER))
    for minute, person in enumerate(people):
        enrolment.enrol(person, session, now=now + timedelta(seconds=minute))
    if sample.offer_hours:
        rules = replace(admission.rules_of(session), offer_hours=sample.offer_hours)
        admission.set_rules(session, rules, by=None, now=now)
        if held := enrolment.live_enrolment(people[0].id, session.id):
            enrolment.cancel(held, by=None, now=now)
    if sample.is_postponed:
        postponing.postpone_session(session, by=None, now=now)


def _sessions() -> list[tuple[CycleSession, Document]]:
    rows = (
        select(CycleSession, Document)
        .join(Document, Document.id == CycleSession.document_id)
        .where(Document.key.in_([sample.key for sample in SAMPLES]))
    )
    return [(session, document) for session, document in db.session.execute(rows)]


def _starts_at(sample: Sample, now: datetime) -> datetime:
    """18:00 in Paris on its day; on the Thursday that follows, unless it is very near."""
    day = now.astimezone(PARIS).date() + timedelta(days=sample.days)
    if abs(sample.days) > 7:
        day += timedelta(days=(THURSDAY - day.weekday()) % 7)
    return datetime.combine(day, time(18), PARIS)


def _source(sample: Sample, language: str, names: Names, *, now: datetime) -> str:
    starts_at = _starts_at(sample, now)
    lines = [
        f"id: {sample.key}",
        f'title: "{sample.title if language == "fr" else sample.title_en}"',
        f'summary: "{_SUMMARY[language]}"',
        f"topics: [{sample.cycle if sample.cycle in names.topics else min(names.topics)}]",
        "licence: cc-by-4.0",
        "status: draft",
        f"starts_at: {starts_at:%Y-%m-%d %H:%M}",
        f"ends_at: {starts_at + timedelta(hours=2):%Y-%m-%d %H:%M}",
        f"closes_at: {starts_at - timedelta(days=sample.closes):%Y-%m-%d %H:%M}",
        f"mode: {sample.mode if names.venues else 'online'}",
        *([f"venue: {min(names.venues)}"] if names.venues and sample.mode != "online" else []),
        f"capacity: {sample.capacity}",
        f"trainers: [{', '.join(sorted(names.speakers)[:1])}]",
        f"modules: [{', '.join(_modules(sample.cycle))}]",
        "example: yes",
    ]
    return "---\n" + "\n".join(lines) + "\n---\n\n" + _BODY[language]


def _modules(cycle: str) -> list[str]:
    wanted = (
        select(Document.key)
        .join(Cycle, Cycle.id == Document.cycle_id)
        .where(Cycle.slug == cycle, Document.kind == Kind.MODULE)
        .order_by(Document.position)
        .limit(2)
    )
    return list(db.session.scalars(wanted))


_SUMMARY = {
    "fr": "Exemple de session, fait pour essayer l’inscription. La date, le lieu et les personnes sont fictifs : elle n’aura pas lieu.",
    "en": "A sample session, made for trying out enrolment. Date, place and people are fictional: it will not take place.",
}
_BODY = {
    "fr": """\
!!! warning "Ceci est un exemple"
    Cette session sert à essayer l’Académie. Sa date suit le jour où vous la regardez ; personne ne vous y attend.

## Déroulé

- **18 h 00 – 18 h 15** · Accueil, un tour des métiers présents.
- **18 h 15 – 19 h 00** · Comprendre : trois repères, une carte, des questions.
- **19 h 00 – 19 h 45** · Faire : un cas par table, restitué en deux minutes.
- **19 h 45 – 20 h 00** · Repartir avec une décision à prendre dans le mois.

## Avant de venir

Lisez l’un des modules indiqués plus bas. Vingt minutes suffisent.
""",
    "en": """\
!!! warning "This is an example"
    This session serves to try out the Academy. Its date follows the day on which you look; nobody expects you there.

## Programme

- **18:00 – 18:15** · Welcome, a round of the trades in the room.
- **18:15 – 19:00** · Understanding: three landmarks, a map, questions.
- **19:00 – 19:45** · Doing: one case a table, told in two minutes.
- **19:45 – 20:00** · Leaving with one decision to take within the month.

## Before you come

Read one of the modules below. Twenty minutes are enough.
""",
}
