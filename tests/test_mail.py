"""Mails: sent once, in the person's language, with links of ours, and nothing of anybody else's in them."""

import email
import email.policy
import re
import socketserver
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from academy import jobs, mail
from academy.config import Settings
from academy.domain import accounts, admission, enrolment
from academy.extensions import db as database, mail as mailer, transaction
from academy.mail import links, message
from academy.models import (
    CycleSession,
    Enrolment,
    EnrolmentStatus,
    OutboxMessage,
    Person,
    SentMail,
    SessionStatus,
    Ticket,
)
from academy.web import clock
from tests.conftest import settings_for
from tests.factories import a_person, a_session
from tests.web.test_english import french_in


def read(path: Path):
    return email.message_from_bytes(path.read_bytes(), policy=email.policy.default)


@pytest.fixture
def mails(app: Flask):
    """`mails()`: deliver what is due, then every mail written so far, oldest first."""
    folder = Path(app.config["MAIL_FILE_PATH"])

    def deliver() -> list:
        jobs.drain()
        return [read(path) for path in sorted(folder.glob("*.eml"))]

    return deliver


def text_of(mail) -> str:
    return mail.get_body(("plain",)).get_content()


def subject_of(mail) -> str:
    return mail["Subject"].strip()  # a folded header keeps the blank of its fold


def html_of(mail) -> str:
    return mail.get_body(("html",)).get_content()


def enrol(person: int, session: int) -> int:
    with transaction() as it:
        held = enrolment.enrol(it.get_one(Person, person), it.get_one(CycleSession, session), now=clock.now())
        it.flush()
        return held.id


def promised() -> list[tuple[int, str, dict]]:
    rows = select(OutboxMessage).order_by(OutboxMessage.id)
    return [(row.id, row.topic, dict(row.payload)) for row in database.session.scalars(rows)]


def test_every_mail_has_a_text_and_an_html_twin():
    folder = Path(mail.__file__).parents[1] / "templates" / "mail"
    names = {path.stem for path in folder.glob("[!_]*.txt")}
    assert names == {path.stem for path in folder.glob("[!_]*.html")}
    assert len(names) == 28


def test_a_confirmation_says_what_when_where_and_how_to_cancel(db, mails):
    person = a_person("Jeanne Martin", email="jeanne@example.org")
    session = a_session(title="Lire la rade")
    held = enrol(person, session)
    (sent,) = mails()
    link = links.enrolment_url(db.session.get_one(Enrolment, held), language="fr")
    assert (sent["To"], subject_of(sent)) == ("jeanne@example.org", "Inscription confirmée\u00a0: Lire la rade")
    assert (sent["Auto-Submitted"], sent["Content-Language"]) == ("auto-generated", "fr")
    for body in (text_of(sent), html_of(sent)):
        assert "Jeanne Martin" in body
        assert link in body
        assert "heure de Paris" in body
        assert f"http://localhost/sessions/{session}-" in body
    assert "{" not in text_of(sent)
    assert not re.search(r"<(script|img|style|link)\b|\sstyle=", html_of(sent))


def test_the_queue_is_told_its_place_then_its_seat(db, mails):
    session = a_session(capacity=1)
    first = enrol(a_person(email="a@example.org"), session)
    enrol(a_person(email="b@example.org"), session)
    enrol(a_person(email="c@example.org"), session)
    assert "2e position" in text_of(mails()[-1])
    with transaction() as it:
        enrolment.cancel(it.get_one(Enrolment, first), by=None, now=clock.now())
    sent = mails()
    assert [(one["To"], subject_of(one).split("\u00a0:")[0]) for one in sent[3:]] == [
        ("a@example.org", "Inscription annulée"),
        ("b@example.org", "Une place s’est libérée pour vous"),
    ]


def test_a_handler_that_runs_twice_sends_once(db, mails):
    enrol(a_person(), a_session())
    ((message_id, _topic, payload),) = promised()
    mail.enrolment_confirmed(message_id, **payload)
    mail.enrolment_confirmed(message_id, **payload)
    assert len(mails()) == 1
    assert db.session.scalar(select(func.count(SentMail.id))) == 1


def test_a_ticket_mail_sent_again_makes_no_second_ticket(db, mails):
    a_person(email="a@example.org")
    mail.sign_in_link(1, email="a@example.org", language="fr")
    mail.sign_in_link(1, email="a@example.org", language="fr")
    assert len(mails()) == 1
    assert db.session.scalar(select(func.count(Ticket.id))) == 1


def test_the_same_mail_has_the_same_message_id_and_others_do_not(app: Flask):
    with app.app_context():
        headers = [
            message._headers(n, to, "fr")["Message-ID"]
            for n, to in ((1, "a@x.fr"), (1, "a@x.fr"), (2, "a@x.fr"), (1, "b@x.fr"))
        ]
    assert headers[0] == headers[1]
    assert len(set(headers)) == 3
    assert headers[0].endswith("@localhost>")


def test_an_overtaken_message_is_dropped(db, mails):
    held = enrol(a_person(), a_session())
    with transaction() as it:
        enrolment.cancel(it.get_one(Enrolment, held), by=None, now=clock.now())
    assert [subject_of(one).split("\u00a0:")[0] for one in mails()] == ["Inscription annulée"]


def test_nobody_is_told_of_a_session_that_is_over(db, mails):
    person, session = a_person(), a_session()
    enrol(person, session)
    with transaction() as it:
        row = it.get_one(CycleSession, session)
        row.starts_at, row.ends_at = clock.now() - timedelta(hours=3), clock.now() - timedelta(hours=1)
    assert mails() == []


def test_mails_speak_the_language_of_the_person(db, mails):
    session = a_session(title="La rade", languages=("fr", "en"))
    enrol(a_person(email="ann@example.org", language="en"), session)
    (sent,) = mails()
    assert sent["Content-Language"] == "en"
    assert "La rade (en)" in subject_of(sent)
    assert f"http://localhost/en/sessions/{session}-" in text_of(sent)
    assert '<html lang="en">' in html_of(sent)


def test_a_mail_in_english_marks_a_title_in_french(db, mails):
    session, person = a_session(title="La mer ?", starts_in=timedelta(days=9)), a_person(language="en")
    held = enrol(person, session)
    with transaction() as it:
        enrolment.cancel(it.get_one(Enrolment, held), by=None, now=clock.now())
    html = html_of(mails()[-1])
    assert '<html lang="en">' in html
    assert re.search(r'<a href="[^"]*" lang="fr">La mer', html)
    assert french_in(html) == []


def test_an_unknown_address_learns_that_it_has_no_account_and_gets_no_ticket(db, mails):
    mail.sign_in_link(1, email="nobody@example.org", language="fr")
    (sent,) = mails()
    assert "pas encore de compte" in subject_of(sent)
    assert "/i/" not in text_of(sent)
    assert db.session.scalar(select(func.count(Ticket.id))) == 0


def test_a_closed_account_gets_no_ticket(db, mails):
    a_person(email="closed@example.org", is_disabled=True)
    mail.sign_in_link(1, email="closed@example.org", language="fr")
    assert "fermé" in subject_of(mails()[0])
    assert db.session.scalar(select(func.count(Ticket.id))) == 0


def test_a_strangers_words_are_not_mailed_to_an_unproven_address(db, mails):
    """Or the form would send anybody's advertising to anybody."""
    session_id = a_session()
    with transaction() as it:
        session = it.get_one(CycleSession, session_id)
        enrolment.ask(session, "victim@example.org", name="Buy at http://evil.example", language="fr", now=clock.now())
    (sent,) = mails()
    assert "evil" not in sent.as_string()


def test_headers_cannot_be_injected(db, mails):
    person = a_person("A\r\nBcc: victim@example.org", email="a@example.org")
    enrol(person, a_session(title="T\r\nBcc: victim@example.org\r\n\r\nHello"))
    (sent,) = mails()
    assert (sent["Bcc"], sent["To"]) == (None, "a@example.org")
    assert subject_of(sent) == "Inscription confirmée\u00a0: T Bcc: victim@example.org Hello"


def test_names_and_titles_are_text_in_html_mails(db, mails):
    enrol(a_person("<b>Mallory</b>"), a_session(title="<script>alert(1)</script>"))
    html = html_of(mails()[0])
    assert "<script>" not in html
    assert "&lt;b&gt;Mallory&lt;/b&gt;" in html


def test_sample_addresses_are_never_written_to(db, mails):
    enrol(a_person(email="exemple-01@exemple.invalid"), a_session())
    assert mails() == []
    assert database.session.scalars(select(OutboxMessage.done_at)).one() is not None


def test_session_news_reach_each_live_enrolment(db, mails):
    session = a_session(capacity=1)
    seated = enrol(a_person(email="a@example.org"), session)
    waiting = enrol(a_person(email="b@example.org"), session)
    before = len(mails())
    mail.session_changed(101, enrolment=seated, session=session)
    mail.session_changed(102, enrolment=waiting)
    with transaction() as it:
        it.get_one(CycleSession, session).status = SessionStatus.CANCELLED
    mail.session_cancelled(103, enrolment=seated)
    subjects = [subject_of(one).split("\u00a0:")[0] for one in mails()[before:]]
    assert subjects == ["Changement", "Changement", "Session annulée"]


def offered(**person: str) -> int:
    """An enrolment to which a seat is offered; return its id."""
    session = a_session(capacity=1, offer_hours=24)
    first, second = enrol(a_person(), session), enrol(a_person("Ana", email="ana@example.org", **person), session)
    with transaction() as it:
        enrolment.cancel(it.get_one(Enrolment, first), by=None, now=clock.now())
    return second


def test_an_offer_names_its_deadline_and_its_link_answers_once(db, mails):
    held = offered()
    until = db.session.get_one(Enrolment, held).offered_until
    sent = mails()[-1]
    assert subject_of(sent).startswith("Une place est pour vous")
    ticket = db.session.scalars(select(Ticket).where(Ticket.purpose == "offer")).one()
    assert (ticket.payload["enrolment"], ticket.expires_at) == (held, until)
    for body in (text_of(sent), html_of(sent)):
        assert "http://localhost/i/" in body
        assert "heure de Paris" in body
    assert f"{until.astimezone(clock.PARIS):%-d}" in text_of(sent)


def test_an_offer_that_was_overtaken_is_not_mailed(db, mails):
    held = offered()
    with transaction() as it:
        enrolment.accept(it.get_one(Enrolment, held), by=None, now=clock.now())
    assert [subject_of(one).split("\u00a0:")[0] for one in mails() if one["To"] == "ana@example.org"] == [
        "Inscription confirmée"
    ]


def test_a_refusal_carries_its_reason(db, mails):
    held = enrol(a_person(email="ana@example.org"), a_session(needs_approval=True))
    with transaction() as it:
        row = it.get_one(Enrolment, held)
        enrolment.refuse(row, reason="Trop tard.\n<b>Désolés</b>", by=None, now=clock.now())
    sent = mails()[-1]
    assert subject_of(sent).startswith("Votre demande n’est pas retenue")
    assert "Trop tard." in text_of(sent)
    assert "&lt;b&gt;Désolés" in html_of(sent)


def test_an_invitation_speaks_to_somebody_without_an_account(db, mails):
    session = a_session(title="Entre nous", access="invitation")
    with transaction() as it:
        row = it.get_one(CycleSession, session)
        admission.invite(row, ["new@example.org"], by=None, language="en", now=clock.now())
    (sent,) = mails()
    assert (sent["To"], subject_of(sent)) == ("new@example.org", "Invitation: Entre nous")
    ticket = db.session.scalars(select(Ticket)).one()
    assert (ticket.email, ticket.expires_at) == ("new@example.org", db.session.get_one(CycleSession, session).starts_at)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_news_of_enrolments_are_whole_in_both_languages(db, mails, language: str):
    held = offered(language=language)
    mails()
    for status, number, send in (
        (SessionStatus.POSTPONED, 201, mail.session_postponed),
        (SessionStatus.SCHEDULED, 202, mail.session_changed),
    ):
        with transaction() as it:
            it.get_one(Enrolment, held).session.status = status
        send(number, enrolment=held)
    with transaction() as it:
        row = it.get_one(Enrolment, held)
        enrolment.cancel(row, by=None, now=clock.now())
    mails()
    mail.enrolment_offer_lapsed(203, enrolment=held)
    with transaction() as it:
        it.get_one(Enrolment, held).status = EnrolmentStatus.REQUESTED
    mail.enrolment_requested(204, enrolment=held)
    mine = [one for one in mails() if one["To"] == "ana@example.org"]
    assert len(mine) == 6
    for one in mine:
        assert "{" not in text_of(one)
        if language == "en":
            assert french_in(html_of(one)) == []


def test_a_set_password_is_told(db, mails):
    person = a_person("Léa", email="lea@example.org")
    hashed = accounts.hash_password("un phare dans la brume", person=db.session.get_one(Person, person))
    with transaction() as it:
        accounts.set_password(it.get_one(Person, person), hashed, now=clock.now())
    (sent,) = mails()
    assert "http://localhost/moi/" in text_of(sent)


def test_links_follow_the_public_url_and_never_the_request(tmp_path: Path):
    from academy import create_app

    app = create_app(settings_for(tmp_path, public_url="https://academie.example/racine"))
    with app.test_request_context("/", headers={"Host": "evil.example"}):
        assert links.url("sessions.index", language="fr") == "https://academie.example/racine/sessions/"
        assert links.url("sessions.index", language="en") == "https://academie.example/racine/en/sessions/"


def test_only_our_signature_opens_an_enrolment(app: Flask):
    with app.app_context():
        signed = links.sign(42)
        assert links.signed_id(signed) == 42
        assert [links.signed_id(bad) for bad in ("42", "NDI", signed[:-1], signed + "A", "NDM" + signed[3:], "")] == [
            None
        ] * 6


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("file:/var/mails", {"MAIL_FILE_PATH": "/var/mails"}),
        ("file:///var/mails", {"MAIL_FILE_PATH": "/var/mails"}),
        ("console:", {"MAIL_BACKEND": "console"}),
        (
            "smtp://mx.example",
            {"MAIL_SERVER": "mx.example", "MAIL_PORT": 25, "MAIL_USE_TLS": False, "MAIL_USE_SSL": False},
        ),
        ("smtp://me:p%40ss@mx.example", {"MAIL_PORT": 587, "MAIL_PASSWORD": "p@ss", "MAIL_USE_TLS": True}),
        ("smtp://me:x@127.0.0.1:2525", {"MAIL_PORT": 2525, "MAIL_USE_TLS": False}),
        (
            "smtps://me:x@mx.example",
            {"MAIL_PORT": 465, "MAIL_USE_SSL": True, "MAIL_USE_TLS": False, "MAIL_TIMEOUT": 10},
        ),
    ],
)
def test_mail_url_in_the_words_of_the_mailer(tmp_path: Path, url: str, expected: dict):
    config = settings_for(tmp_path, mail_url=url).flask_config()
    assert {key: config[key] for key in expected} == expected


class _Smtp(socketserver.StreamRequestHandler):
    """The least of a mail server: takes one mail."""

    def handle(self) -> None:
        self.wfile.write(b"220 test\r\n")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                self.wfile.write(b"354 go\r\n")
                taken = []
                while (line := self.rfile.readline()) != b".\r\n":
                    taken.append(line)
                self.server.taken.append(b"".join(taken))
            self.wfile.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 ok\r\n")
            if verb == b"QUIT":
                return


@pytest.fixture
def smtp():
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Smtp)
    server.daemon_threads, server.taken = True, []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def _by_smtp(app: Flask, port: int) -> None:
    settings: Settings = app.config["SETTINGS"]
    values = {"mail_url": f"smtp://127.0.0.1:{port}", "database_url": settings.database_url}
    app.config.from_mapping(settings_for(settings.instance, **values).flask_config())
    mailer.init_app(app)


def test_a_mail_goes_over_smtp(app: Flask, smtp):
    with app.app_context():
        _by_smtp(app, smtp.server_address[1])
        enrol(a_person(email="jeanne@example.org"), a_session(title="Été"))
        jobs.drain()
    (taken,) = smtp.taken
    sent = email.message_from_bytes(taken, policy=email.policy.default)
    assert (sent["To"], subject_of(sent)) == ("jeanne@example.org", "Inscription confirmée\u00a0: Été")
    assert sent["From"].addresses[0].display_name == "Académie One Provence"


def test_a_mail_server_that_is_away_loses_nothing(app: Flask, smtp):
    with app.app_context():
        _by_smtp(app, 9)  # nobody listens on the discard port
        enrol(a_person(email="jeanne@example.org"), a_session())
        jobs.drain()
        row = database.session.scalars(select(OutboxMessage)).one()
        assert (row.done_at, row.attempts) == (None, 1)
        assert "refused" in (row.error or "")
        assert database.session.scalar(select(func.count(SentMail.id))) == 0
        _by_smtp(app, smtp.server_address[1])
        with transaction() as it:
            it.get_one(OutboxMessage, row.id).due_at = clock.now()
        jobs.drain()
    assert len(smtp.taken) == 1
