"""A scene that the security tests share: one of each thing that a request may name."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select

from academy.domain import (
    accounts,
    alerts,
    asides,
    attachments,
    attendance,
    certificates,
    doors,
    enrolment,
    reviews,
    room_codes,
    scans,
    scheduling,
)
from academy.domain.session_texts import Schedule, Words
from academy.domain.stated import Issuer
from academy.extensions import db as database, transaction
from academy.files.words import FileWords
from academy.mail import links
from academy.models import (
    Attendance,
    Cycle,
    CycleSession,
    Edition,
    Enrolment,
    EnrolmentQuestion,
    EnrolmentStatus,
    Invitation,
    Kind,
    MailText,
    Person,
    Pin,
    Purpose,
    QuestionKind,
    Role,
    RoomCode,
    SessionStatus,
    Speaker,
    Synonym,
    Venue,
    Way,
    Wish,
)
from academy.web import clock
from tests.factories import a_person, a_picture, a_session, a_text, an_upload, hidden, republished
from tests.kept import once


class CodeOfNow:
    """The code that a room shows whenever it is written down."""

    def __init__(self, secret: str):
        self.secret = secret

    def __format__(self, _spec: str) -> str:
        return room_codes.shown(RoomCode(secret=self.secret), now=clock.now())[0]


@pytest.fixture
@once
def scene(app: Flask) -> dict[str, object]:
    """One of each thing that a request may name, by the word that the tests use."""
    now, password = clock.now(), "horizon-phare-42-marées"
    with app.app_context():
        a_text("port", kind=Kind.CYCLE, slug="port")
        module = a_text("escale", kind=Kind.MODULE, cycle="port")
        versions, planned = a_text("versions"), a_text("planned", is_published=False)
        for body in ("Une deuxième fois.", "Une troisième fois."):
            republished(versions, body)
        hidden(versions, 2)
        paired = [a_text("paire", language=language) for language in ("fr", "en")]
        with transaction() as it:
            it.add_all([Venue(slug="cisam", name="Cisam", city="Marseille"), Speaker(slug="ada", name="Ada")])
        people = {"sam": a_person("Sam", email="sam@example.org", password=password)}
        people |= {
            "tess": a_person(role=Role.TRAINER),
            "olga": a_person(role=Role.ORGANISER),
            "ada": a_person(role=Role.ADMIN),
        }
        port = database.session.scalars(select(Cycle).where(Cycle.slug == "port")).one()
        start = datetime(2027, 2, 4, 17, tzinfo=UTC)
        schedule = Schedule(starts_at=start, ends_at=start + timedelta(hours=2), capacity=2)
        words = {"fr": Words(title="Les marées", summary="Deux heures.", programme="Café.")}
        texts = scheduling.prepare_session(port, schedule, words, publish=True, now=now)
        other = {"fr": Words(title="Les phares", summary="Une heure.", programme="Café.")}
        others = scheduling.prepare_session(port, schedule, other, publish=True, now=now)
        full, asked = a_session(cycle="port", offer_hours=24), a_session(cycle="port", needs_approval=True)
        with transaction() as it:
            edition = it.get_one(Edition, module)
            edition.document.owner_id = people["tess"]
            made = scheduling.create_session(texts, cycle=port, by=None, now=now)
            it.flush()
            held = enrolment.enrol(it.get_one(Person, people["sam"]), made, now=now)
            gone = enrolment.enrol(it.get_one(Person, people["ada"]), made, now=now)
            it.flush()
            enrolment.cancel(gone, by=it.get_one(Person, people["olga"]), now=now)
            tickets = {
                "sign_in_link": accounts.issue_ticket(Purpose.SIGN_IN, "sam@example.org", now=now),
                "spent": accounts.issue_ticket(Purpose.SIGN_IN, "sam@example.org", now=now),
                "enrol_link": accounts.issue_ticket(
                    Purpose.ENROL, "zoe@example.org", now=now, session=made.id, name="Z"
                ),
                "late_link": accounts.issue_ticket(
                    Purpose.ENROL, "zoe@example.org", now=now - timedelta(days=1), session=made.id, name="Z"
                ),
            }
            it.flush()
            accounts.use_ticket(accounts.ticket_for(tickets["spent"]), now=now)  # pyright: ignore[reportArgumentType]
            plan = attachments.prepare("plan.pdf", b"%PDF-1.7\n", words=FileWords())
            attachments.attach(edition.document, plan, by=None, now=now)
            a_picture(edition.document)
            head = edition.head
            assert head is not None
            facts = {"module": edition.document_id, "module_head": head.id, "source": f"{head.source}\nDe plus.\n"}
            aside = asides.keep(edition, f"{head.source}\nÀ part.\n", base=head, by=None, now=now)
            facts |= {"aside": aside.number}
            taught: dict[str, Synonym | Pin | Wish] = {
                "synonym": Synonym(language="fr", term="IA", meanings=["intelligence artificielle"]),
                "first_pin": Pin(question="quai", document_id=edition.document_id, rank=0),
                "pin": Pin(question="quai", document_id=made.document_id, rank=1),
                "wish": Wish(question="hydrogène", email="zoe@example.org", language="fr", created_at=now),
            }
            it.add_all(taught.values())
            it.add(
                MailText(topic="enrolment_confirmed", language="fr", subject="Oui", body="Oui.\n{link}", changed_at=now)
            )
            it.flush()
            facts |= {name: row.id for name, row in taught.items()}
            facts |= {"versions": it.get_one(Edition, versions).document_id}
            french, english = (it.get_one(Edition, number) for number in paired)
            facts |= {"paired": french.document_id, "twin": english.published_id}
            later = it.get_one(Edition, planned)
            later.document.owner_id, later.scheduled_id = people["tess"], later.head_id
            later.publish_at = now + timedelta(days=1)
            tess = it.get_one(Person, people["tess"])
            reviews.ask(later, reviewer=None, note="", by=tess, now=now)
            said = {"digest": "0" * 64, "line": 1, "excerpt": "Un quai.", "body": "Vrai ?", "by": tess, "now": now}
            threads = [reviews.comment(edition, **said) for _ in range(2)]
            reviews.resolve(threads[1], by=tess, now=now)
            it.flush()
            facts |= {
                "digest": hashlib.sha256(b"Texte.").hexdigest(),
                "thread": threads[0].id,
                "resolved": threads[1].id,
            }
            facts |= {"planned": later.document_id, "planned_head": later.head_id}
            postponed = scheduling.create_session(others, cycle=port, by=None, now=now)
            postponed.status = SessionStatus.POSTPONED
            sam = it.get_one(Person, people["sam"])
            offer = enrolment.enrol(sam, it.get_one(CycleSession, full), now=now)
            offer.status, offer.offered_until = EnrolmentStatus.OFFERED, now + timedelta(hours=24)
            request = enrolment.enrol(sam, it.get_one(CycleSession, asked), now=now)
            invitation = Invitation(session_id=made.id, email="ines@example.org", invited_at=now)
            it.add(invitation)
            it.flush()
            facts |= {"offer": offer.id, "request": request.id, "asked": asked, "postponed": postponed.id}
            facts |= {"invitation": invitation.id, "slug": "port"}
            asking = {"kind": QuestionKind.SHORT, "label_fr": "Repas", "session_id": made.id, "created_at": now}
            questions = [EnrolmentQuestion(**asking), EnrolmentQuestion(**asking)]
            it.add_all(questions)
            it.flush()
            facts |= {"question": questions[0].id, "port": port.id}
            facts |= {"cycle_questions": port.id, "enrolment_answers": held.id}
            facts |= {
                "session": made.id,
                "session_head": made.document.editions[0].head_id,
                "seat": held.id,
                "gone": gone.id,
            }
            followed = {"q": "port", "chosen": {}, "is_exact": False}
            mine = alerts.ask(followed, title="port", email=sam.email, language="fr", by=sam, now=now)
            theirs = alerts.ask(followed, title="port", email="zoe@example.org", language="fr", by=None, now=now)
            it.flush()
            facts |= {"alert": mine.id}
            facts |= {
                "confirming": links.alert_url("resources.confirm_alert", theirs).split("/")[-2],
                "ending": links.alert_url("resources.end_alert", theirs).split("/")[-2],
            }
        signer = URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="roll-list")
        upload, seal = an_upload(people["tess"])
        return {
            **people,
            **tickets,
            **facts,
            **_presence(people),
            **_evidence(people),
            "email": "sam@example.org",
            "password": password,
        } | {
            "signed": links.sign(held.id),
            "sealed": signer.dumps([facts["session"], people["olga"], [[2, "Zoé", "zoe@example.org", "", None]]]),
            "language": "fr",
            "upload": upload,
            "seal": seal,
        }


def _evidence(people: dict[str, int]) -> dict[str, object]:
    """Two sessions that are over: of one Sam has a certificate, of the other not yet; a scan of its sheet."""
    sessions, now = [a_session() for _ in range(2)], clock.now()
    with transaction() as it:
        sam, olga = it.get_one(Person, people["sam"]), it.get_one(Person, people["olga"])
        for number in sessions:
            row = it.get_one(CycleSession, number)
            enrolment.enrol(sam, row, now=now)
            row.starts_at, row.ends_at = now - timedelta(hours=5), now - timedelta(hours=3)
            half = attendance.of_session(row)[0]
            place = {"session_id": row.id, "person_id": sam.id, "day": half.day, "half": half.half}
            it.add(Attendance(**place, way=Way.TEAM, marked_at=now))
        it.flush()
        (paper,) = certificates.issue(row, Issuer(name=""), results={}, by=olga, now=now)
        scan = scans.add(row, b"%PDF-1.7\n%%EOF", by=olga, now=now)
        assert scan is not None
        return {"attended": sessions[0], "certificate": paper.id, "scan": scan.id}


def _presence(people: dict[str, int]) -> dict[str, object]:
    """A session that begins in half an hour, its room and its door; one that has begun."""
    started = a_session(starts_in=-timedelta(minutes=30))
    soon, now = a_session(starts_in=timedelta(minutes=30)), clock.now()
    with transaction() as it:
        session, olga = it.get_one(CycleSession, soon), it.get_one(Person, people["olga"])
        enrolment.enrol(it.get_one(Person, people["sam"]), session, now=now)
        room_codes.renew(session, by=olga, now=now)
        door, token = doors.make(session, "Ana", by=olga, now=now)
        it.flush()
        place = it.scalars(select(Enrolment).where(Enrolment.session_id == soon)).one()
        facts = {"soon": soon, "door": door.id, "token": token, "badge": place.pass_token}
        facts["started"], running = started, it.get_one(CycleSession, started)
        facts["started_half"] = attendance.of_session(running)[0].key
        facts["half"] = attendance.of_session(session)[0].key
        return {**facts, "code": CodeOfNow(it.get_one(RoomCode, soon).secret)}
