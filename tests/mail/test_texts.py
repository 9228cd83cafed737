"""Mails in the words of organisers: the right placeholders, both twins from one text, nothing executed."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from academy.domain import enrolment, mail_texts
from academy.domain.problems import ContentRefused
from academy.extensions import db as database, transaction
from academy.mail import facts, worded
from academy.models import AuditEntry, CycleSession, Enrolment, MailText, Person, Role
from academy.web import clock, problems
from tests.factories import a_person, a_session
from tests.mail_reading import html_of, invitation_in, sent_by, subject_of, text_of

KINDS = [(topic, language) for topic in mail_texts.MAILS for language in mail_texts.LANGUAGES]


def _enrol(person: int, session: int) -> int:
    with transaction() as it:
        held = enrolment.enrol(it.get_one(Person, person), it.get_one(CycleSession, session), now=clock.now())
        it.flush()
        return held.id


def _write(topic: str, subject: str, body: str, language: str = "fr") -> None:
    with transaction():
        mail_texts.write(topic, language, subject=subject, body=body, by=None, now=clock.now())


def _refusals(topic: str, subject: str, body: str) -> list[tuple[str, int, str]]:
    with pytest.raises(ContentRefused) as refusal:
        mail_texts.check(topic, subject, body)
    return [(problem.key, problem.line, problem.code) for problem in refusal.value.problems]


def test_every_mail_can_be_worded(app: Flask):
    folder = {name for name in app.jinja_env.list_templates() if name.startswith("mail/") and name.endswith(".txt")}
    assert set(mail_texts.MAILS) | mail_texts.AS_SHIPPED == {
        name[5:-4] for name in folder if not name.startswith("mail/_")
    }


@pytest.mark.parametrize(("topic", "language"), KINDS, ids=lambda value: value)
def test_what_ships_is_a_text_to_begin_from(app: Flask, topic: str, language: str):
    path = "/en/" if language == "en" else "/"
    with app.test_request_context(path, environ_overrides={"academy.language": language}):
        subject, body = worded.shipped(topic, language)
    mail_texts.check(topic, subject, body)
    assert "777" not in body
    assert not re.search(r"\n\n\n|None|Undefined", body)
    held = set(mail_texts.PLACEHOLDER.findall(subject + body))
    assert held == set(mail_texts.MAILS[topic].placeholders) - ({"access"} if "standing" in held else set())


def test_a_text_is_checked_line_by_line():
    assert _refusals("enrolment_confirmed", "Oui {nom}", "Bonjour\n{nom} {video}\n{ link }\n{name\n{{name}}") == [
        ("subject", 1, "placeholder_unknown"),
        ("body", 2, "placeholder_unknown"),
        ("body", 2, "placeholder_unknown"),
        ("body", 3, "placeholder_broken"),
        ("body", 4, "placeholder_broken"),
        ("body", 5, "placeholder_broken"),
        ("body", 0, "placeholder_missing"),
    ]
    assert _refusals("enrolment_confirmed", "", "") == [
        ("subject", 0, "mail_empty"),
        ("body", 0, "mail_empty"),
        ("body", 0, "placeholder_missing"),
    ]
    assert _refusals("sign_in_link", "Lien {link}", "{link}") == [("subject", 1, "placeholder_unknown")]
    assert _refusals("sign_in_link", "A\u202eB", "{link}\u200b") == [
        ("subject", 1, "hidden_characters"),
        ("body", 1, "hidden_characters"),
    ]
    assert _refusals("sign_in_link", "A" * 201, "{link}" + "a" * 5000) == [
        ("subject", 0, "text_too_long"),
        ("body", 0, "text_too_long"),
    ]
    assert _refusals("enrolment_link", "Bonjour {name}", "{link}") == [("subject", 1, "placeholder_unknown")]


def test_both_twins_come_from_one_text(app: Flask, db):
    _write(
        "enrolment_confirmed",
        "C'est dit : {session}",
        "Cher {name},\n\n**Le {when}**\nLieu : {where}\n\n- Venez **tôt**\n- [Votre place]({link})\n\n{standing}\n<b>Fin</b> & {page}",
    )
    held = _enrol(a_person("Jeanne <i>", email="a@example.org"), a_session(title="Lire {name}"))
    [mail] = sent_by(app)
    row = database.session.get_one(Enrolment, held)
    link = facts.of_enrolment(row, "fr")["enrolment_url"]
    assert subject_of(mail).replace("\u00a0", " ") == "C’est dit : Lire {name}"
    text, html = text_of(mail), html_of(mail)
    assert "Cher Jeanne <i>," in text
    assert f"- Venez tôt\n- Votre place {link}\n" in text
    assert "Lieu" not in text  # there is none: the line is left out
    assert "(heure de Paris)\n" in text
    assert "**" not in text
    assert "<p>Cher Jeanne &lt;i&gt;,</p>" in html
    assert re.search(r"<p><b>Le \w+ [^<]*\(heure de Paris\)</b></p>", html)
    assert f'<ul><li>Venez <b>tôt</b></li><li><a href="{link}">Votre place</a></li></ul>' in html
    assert "Une place vous est réservée.<br>\n&lt;b&gt;Fin&lt;/b&gt; &amp; <a href=" in html
    assert (invitation_in(mail) or [""])[0] == "REQUEST"


def test_values_are_never_read_again(app: Flask, db):
    _write("enrolment_confirmed", "{name} {session}", "{name} {session}\n{link}")
    title = "{link} **x** [a]({link}) {{ 7*7 }}"
    _enrol(a_person("{{ settings.secret_key }}", email="a@example.org"), a_session(title=title))
    [mail] = sent_by(app)
    for said in (subject_of(mail), text_of(mail), html_of(mail)):
        assert "{{ settings.secret_key }}" in said
        assert title in said
        assert "49" not in said.replace(str(clock.now().year), "") or "7*7" in said


@pytest.mark.parametrize("words", ["{{ 7*7 }}", "{% raw %}", "{name.__class__}", "{0}", "{name!r}", "%(name)s {link"])
def test_code_is_no_text(words: str):
    codes = {code for _key, _line, code in _refusals("sign_in_link", "Lien", f"{words}\n{{link}}")}
    assert codes == {"placeholder_broken"}


def test_a_link_of_the_team_cannot_be_anything_but_ours(app: Flask, db):
    _write("enrolment_confirmed", "S", "[clic](javascript:alert(1)) <a href='https://evil.example'>x</a>\n{link}")
    _enrol(a_person(), a_session())
    html = html_of(sent_by(app)[0])
    assert 'href="javascript' not in html
    assert "href='https://evil" not in html


def test_only_that_language_changes_and_the_original_comes_back(app: Flask, db):
    session = a_session()
    _write("enrolment_confirmed", "Bravo", "Venez.\n{link}")
    for language in ("fr", "en"):
        _enrol(a_person(language=language, email=f"{language}@example.org"), session)
    assert sorted(subject_of(mail) for mail in sent_by(app)) == ["Bravo", "Enrolment confirmed: Session"]
    with transaction():
        assert mail_texts.restore("enrolment_confirmed", "fr", by=None, now=clock.now())
    with transaction():
        assert not mail_texts.restore("enrolment_confirmed", "fr", by=None, now=clock.now())
    _enrol(a_person(email="again@example.org"), session)
    assert subject_of(sent_by(app)[-1]) == "Inscription confirmée\u00a0: Session"
    entries = list(
        database.session.scalars(select(AuditEntry).where(AuditEntry.entity == "mail_text").order_by(AuditEntry.id))
    )
    assert [entry.action for entry in entries] == ["mail_text.write", "mail_text.restore"]
    assert entries[1].detail["was"] == {"subject": "Bravo", "body": "Venez.\n{link}"}


def test_an_offer_in_words_of_the_team_has_its_deadline_and_both_addresses(app: Flask, db):
    _write("enrolment_offered", "Pour vous", "Gardée jusqu'au {deadline}\n[Répondre]({answer})\n{link}")
    held = _enrol(a_person(email="a@example.org"), session := a_session(capacity=1, offer_hours=24))
    queued = _enrol(a_person(email="b@example.org"), session)
    with transaction() as it:
        enrolment.cancel(it.get_one(Enrolment, held), by=None, now=clock.now())
    [mail] = [mail for mail in sent_by(app) if subject_of(mail) == "Pour vous"]
    row = database.session.get_one(Enrolment, queued)
    text, html = text_of(mail), html_of(mail)
    assert re.match(
        r"Gardée jusqu’au \w+\s\d+\s\w+\s20\d\d à .+ \(heure de Paris\)\nRépondre http://localhost/\S+\n", text
    )
    link = facts.of_enrolment(row, "fr")["enrolment_url"]
    assert f"{link}\n" in text
    [answer] = re.findall(r'<a href="([^"]+)">Répondre</a>', html)
    assert answer in text
    assert answer != link
    assert invitation_in(mail) is None


def test_a_reason_keeps_its_lines_and_is_no_markup(app: Flask, db):
    _write("enrolment_refused", "Non", "Bonjour {name},\n\n{reason}\n\n{link}")
    held = _enrol(a_person(email="a@example.org"), a_session(needs_approval=True))
    with transaction() as it:
        asked = it.get_one(Enrolment, held)
        enrolment.refuse(asked, reason="Trop tard.\n<b>{link}</b>", by=None, now=clock.now())
    [mail] = [mail for mail in sent_by(app) if subject_of(mail) == "Non"]
    assert "\nTrop tard.\n<b>{link}</b>\n" in text_of(mail)
    assert "<p>Trop tard.<br>\n&lt;b&gt;{link}&lt;/b&gt;</p>" in html_of(mail)


def test_a_paragraph_without_anything_to_say_goes(app: Flask, db):
    said = {"video": "", "link": "https://a.example/", "name": "Ada", "readings": []}
    body = "Bonjour {name}\n\nLa salle :\n{video}\n\n- {readings}\n\nAu revoir\n{link}"
    assert worded.text(body, said, "en") == "Bonjour Ada\n\nAu revoir\nhttps://a.example/"
    assert worded.html(body, said, "en") == (
        '<p>Bonjour Ada</p>\n<p>Au revoir<br>\n<a href="https://a.example/">https://a.example/</a></p>'
    )


def test_the_words_of_the_refusals_exist():
    codes = {"mail_empty", "placeholder_unknown", "placeholder_missing", "placeholder_broken", "hidden_characters"}
    assert codes <= set(problems.WORDS)


def _token(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found is not None
    return found[1]


@pytest.fixture
def desk(app: Flask, as_):
    with app.app_context():
        return as_(a_person("Olga", role=Role.ORGANISER))


def _post(desk, path: str, **typed: str):
    token = _token(desk.get(path.removesuffix("/origine")).text)
    return desk.post(path, data={**typed, "csrf_token": token})


PATH = "/pilotage/messages/enrolment_confirmed/fr"


@pytest.mark.each_database
def test_every_mail_has_its_page_in_both_languages(app: Flask, desk):
    listed = desk.get("/pilotage/messages/").text
    for topic, language in KINDS:
        path = f"/pilotage/messages/{topic}/{language}"
        assert f'href="{path}"' in listed
        for side in ("", "/en"):
            page = desk.get(f"{side}{path}")
            assert page.status_code == 200
            token = _token(page.text)
            typed = re.search(r"<textarea[^>]*>\s*(.*?)</textarea>", page.text, re.DOTALL)
            subject = re.search(r'name="subject"[^>]*value="([^"]*)"', page.text)
            assert typed
            assert subject
            data = {"subject": subject[1], "body": typed[1], "action": "preview", "csrf_token": token}
            assert desk.post(f"{side}{path}", data=data).status_code == 200, path
    for path in ("/pilotage/messages/x/fr", "/pilotage/messages/sign_in_link/de"):
        assert desk.get(path).status_code == 404
    with app.app_context():
        assert database.session.scalars(select(MailText)).all() == []


def test_the_desk_keeps_shows_and_restores(app: Flask, desk):
    typed = {"subject": "Bravo {name}", "body": "Venez à {session}.\r\n\r\n{link}\r\n"}
    sample = _post(desk, PATH, action="preview", **typed).text
    assert "Exemple inventé" in sample
    assert "Camille Exemple" in sample
    with app.app_context():
        _enrol(a_person("Zénobie"), a_session(title="La rade", starts_in=timedelta(days=9)))
    seen = _post(desk, PATH, action="preview", **typed).text
    assert "Bravo Zénobie" in seen
    assert "Venez à La rade." in seen
    assert "Exemple inventé" not in seen
    assert _post(desk, PATH, action="save", **typed).status_code == 303
    with app.app_context():
        row = database.session.scalars(select(MailText)).one()
        assert (row.subject, row.body) == ("Bravo {name}", "Venez à {session}.\n\n{link}")
        subjects = [subject_of(mail) for mail in sent_by(app)]
    assert subjects == ["Bravo Zénobie"]
    assert "Bravo {name}" in desk.get(PATH).text
    assert _post(desk, f"{PATH}/origine").status_code == 303
    assert "Bravo {name}" not in desk.get(PATH).text


def test_a_refused_text_says_where_and_loses_nothing(desk):
    answer = _post(desk, PATH, action="save", subject="Bravo {nom}", body="Bonjour,\n{prenom} <b>")
    assert answer.status_code == 422
    said = answer.text.replace("\u202f", " ").replace("\u00a0", " ")
    assert "Ligne 2 : Ce message ne connaît pas {prenom}" in said
    assert "Ce message ne connaît pas {nom}" in said
    assert "Il manque {link}" in said
    assert "{prenom} &lt;b&gt;</textarea>" in said
    assert 'value="Bravo {nom}"' in said
    english = _post(desk, f"/en{PATH}", action="save", subject="", body="Hello").text
    assert "This field is required" in english


def test_every_mail_about_a_place_leads_to_where_it_is_managed(app: Flask):
    for topic, mail in mail_texts.MAILS.items():
        if {"name", "session"} <= set(mail.placeholders) and topic != "certificate_issued":  # nothing is left to manage
            assert "link" in mail.required, topic
            for twin in ("txt", "html"):
                source, _path, _is_fresh = app.jinja_env.loader.get_source(app.jinja_env, f"mail/{topic}.{twin}")  # pyright: ignore
                assert "enrolment_url" in source, (topic, twin)
