"""The offline pack of a cycle: what is in it, for whom, made once, and always the same for the same texts."""

import hashlib
import io
import json
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from academy.domain import attachments
from academy.extensions import db, limiter, transaction
from academy.files.store import store
from academy.models import Audience, Document, Edition, Kind, Role
from academy.web import clock, pack_texts
from tests.factories import a_document, a_person, a_text, withdrawn
from tests.files import made
from tests.kept import once

PACK = "/cycles/port/hors-ligne.zip"
PNG = made.photo(300, 200, form="PNG")
HOSTILE = '</script><script>alert("x")</script><img src=x onerror=alert(1)>'


class Addresses(HTMLParser):
    """Every address of a page, and its ids."""

    def __init__(self, html: str):
        super().__init__()
        self.found: list[str] = []
        self.ids: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self.ids |= {known["id"] or ""} if "id" in known else set()
        self.found += [value for name in ("href", "src", "action") if (value := known.get(name))]


def attach(edition_id: int, name: str, data: bytes) -> None:
    file = attachments.prepare(name, data)
    with transaction() as session:
        attachments.attach(session.get_one(Edition, edition_id).document, file, by=None, now=clock.now())


def opened(client: FlaskClient, path: str = PACK) -> dict[str, bytes]:
    """The files of a pack by their names below its folder."""
    answer = client.get(path)
    assert answer.status_code == 200, answer.status
    with zipfile.ZipFile(io.BytesIO(answer.data)) as inside:
        return {name.partition("/")[2]: inside.read(name) for name in inside.namelist()}


def words_of(files: dict[str, bytes]) -> list[dict]:
    return json.loads(files["textes.js"].decode().removeprefix("const TEXTES = ").removesuffix(";\n"))


@pytest.fixture
@once
def port(app: Flask) -> dict[str, int]:
    """A cycle with two modules and two resources; the ids of their editions."""
    with app.app_context():
        ids = {
            "cycle": a_text("port", kind=Kind.CYCLE, title="Le port", body="Bienvenue."),
            "un": a_text("un", kind=Kind.MODULE, cycle="port", title="Premier pas", body="## Le quai\n\nUn bollard.\n\n![Un quai](fichiers/quai.png)\n\n![Ailleurs](https://x.example/y.png)\n"),
            "deux": a_text("deux", kind=Kind.MODULE, cycle="port", title="Deuxième pas", body="[Le premier](/cycles/port/un/#s-le-quai), [le plan](fichiers/plan.pdf), [la note](/en/ressources/), [rien](../rien/)."),
            "dehors": a_text("dehors", title="Dehors"),
            "note": a_text("note", cycle="port", title="Une note", body="Voir [[un]] et [[dehors]].", licence="tous-droits-reserves"),
        }  # fmt: skip
        attach(ids["un"], "quai.png", PNG)
        attach(ids["deux"], "plan.pdf", made.pdf("Un quai.", "Une écluse."))
        attach(ids["deux"], "deck.pptx", made.deck("Le palangrier"))
        return ids


def test_a_pack_holds_every_public_text_of_the_cycle(client: FlaskClient, port):
    files = opened(client)
    with client.application.app_context():
        note = db.session.get_one(Edition, port["note"]).document_id
    assert sorted(files) == [
        "academie.css",
        "couverture.svg",
        "fichiers/module-deux/deck.pptx",
        "fichiers/module-deux/plan.pdf",
        "fichiers/module-un/quai.png",
        "index.html",
        "lisez-moi.html",
        "module-deux.html",
        "module-un.html",
        "recherche.js",
        f"ressource-{note}-note.html",
        "textes.js",
    ]
    assert files["fichiers/module-un/quai.png"] == PNG
    contents = files["index.html"].decode()
    assert re.findall(r'href="(module-\w+\.html)"[^>]*>(?:Premier|Deuxième)', contents) == [
        "module-un.html",
        "module-deux.html",
    ]
    about = files["lisez-moi.html"].decode()
    assert "http://localhost/cycles/port/" in about
    assert "Tous droits réservés" in about
    assert "CC BY 4.0" in about


def test_every_address_leads_to_a_file_of_the_pack_or_is_whole(client: FlaskClient, port):
    for side in ("", "/en"):
        files = opened(client, side + PACK)
        pages = {name: Addresses(content.decode()) for name, content in files.items() if name.endswith(".html")}
        for name, page in pages.items():
            for address in page.found:
                path, _, fragment = address.partition("#")
                if "://" in path:
                    continue
                target = str(PurePosixPath(path)) if path else name
                assert target in files, (name, address)
                if target in pages and fragment:
                    assert fragment in pages[target].ids, (name, address)
        for text in words_of(files):
            for link in (link for _, paragraphs in text["parts"] for link, _ in paragraphs):
                path, _, fragment = link.partition("#")
                assert path in files
                assert path not in pages or not fragment or fragment in pages[path].ids, link


def test_links_between_texts_stay_in_the_pack_and_others_go_to_the_site(client: FlaskClient, port):
    files = opened(client)
    first, second = (files[name].decode() for name in ("module-un.html", "module-deux.html"))
    (note,) = (content.decode() for name, content in files.items() if name.startswith("ressource-"))
    assert 'href="module-un.html"' in note
    assert 'href="http://localhost/d/dehors"' in note
    assert 'src="fichiers/module-un/quai.png"' in first
    assert '<a href="https://x.example/y.png">Image : Ailleurs</a>' in first.replace("\u00a0", " ").replace(
        "\u202f", " "
    )
    assert 'href="module-un.html#s-le-quai"' in second
    assert 'href="fichiers/module-deux/plan.pdf"' in second
    assert 'href="http://localhost/en/ressources/"' in second
    assert 'href="http://localhost/cycles/port/rien/"' in second
    english = opened(client, "/en" + PACK)
    (note,) = (content.decode() for name, content in english.items() if name.startswith("resource-"))
    assert 'href="http://localhost/en/d/dehors"' in note


def test_the_search_looks_through_texts_and_files(client: FlaskClient, port):
    texts = {text["title"]: text["parts"] for text in words_of(opened(client))}
    ((anchor, said),) = next(it for heading, it in texts["Premier pas"] if heading == "Le quai")[:1]
    assert (anchor.partition("#")[0], said) == ("module-un.html", "Un bollard.")
    links = {said: link for _, paragraphs in texts["Deuxième pas"] for link, said in paragraphs}
    assert links["Une écluse."] == "fichiers/module-deux/plan.pdf#page=2"
    assert links["Le palangrier"] == "module-deux.html#fichiers"


def test_a_text_that_is_not_translated_is_there_in_french_and_says_so(app: Flask, client: FlaskClient, port):
    with app.app_context():
        a_text("un", kind=Kind.MODULE, cycle="port", title="First step", language="en", body="A quay.")
    files = opened(client, "/en" + PACK)
    assert '<html lang="en">' in files["module-un.html"].decode()
    assert "First step" in files["module-un.html"].decode()
    second = files["module-deux.html"].decode()
    assert '<h1 lang="fr">' in second
    assert "notice--info" in second
    assert "readme.html" in files
    assert {text["title"]: text["lang"] for text in words_of(files)}["First step"] == "en"


# --- for whom ------------------------------------------------------------------------------------------------------


def test_only_what_everybody_may_read_is_in_it_whoever_asks(app: Flask, client: FlaskClient, as_, port):
    with app.app_context():
        a_text("secret", kind=Kind.MODULE, cycle="port", title="Canari", is_published=False)
        withdrawn(a_text("retire", cycle="port", title="Canari"))
        members = a_text("membres", cycle="port", title="Canari", audience="members")
        attach(members, "canari.csv", b"canari")
        a_text("equipe", kind=Kind.MODULE, cycle="port", title="Canari", audience="team")
        organiser = a_person(role=Role.ORGANISER)
    for browser in (client, as_(organiser)):
        files = opened(browser)
        assert [
            name for name, content in files.items() if "canari" in f"{name} {content.decode(errors='replace')}".lower()
        ] == []


@pytest.mark.each_database
def test_a_cycle_that_is_not_for_everybody_has_no_pack(app: Flask, client: FlaskClient, as_, port):
    with app.app_context():
        with transaction() as session:
            session.scalars(select(Document).where(Document.kind == Kind.CYCLE)).one().audience = Audience.MEMBERS
        member = a_person()
    app.extensions["content_version"].expire()
    assert client.get(PACK).status_code == 404
    assert as_(member).get("/cycles/port/").status_code == 200
    assert "hors-ligne.zip" not in as_(member).get("/cycles/port/").text
    assert as_(member).get(PACK).status_code == 404


@pytest.mark.parametrize("slug", ["inconnu", "..", "%2e%2e%2fport", "port%00", "*"])
def test_no_cycle_no_pack(client: FlaskClient, port, slug: str):
    assert client.get(f"/cycles/{slug}/hors-ligne.zip").status_code == 404


# --- made once -----------------------------------------------------------------------------------------------------


def test_the_same_texts_give_the_same_bytes_and_a_304(app: Flask, client: FlaskClient, port, monkeypatch):
    first = client.get(PACK)
    assert first.headers["Content-Disposition"] == 'attachment; filename="port.fr.zip"'
    assert first.headers["Cache-Control"] == "no-cache"
    assert not {"Set-Cookie", "Last-Modified"} & set(first.headers.keys())
    again = client.get(PACK, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    for path in _packs(app):
        path.unlink()
    app.extensions["memory"].forget()
    anew = client.get(PACK)
    assert (anew.data, anew.headers["ETag"]) == (first.data, first.headers["ETag"])
    with app.app_context():
        a_text("ailleurs", title="Une autre page")  # another content version, the same cycle
    monkeypatch.setattr("academy.formats.pack.write", lambda *_, **__: pytest.fail("made once more"))
    assert client.get(PACK).headers["ETag"] == first.headers["ETag"]


def test_another_word_is_another_pack_and_the_oldest_goes(app: Flask, client: FlaskClient, port):
    seen = [client.get(PACK).headers["ETag"]]
    for number in range(3):
        with app.app_context():
            a_text(f"note-{number}", cycle="port")
        seen.append(client.get(PACK).headers["ETag"])
    assert len(set(seen)) == 4
    assert len(_packs(app)) == 2


def test_a_range_and_head_are_answered(client: FlaskClient, port):
    whole = client.get(PACK).data
    part = client.get(PACK, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.data) == (206, whole[10:20])
    head = client.head(PACK)
    assert (head.status_code, head.data, head.headers["Content-Length"]) == (200, b"", str(len(whole)))


def test_the_cycle_page_gives_the_size_once_a_pack_was_made(app: Flask, client: FlaskClient, port):
    assert "hors ligne (ZIP)" in client.get("/cycles/port/").text
    client.get(PACK)
    with app.app_context():
        a_text("ailleurs", title="Une autre page")
    size = round(_packs(app)[0].stat().st_size / 1000)
    assert f"hors ligne (ZIP, {size} ko)" in client.get("/cycles/port/").text.replace("\u00a0", " ")


def test_it_takes_as_many_queries_for_one_text_as_for_three(app: Flask, port, queries_of):
    counts = []
    for number in range(2):
        app.extensions["memory"].forget()
        counts.append(queries_of(PACK))
        with app.app_context():
            a_text(f"n{number}", cycle="port")
            attach(a_text(f"m{number}", kind=Kind.MODULE, cycle="port"), "a.csv", b"a")
    assert counts[0] == counts[1]


def test_asking_too_often_is_refused(app: Flask, client: FlaskClient, port):
    limiter.enabled = True
    try:
        codes = [client.get(PACK).status_code for _ in range(11)]
    finally:
        limiter.enabled = False
        limiter.reset()
    assert (codes[0], codes[-1]) == (200, 429)


# --- what goes wrong -----------------------------------------------------------------------------------------------


def test_what_has_no_room_is_listed_with_its_address(app: Flask, client: FlaskClient, port, monkeypatch):
    monkeypatch.setattr(pack_texts, "MOST_BYTES", len(PNG) + 100)
    monkeypatch.setattr(pack_texts, "MOST_TEXTS", 3)
    files = opened(client)
    assert [name for name in files if name.startswith("fichiers/")] == ["fichiers/module-un/quai.png"]
    about = files["lisez-moi.html"].decode()
    address = "http://localhost/cycles/port/deux/fichiers/plan.pdf"
    assert f'href="{address}"' in about
    assert re.search(r'href="http://localhost/ressources/\d+-note/"', about)
    assert f'href="{address}"' in files["module-deux.html"].decode()
    assert not [name for name in files if name.startswith("ressource-")]


def test_lost_bytes_are_a_fault_of_ours_and_leave_nothing_behind(app: Flask, client: FlaskClient, port):
    with app.app_context():
        store().delete(hashlib.sha256(PNG).hexdigest())
    assert client.get(PACK).status_code == 503
    assert list((Path(app.config["SETTINGS"].instance) / "packs").iterdir()) == []


def test_hostile_words_stay_words(app: Flask, client: FlaskClient):
    with app.app_context():
        a_text("port", kind=Kind.CYCLE, title=HOSTILE, summary=HOSTILE, authors=[HOSTILE], body=HOSTILE)
        a_text(
            "un",
            kind=Kind.MODULE,
            cycle="port",
            title=HOSTILE,
            summary=HOSTILE,
            objectives=[HOSTILE],
            body=f"## {HOSTILE}\n\n`{HOSTILE}`\n\n[a](javascript:alert(1)) [b](https://[) ![c](//[)",
        )
        a_document(kind=Kind.RESOURCE, title=HOSTILE, cycle_id=db.session.scalars(select(Document.cycle_id)).first(), html="")  # fmt: skip
    files = opened(client)
    for name, content in files.items():
        if name.endswith(".html"):
            page = content.decode()
            assert re.findall(r"<script(?! src=\"(?:textes|recherche)\.js\")", page) == [], name
            assert "<img src=x" not in page
            assert 'href="javascript:' not in page
    assert "</script" not in files["textes.js"].decode()


def _packs(app: Flask) -> list[Path]:
    return sorted((Path(app.config["SETTINGS"].instance) / "packs").glob("port.fr.*.zip"))


GLOSSARY = "## Mots\n\n### Bollard\n\nUn gros plot.\n\n### Écluse\n\nUne porte.\n\n### Jamais dit\n\nRien n’y mène.\n"


def test_a_term_leads_to_the_glossary_of_the_pack(app: Flask, client: FlaskClient):
    with app.app_context():
        a_text("port", kind=Kind.CYCLE, title="Le port", body="Bienvenue.")
        body = "Un [bollard]{.glossaire}, une [écluse]{.glossaire}, un [secret]{.glossaire}, un [inconnu]{.glossaire}."
        a_text("un", kind=Kind.MODULE, cycle="port", slug="un", body=body)
        a_text("mots", slug="mots", cycle="port", type="glossary", body=GLOSSARY)
        a_text("equipe", slug="equipe", type="glossary", audience="team", body="## Mots\n\n### Secret\n\nCaché.\n")
    files = opened(client)
    module, page = files["module-un.html"].decode(), files["glossaire.html"].decode()
    for anchor in ("s-bollard", "s-ecluse"):
        assert f'href="glossaire.html#{anchor}"' in module
        assert f'id="{anchor}"' in page
    for word in ("s-secret", "s-inconnu"):  # nobody outside the team may read it, or there is none
        assert re.search(rf'href="http[^"]+/glossaire/#{word}"', module)
    assert "Un gros plot." in page
    assert "Jamais dit" not in page
    assert "Caché" not in page
    assert re.search(r'<dt><a href="ressource-\d+-mots\.html#s-bollard">Bollard</a>', page)
    assert 'href="glossaire.html"' in files["index.html"].decode()
    assert all('href="/' not in content.decode() for name, content in files.items() if name.endswith(".html"))


def test_a_pack_without_terms_has_no_glossary(client: FlaskClient, port):
    files = opened(client)
    assert "glossaire.html" not in files
    assert "glossaire.html" not in files["index.html"].decode()


def test_an_english_pack_has_the_terms_of_its_french_texts_in_french(app: Flask, client: FlaskClient):
    with app.app_context():
        a_text("port", kind=Kind.CYCLE, title="Le port", body="Bienvenue.")
        a_text("un", kind=Kind.MODULE, cycle="port", slug="un", body="Un [bollard]{.glossaire}.")
        a_text("mots", slug="mots", type="glossary", body=GLOSSARY)
    files = opened(client, f"/en{PACK}")
    assert 'href="glossary.html#s-bollard"' in files["module-un.html"].decode()
    page = files["glossary.html"].decode()
    assert '<div id="s-bollard" lang="fr">' in page
    assert re.search(r'<dt><a href="http[^"]+/ressources/\d+-mots/#s-bollard">', page)
