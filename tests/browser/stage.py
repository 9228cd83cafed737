"""The academy that the browser tests look at: the demo, failures on demand, and one of each thing that has a page."""

import io
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

from flask import Flask, abort
from PIL import Image
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from academy import create_app
from academy.config import Settings
from academy.domain import (
    accounts,
    alerts,
    answers,
    asides,
    attachments,
    attendance,
    certificates,
    doors,
    enrolment,
    enrolment_questions,
    hiding,
    pictures,
    preparing,
    publishing,
    questions,
    reviews,
    room_codes,
    samples,
    scans,
    scheduling,
    search_rules,
    wishes,
)
from academy.domain.answers import Said
from academy.domain.picture_credits import Credit
from academy.domain.question_words import Wording
from academy.domain.questions import Count
from academy.domain.session_texts import Schedule, Words
from academy.domain.stated import Issuer
from academy.extensions import db, limiter, transaction
from academy.mail import links
from academy.models import (
    Attendance,
    Cycle,
    CycleSession,
    Document,
    Edition,
    Enrolment,
    HidingReason,
    Kind,
    Person,
    Purpose,
    QuestionKind,
    Revision,
    Role,
    SessionState,
    Way,
)
from academy.policies import Action
from academy.rendering.markdown import render
from academy.web import clock, questions as web_questions
from academy.web.blocks import blocks_of
from academy.web.guard import allow
from academy.web.identity import cookie_name
from tests.domain.courses_made import MKDOCS
from tests.factories import ARRIVAL, a_text, an_archive, waiting


def stage() -> Flask:
    """The application for `flask --app tests.browser.stage:stage start`: no rate limit, and /panne/<code>/ fails."""
    app = create_app()
    limiter.enabled = False  # its own tests are in tests/web and tests/security
    web_questions.EVERY = 0.2  # seconds: nobody waits a minute to see what was counted

    @app.get("/panne/<int:code>/")
    @allow(Action.PUBLIC_READ)
    def failure(code: int):
        if code == 503:
            raise OperationalError("SELECT 1", {}, Exception("the database is locked"))
        abort(code)

    return app


def beside(environ: dict[str, str]) -> Flask:
    """A second process's application on the same instance: for rows that only the domain can make."""
    return create_app(Settings.from_environ(environ | {"ACADEMY_JOBS": "worker", "ACADEMY_PAGE_CACHE_MB": "0"}))


def cookies(app: Flask) -> dict[str, tuple[str, str]]:
    """Name and value of the cookie that signs in a person of each kind."""
    with app.app_context(), transaction() as session:
        now = clock.now()
        people = {str(role): samples.the(role) for role in samples.ROLES}
        people["newcomer"] = accounts.add_person("nouvelle@example.org", "Nouvelle venue", by=None, now=now)
        people["author"] = accounts.add_person("autrice@example.org", "Autrice", role=Role.TRAINER, by=None, now=now)
        session.flush()
        return {name: (cookie_name(), accounts.sign_in(person, now=now)) for name, person in people.items()}


def addresses(app: Flask) -> dict[str, str]:
    """The addresses that depend on rows, by the names that places.py gives them."""
    with app.app_context():
        return _sessions() | _asking() | _tickets() | _texts() | _taught() | _alerts() | _uploads()


def _sessions() -> dict[str, str]:
    """A session in each state, and the enrolments that a mail leads to."""
    found = {
        str(next(iter(sample.states))): _sample(sample.key) for sample in samples.SAMPLES if not sample.offer_hours
    }
    found["offered"] = next(_sample(sample.key) for sample in samples.SAMPLES if sample.offer_hours)
    found["cancelled"] = _cancelled_session()
    someone = _crowd(-1)
    places = {state: f"/sessions/{session.id}-{session.document.slug}/" for state, session in found.items()}
    ids = {state: session.id for state, session in found.items()}
    held = samples.the(Role.STAKEHOLDER)
    seats = {
        "seat": _seat(held, found[SessionState.CLOSING_SOON]),
        "seat_code": _seat(_crowd(0), found[SessionState.OPEN]),
        "queue": _seat(held, found[SessionState.WAITING_LIST]),
        "offer": _seat(held, found["offered"]),
        "gone": _given_back(someone, found[SessionState.OPEN]),
    }
    places |= {name: f"/inscriptions/{links.sign(seat)}/" for name, seat in seats.items()}
    places |= {f"enrol_{state}": f"/sessions/{number}/inscription" for state, number in ids.items()}
    places |= _evidence(found[SessionState.ENDED])
    places |= _presence(found[SessionState.OPEN], found[SessionState.CLOSING_SOON])
    return places | {f"desk_{state}": f"/pilotage/sessions/{number}/" for state, number in ids.items()}


def _crowd(number: int) -> Person:
    return db.session.scalars(select(Person).where(Person.email == samples.CROWD[number][0])).one()


def _sample(key: str) -> CycleSession:
    return db.session.scalars(select(CycleSession).join(CycleSession.document).where(Document.key == key)).one()


def _alerts() -> dict[str, str]:
    """An alert that waits for its click, one that began, one that has ended: by the links of their mails."""
    now, asked = clock.now(), {"q": "câbles", "chosen": {"theme": ["port"]}, "is_exact": False}
    places = {}
    for name in ("asked", "begun", "ended"):
        with transaction() as rows:
            alert = alerts.ask(
                asked, title="« câbles », Port", email=f"{name}@example.org", language="fr", by=None, now=now
            )
            rows.flush()
            for kind, endpoint in (("alert", "resources.confirm_alert"), ("ending", "resources.end_alert")):
                places[f"{kind}_{name}"] = urlsplit(links.alert_url(endpoint, alert)).path.rpartition("/")[0] + "/"
            if name != "asked":
                alerts.confirm(alert.key, by=None, now=now)
            if name == "ended":
                alerts.end(alert.key, by=None, now=now)
    return places


def _seat(person: Person, session: CycleSession) -> int:
    return db.session.scalars(
        select(Enrolment.id).where(Enrolment.person_id == person.id, Enrolment.session_id == session.id)
    ).one()


def _given_back(person: Person, session: CycleSession) -> int:
    with transaction() as rows:
        held = enrolment.enrol(person, session, now=clock.now())
        rows.flush()
        enrolment.cancel(held, by=None, now=clock.now())
        return held.id


def _presence(session: CycleSession, mine: CycleSession) -> dict[str, str]:
    """The room of a session, two links of its door, of which one is closed; the page of who is there."""
    now, organiser = clock.now(), samples.the(Role.ORGANISER)
    with transaction():
        room_codes.renew(session, by=organiser, now=now)
        _open, token = doors.make(session, "Ana, à l’entrée", by=organiser, now=now)
        closed, old = doors.make(session, "Benoît", by=organiser, now=now)
        doors.revoke(closed, by=organiser, now=now)
    held = db.session.get_one(Enrolment, _seat(samples.the(Role.STAKEHOLDER), mine))
    here = {"pass": f"/q/{held.pass_token}"}
    here |= {"here": f"/presence/{mine.id}/", "here_other": f"/presence/{session.id}/"}
    return here | {"door": f"/porte/{token}/", "door_closed": f"/porte/{old}/"}


def _evidence(session: CycleSession) -> dict[str, str]:
    """Of a session that is over: certificates, of which one was revoked and another is still to be issued; a scan."""
    now, organiser = clock.now(), samples.the(Role.ORGANISER)
    with transaction() as rows:
        half = attendance.of_session(session)[0]
        mine = samples.the(Role.STAKEHOLDER)
        seats = sorted(attendance.seats(session.id), key=lambda seat: seat.person_id != mine.id)
        place = {"session_id": session.id, "day": half.day, "half": half.half, "way": Way.TEAM, "marked_at": now}
        rows.add_all([Attendance(**place, person_id=seat.person_id) for seat in seats[:3]])
        issued = certificates.issue(session, Issuer(name=""), results={}, by=organiser, now=now)
        issued.sort(key=lambda row: row.person_id != mine.id)
        rows.add_all([Attendance(**place, person_id=seat.person_id) for seat in seats[3:4]])
        certificates.revoke(issued[1], "Une autre personne était présente.", by=organiser, now=now)
        scans.add(session, b"%PDF-1.7\n%%EOF", by=organiser, now=now)
        codes = {"verify_valid": issued[0].code, "verify_revoked": issued[1].code}
        return {name: f"/verifier/{code}" for name, code in codes.items()}


def _cancelled_session() -> CycleSession:
    session = _made_session("Une visite qui n’aura pas lieu", days=90)
    with transaction():
        scheduling.cancel_session(session, by=None, now=clock.now())
    return session


def _made_session(title: str, *, days: int) -> CycleSession:
    now, cycle = clock.now(), _port()
    start = now.replace(minute=0, second=0, microsecond=0) + timedelta(days=days)
    schedule = Schedule(starts_at=start, ends_at=start + timedelta(hours=2), capacity=12)
    words = {"fr": Words(title=title, summary="Au port.", programme="Quai.")}
    texts = scheduling.prepare_session(cycle, schedule, words, publish=True, now=now)
    with transaction():
        return scheduling.create_session(texts, cycle=cycle, by=None, now=now)


def _port() -> Cycle:
    return db.session.scalars(select(Cycle).where(Cycle.slug == "port")).one()


def _asking() -> dict[str, str]:
    """A session that asks a question of each kind, somebody who answered, and a link that has still to ask."""
    now, organiser = clock.now(), samples.the(Role.ORGANISER)
    session, cycle = _made_session("Une visite avec des questions", days=95), _port()
    choices = [("Avec viande", "With meat"), ("Végétarien", "Vegetarian"), ("Sans gluten", "")]
    wordings = [
        Wording(kind=QuestionKind.SHORT, label_fr="Votre rôle au port", label_en="Your role", is_required=True),
        Wording(kind=QuestionKind.LONG, label_fr="Vos attentes", help_fr="Deux phrases suffisent."),
        Wording(kind=QuestionKind.CHOICE, label_fr="Votre repas", label_en="Your meal", choices=choices),
        Wording(kind=QuestionKind.CHOICES, label_fr="De quoi avez-vous besoin ?", choices=choices, is_sensitive=True),
        Wording(kind=QuestionKind.CONSENT, label_fr="J’accepte d’être sur les photographies", is_required=True),
    ]
    with transaction() as rows:
        questions = [enrolment_questions.add(session, wording, by=organiser, now=now) for wording in wordings]
        rows.flush()
        closed = enrolment_questions.add(session, wordings[1], by=organiser, now=now)
        rows.flush()
        enrolment_questions.close(closed, by=organiser, now=now)
        said = [
            Said("Pilote"),
            Said("Comprendre\nune escale."),
            Said(picked=(2,)),
            Said(picked=(1, 3)),
            Said(picked=(1,)),
        ]
        keyed = {answers.key(question): answer for question, answer in zip(questions, said, strict=True)}
        held = enrolment.enrol(samples.the(Role.STAKEHOLDER), session, now=now, said=keyed)
        token = accounts.issue_ticket(
            Purpose.ENROL, "lien@example.org", now=now, lifetime=timedelta(days=1), session=session.id, name="Camille"
        )
        rows.flush()
        return {
            "asking": f"/sessions/{session.id}-{session.document.slug}/",
            "enrol_asking": f"/sessions/{session.id}/inscription",
            "desk_asking": f"/pilotage/sessions/{session.id}/",
            "seat_asking": f"/inscriptions/{links.sign(held.id)}/",
            "ticket_asking": f"/i/{token}",
            "cycle_questions": f"/pilotage/cycles/{cycle.id}/questions",
            "question": f"/pilotage/questions/{closed.id}",
            "question_answered": f"/pilotage/questions/{questions[2].id}",
            "answers": f"/pilotage/inscriptions/{held.id}/reponses",
        }


def _tickets() -> dict[str, str]:
    """Links of mails: to sign in, to enrol, used, too old."""
    now, email = clock.now(), "lien@example.org"
    session = db.session.scalars(
        select(CycleSession).join(CycleSession.document).where(Document.key == samples.SAMPLES[0].key)
    ).one()
    old = now - timedelta(days=1)
    with transaction() as rows:
        tokens = {
            "ticket": accounts.issue_ticket(Purpose.SIGN_IN, email, now=now, lifetime=timedelta(days=1)),
            "ticket_enrol": accounts.issue_ticket(
                Purpose.ENROL, email, now=now, lifetime=timedelta(days=1), session=session.id, name="Camille"
            ),
            "ticket_used": accounts.issue_ticket(Purpose.SIGN_IN, email, now=now),
            "ticket_late": accounts.issue_ticket(Purpose.ENROL, email, now=old, session=session.id, name="Camille"),
        }
        rows.flush()
        used = accounts.ticket_for(tokens["ticket_used"])
        assert used is not None
        accounts.use_ticket(used, now=now)
    return {name: f"/i/{token}" for name, token in tokens.items()}


def _illustrated(document: Document) -> None:
    """Two pictures, of one of which nothing is said yet, and a table of data."""
    held = io.BytesIO()
    Image.radial_gradient("L").resize((700, 400)).save(held, "JPEG")
    photo = attachments.prepare_upload("quai.jpg", held.getvalue())
    now, said = clock.now(), Credit(alt="Le quai au matin", credit="Ada Lovelace", licence="cc-by-4.0")
    with transaction():
        pictures.describe(attachments.add(document, photo, by=None, now=now), said, by=None, now=now)
        attachments.attach(document, replace(photo, name="rade.jpg"), by=None, now=now)
        attachments.add(document, attachments.prepare("escales.csv", b"port,escales\n"), by=None, now=now)


def _rewritten(document: Document) -> None:
    """Publish the text once more in each language: each has an earlier version now."""
    for edition in document.editions:
        assert edition.head is not None
        now, base, language = clock.now(), edition.head_id, edition.language
        source = f"{edition.head.source}\n\nUne phrase de plus.\n"
        prepared = preparing.prepare_for_publication(source, kind=document.kind, language=language, now=now)
        with transaction():
            publishing.publish(edition, prepared, base_id=base, by=None, now=now)


def _changed_in_french(document: Document) -> None:
    """Publish the French text once more: the English one is behind, and says so."""
    edition = next(it for it in document.editions if it.language == "fr")
    assert edition.head is not None
    source, now, base = (
        edition.head.source.replace("\n\n## ", "\n\nUne phrase de plus.\n\n## ", 1),
        clock.now(),
        edition.head_id,
    )
    prepared = preparing.prepare_for_publication(source, kind=document.kind, language="fr", now=now)
    with transaction():
        publishing.publish(edition, prepared, base_id=base, by=None, now=now)


def _hidden(document: Document, number: int) -> None:
    """Hide that version in each language."""
    ids = [edition.id for edition in document.editions]
    with transaction() as rows:
        which = select(Revision).where(Revision.edition_id.in_(ids), Revision.number == number)
        for revision in rows.scalars(which.order_by(Revision.edition_id)):
            hiding.hide(revision, HidingReason.PERSONAL_DATA, by=samples.the(Role.ORGANISER), now=clock.now())


def _texts() -> dict[str, str]:
    """A module that the sample trainer may edit, and a resource."""
    trainer = samples.the(Role.TRAINER)
    mine = select(Document.id).where(Document.owner_id == trainer.id, Document.kind == Kind.MODULE)
    module = db.session.scalars(mine.order_by(Document.id)).first()
    guide = db.session.scalars(select(Document).where(Document.key == "guide-rencontre-accessible")).one()
    _rewritten(guide)
    _rewritten(guide)
    _hidden(guide, 2)
    _rewritten(db.session.scalars(select(Document).where(Document.slug == "ville-port")).one())
    behind = db.session.scalars(select(Document).where(Document.key == "port-roles")).one()
    _changed_in_french(behind)
    _illustrated(db.session.get_one(Document, module))
    a_text("note-retiree", title="Une note retirée")
    gone = a_text("note-remplacee", title="Une note remplacée")
    with transaction() as rows:
        old = rows.get_one(Edition, gone)
        publishing.withdraw(old, base_id=old.head_id, by=None, now=clock.now(), successor="note-retiree")
        gone_path = f"/ressources/{old.document_id}-{old.document.slug}/"
    return {
        "aside": str(_parted(module)),
        "compare": f"/atelier/documents/{guide.id}/fr/diff/1..3",
        "gone_text": gone_path,
        "document": f"/atelier/documents/{module}/fr",
        "files": f"/atelier/documents/{module}/fichiers/",
        "document_en": f"/atelier/documents/{module}/en",
        "pair": f"/atelier/documents/{behind.id}/langues",
        "pair_edit": f"/atelier/documents/{behind.id}/en",
        "uses": f"/atelier/documents/{behind.id}/liens",
        "place": f"/atelier/documents/{behind.id}/adresse",
        "history": f"/atelier/documents/{guide.id}/fr/historique",
        "resource": f"/ressources/{guide.id}-{guide.slug}/",
    }


def _uploads() -> dict[str, str]:
    """Archives of an organiser that wait: one with every kind of line, a course made elsewhere, a hostile one."""
    organiser = samples.the(Role.ORGANISER)
    paths = [
        "resources/guide-rencontre-accessible",
        "cycles/port/modules/03-industrie-decarbonee",
        "resources/note-six-filieres",
    ]
    query = select(Document.path, Revision.source).join(Document.editions).join(Edition.published)
    rows = db.session.execute(query.where(Document.path.in_(paths), Edition.language == "fr")).all()
    texts = {f"{path}.fr.md": source for path, source in rows}
    guide, module = f"{paths[0]}.fr.md", f"{paths[1]}.fr.md"
    texts[guide] = texts[guide].partition("\n## ")[0] + "\n## Avant tout\n\nDemandez aux personnes ce qui les aide.\n"
    texts[module] = texts[module].replace("\n## ", "\nUn paragraphe de plus.\n\n## ", 1)
    texts["resources/arrivee.fr.md"] = ARRIVAL
    texts["LISEZ-MOI.txt"] = "Bonjour"
    sent = {
        "upload_report": an_archive(texts),
        "upload_course": an_archive(MKDOCS),
        "upload_refused": an_archive(MKDOCS | {"docs/img/bitte.png": b"\x89PNG\r\n\x1a\n" + bytes(99)}),
        "upload_hostile": an_archive({"../passwd": "x", "NUL.md": "x"}),
        "upload_errors": an_archive({"resources/faute.fr.md": "---\nid: faute\nlevel: haut\n---\n"}),
    }
    return {name: f"/atelier/importer/{waiting(data, organiser.id, cycle='port').token}" for name, data in sent.items()}


def _parted(module: int | None) -> int:
    """Two people wrote on one base of a module: the number of the text kept aside."""
    wanted = select(Edition).where(Edition.document_id == module, Edition.language == "fr")
    with transaction() as rows:
        edition, now = rows.scalars(wanted).one(), clock.now()
        base = edition.head
        assert base is not None
        mine = f"{base.source.replace('. ', ', dit-on. ', 1)}\nUne fin écrite à part.\n"
        theirs = f"{base.source}\nUne autre fin, enregistrée d’abord.\n"
        publishing.save_draft(edition, theirs, base_id=base.id, by=samples.the(Role.ORGANISER), now=now)
        trainer, organiser = samples.the(Role.TRAINER), samples.the(Role.ORGANISER)
        made = render(theirs.partition("\n---\n")[2])
        blocks = blocks_of(made.html, made.lines)
        for block in blocks[:2]:
            said = {"digest": block.digest, "line": block.line, "excerpt": block.excerpt, "by": organiser, "now": now}
            thread = reviews.comment(edition, body="Peut-on le dire plus simplement ?", **said)
        rows.flush()
        reviews.answer(thread, "Oui : je le récris.", by=trainer, now=now)
        reviews.resolve(thread, by=trainer, now=now)
        old = {"digest": "0" * 64, "line": 3, "excerpt": "Une phrase qui n’y est plus.", "body": "À dater."}
        reviews.comment(edition, **old, by=organiser, now=now)
        reviews.ask(edition, reviewer=None, note="Surtout la fin.", by=trainer, now=now)
        return asides.keep(edition, mine, base=base, by=samples.the(Role.TRAINER), now=now).number


def _taught() -> dict[str, str]:
    """What visitors asked, what the team taught the search, and wishes, one of them closed."""
    now, organiser = clock.now(), samples.the(Role.ORGANISER)
    day = now.astimezone(clock.PARIS).date()
    texts = list(db.session.scalars(select(Document).where(Document.kind == Kind.MODULE).order_by(Document.id)))
    with transaction() as rows:
        questions.add(
            [
                Count(day, "fr", "hydrogen", "hydrogène", 7, 7, 0),
                Count(day - timedelta(days=1), "fr", "hydrogen", "l’hydrogene vert au port", 2, 2, 0),
                Count(day, "en", "shore power", "shore power", 3, 3, 0),
                Count(day, "fr", "cabl", "câbles", 40, 0, 3),
                Count(day, "fr", "escal port", "une escale au port", 25, 0, 19),
            ]
        )
        mutual = {"language": "fr", "is_mutual": True}
        it = search_rules.add_synonym("VTC", ["voiture de transport avec chauffeur"], **mutual, by=organiser, now=now)
        for text in texts[:2]:
            search_rules.add_pin("cables", text, typed="câbles", by=organiser, now=now)
        details = "Pour une classe de première.\nEn français."
        waiting, closed = (
            wishes.make(question, text=details, email="", language=language, by=None, now=now)
            for question, language in (("L’hydrogène au port", "fr"), ("Shore power", "en"))
        )
        rows.flush()
        wishes.close(closed, None, by=organiser, now=now)
        found = {
            "synonym": f"synonymes/{it.id}",
            "wish": f"demandes/{waiting.id}",
            "wish_closed": f"demandes/{closed.id}",
        }
    return {name: f"/pilotage/recherche/{path}" for name, path in found.items()}
