"""Every POST route: what it writes stands in the journal by the same commit; what it refuses writes nothing."""

import re
import sqlite3
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from flask import Flask
from sqlalchemy import event

from academy.extensions import db as database, transaction
from academy.models import Person

# What a view writes does not depend on the database.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

_WRITE = re.compile(r"\s*(?:INSERT INTO|UPDATE|DELETE FROM) \"?(\w+)")
_SESSION = {
    "title": "Les câbles",
    "summary": "Deux heures.",
    "cycle": "port",
    "starts_at": "2027-02-04T18:00",
    "ends_at": "2027-02-04T20:00",
    "mode": "onsite",
    "venue": "cisam",
    "capacity": "3",
    "waiting_list": "y",
    "programme": "Café.",
    "action": "publish",
}
_SEASON = {"cycle": "port", "session": "{session}", "s3-title": "Les câbles", "s3-starts_at": "2027-09-02T18:00"}
_BOTH = {"enrolment": "{seat}", "confirmed": "yes"}
_TEXT = {"base": "{module_head}", "source": "{source}"}
_DATES = {"base": "{module_head}", "publish_at": "2099-03-28T08:00", "expires_at": "2099-10-25T08:00", "successor": ""}
_COMMENT = {"digest": "{digest}", "line": "1", "body": "Vrai ?"}
_DECIDE = {"base": "{planned_head}", "reason": "Trop court."}
_MERGE = {"theirs": "{module_head}", "action": "merge"}
_SOMEBODY = {"name": "Zoé", "email": "zoe@example.org"}
_SYNONYM = {"term": "GNL", "meanings": "gaz naturel liquéfié", "language": "fr", "is_mutual": "y"}
_QUESTION = {"label_fr": "Repas", "kind": "choice", "choices": "Viande\nLégumes"}
_ANSWER = {"q1-1": "Sans noix"}  # to the question of the scene
_WISH = {"question": "hydrogène", "text": "Pour une classe.", "email": "zoe@example.org"}
_PICTURE = {"alt": "Le quai", "credit": "Ada", "licence": "cc-by-4.0"}
_MAIL = {"subject": "Bravo", "body": "Venez.\n{{link}}", "action": "save"}
_MAIL_AT = {"topic": "enrolment_confirmed", "language": "fr"}
_TAP = {"tap": "{sam}.1", "half": "{half}", "nonce": "0123456789abcdef0123"}
_PASS = {"nonce": "0123456789abcdef0123"}
_SIGN = {"half": "{started_half}", "signer": "trainer", "typed": "Olga", "drawing": ""}
_NEW = "phare-horizon-42-vagues"


class Case(NamedTuple):
    """A request that is allowed, and what of it (`who`, a field, an argument) is changed for it to be refused."""

    endpoint: str
    who: str  # a key of the scene, "" for a visitor
    data: dict[str, str]
    refused: dict[str, str]
    status: int  # of the refusal
    arguments: dict[str, str] = {}  # noqa: RUF012 -- never changed


CASES = [
    Case("account.accept", "sam", {}, {"who": "tess"}, 403, {"id": "{offer}"}),
    Case("account.ask_link", "", {"email": "a@example.org"}, {"email": "a@"}, 422),
    Case("account.cancel", "sam", {}, {"who": "tess"}, 403, {"id": "{seat}"}),
    Case("account.change_details", "sam", {"name": "Sami", "language": "en"}, {"name": " "}, 422),
    Case("account.renew_agenda", "sam", {}, {"who": ""}, 401),
    Case("account.renew_ticket", "", {}, {"token": "guessed"}, 404, {"token": "{spent}"}),
    Case("account.renew_ticket", "", {}, {"token": "guessed"}, 404, {"token": "{enrol_link}"}),
    Case("account.set_password", "sam", {"current": "{password}", "new": _NEW}, {"new": "court"}, 422),
    Case("account.set_password", "sam", {"current": "{password}", "new": _NEW}, {"current": _NEW}, 422),
    Case("account.sign_in_with_password", "", {"email": "{email}", "password": "{password}"}, {"password": "x"}, 422),
    Case("account.sign_out", "sam", {}, {"who": ""}, 303),  # a visitor has nothing to close
    Case("account.sign_out_everywhere", "sam", {}, {"who": ""}, 401),
    Case("account.use_ticket", "", {}, {"token": "{spent}"}, 410, {"token": "{sign_in_link}"}),
    Case("account.use_ticket", "", {}, {"token": "{late_link}"}, 410, {"token": "{enrol_link}"}),
    Case("cycles.follow", "sam", {}, {"who": ""}, 401),
    Case("desk.add_person", "olga", _SOMEBODY | {"role": "trainer"}, {"role": "admin"}, 422),
    Case("desk.add_pin", "olga", {"question": "escale", "document": "{module}"}, {"document": "0"}, 422),
    Case("desk.add_pin", "olga", {"question": "escale", "document": "{module}"}, {"question": "quai"}, 409),
    Case("desk.add_synonym", "olga", _SYNONYM, {"meanings": " , "}, 422),
    Case("desk.add_synonym", "olga", _SYNONYM, {"term": "IA"}, 409),
    Case("desk.add_cycle_question", "olga", _QUESTION, {"label_fr": " "}, 422, {"id": "{port}"}),
    Case("desk.add_session_question", "olga", _QUESTION, {"kind": "?"}, 422, {"id": "{session}"}),
    Case("desk.add_session_question", "olga", _QUESTION, {"choices": "Viande"}, 409, {"id": "{session}"}),
    Case("desk.change_answers", "olga", _ANSWER, {"q1-1": "x" * 201}, 422, {"id": "{seat}"}),
    Case("desk.change_question", "olga", _QUESTION, {"choices": "|"}, 422, {"id": "{question}"}),
    Case("desk.close_question", "olga", {}, {"who": "tess"}, 403, {"id": "{question}"}),
    Case("desk.delete_question", "olga", {}, {"who": "tess"}, 403, {"id": "{question}"}),
    Case("desk.move_question", "olga", {"to": "down"}, {"who": "tess"}, 403, {"id": "{question}"}),
    Case("desk.answer_requests", "olga", {"approve": "{request}"}, {"approve": "x"}, 422, {"id": "{asked}"}),
    Case("desk.cancel", "olga", {}, {"who": "tess"}, 403, {"id": "{session}"}),
    Case("desk.cancel_enrolment", "olga", {}, {"who": "tess"}, 403, {"id": "{seat}"}),
    Case("desk.change_mail_text", "olga", _MAIL, {"body": "Venez."}, 422, _MAIL_AT),
    Case("desk.change_mail_text", "olga", _MAIL, {"language": "de"}, 404, _MAIL_AT),
    Case("desk.restore_mail_text", "olga", {}, {"who": "tess"}, 403, _MAIL_AT),
    Case("desk.change_membership", "olga", {"is_member": "yes"}, {"who": "tess"}, 403, {"id": "{sam}"}),
    Case("desk.change_role", "olga", {"role": "trainer"}, {"role": "emperor"}, 422, {"id": "{sam}"}),
    Case("desk.change_role", "olga", {"role": "trainer"}, {"role": "admin"}, 409, {"id": "{sam}"}),
    Case("desk.change_speaker", "olga", {"speaker": "ada"}, {"speaker": "nobody"}, 409, {"id": "{tess}"}),
    Case("desk.change_synonym", "olga", _SYNONYM, {"term": "?"}, 422, {"id": "{synonym}"}),
    Case("desk.close_wish", "olga", {"document": "{module}"}, {"document": "many"}, 422, {"id": "{wish}"}),
    Case("desk.close_door", "olga", {}, {"who": "tess"}, 403, {"id": "{door}"}),
    Case("desk.create_post", "olga", _SESSION, {"title": ""}, 422),
    Case("desk.create_post", "olga", _SESSION | {"action": "save"}, {"ends_at": "2027-02-30T20:00"}, 422),
    Case("desk.cancel_several", "olga", _BOTH, {"enrolment": "0"}, 422, {"id": "{session}"}),
    Case("desk.cancel_several", "olga", _BOTH, {"confirmed": ""}, 200, {"id": "{session}"}),
    Case("desk.restore", "olga", {"enrolment": "{gone}"}, {"enrolment": "{seat}"}, 422, {"id": "{session}"}),
    Case("desk.enrol_roll_list", "olga", {"lines": "{sealed}"}, {"lines": "guessed"}, 422, {"id": "{session}"}),
    Case("desk.season_post", "olga", _SEASON, {"session": "0"}, 422),
    Case("desk.season_post", "olga", _SEASON, {"s3-starts_at": "2027-03-28T02:30"}, 422),
    Case("desk.delete_pin", "olga", {}, {"who": "tess"}, 403, {"id": "{pin}"}),
    Case("desk.delete_synonym", "olga", {}, {"who": "tess"}, 403, {"id": "{synonym}"}),
    Case(
        "desk.edit_post", "olga", _SESSION | {"base_fr": "{session_head}"}, {"capacity": "-1"}, 422, {"id": "{session}"}
    ),
    Case(
        "desk.edit_post", "olga", _SESSION | {"base_fr": "{session_head}"}, {"base_fr": "1"}, 409, {"id": "{session}"}
    ),
    Case("desk.enrol_person", "olga", _SOMEBODY, {"email": "zoe"}, 422, {"id": "{session}"}),
    Case("desk.invite", "olga", {"emails": "zoe@example.org"}, {"emails": "zoe@"}, 422, {"id": "{session}"}),
    Case("desk.postpone", "olga", {}, {"who": "tess"}, 403, {"id": "{session}"}),
    Case("desk.open_door", "olga", {"name": "Ana"}, {"name": "\u200b"}, 409, {"id": "{session}"}),
    Case("desk.open_room", "olga", {}, {"who": "tess"}, 403, {"id": "{session}"}),
    Case("desk.raise_pin", "olga", {}, {"who": "tess"}, 403, {"id": "{pin}"}),
    Case("desk.reschedule", "olga", {"starts_at": "2027-03-04T18:00"}, {"starts_at": ""}, 422, {"id": "{postponed}"}),
    Case(
        "desk.set_rules",
        "olga",
        {"access": "members", "offer_hours": "2"},
        {"offer_hours": "0"},
        422,
        {"id": "{session}"},
    ),
    Case("desk.resize", "olga", {"capacity": "5"}, {"capacity": "many"}, 422, {"id": "{session}"}),
    Case("account.end_alert", "sam", {}, {"who": "tess"}, 404, {"id": "{alert}"}),
    Case("resources.ask_alert", "", {"email": "zoe@example.org"}, {"email": "zoe@"}, 422),
    Case("resources.confirm_alert_now", "", {}, {"signed": "{signed}"}, 404, {"signed": "{confirming}"}),
    Case("resources.end_alert_now", "", {}, {"signed": "{confirming}"}, 404, {"signed": "{ending}"}),
    Case("desk.withdraw_invitation", "olga", {}, {"who": "tess"}, 403, {"id": "{invitation}"}),
    Case("desk.tap", "olga", _TAP, {"tap": "{olga}.1"}, 409, {"id": "{soon}"}),
    Case("presence.check_in", "sam", {"code": "{code}"}, {"code": "1234567"}, 409, {"id": "{soon}"}),
    Case("presence.check_in", "sam", {"code": "{code}"}, {"who": "tess"}, 409, {"id": "{soon}"}),
    Case("presence.sign", "olga", _SIGN, {"typed": " "}, 409, {"id": "{started}"}),
    Case("presence.sign", "olga", _SIGN, {"signer": "participant"}, 409, {"id": "{started}"}),
    Case("presence.tap", "", _TAP, {"half": "2027-13-41.morning"}, 409, {"token": "{token}"}),
    Case("presence.tap", "", _TAP, {"token": "guessed"}, 404, {"token": "{token}"}),
    Case("desk.add_scan", "olga", {}, {"who": "tess"}, 403, {"id": "{session}"}),
    Case("desk.delete_scan", "olga", {}, {"who": "tess"}, 403, {"id": "{scan}"}),
    Case("desk.issue_certificates", "olga", {}, {"id": "{session}"}, 409, {"id": "{attended}"}),
    Case("desk.revoke_certificate", "olga", {"reason": "Nom"}, {"reason": " "}, 409, {"id": "{certificate}"}),
    Case("presence.mark_pass", "olga", _PASS, {"nonce": "court"}, 409, {"token": "{badge}"}),
    Case("presence.mark_pass", "olga", _PASS, {"who": "tess"}, 403, {"token": "{badge}"}),
    Case("sessions.renew_pass", "", {}, {"signed": "{seat}"}, 404, {"signed": "{signed}"}),
    Case("resources.wish", "", _WISH, {"question": " "}, 422),
    Case("resources.wish", "sam", _WISH, {"email": "zoe@"}, 422),
    Case("sessions.cancel_by_link", "", {}, {"signed": "{seat}"}, 404, {"signed": "{signed}"}),
    Case("sessions.change_answers", "", _ANSWER, {"q1-1": "x" * 201}, 422, {"signed": "{signed}"}),
    Case("sessions.enrol", "", _SOMEBODY | _ANSWER, {"q1-1": "x" * 201}, 422, {"id": "{session}"}),
    Case("sessions.enrol", "", _SOMEBODY, {"name": "\u200b"}, 422, {"id": "{session}"}),
    Case("sessions.enrol", "tess", {}, {"id": "0"}, 404, {"id": "{session}"}),
    Case(
        "studio.create_post",
        "tess",
        {"title": "Le quai", "kind": "module", "cycle": "port", "topic": "port", "language": "fr"},
        {"cycle": ""},
        422,
    ),
    Case("studio.import_archive", "tess", {"seal": "{seal}"}, {"seal": "?"}, 409, {"upload": "{upload}"}),
    Case("studio.import_archive", "tess", {"seal": "{seal}"}, {"upload": "guessed"}, 404, {"upload": "{upload}"}),
    Case("studio.send_archive", "tess", {}, {"who": "sam"}, 403),
    Case("studio.agree", "olga", {"twin": "{twin}"}, {"twin": "0"}, 409, {"id": "{paired}"}),
    Case("studio.move", "olga", {"slug": "ailleurs"}, {"slug": "Été"}, 409, {"id": "{paired}"}),
    Case("studio.move", "olga", {"slug": "ailleurs"}, {"who": "tess"}, 403, {"id": "{paired}"}),
    Case("studio.add_file", "tess", {}, {"who": "sam"}, 403, {"id": "{module}"}),
    Case("studio.describe_file", "tess", _PICTURE, {"alt": ""}, 422, {"id": "{module}", "name": "quai.jpg"}),
    Case("studio.describe_file", "tess", _PICTURE, {"licence": "x"}, 422, {"id": "{module}", "name": "quai.jpg"}),
    Case("studio.replace_file", "tess", {}, {"name": "quai.jpg"}, 422, {"id": "{module}", "name": "plan.pdf"}),
    Case("studio.remove_file", "tess", {}, {"name": "x.csv"}, 404, {"id": "{module}", "name": "plan.pdf"}),
    Case("studio.hide", "olga", {"reason": "rights"}, {"reason": "?"}, 422, {"id": "{versions}", "number": "1"}),
    Case("studio.hide", "olga", {"reason": "rights"}, {"number": "3"}, 409, {"id": "{versions}", "number": "1"}),
    Case("studio.hide", "olga", {"reason": "law"}, {"number": "99"}, 404, {"id": "{versions}", "number": "2"}),
    Case("studio.unhide", "olga", {}, {"who": "tess"}, 403, {"id": "{versions}", "number": "2"}),
    Case("studio.merge_post", "tess", _MERGE, {"number": "99"}, 404, {"id": "{module}", "number": "{aside}"}),
    Case(
        "studio.merge_post", "tess", {"action": "leave"}, {"who": "sam"}, 403, {"id": "{module}", "number": "{aside}"}
    ),
    # A conflict, and a text that is not ready, are kept: what cannot be stored is not.
    Case("studio.post", "tess", _TEXT | {"action": "save"}, {"source": "\0"}, 422, {"id": "{module}"}),
    Case("studio.post", "tess", _TEXT | {"action": "publish"}, {"source": "\0"}, 422, {"id": "{module}"}),
    Case("studio.restore", "tess", {"base": "{module_head}"}, {"base": "0"}, 409, {"id": "{module}", "number": "1"}),
    Case("studio.ask_review", "tess", {"reviewer": "{olga}"}, {"reviewer": "0"}, 422, {"id": "{module}"}),
    Case("studio.ask_review", "tess", {"reviewer": ""}, {"who": "sam"}, 403, {"id": "{module}"}),
    Case("studio.call_off_review", "tess", {}, {"who": "sam"}, 403, {"id": "{planned}"}),
    Case("studio.comment", "olga", _COMMENT, {"body": " "}, 422, {"id": "{module}"}),
    Case("studio.comment", "olga", _COMMENT, {"digest": "x"}, 409, {"id": "{module}"}),
    Case("studio.decide", "olga", _DECIDE | {"action": "accept"}, {"base": "0"}, 409, {"id": "{planned}"}),
    Case("studio.decide", "olga", _DECIDE | {"action": "publish"}, {"base": "0"}, 409, {"id": "{planned}"}),
    Case("studio.decide", "olga", _DECIDE | {"action": "return"}, {"reason": " "}, 422, {"id": "{planned}"}),
    Case("studio.thread", "tess", {"body": "Oui."}, {"body": ""}, 422, {"id": "{module}", "number": "{thread}"}),
    Case(
        "studio.thread", "tess", {"action": "resolve"}, {"number": "0"}, 404, {"id": "{module}", "number": "{thread}"}
    ),
    Case(
        "studio.thread", "tess", {"action": "reopen"}, {"who": "sam"}, 403, {"id": "{module}", "number": "{resolved}"}
    ),
    Case("studio.set_dates", "tess", _DATES, {"expires_at": "2027-03-28T02:30"}, 422, {"id": "{module}"}),
    Case("studio.set_dates", "tess", _DATES, {"base": "0"}, 409, {"id": "{module}"}),
    Case("studio.set_dates", "tess", _DATES, {"successor": "nulle-part"}, 422, {"id": "{module}"}),
    Case("studio.unschedule", "tess", {"base": "{planned_head}"}, {"base": "0"}, 409, {"id": "{planned}"}),
    Case(
        "studio.withdraw",
        "tess",
        {"base": "{module_head}", "successor": ""},
        {"successor": "nulle-part"},
        422,
        {"id": "{module}"},
    ),
    Case("studio.withdraw", "tess", {"base": "{module_head}"}, {"base": "0"}, 409, {"id": "{module}"}),
]
_PDF = b"%PDF-1.7\n%%EOF\n"
FILES = {
    "desk.add_scan": {"scan": _PDF},
    "studio.add_file": {"file": _PDF},
    "studio.replace_file": {"file": _PDF},
    "studio.send_archive": {"archive": b"PK"},
}
DONE = {"resources.end_alert_now": 200}  # RFC 8058: a mailbox follows no redirection
EXEMPT = {
    "desk.read_roll_list": "tells what a list would do, and keeps nothing",
    "oai.harvest_post": "a harvester may post its question: nothing is written",
    "presence.lend_phone": "puts the link that a browser holds already into a cookie of that browser",
    "resources.opened": "adds to a count in memory, of which nobody is the author",
    "studio.live": "shows a preview, and keeps nothing",
}


@pytest.fixture
def commits(app: Flask):
    """The tables that each committed transaction wrote."""
    done: list[set[str]] = []
    with app.app_context():
        engine = database.engine

    def note(connection, _cursor, statement, *_):
        if found := _WRITE.match(statement):
            connection.info.setdefault("written", set()).add(found[1])

    listeners = {
        "before_cursor_execute": note,
        "commit": lambda connection: done.append(connection.info.pop("written", set())),
        "rollback": lambda connection: connection.info.pop("written", None),
    }
    for name, listener in listeners.items():
        event.listen(engine, name, listener)
    yield done
    for name, listener in listeners.items():
        event.remove(engine, name, listener)


@pytest.fixture
def rewind(scene, tmp_path: Path):
    """`rewind()`: the database as it was when the scene was set."""
    with closing(sqlite3.connect(tmp_path / "academy.db")) as there, closing(sqlite3.connect(":memory:")) as kept:
        there.backup(kept)
        yield lambda: kept.backup(there)


@pytest.fixture
def send(app: Flask, as_, scene, commits):
    """`send(case)` or `send(case, refused)`: the status of the answer, and what it committed."""

    def post(case: Case, changes: dict[str, str] | None = None) -> tuple[int, list[set[str]]]:
        changes = {key: value.format(**scene) for key, value in (changes or {}).items()}
        who = changes.get("who", case.who)
        data: dict[str, Any] = {key: changes.get(key, value.format(**scene)) for key, value in case.data.items()}
        values = {key: changes.get(key, value.format(**scene)) for key, value in case.arguments.items()}
        data |= {name: (BytesIO(content), "feuille.pdf") for name, content in FILES.get(case.endpoint, {}).items()}
        browser = as_(scene[who]) if who else app.test_client()
        if who:
            token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', browser.get("/moi/").text)
            assert token is not None
            data["csrf_token"] = token[1]
        with app.test_request_context():
            path = app.url_for(case.endpoint, _external=False, **_wanted(app, case.endpoint, scene | values))
        commits.clear()
        answer = browser.post(path, data=data)
        return answer.status_code, [tables for tables in commits if tables]

    return post


def _wanted(app: Flask, endpoint: str, values: dict[str, object]) -> dict[str, object]:
    """The values of the arguments that the address of an endpoint has."""
    (rule,) = app.url_map.iter_rules(endpoint)
    return {name: int(values[name]) if name in {"id", "number"} else values[name] for name in rule.arguments}  # pyright: ignore[reportArgumentType]


def test_every_post_route_has_a_case(app: Flask):
    posts = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    assert posts == {case.endpoint for case in CASES} | set(EXEMPT)
    assert not {case.endpoint for case in CASES} & set(EXEMPT)


def test_what_is_written_is_in_the_journal_by_the_same_commit(send, rewind):
    answers = {}
    for n, case in enumerate(CASES):
        status, written = send(case)
        unsaid = [tables for tables in written if "audit_entry" not in tables]
        answers[n, case.endpoint] = (status, bool(written), unsaid)
        rewind()
    expected = {(n, case.endpoint): (DONE.get(case.endpoint, 303), True, []) for n, case in enumerate(CASES)}
    assert answers == expected


def test_what_is_refused_writes_nothing(send):
    answers = {(n, case.endpoint): send(case, case.refused) for n, case in enumerate(CASES)}
    assert answers == {(n, case.endpoint): (case.status, []) for n, case in enumerate(CASES)}


@pytest.mark.parametrize("endpoint", sorted(EXEMPT))
def test_what_is_exempt_writes_nothing(send, endpoint: str):
    who, id_ = ("olga", "{session}") if endpoint.startswith("desk.") else ("tess", "{module}")
    status, written = send(Case(endpoint, who, _TEXT, {}, 0, {"id": id_}))
    assert (status < 400 or status == 422, written) == (True, [])


def test_a_commit_without_its_line_would_be_seen(app: Flask, scene, commits):
    commits.clear()
    with app.app_context(), transaction() as it:
        it.get_one(Person, scene["sam"]).name = "Nobody knows"
    assert commits[-1:] == [{"person"}]
