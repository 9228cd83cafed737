"""Every route × every role. A new route without a row here fails; so does a row that no longer is a route."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from academy.domain import (
    accounts,
    alerts,
    attachments,
    certificates,
    doors,
    enrolment,
    personal_agenda,
    reviews,
    scans,
    stated,
)
from academy.domain.attended import Attended, Evidence
from academy.domain.half_days import HalfDay
from academy.domain.stated import Issuer
from academy.extensions import transaction
from academy.mail import links
from academy.models import (
    Certificate,
    CertificateKind,
    CycleSession,
    Document,
    Enrolment,
    EnrolmentQuestion,
    Half,
    Invitation,
    Kind,
    Person,
    Pin,
    Purpose,
    QuestionKind,
    Role,
    Synonym,
    Wish,
)
from academy.web import assets, clock
from tests.browser.places import endpoints
from tests.factories import a_cycle, a_person, a_picture, a_session, a_text, a_venue, an_upload

# Who may does not depend on the database.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

ALL = {"visitor", "stakeholder", "trainer", "other_trainer", "organiser", "admin"}
SIGNED_IN = ALL - {"visitor"}
TEAM = {"organiser", "admin"}
WRITERS = {"trainer", "other_trainer"} | TEAM
AUTHOR = {"trainer"} | TEAM  # the trainer who owns the text, and the team

ALLOWED: dict[str, set[str]] = {
    "account.agenda": ALL,
    "account.accept": {"stakeholder"},  # their own enrolment
    "account.ask_link": ALL,
    "account.cancel": {"stakeholder"},  # their own enrolment
    "account.certificate_paper": {"stakeholder"},  # their own
    "account.change_details": SIGNED_IN,
    "account.end_alert": {"stakeholder"},  # their own
    "account.link_sent": ALL,
    "account.my_space": SIGNED_IN,
    "account.renew_agenda": SIGNED_IN,
    "account.renew_ticket": ALL,
    "account.set_password": SIGNED_IN,
    "account.sign_in": ALL,
    "account.sign_in_with_password": ALL,
    "account.sign_out": ALL,
    "account.sign_out_everywhere": SIGNED_IN,
    "account.ticket": ALL,
    "account.use_ticket": ALL,
    "api.cycle": ALL,
    "api.cycles": ALL,
    "api.document": ALL,
    "api.documents": ALL,
    "api.index": ALL,
    "api.openapi": ALL,
    "api.search": ALL,
    "api.session": ALL,
    "api.sessions": ALL,
    "api.topics": ALL,
    "api.venues": ALL,
    "assets": ALL,
    "cycles.agenda": ALL,
    "cycles.follow": SIGNED_IN,
    "cycles.follow_form": ALL,
    "cycles.flux": ALL,
    "cycles.index": ALL,
    "cycles.pack": ALL,
    "cycles.show": ALL,
    "desk.add_person": TEAM,
    "desk.answer_requests": TEAM,
    "desk.change_membership": TEAM,
    "desk.invitations": TEAM,
    "desk.invite": TEAM,
    "desk.new_date": TEAM,
    "desk.postpone": TEAM,
    "desk.postponement": TEAM,
    "desk.reschedule": TEAM,
    "desk.rules": TEAM,
    "desk.set_rules": TEAM,
    "desk.withdraw_invitation": TEAM,
    "desk.add_pin": TEAM,
    "desk.add_synonym": TEAM,
    "desk.close_door": TEAM,
    "desk.open_door": TEAM,
    "desk.open_room": TEAM,
    "desk.presences": TEAM,
    "desk.room": TEAM,
    "desk.attendance_sheet": TEAM,
    "desk.sheet_paper": TEAM,
    "desk.tap": TEAM,
    "desk.add_scan": TEAM,
    "desk.certificate_paper": TEAM,
    "desk.certificates_of": TEAM,
    "desk.certificates_zip": TEAM,
    "desk.delete_scan": TEAM,
    "desk.issue_certificates": TEAM,
    "desk.revoke_certificate": TEAM,
    "desk.scan_file": TEAM,
    "desk.sheet_scans": TEAM,
    "presence.lend_phone": ALL,
    "presence.mark_pass": TEAM,  # and whoever holds the link of the door
    "presence.show_pass": ALL,
    "sessions.renew_pass": ALL,
    "verification.form": ALL,
    "verification.show": ALL,
    "presence.sign": SIGNED_IN,
    "presence.signing": SIGNED_IN,
    "presence.check_in": SIGNED_IN,
    "presence.door": ALL,
    "presence.here": SIGNED_IN,
    "presence.scanned": SIGNED_IN,
    "presence.tap": ALL,
    "desk.add_cycle_question": TEAM,
    "desk.add_session_question": TEAM,
    "desk.change_answers": TEAM,
    "desk.change_question": TEAM,
    "desk.close_question": TEAM,
    "desk.cycle_questions": TEAM,
    "desk.delete_question": TEAM,
    "desk.enrolment_answers": TEAM,
    "desk.move_question": TEAM,
    "desk.question": TEAM,
    "desk.session_questions": TEAM,
    "desk.cancel": TEAM,
    "desk.cancel_enrolment": TEAM,
    "desk.cancel_several": TEAM,
    "desk.cancellation": TEAM,
    "desk.cancelled": TEAM,
    "desk.change_role": TEAM,
    "desk.change_speaker": TEAM,
    "desk.change_synonym": TEAM,
    "desk.close_wish": TEAM,
    "desk.copy": TEAM,
    "desk.create": TEAM,
    "desk.create_post": TEAM,
    "desk.delete_pin": TEAM,
    "desk.delete_synonym": TEAM,
    "desk.edit": TEAM,
    "desk.edit_post": TEAM,
    "desk.enrol_person": TEAM,
    "desk.index": TEAM,
    "desk.change_mail_text": TEAM,
    "desk.journal": TEAM,
    "desk.mail_text": TEAM,
    "desk.mails": TEAM,
    "desk.restore_mail_text": TEAM,
    "desk.people": TEAM,
    "desk.person": TEAM,
    "desk.pins": TEAM,
    "desk.questions_csv": TEAM,
    "desk.raise_pin": TEAM,
    "desk.resize": TEAM,
    "desk.enrol_roll_list": TEAM,
    "desk.read_roll_list": TEAM,
    "desk.restore": TEAM,
    "desk.roll_csv": TEAM,
    "desk.roll_list": TEAM,
    "desk.roll_xlsx": TEAM,
    "desk.search": TEAM,
    "desk.season": TEAM,
    "desk.season_post": TEAM,
    "desk.session": TEAM,
    "desk.synonym": TEAM,
    "desk.synonyms": TEAM,
    "desk.wish": TEAM,
    "desk.wishes": TEAM,
    "home.art_file": ALL,
    "home.card": ALL,
    "home.favicon": ALL,
    "home.glossary": ALL,
    "home.healthz": ALL,
    "home.icon_file": ALL,
    "home.index": ALL,
    "home.manifest": ALL,
    "home.page": ALL,
    "home.readyz": ALL,
    "home.robots": ALL,
    "home.sitemap_file": ALL,
    "home.sitemap_part": ALL,
    "home.stable": ALL,
    "modules.citation": ALL,
    "modules.cite": ALL,
    "cycles.book": ALL,
    "modules.slides": ALL,
    "modules.paper": ALL,
    "modules.picture": ALL,
    "modules.show": ALL,
    "modules.source": ALL,
    "modules.version": ALL,
    "modules.versions": ALL,
    "resources.citation": ALL,
    "resources.cite": ALL,
    "resources.slides": ALL,
    "oai.harvest": ALL,
    "oai.harvest_post": ALL,
    "resources.alert": ALL,
    "resources.alert_sent": ALL,
    "resources.ask_alert": ALL,
    "resources.box": ALL,
    "resources.embed": ALL,
    "modules.file": ALL,
    "modules.file_text": ALL,
    "resources.file": ALL,
    "resources.confirm_alert": ALL,
    "resources.confirm_alert_now": ALL,
    "resources.end_alert": ALL,
    "resources.end_alert_now": ALL,
    "resources.file_text": ALL,
    "resources.flux": ALL,
    "resources.index": ALL,
    "resources.json_feed": ALL,
    "resources.paper": ALL,
    "resources.picture": ALL,
    "resources.show": ALL,
    "resources.source": ALL,
    "resources.suggestions": ALL,
    "resources.version": ALL,
    "resources.versions": ALL,
    "resources.opened": ALL,
    "resources.wish": ALL,
    "resources.wish_kept": ALL,
    "resources.wishes": ALL,
    "sessions.agenda": ALL,
    "sessions.agenda_of": ALL,
    "sessions.cancel_by_link": ALL,
    "sessions.enrol": ALL,
    "sessions.enrol_form": ALL,
    "sessions.change_answers": ALL,
    "sessions.enrolment": ALL,
    "sessions.index": ALL,
    "sessions.link_sent": ALL,
    "sessions.show": ALL,
    "studio.agree": AUTHOR,
    "studio.add_file": AUTHOR,
    "studio.ask_review": AUTHOR,
    "studio.call_off_review": AUTHOR,
    "studio.comment": WRITERS,  # both write in the cycle of the text
    "studio.decide": {"other_trainer"} | TEAM,
    "studio.review": WRITERS,
    "studio.reviews_list": WRITERS,
    "studio.thread": WRITERS,
    "studio.create": WRITERS,
    "studio.create_post": WRITERS,
    "studio.describe_file": AUTHOR,
    "studio.edit": AUTHOR,
    "studio.export": WRITERS,
    "studio.exports": WRITERS,
    "studio.guide": WRITERS,
    "studio.hide": TEAM,
    "studio.history": AUTHOR,
    "studio.slides": AUTHOR,
    "studio.speaker": AUTHOR,
    "studio.import_archive": AUTHOR,
    "studio.import_report": AUTHOR,
    "studio.imports": WRITERS,
    "studio.file": AUTHOR,
    "studio.file_width": AUTHOR,
    "studio.files": AUTHOR,
    "studio.images": WRITERS,
    "studio.index": WRITERS,
    "studio.links": WRITERS,
    "studio.texts": WRITERS,
    "studio.live": AUTHOR,
    "studio.compare": AUTHOR,
    "studio.compare_asked": AUTHOR,
    "studio.merge": AUTHOR,
    "studio.merge_post": AUTHOR,
    "studio.move": TEAM,
    "studio.pair": AUTHOR,
    "studio.place": TEAM,
    "studio.post": AUTHOR,
    "studio.remove_file": AUTHOR,
    "studio.replace_file": AUTHOR,
    "studio.restore": AUTHOR,
    "studio.revision": AUTHOR,
    "studio.send_archive": WRITERS,
    "studio.unhide": TEAM,
    "studio.uses": AUTHOR,
    "studio.publication": AUTHOR,
    "studio.set_dates": AUTHOR,
    "studio.unschedule": AUTHOR,
    "studio.withdraw": AUTHOR,
    "styles.index": ALL,
    "styles.sheet": ALL,
    "venues.drawing": ALL,
    "venues.index": ALL,
    "venues.show": ALL,
}

_SHEET = b"%PDF-1.7\n%%EOF"


@pytest.fixture
def scene(app: Flask) -> dict[str, dict[str, object]]:
    """One of each thing; the values of URL arguments by endpoint or area ("" for the rest)."""
    app.config["WTF_CSRF_METHODS"] = set()  # who may is asked here; the token has tests of its own
    with app.app_context():
        people = {
            "stakeholder": a_person(role=Role.STAKEHOLDER),
            "trainer": a_person(role=Role.TRAINER),
            "other_trainer": a_person(role=Role.TRAINER),
            "organiser": a_person(role=Role.ORGANISER),
            "admin": a_person(role=Role.ADMIN),
        }
        a_cycle("port")
        a_venue("cisam")
        session_id, other_id = a_session(cycle="port", slug="escale"), a_session(cycle="port")
        a_text("module-cle", kind=Kind.MODULE, cycle="port", slug="module-cle")
        a_text("quai-cle", kind=Kind.MODULE, cycle="port", slug="quai-cle")
        a_text("note-cle", slug="note-cle")
        a_text("a-propos", kind=Kind.PAGE, slug="a-propos")
        with transaction() as session:
            module = session.scalars(select(Document).where(Document.key == "module-cle")).one()
            note = session.scalars(select(Document).where(Document.key == "note-cle")).one()
            module.owner_id = people["trainer"]
            quay = session.scalars(select(Document).where(Document.key == "quai-cle")).one()
            quay.owner_id = people["other_trainer"]
            thread = reviews.comment(
                module.editions[0],
                digest="0" * 64,
                line=1,
                excerpt="Un quai.",
                body="Vrai ?",
                by=session.get_one(Person, people["trainer"]),
                now=clock.now(),
            )
            person = session.get_one(Person, people["stakeholder"])
            held = enrolment.enrol(person, session.get_one(CycleSession, session_id), now=clock.now())
            for document in (module, note):
                file = attachments.prepare("film.fr.vtt", b"WEBVTT\n\n00:01.000 --> 00:02.000\nUn quai.\n")
                attachments.attach(document, file, by=None, now=clock.now())
                attachments.attach(document, attachments.prepare("old.csv", b"a"), by=None, now=clock.now())
                a_picture(document)
            agenda = personal_agenda.renew(person, now=clock.now())
            token = accounts.issue_ticket(Purpose.SIGN_IN, person.email, now=clock.now())
            taught: dict[str, Synonym | Pin | Wish] = {
                "synonym": Synonym(language="fr", term="IA", meanings=["intelligence artificielle"]),
                "old_synonym": Synonym(language="fr", term="GNL", meanings=["gaz naturel liquéfié"]),
                "pin": Pin(question="port", document_id=note.id),
                "old_pin": Pin(question="quai", document_id=note.id),
                "wish": Wish(question="hydrogène", language="fr", created_at=clock.now()),
            }
            invitation = Invitation(session_id=session_id, email="invited@example.org", invited_at=clock.now())
            session.add_all([*taught.values(), invitation])
            session.flush()
            keys = {"session": session.get_one(CycleSession, session_id).document.key}
            keys["cycle"] = session.scalars(select(Document.key).where(Document.kind == Kind.CYCLE)).one()
            ids = {"thread": thread.id, "module": module.id, "note": note.id, "enrolment": held.id}
            ids["invitation"] = invitation.id
            asked = {
                "kind": QuestionKind.SHORT,
                "label_fr": "Repas",
                "session_id": session_id,
                "created_at": clock.now(),
            }
            questions = {"question": EnrolmentQuestion(**asked), "old_question": EnrolmentQuestion(**asked)}
            session.add_all(questions.values())
            session.flush()
            ids |= {name: row.id for name, row in questions.items()}
            ids["cycle"] = session.get_one(CycleSession, session_id).cycle_id
            ids |= {name: row.id for name, row in taught.items()}
            boss = session.get_one(Person, people["organiser"])
            door, door_token = doors.make(held.session, "Ana", by=boss, now=clock.now())
            ids["door"] = door.id
            kept = [scans.add(held.session, data, by=boss, now=clock.now()) for data in (_SHEET, _SHEET + b"\n")]
            badge = enrolment.enrol(boss, session.get_one(CycleSession, other_id), now=clock.now()).pass_token
            paper = Certificate(
                session_id=session_id,
                person_id=person.id,
                kind=CertificateKind.ATTENDANCE,
                code=certificates.new_code(),
                stated=_stated(held),
                issued_at=clock.now(),
            )
            session.add(paper)
            session.flush()
            ids |= {"scan": kept[0].id, "old_scan": kept[1].id, "paper": paper.id}
            code = paper.code
        picture = {"name": "quai.jpg", "width": 300, "type": "webp"}
        signed = links.sign(ids["enrolment"])
        upload, _seal = an_upload(people["trainer"])
        with app.test_request_context(), transaction() as session:
            person = session.get_one(Person, people["stakeholder"])
            asked = {"q": "port", "chosen": {}, "is_exact": False}
            alert = alerts.ask(asked, title="port", email=person.email, language="fr", by=person, now=clock.now())
            session.flush()
            ids["alert"] = alert.id
            linked = {
                name: links.alert_url(name, alert).split("/")[-2]
                for name in ("resources.confirm_alert", "resources.end_alert")
            }
    digest = assets.asset_url("site.css").partition("site-")[2].partition(".")[0]
    return {
        "people": dict(people),
        "account": {"id": ids["enrolment"], "token": token},
        "account.end_alert": {"id": ids["alert"]},
        **{f"{name}{of}": {"signed": signed} for name, signed in linked.items() for of in ("", "_now")},
        "account.agenda": {"token": agenda},
        "api": {"id": "note-cle"},
        "api.cycle": {"id": keys["cycle"]},
        "api.session": {"id": keys["session"]},
        "assets": {"name": "site", "digest": digest, "kind": "css"},
        "cycles": {"slug": "port"},
        "desk": {"id": session_id, "topic": "reminder_day", "language": "fr"},
        "desk.close_door": {"id": ids["door"]},
        "presence": {"id": session_id, "code": "123456", "token": door_token},
        "desk.add_cycle_question": {"id": ids["cycle"]},
        "desk.cycle_questions": {"id": ids["cycle"]},
        "desk.enrolment_answers": {"id": ids["enrolment"]},
        "desk.change_answers": {"id": ids["enrolment"]},
        "desk.delete_question": {"id": ids["old_question"]},
        **{f"desk.{name}question": {"id": ids["question"]} for name in ("", "change_", "close_", "move_")},
        "desk.certificate_paper": {"id": ids["paper"]},
        "desk.delete_scan": {"id": ids["old_scan"]},
        "desk.revoke_certificate": {"id": ids["paper"]},
        "desk.scan_file": {"id": ids["scan"]},
        "account.certificate_paper": {"id": ids["paper"]},
        "presence.mark_pass": {"token": badge},
        "presence.show_pass": {"token": badge},
        "verification": {"code": code},
        "desk.cancel_enrolment": {"id": ids["enrolment"]},
        "desk.change_membership": {"id": people["other_trainer"]},
        "desk.change_role": {"id": people["other_trainer"]},
        "desk.change_speaker": {"id": people["other_trainer"]},
        "desk.person": {"id": people["stakeholder"]},
        "desk.change_synonym": {"id": ids["synonym"]},
        "desk.close_wish": {"id": ids["wish"]},
        "desk.delete_pin": {"id": ids["old_pin"]},
        "desk.delete_synonym": {"id": ids["old_synonym"]},
        "desk.raise_pin": {"id": ids["pin"]},
        "desk.synonym": {"id": ids["synonym"]},
        "desk.wish": {"id": ids["wish"]},
        "desk.withdraw_invitation": {"id": ids["invitation"]},
        "home": {"slug": "a-propos", "name": "icon", "key": "note-cle", "kind": "icon", "side": 192, "part": 0},
        "home.card": {"slug": "port"},
        "modules": {"cycle": "port", "slug": "module-cle", "form": "bib", "name": "film.fr.vtt", "number": 1},
        "modules.picture": picture,
        "resources.picture": picture,
        "studio.describe_file": picture,
        "studio.file_width": picture,
        "studio.remove_file": {"name": "old.csv"},
        "resources": {"id": ids["note"], "slug": "note-cle", "form": "ris", "name": "film.fr.vtt", "number": 1},
        "sessions": {"id": session_id, "slug": "escale", "signed": signed},
        "venues": {"slug": "cisam"},
        "studio": {
            "id": ids["module"],
            "language": "fr",
            "number": 1,
            "other": 1,
            "upload": upload,
            "name": "film.fr.vtt",
        },
        "studio.thread": {"id": ids["module"], "language": "fr", "number": ids["thread"]},
    }


def _stated(held: Enrolment) -> dict[str, object]:
    """What a certificate of that place states."""
    half = HalfDay(clock.now().date(), Half.MORNING, clock.now(), clock.now() + timedelta(hours=2))
    common = stated.of_session(held.session, Evidence.MARKED, [half], Issuer(name=""))
    return stated.of_person(common, Attended(held.person, [half], True))


def _routes(app: Flask) -> list[tuple[str, str, set[str]]]:
    """(endpoint, method, names of the URL's arguments), once per endpoint; what changes nothing first."""
    routes = {}
    for rule in app.url_map.iter_rules():
        method = "POST" if "GET" not in (rule.methods or ()) else "GET"
        routes[rule.endpoint] = (rule.endpoint, method, set(rule.arguments))
    return sorted(routes.values(), key=lambda route: (route[1], route[0]))


def test_every_route_has_a_row(app: Flask):
    assert {endpoint for endpoint, _, _ in _routes(app)} == set(ALLOWED)


@pytest.mark.parametrize("role", sorted(ALL))
def test_who_may(app: Flask, as_, scene, role: str):
    def browser():
        return app.test_client() if role == "visitor" else as_(scene["people"][role])

    wrong, reading = {}, browser()
    for endpoint, method, arguments in _routes(app):
        client = reading if method == "GET" else browser()  # some posts sign in or out
        seen = _ask(app, client, scene, endpoint, method, arguments)
        if seen != (role in ALLOWED[endpoint]):
            wrong[endpoint] = seen
    assert wrong == {}


def _path(app: Flask, scene, endpoint: str, arguments: set[str]) -> str:
    values = scene.get("", {}) | scene.get(endpoint.partition(".")[0], {}) | scene.get(endpoint, {})
    with app.test_request_context():
        return app.url_for(endpoint, _external=False, **{name: values[name] for name in arguments})


def _ask(app: Flask, client, scene, endpoint: str, method: str, arguments: set[str]) -> bool:
    """Whether the guard let the request in; every other answer is one of the three refusals."""
    answer = client.open(_path(app, scene, endpoint, arguments), method=method)
    if answer.status_code == 302 and "/connexion" in answer.location and "next=" in answer.location:
        return False
    assert answer.status_code < 500, (endpoint, answer.status_code)
    return answer.status_code not in {401, 403, 404}


def test_every_page_has_a_place_in_a_browser(app: Flask, as_, scene):
    """axe, the Nu checker, reflow and screenshots see the pages of tests/browser/places.py: none may be missing."""
    pages = set()
    for endpoint, method, arguments in _routes(app):
        if method == "GET":
            role = "trainer" if "trainer" in ALLOWED[endpoint] else "organiser"
            answer = as_(scene["people"][role]).get(_path(app, scene, endpoint, arguments))
            pages |= {endpoint} if answer.status_code < 300 and answer.mimetype == "text/html" else set()
    assert pages - endpoints(app) == set()
