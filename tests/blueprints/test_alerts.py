"""Follow a search by mail, from the finder to the last click; every mail read in full."""

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from academy import jobs
from academy.domain import alerts
from academy.extensions import db as database, limiter, transaction
from academy.models import Alert, AuditEntry, Edition, Kind, Person, SentMail
from academy.web import clock
from academy.web.digests import MOST
from tests.factories import a_person, a_text, a_topic, at, withdrawn
from tests.kept import once
from tests.test_mail import html_of, read, subject_of, text_of
from tests.web.test_english import french_in

TUESDAY, MONDAY = at(2027, 2, 2), at(2027, 2, 8, 7)
HOSTILE = '<b>"Le" & \u202equai</b>'


def mails(app: Flask) -> list:
    with app.app_context():
        jobs.tidy()
        jobs.drain()
    return [read(path) for path in sorted(Path(app.config["MAIL_FILE_PATH"]).glob("*.eml"))]


def link_in(mail, end: str) -> str:
    return urlsplit(re.findall(rf"http://localhost(?:/en)?/alertes/\S+/{end}", text_of(mail))[0]).path


def rows(app: Flask) -> list[tuple]:
    with app.app_context():
        found = database.session.scalars(select(Alert).order_by(Alert.id))
        return [(row.email, row.language, row.title, row.question, row.confirmed_at is not None) for row in found]


@pytest.fixture
def followed(app: Flask, client: FlaskClient) -> Callable[..., str]:
    """`followed("/alertes/?q=rade")`: asked and confirmed on a Tuesday; the link that ends it."""

    def follow(path: str, email: str = "zoe@example.org") -> str:
        with time_machine.travel(TUESDAY, tick=False):
            assert client.post(path, data={"email": email}).status_code == 303
            asked = mails(app)[-1]
            assert client.post(link_in(asked, "confirmer")).status_code == 303
            return link_in(asked, "arreter")

    return follow


def test_every_state_of_the_finder_leads_to_its_alert(client: FlaskClient):
    page = client.get("/en/ressources/?q=rade&theme=port&page=3&tri=titre").text
    assert 'href="/en/alertes/?q=rade&amp;theme=port"' in page
    assert 'href="/alertes/"' in client.get("/ressources/").text


def test_the_form_says_what_is_followed_sets_no_cookie_and_holds_no_address(app: Flask, client: FlaskClient):
    with app.app_context():
        a_topic("port", "Port", "Port")
    page = client.get("/alertes/", query_string={"q": HOSTILE, "theme": "port", "annee": "x"})
    assert (page.status_code, "Set-Cookie" in page.headers) == (200, False)
    assert "<b>" not in page.text.partition("<main")[2].replace("</b>", "")
    assert "Le&#34; &amp;" in page.text
    assert ", Port</p>" in page.text
    assert 'value=""' in re.findall(r'<input[^>]*name="email"[^>]*>', page.text)[0]


def test_a_visitor_confirms_by_the_link_of_a_mail(app: Flask, client: FlaskClient):
    with app.app_context():
        a_topic("port", "Port et mer", "Port and sea")
    asked = client.post("/alertes/?q=rade&theme=port", data={"email": " Zoe@Example.org "})
    assert (asked.status_code, asked.location) == (303, "/alertes/envoyee")
    assert client.get(asked.location).status_code == 200
    question = {"q": "rade", "chosen": {"theme": ["port"]}, "is_exact": False}
    assert rows(app) == [("zoe@example.org", "fr", "«\u202frade\u202f», Port et mer", question, False)]
    (sent,) = mails(app)
    link = link_in(sent, "confirmer")
    for _ in range(2):  # scanners of mails open every link
        page = client.get(link)
        assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
        assert "Confirmer cette alerte" in page.text
    assert rows(app)[0][-1] is False, "a GET changes nothing"
    assert [client.post(link).status_code for _ in range(2)] == [303, 303]
    assert rows(app)[0][-1] is True
    assert "Votre alerte est confirmée" in client.get(link).text


def test_the_mail_that_confirms_in_full(app: Flask, client: FlaskClient):
    client.post("/alertes/", query_string={"q": HOSTILE}, data={"email": "zoe@example.org"})
    client.post("/en/alertes/?q=harbour", data={"email": "zoe@example.org"})
    french, english = mails(app)
    assert (french["To"], french["Content-Language"]) == ("zoe@example.org", "fr")
    assert subject_of(french).replace("\u202f", " ").replace("\u00a0", " ").startswith("Confirmez votre alerte : «")
    assert "\u202e" not in subject_of(french)
    assert "<b>" not in html_of(french).partition("<hr")[2].replace("<b>Confirmer l’alerte</b>", "").replace("</b>", "")
    link, end = link_in(french, "confirmer"), link_in(french, "arreter")
    assert text_of(french).replace("\u202f", " ").replace("\u00a0", " ").split("\n\n")[2:] == [
        "Ouvrez ce lien et confirmez. Il vaut sept jours :",
        f"http://localhost{link}",
        "Vous n’avez rien demandé ? Ne faites rien : sans ce lien, rien ne vous est envoyé et votre adresse est effacée dans sept jours.",
        f"Pour arrêter : http://localhost{end}",
        "-- \nAcadémie One Provence\nhttp://localhost\n",
    ]
    assert subject_of(english) == "Confirm your alert: “harbour”"
    assert [french_in(body) for body in (text_of(english), html_of(english))] == [[], []]
    assert "http://localhost/en/alertes/" in text_of(english)
    with app.app_context():
        assert {row.to for row in database.session.scalars(select(SentMail))} == {""}, "the address is in its row alone"


def test_who_is_signed_in_follows_with_one_click(app: Flask, as_):
    with app.app_context():
        sam = as_(a_person(email="sam@example.org"))
    page = sam.get("/alertes/?q=rade")
    assert 'value="sam@example.org"' in page.text
    token = re.findall(r'name="csrf_token" value="([^"]+)"', page.text)[0]
    answer = sam.post("/alertes/?q=rade", data={"email": "sam@example.org", "csrf_token": token})
    assert (answer.status_code, answer.location) == (303, "/moi/#alertes")
    space = sam.get("/moi/").text
    assert '<a href="/ressources/?q=rade">« rade »</a>' in space.replace("\u202f", " ").replace("\u00a0", " ")
    assert mails(app) == []
    end = re.findall(r'action="(/moi/alertes/\d+/arreter)"', space)[0]
    assert sam.post(end, data={"csrf_token": token}).status_code == 303
    assert rows(app) == []
    assert "Aucune alerte" in sam.get("/moi/").text


def test_nobody_ends_or_sees_an_alert_of_another(app: Flask, as_, client: FlaskClient, followed):
    followed("/alertes/?q=rade")
    with app.app_context():
        sam = as_(a_person(email="sam@example.org"))
        app.config["WTF_CSRF_METHODS"] = set()
    assert "rade" not in sam.get("/moi/").text
    assert [who.post("/moi/alertes/1/arreter").status_code for who in (sam, client)] == [404, 401]
    assert len(rows(app)) == 1


@pytest.mark.parametrize("email", ["", "zoe@", "zoe@example.org\r\nBcc: all@example.org", "x" * 300 + "@example.org"])
def test_a_wrong_address_is_refused_and_the_question_stays(app: Flask, client: FlaskClient, email: str):
    answer = client.post("/alertes/?q=rade", data={"email": email})
    assert answer.status_code == 422
    assert "« rade »" in unescape(answer.text).replace("\u202f", " ").replace("\u00a0", " ")
    assert 'action="/alertes/?q=rade"' in answer.text
    assert rows(app) == []


def test_a_link_that_is_not_ours_or_of_another_page_is_nothing(app: Flask, client: FlaskClient, followed):
    end = followed("/alertes/?q=rade")
    for path in (
        "/alertes/x/confirmer",
        "/alertes/x/arreter",
        end[:-8] + "xxxx/arreter",  # signed otherwise: the last character alone may say the same bits
        end.replace("arreter", "confirmer"),
    ):
        assert [client.get(path).status_code, client.post(path).status_code] == [404, 404], path
    assert len(rows(app)) == 1


def test_another_site_and_a_flood_are_refused(client: FlaskClient):
    refused = client.post("/alertes/?q=a", data={"email": "a@example.org"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert refused.status_code == 400
    limiter.enabled = True
    try:
        sent = [client.post("/alertes/?q=a", data={"email": "zoe@example.org"}).status_code for _ in range(6)]
    finally:
        limiter.enabled = False
        limiter.reset()
    assert sent == [303] * 5 + [429]


def test_filters_typed_in_the_box_are_kept_as_values(app: Flask, client: FlaskClient):
    with app.app_context():
        a_topic("mer", "Mer et rivages", "Sea and shores")
        a_text("un", topics=["mer"], territory="Fos-sur-Mer")
    client.post("/alertes/", query_string={"q": 'rade theme:"mer et rivages" auteur:Ada type:note'},
                data={"email": "zoe@example.org"})  # fmt: skip
    question = {"q": "rade auteur:Ada", "chosen": {"theme": ["mer"], "type": ["note"]}, "is_exact": False}
    assert rows(app)[0][3] == question


@pytest.fixture
@once
def news(app: Flask, indexed: Callable[[], None]) -> None:
    """A week of publications about the roadstead, after the alerts were confirmed."""
    with time_machine.travel(TUESDAY, tick=True), app.app_context():
        a_text("c", kind=Kind.CYCLE, slug="port", title="Le port")
        a_text("m", kind=Kind.MODULE, cycle="port", title="Module de rade", body="La rade.")
        a_text("n", title="Note <de> rade", summary="Un & deux.", body="La rade.", territory="Fos-sur-Mer")
        a_text("e", language="en", title="Roadstead", body="The rade.")
        a_text("s", title="Secret de rade", body="La rade.", audience="members")
        withdrawn(a_text("w", title="Rade retirée", body="La rade."))
        a_text("o", title="Autre chose", body="Rien.")
    indexed()


def test_the_digest_in_full(app: Flask, client: FlaskClient, followed, request: pytest.FixtureRequest):
    with app.app_context():
        a_text("before", title="Rade d’avant", body="La rade.")
    end = followed("/alertes/?q=rade")
    request.getfixturevalue("news")
    with time_machine.travel(MONDAY, tick=False):
        *_, digest = mails(app)
    assert subject_of(digest).replace("\u202f", " ").replace("\u00a0", " ") == "3 nouveaux textes : « rade »"
    assert text_of(digest).replace("\u202f", " ").replace("\u00a0", " ") == (
        "Bonjour,\n\nVoici ce qui vient de paraître pour cette recherche : « rade ».\n\n"
        "Module de rade (Module)\nRésumé.\nhttp://localhost/d/m\n\n"
        "Note <de> rade (Note)\nUn & deux.\nhttp://localhost/d/n\n\n"
        "Roadstead (Note)\nRésumé.\nhttp://localhost/d/e\n\n"
        "Toute la recherche : http://localhost/ressources/?q=rade&tri=date\n\n"
        f"Pour arrêter : http://localhost{end}\n\n-- \nAcadémie One Provence\nhttp://localhost\n"
    )
    assert "Note &lt;de&gt; rade" in html_of(digest)
    assert 'lang="en">Roadstead</a>' in html_of(digest)
    assert digest["List-Unsubscribe"].strip() == f"<http://localhost{end}>"
    assert digest["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for body in (text_of(digest), html_of(digest)):
        assert not re.search("Secret|retirée|avant|Autre", body)


def test_the_english_digest_has_no_french(app: Flask, followed, request: pytest.FixtureRequest):
    followed("/en/alertes/?q=rade&type=note")
    request.getfixturevalue("news")
    with time_machine.travel(MONDAY, tick=False):
        *_, digest = mails(app)
    assert subject_of(digest) == "2 new texts: “rade”, Note"
    assert "http://localhost/en/d/e" in text_of(digest)
    assert "Here is what has just been published" in text_of(digest)
    assert "http://localhost/en/ressources/?q=rade&type=note&tri=date" in text_of(digest)


@pytest.mark.each_database
@pytest.mark.parametrize(
    ("path", "keys"),
    [
        ("/alertes/", {"c", "m", "n", "e", "o"}),
        ("/alertes/?territoire=fos-sur-mer", {"n"}),
        ("/alertes/?cycle=port", {"c", "m"}),
        ("/alertes/?annee=2026&type=module", {"m"}),
        ("/alertes/?q=introuvable", set()),
    ],
)
def test_an_alert_finds_what_the_finder_finds(app: Flask, followed, request, path: str, keys: set[str]):
    followed(path)
    request.getfixturevalue("news")
    with time_machine.travel(MONDAY, tick=False):
        sent = mails(app)[1:]
    found = {key for mail in sent for key in re.findall(r"http://localhost/d/(\w+)", text_of(mail))}
    assert (found, len(sent)) == (keys, 1 if keys else 0)


def test_a_digest_without_an_index_comes_from_the_database_or_waits(app: Flask, followed, monkeypatch):
    followed("/alertes/?q=rade")
    with time_machine.travel(TUESDAY, tick=True), app.app_context():
        a_text("n", title="Note de rade")
    with time_machine.travel(MONDAY, tick=False), monkeypatch.context() as broken:
        broken.setattr("academy.search.sync", lambda: (_ for _ in ()).throw(OSError("disk full")))
        assert len(mails(app)) == 1
    with time_machine.travel(MONDAY.replace(hour=9), tick=False):
        assert len(mails(app)) == 2


def test_what_does_not_fit_is_counted(app: Flask, followed, indexed):
    followed("/alertes/?q=rade")
    with time_machine.travel(TUESDAY, tick=True), app.app_context():
        for n in range(MOST + 2):
            a_text(f"t{n}", title=f"Rade {n}")
    indexed()
    with time_machine.travel(MONDAY, tick=False):
        *_, digest = mails(app)
    assert len(re.findall("/d/t", text_of(digest))) == MOST
    assert "Et 2 autres textes" in text_of(digest).replace("\u202f", " ").replace("\u00a0", " ")
    assert subject_of(digest).startswith(f"{MOST + 2} nouveaux textes")


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "cross-site", "Origin": "https://mail.example"}])
def test_a_mailbox_ends_an_alert_with_one_post(app: Flask, as_, client: FlaskClient, followed, headers: dict[str, str]):
    """RFC 8058: no cookie, no token of a form, no redirection; whoever is signed in changes nothing."""
    end = followed("/alertes/?q=rade")
    assert "Arrêter cette alerte" in client.get(end).text
    assert len(rows(app)) == 1
    with app.app_context():
        browser = as_(a_person())
    for who in (browser, client, client):  # again is harmless
        answer = who.post(end, data={"List-Unsubscribe": "One-Click"}, headers=headers)
        assert (answer.status_code, who is client and "Set-Cookie" in answer.headers) == (200, False)
        assert "Cette alerte est arrêtée" in answer.text
    assert rows(app) == []
    with app.app_context():
        ends = database.session.scalars(select(AuditEntry).where(AuditEntry.action == "alert.end")).all()
        assert len(ends) == 1
    assert "Cette alerte est arrêtée" in client.get(end).text


def test_an_alert_that_ended_after_its_digest_was_promised_gets_none(
    app: Flask, client: FlaskClient, followed, request
):
    end = followed("/alertes/?q=rade")
    request.getfixturevalue("news")
    with time_machine.travel(MONDAY, tick=False):
        with app.app_context():
            jobs.tidy()
        client.post(end)
        assert len(mails(app)) == 1


@pytest.mark.each_database
def test_a_twenty_first_alert_is_refused_with_the_way_out(app: Flask, as_):
    with app.app_context():
        sam = a_person(email="sam@example.org")
        with transaction() as session:
            for n in range(alerts.MOST):
                question = {"q": str(n), "chosen": {}, "is_exact": False}
                by = session.get_one(Person, sam)
                alerts.ask(question, title="x", email=by.email, language="fr", by=by, now=clock.now())
        browser = as_(sam)
    token = re.findall(r'name="csrf_token" value="([^"]+)"', browser.get("/alertes/?q=rade").text)[0]
    answer = browser.post("/alertes/?q=rade", data={"email": "sam@example.org", "csrf_token": token})
    assert answer.status_code == 409
    assert "suit déjà 20 recherches" in unescape(answer.text).replace("\u00a0", " ")
    assert len(rows(app)) == alerts.MOST


def test_my_space_takes_as_many_queries_for_one_alert_as_for_three(app: Flask, as_, queries):
    counts = []
    with app.app_context():
        sam = a_person(email="sam@example.org")
        browser = as_(sam)
    for wanted in (1, 3):
        with app.app_context(), transaction() as session:
            by = session.get_one(Person, sam)
            for n in range(wanted):
                asked = {"q": str(n), "chosen": {}, "is_exact": False}
                alerts.ask(asked, title="x", email=by.email, language="fr", by=by, now=clock.now())
        app.extensions["content_version"].expire()
        browser.get("/moi/")
        queries.clear()
        assert browser.get("/moi/").text.count("/moi/alertes/") == wanted
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_title_of_any_length_is_kept_short(app: Flask, client: FlaskClient):
    values = [f"{n:02}" + "é" * 78 for n in range(20)]
    assert client.post("/alertes/", query_string={"theme": values}, data={"email": "a@example.org"}).status_code == 303
    assert len(rows(app)[0][2]) == alerts.TITLE_LENGTH
    assert len(mails(app)) == 1


def test_no_edition_is_touched(app: Flask, client: FlaskClient, followed):
    """Following counts nothing and marks nothing: the rows of texts stay as they were."""
    with app.app_context():
        before = a_text("un")
        then = database.session.get_one(Edition, before).seq
    followed("/alertes/?q=rade")
    with app.app_context():
        assert database.session.get_one(Edition, before).seq == then
