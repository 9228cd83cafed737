"""Reviews: asked for, commented by paragraph, accepted or sent back; comments find their paragraph again."""

import re
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from academy import jobs
from academy.domain import publishing
from academy.extensions import db, transaction
from academy.models import Edition, Kind, Person, Review, Role, Thread
from academy.web import clock
from tests.factories import a_cycle, a_person, a_text
from tests.mail_reading import read

BODY = "Un quai calme.\n\n## Une partie\n\nDeux navires entrent.\n\n- un mât\n- une voile"


@pytest.fixture
def people(app: Flask) -> dict[str, int]:
    with app.app_context():
        a_cycle("port")
        return {
            "tess": a_person("Tess", email="tess@example.org", role=Role.TRAINER),
            "ugo": a_person("Ugo", email="ugo@example.org", role=Role.TRAINER),
            "zoe": a_person("Zoé", email="zoe@example.org", role=Role.TRAINER),
            "olga": a_person("Olga", email="olga@example.org", role=Role.ORGANISER),
        }


@pytest.fixture
def draft(app: Flask, people) -> int:
    """A draft module of Tess, in a cycle in which Ugo writes too."""
    with app.app_context():
        mine = a_text("escale", kind=Kind.MODULE, cycle="port", title="Une escale", body=BODY, is_published=False)
        theirs = a_text("quai", kind=Kind.MODULE, cycle="port")
        with transaction() as session:
            for edition_id, owner in ((mine, "tess"), (theirs, "ugo")):
                session.get_one(Edition, edition_id).document.owner_id = people[owner]
            return session.get_one(Edition, mine).document_id


@pytest.fixture
def browser(as_, people):
    return lambda name: as_(people[name])


@pytest.fixture
def mails(app: Flask):
    """`mails()`: deliver what is due; to whom, about what, in which words, in the order of the addresses."""
    folder = Path(app.config["MAIL_FILE_PATH"])

    def deliver() -> list[tuple[str, str, str]]:
        with app.app_context():
            jobs.drain()
        found = [read(path) for path in folder.glob("*.eml")]
        for path in folder.glob("*.eml"):
            path.unlink()
        told = [(one["To"], one["Subject"], one.get_body(("plain",)).get_content()) for one in found]
        return sorted((to, " ".join(subject.split()), " ".join(body.split())) for to, subject, body in told)

    return deliver


def send(client, page: str, to: str, **fields: str):
    token = re.search(r'name="csrf_token" value="([^"]*)"', client.get(page).text)
    assert token is not None
    return client.post(to, data={"csrf_token": token[1]} | fields)


def comment(client, url: str, words: str, body: str):
    """Comment on the paragraph that begins so."""
    page = client.get(url).text
    _, _, rest = page.partition(words)
    found = re.search(r'name="digest" value="(\w+)"><input type="hidden" name="line" value="(\d+)"', rest)
    assert found is not None
    return send(client, url, url + "/commenter", digest=found[1], line=found[2], body=body)


def base(client, url: str) -> str:
    found = re.search(r'name="base" value="(\d+)"', client.get(url).text)
    assert found is not None
    return found[1]


def test_a_review_from_the_question_to_the_publication(app, client, browser, draft, mails):
    url = f"/atelier/documents/{draft}/fr/relecture"
    tess, ugo = browser("tess"), browser("ugo")
    assert send(tess, url, url, reviewer="", note="Surtout la fin.").status_code == 303
    ((to, subject, body),) = mails()
    assert (to, "Relire" in subject, "Surtout la fin." in body) == ("olga@example.org", True, True)
    for name in ("ugo", "olga", "tess"):
        assert "Une escale" in browser(name).get("/atelier/relectures/").text
    assert "Une escale" not in browser("zoe").get("/atelier/relectures/").text
    assert browser("zoe").get(url).status_code == 403
    assert "Relire «" in browser("olga").get("/pilotage/").text
    assert comment(ugo, url, "Deux navires", "Lesquels ?\nDites-le.").status_code == 303
    page = tess.get(url).text
    assert "Lesquels" in page
    number = re.search(r'id="fil-(\d+)"', page)[1]
    assert send(tess, url, f"{url}/fils/{number}", body="Des vraquiers.", action="answer").status_code == 303
    ((to, _, body),) = mails()
    assert (to, f"/relecture#fil-{number}" in body) == ("ugo@example.org", True)
    assert send(ugo, url, f"{url}/fils/{number}", action="resolve").status_code == 303
    assert "Rouvrir ce fil" in tess.get(url).text
    assert send(tess, url, f"{url}/fils/{number}", action="reopen").status_code == 303
    assert "Votre décision" not in tess.get(url).text  # nobody decides on their own
    assert send(tess, url, url + "/decision", base=base(ugo, url), action="accept").status_code == 403
    assert send(ugo, url, url + "/decision", base=base(ugo, url), action="publish").status_code == 303
    assert client.get("/cycles/port/escale/").status_code == 200
    assert [(to, "Texte accepté" in subject) for to, subject, _ in mails()] == [("tess@example.org", True)]
    assert "Une escale" not in ugo.get("/atelier/relectures/").text
    assert "Accepté par Ugo" in tess.get(url).text


def test_a_draft_is_sent_back_with_a_reason_that_is_needed(app, browser, draft, mails):
    url = f"/atelier/documents/{draft}/fr/relecture"
    tess, olga = browser("tess"), browser("olga")
    send(tess, url, url, reviewer="", note="")
    refused = send(olga, url, url + "/decision", base=base(olga, url), action="return", reason=" ")
    assert (refused.status_code, "Écrivez pourquoi" in refused.text) == (422, True)
    assert (
        send(olga, url, url + "/decision", base=base(olga, url), action="return", reason="Trop court.").status_code
        == 303
    )
    assert [to for to, _, body in mails() if "Trop court." in body] == ["tess@example.org"]
    assert "Renvoyé par Olga" in unescape(tess.get(url).text)
    assert send(tess, url, url, reviewer="", note="encore").status_code == 303  # and asks anew


def test_who_is_asked_by_name_may_read_and_decide(app, browser, draft, people, mails):
    url = f"/atelier/documents/{draft}/fr/relecture"
    assert send(browser("tess"), url, url, reviewer=str(people["zoe"]), note="").status_code == 303
    assert [to for to, _, _ in mails()] == ["zoe@example.org"]
    zoe = browser("zoe")
    assert "Une escale" in zoe.get("/atelier/relectures/").text
    assert send(zoe, url, url + "/decision", base=base(zoe, url), action="accept").status_code == 303
    assert zoe.get(url).status_code == 403  # it is over
    with app.app_context():
        assert db.session.scalars(select(Edition.published_id).where(Edition.document_id == draft)).one() is None


def test_a_comment_follows_its_paragraph_and_says_when_it_is_of_an_earlier_wording(app, browser, draft):
    url = f"/atelier/documents/{draft}/fr/relecture"
    olga = browser("olga")
    comment(olga, url, "Deux navires", "Sur les navires.")
    comment(olga, url, "Un quai calme", "Sur le quai.")
    _rewrite(app, draft, "Une phrase de plus.\n\nUn quai bruyant.\n\n## Une partie\n\nDeux navires entrent.\n")
    there, _, earlier = olga.get(url).text.partition("Sur une rédaction antérieure")
    assert "Sur les navires." in there
    assert there.index("Deux navires") < there.index("Sur les navires.")
    assert "Sur le quai." in earlier
    assert "Un quai calme." in earlier  # the words that it was about
    _rewrite(app, draft, "Un quai calme.\n")
    assert "Sur le quai." in olga.get(url).text.partition("Sur une rédaction antérieure")[0]


def _rewrite(app: Flask, document: int, body: str) -> None:
    with app.app_context(), transaction() as session:
        edition = session.scalars(select(Edition).where(Edition.document_id == document)).one()
        assert edition.head is not None
        source = edition.head.source.partition("\n\n")[0] + "\n\n" + body
        publishing.save_draft(edition, source, base_id=edition.head_id, by=None, now=clock.now())


def test_what_changed_meanwhile_is_not_decided_on_and_nothing_typed_is_lost(app, browser, draft):
    url = f"/atelier/documents/{draft}/fr/relecture"
    tess, olga = browser("tess"), browser("olga")
    send(tess, url, url, reviewer="", note="")
    seen = base(olga, url)
    page = olga.get(url).text
    digest = re.search(r'name="digest" value="(\w+)"', page)[1]
    _rewrite(app, draft, "Tout autre chose.\n")
    late = send(olga, url, url + "/decision", base=seen, action="return", reason="Une raison longue.")
    assert (late.status_code, "Une raison longue." in late.text) == (409, True)
    late = send(olga, url, url + "/commenter", digest=digest, line="1", body="Un mot.")
    assert late.status_code == 409
    with app.app_context():
        assert db.session.scalars(select(Review.state)).all() == ["asked"]
        assert db.session.scalars(select(Thread)).all() == []


def test_hostile_words_are_shown_as_words(app, browser, draft):
    url = f"/atelier/documents/{draft}/fr/relecture"
    olga = browser("olga")
    assert comment(olga, url, "Un quai", "<script>alert(1)</script> **gras**").status_code == 303
    page = olga.get(url).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; **gras**" in page
    for body in ("", " \n ", "x" * 4001, "un\u202etrois"):
        refused = comment(olga, url, "Un quai", body)
        assert refused.status_code == 422
    assert send(olga, url, url, reviewer="999999", note="gardé").status_code == 422


def test_one_review_is_asked_for_at_a_time_and_may_be_called_off(app, browser, draft):
    url = f"/atelier/documents/{draft}/fr/relecture"
    tess = browser("tess")
    send(tess, url, url, reviewer="", note="")
    assert send(tess, url, url, reviewer="", note="").status_code == 409
    assert send(tess, url, url + "/annuler").status_code == 303
    assert send(tess, url, url + "/annuler").status_code == 409
    assert send(tess, url, url, reviewer="", note="").status_code == 303


def test_the_pages_cost_the_same_at_one_and_three_comments(app, browser, draft, people, queries):
    url = f"/atelier/documents/{draft}/fr/relecture"
    olga = browser("olga")
    send(browser("tess"), url, url, reviewer="", note="")
    counts = []
    for number in range(3):
        comment(olga, url, "Un quai", f"Mot {number}.")
        for path in (url, "/atelier/relectures/"):
            olga.get(path)
            queries.clear()
            assert olga.get(path).status_code == 200
            counts.append((path, len(queries)))
    assert len(set(counts)) == 2
    with app.app_context():
        assert db.session.get_one(Person, people["olga"]).name == "Olga"
