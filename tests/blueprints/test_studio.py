"""The studio: writing, previewing, publishing; conflicts; what a trainer may not touch."""

import re
from html import unescape

import pytest
from sqlalchemy import select

from academy.domain import preparing, publishing
from academy.extensions import db, transaction
from academy.models import (
    AuditEntry,
    Cycle,
    Document,
    Edition,
    Kind,
    Person,
    Revision,
    Role,
    Topic,
)
from academy.web import clock

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)> [x](javascript:alert(1))"


@pytest.fixture
def people(app):
    """Ids of a trainer, another trainer, an organiser, a stakeholder; a cycle and a topic exist."""
    with app.app_context(), transaction() as session:
        session.add(Cycle(slug="port", position=1, created_at=clock.now()))
        session.add(Topic(slug="port", label_fr="Port", label_en="Port"))
        rows = {
            name: Person(email=f"{name}@example.org", name=name.title(), role=role, created_at=clock.now())
            for name, role in (
                ("tess", Role.TRAINER),
                ("theo", Role.TRAINER),
                ("olga", Role.ORGANISER),
                ("sam", Role.STAKEHOLDER),
            )
        }
        session.add_all(rows.values())
        session.flush()
        return {name: row.id for name, row in rows.items()}


def source_of(key: str, *, title: str = "Une escale", body: str = "Bonjour le port.\n", **changes: str) -> str:
    front = {
        "id": key,
        "title": title,
        "summary": "Ce que fait chacun.",
        "topics": "[port]",
        "authors": "[Tess]",
        "objectives": "[Nommer les métiers]",
        "duration": "25 min",
        "level": "initiation",
        "prerequisites": "[]",
        "licence": "cc-by-4.0",
        "status": "draft",
    } | changes
    return "---\n" + "".join(f"{name}: {value}\n" for name, value in front.items()) + "---\n\n" + body


@pytest.fixture
def module(app, people):
    """`module(owner)`: the id of a new draft module of that person."""

    def make(owner: str = "tess", key: str = "pt-escale", source: str = "") -> int:
        with app.app_context():
            prepared = preparing.prepare(source or source_of(key), kind=Kind.MODULE, language="fr")
            with transaction() as session:
                who = session.get_one(Person, people[owner])
                cycle = session.scalar(select(Cycle))
                edition = publishing.create(prepared, kind=Kind.MODULE, cycle=cycle, owner=who, by=who, now=clock.now())
                return edition.document_id

    return make


class Browser:
    """A signed-in browser that fills in the editor's form, as a browser does: line ends become CRLF."""

    def __init__(self, client):
        self.client = client

    def get(self, url: str):
        return self.client.get(url)

    def field(self, page: str, name: str) -> str:
        return unescape(re.search(rf'name="{name}" value="([^"]*)"', page)[1])

    def source(self, page: str) -> str:
        """What the textarea holds: the first newline after the tag belongs to HTML."""
        text = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)[1]
        return unescape(text.removeprefix("\n")).replace("\r\n", "\n").replace("\n", "\r\n")

    def post(self, url: str, page: str, **fields: str):
        token = self.field(page, "csrf_token")
        return self.client.post(url, data={"csrf_token": token} | fields, content_type="multipart/form-data")

    def send(self, url: str, action: str, *, source: str | None = None, base: str | None = None, note: str = ""):
        """Open the editor, change the text, press a button."""
        page = self.get(url).text
        return self.post(
            url,
            page,
            source=self.source(page) if source is None else source.replace("\n", "\r\n"),
            base=self.field(page, "base") if base is None else base,
            action=action,
            note=note,
        )


@pytest.fixture
def browser(as_, people):
    return lambda name: Browser(as_(people[name]))


def revisions(app) -> list[tuple[int, str]]:
    with app.app_context():
        return [
            tuple(row) for row in db.session.execute(select(Revision.number, Revision.source).order_by(Revision.id))
        ]


def edition(app, language: str = "fr"):
    with app.app_context():
        return db.session.execute(
            select(Edition.head_id, Edition.published_id, Edition.title).where(Edition.language == language)
        ).one()


EDIT = "/atelier/documents/{}/fr"


# Who may come in


@pytest.mark.parametrize("path", ["/atelier/", "/atelier/nouveau", "/atelier/guide/"])
def test_the_studio_is_for_trainers_and_the_team(client, browser, path):
    assert client.get(path).status_code == 302
    assert browser("sam").get(path).status_code == 403
    assert browser("tess").get(path).status_code == 200
    assert browser("olga").get(path).status_code == 200


def test_a_trainer_cannot_touch_the_text_of_another(app, browser, module):
    url = EDIT.format(module("tess"))
    theo = browser("theo")
    page = theo.get("/atelier/nouveau").text
    assert [theo.get(url + path).status_code for path in ("", "/historique", "/historique/1")] == [403] * 3
    posts = [theo.post(url + path, page, source="x", action="publish") for path in ("", "/apercu", "/retirer")]
    assert [answer.status_code for answer in posts] == [403] * 3
    assert theo.post(url + "/historique/1/restaurer", page, base="1").status_code == 403
    assert [number for number, _ in revisions(app)] == [1]
    assert browser("olga").get(url).status_code == 200


@pytest.mark.parametrize("path", ["9999/fr", "99999999999999999999/fr", "1/de", "0/fr/historique"])
def test_what_does_not_exist_is_not_found(browser, module, path):
    module()
    assert browser("olga").get(f"/atelier/documents/{path}").status_code == 404


# My texts


@pytest.mark.each_database
def test_the_list_tells_what_to_do_first(browser):
    page = browser("tess").get("/atelier/").text
    assert "Votre premier module commence ici" in page
    assert "/atelier/nouveau?kind=module" in page


@pytest.mark.each_database
def test_a_trainer_sees_own_texts_and_the_team_all(browser, module):
    module("tess", "a", source_of("a", title="Texte de Tess"))
    module("theo", "b", source_of("b", title="Texte de Theo"))
    tess, olga = browser("tess").get("/atelier/").text, browser("olga").get("/atelier/").text
    assert ("Texte de Tess" in tess, "Texte de Theo" in tess) == (True, False)
    assert ("Texte de Tess" in olga, "Texte de Theo" in olga) == (True, True)
    filtered = browser("olga").get("/atelier/?kind=resource").text
    assert "Aucun texte de cette sorte" in filtered
    assert "Texte de Tess" in browser("olga").get("/atelier/?kind=module&cycle=port&page=7").text


def test_the_list_costs_the_same_at_one_and_three_texts(browser, module, queries):
    olga = browser("olga")
    olga.get("/moi/")  # asks who she is
    module("tess", "a")
    counts = []
    for keys in ((), ("b", "c")):
        for key in keys:
            module("tess", key)
        queries.clear()
        assert olga.get("/atelier/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


# A new text


@pytest.mark.each_database
def test_a_new_module_opens_as_a_draft_that_keeps_its_contract(app, browser, people):
    tess = browser("tess")
    page = tess.get("/atelier/nouveau?kind=module&cycle=port").text
    fields = {"title": "L’escale, pas à pas : 1", "kind": "module", "cycle": "port", "topic": "port", "language": "fr"}
    answer = tess.post("/atelier/nouveau", page, **fields)
    again = tess.post("/atelier/nouveau", page, **fields)
    assert [answer.status_code, again.status_code] == [303, 303]
    assert tess.get(answer.location).status_code == 200
    with app.app_context():
        rows = db.session.execute(
            select(Document.key, Document.owner_id, Document.position, Edition.published_id)
            .join(Document.editions)
            .order_by(Document.id)
        ).all()
    assert rows == [
        ("l-escale-pas-a-pas-1", people["tess"], 1, None),
        ("l-escale-pas-a-pas-1-2", people["tess"], 2, None),
    ]


def test_a_module_asks_for_its_cycle_and_a_resource_may_have_one(browser):
    tess = browser("tess")
    for kind, heading, other in (
        ("module", "Nouveau module", "resource"),
        ("resource", "Nouvelle ressource", "module"),
    ):
        page = tess.get(f"/atelier/nouveau?kind={kind}&title=Une+escale").text
        cycle = re.search(r'<label for="cycle">.*?</select>', page, re.DOTALL)
        assert cycle is not None
        assert ("(facultatif)" in cycle[0], " required" in cycle[0]) == ((kind == "resource"), (kind == "module"))
        assert f"<h1>{heading}</h1>" in page
        assert f"/atelier/nouveau?kind={other}&amp;language=fr&amp;title=Une+escale" in page  # nothing typed is lost


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"cycle": ""}, "Un module appartient à un cycle"),
        ({"title": ""}, "field__error"),
        ({"title": "   "}, "field__error"),
        ({"title": "!!!"}, "au moins une lettre"),
        ({"title": "Un\0titre"}, "caractère invisible"),
        ({"title": "x" * 201}, "field__error"),
        ({"kind": "page"}, "field__error"),
        ({"topic": "nowhere"}, "field__error"),
        ({"language": "de"}, "field__error"),
    ],
)
def test_a_new_text_is_refused_beside_the_field(app, browser, changes, words):
    tess = browser("tess")
    page = tess.get("/atelier/nouveau").text
    fields = {"title": "Titre gardé", "kind": "module", "cycle": "port", "topic": "port", "language": "fr"} | changes
    answer = tess.post("/atelier/nouveau", page, **fields)
    assert answer.status_code == 422
    assert words in answer.text
    assert revisions(app) == []


def test_a_resource_needs_no_cycle_and_opens_in_english(app, browser):
    tess = browser("tess")
    page = tess.get("/atelier/nouveau?kind=resource").text
    fields = {"title": "A glossary", "kind": "resource", "cycle": "", "topic": "port", "language": "en"}
    answer = tess.post("/atelier/nouveau", page, **fields)
    assert answer.location.endswith("/en")
    assert "type: note" in revisions(app)[0][1]


def test_the_words_of_the_model_are_not_published(app, browser):
    tess = browser("tess")
    page = tess.get("/atelier/nouveau").text
    fields = {"title": "Escale", "kind": "module", "cycle": "port", "topic": "port", "language": "fr"}
    url = tess.post("/atelier/nouveau", page, **fields).location
    answer = tess.send(url, "publish")
    assert answer.status_code == 422
    assert answer.text.count("encore ceux du modèle") == 2  # summary and objectives
    assert edition(app).published_id is None


# Writing


def test_saving_adds_a_revision_and_an_audit_row(app, browser, module, people):
    url = EDIT.format(module())
    answer = browser("tess").send(
        url, "save", source=source_of("pt-escale", title="Autre"), note="  titre\n plus court "
    )
    assert (answer.status_code, answer.location) == (303, url)
    assert [number for number, _ in revisions(app)] == [1, 2]
    assert edition(app).title == "Autre"
    with app.app_context():
        assert db.session.scalars(select(Revision.note).order_by(Revision.id)).all() == ["", "titre plus court"]
        last = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert (last.action, last.person_id) == ("document.save_draft", people["tess"])


@pytest.mark.parametrize(
    "body", ["Une ligne.\n\nDeux.  \n", "Une ligne.\r\nDeux.\r\n", "mixte\r\nfin sans retour", "\n\n\nvide avant\n"]
)
def test_an_untouched_text_stays_the_same_byte_for_byte(app, browser, module, body):
    source = source_of("pt-escale", body=body)
    url = EDIT.format(module(source=source))
    assert browser("tess").send(url, "save").status_code == 303
    assert revisions(app) == [(1, source)]


def test_line_ends_of_the_browser_do_not_enter_the_text(app, browser, module):
    url = EDIT.format(module())
    browser("tess").send(url, "save", source=source_of("pt-escale", body="Un.\n\nDeux.\n"))
    assert revisions(app)[-1] == (2, source_of("pt-escale", body="Un.\n\nDeux.\n"))


def test_an_unfinished_text_is_kept_and_its_problems_are_told_with_lines(app, browser, module):
    url = EDIT.format(module())
    unfinished = "---\nid: pt-escale\ntitle: Sans résumé\nlevel: moyen\n---\n\n# Trop haut\n"
    tess = browser("tess")
    assert tess.send(url, "save", source=unfinished).status_code == 303
    page = tess.get(url).text
    assert 'data-line="4"' in page  # the level
    assert 'data-line="7"' in page  # h1 in the body
    assert "Trop haut" in page
    assert revisions(app)[-1] == (2, unfinished)


def test_a_preview_saves_nothing_and_loses_nothing(app, browser, module):
    url = EDIT.format(module())
    answer = browser("tess").send(url, "preview", source=source_of("pt-escale", body="## Vu\n\nUn **aperçu**.\n"))
    assert answer.status_code == 200
    assert '<h2 data-at="' in answer.text
    assert "Un **aperçu**." in answer.text
    assert "data-unsaved" in answer.text
    assert [number for number, _ in revisions(app)] == [1]


def test_the_preview_is_what_is_published(app, browser, client, module):
    document = module()
    url, body = (
        EDIT.format(document),
        "## Vu\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nVoir [[pt-escale]].[^1]\n\n[^1]: note\n",
    )
    tess = browser("tess")
    seen = tess.send(url, "preview", source=source_of("pt-escale", body=body)).text
    assert tess.send(url, "publish", source=source_of("pt-escale", body=body)).status_code == 303
    with app.app_context():
        from academy.models import Rendering

        html = db.session.scalar(select(Rendering.html))
    assert html in re.sub(r' data-at="\d+"', "", seen)  # the lines are the editor's alone
    assert "data-at" not in html


def test_what_an_author_writes_cannot_run_in_the_preview(browser, module):
    url = EDIT.format(module())
    tess = browser("tess")
    hostile = source_of(
        "pt-escale", title='"</textarea><script>alert(2)</script>"', body=SCRIPT + "\n\n</textarea>" + SCRIPT
    )
    page = tess.send(url, "preview", source=hostile).text
    live = tess.post(url + "/apercu", page, source=hostile).json
    for text in (re.sub(r"<textarea.*?</textarea>", "", page, flags=re.DOTALL), live["html"], live["problems"]):
        assert re.search(r"<script>|onerror=|href=\"javascript", text) is None
    assert "&lt;/textarea&gt;" in page


def test_the_live_preview_answers_with_html_and_problems(app, browser, module):
    url = EDIT.format(module())
    tess = browser("tess")
    page = tess.get(url).text
    answer = tess.post(url + "/apercu", page, source=source_of("pt-escale", level="moyen", body="Un **mot**.\n"))
    assert answer.status_code == 200
    assert "<strong>mot</strong>" in answer.json["html"]
    assert 'data-line="9"' in answer.json["problems"]
    assert [number for number, _ in revisions(app)] == [1]


def test_a_post_without_its_token_is_refused(app, browser, module):
    url = EDIT.format(module())
    answer = browser("tess").client.post(url, data={"source": "x", "action": "save"})
    assert answer.status_code == 400
    assert [number for number, _ in revisions(app)] == [1]


# Publishing


def test_publishing_shows_the_text_to_everybody_and_search_finds_it(app, browser, client, module, indexed):
    document = module()
    url = EDIT.format(document)
    path = "/cycles/port/une-escale/"
    with app.app_context(), app.test_request_context():
        from academy.web.links import document_url

        path = document_url("module", id=document, slug="une-escale", cycle="port")
    assert client.get(path).status_code == 404
    tess = browser("tess")
    assert tess.send(url, "publish", source=source_of("pt-escale", body="Le batardeau du bassin.\n")).status_code == 303
    indexed()
    assert "batardeau" in client.get(path).text
    assert "Une escale" in client.get("/ressources/?q=batardeau").text
    assert path in tess.get(url).text
    published = revisions(app)[-1][1]
    assert "status: published" in published
    assert "published_on: " in published


def test_a_newer_draft_is_not_what_readers_see(app, browser, client, module):
    url = EDIT.format(module())
    tess = browser("tess")
    tess.send(url, "publish")
    public = edition(app).published_id
    tess.send(url, "save", source=source_of("pt-escale", body="Secret de fabrication.\n"))
    head, published, _ = edition(app)
    assert published == public != head
    assert "Publié, brouillon plus récent" in tess.get("/atelier/").text


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (source_of("pt-escale", level="moyen"), "level"),
        (source_of("autre-id"), "pt-escale"),
        (source_of("pt-escale", body="Voir [[nulle-part]].\n"), "nulle-part"),
        ("pas d’en-tête\n", "en-tête"),
        ("", "en-tête"),
        ("---\nid: [\n---\n\nCorps *vu*.\n", "<em>vu</em>"),
    ],
)
def test_a_text_with_problems_is_not_published_and_is_kept_as_a_draft(app, browser, module, source, words):
    url = EDIT.format(module())
    answer = browser("tess").send(url, "publish", source=source)
    assert answer.status_code == 422
    assert words in answer.text
    assert browser("tess").source(answer.text).replace("\r\n", "\n").rstrip() == source.rstrip()
    assert edition(app).published_id is None
    assert [number for number, _ in revisions(app)] == [1, 2]
    assert "gardé comme brouillon" in answer.text
    again = browser("tess").send(url, "publish", source=source, base=browser("tess").field(answer.text, "base"))
    assert again.status_code == 422  # and no conflict: the page builds on the draft that it kept
    assert [number for number, _ in revisions(app)] == [1, 2]


@pytest.mark.parametrize("action", ["preview", "save", "publish"])
@pytest.mark.parametrize("body", ["x" * 140_000, "é" * 70_000, "nul \0 ici", "[" * 60_000, "> " * 5_000 + "x"])
def test_hostile_text_gets_an_answer_and_is_kept(browser, module, action, body):
    url = EDIT.format(module())
    answer = browser("tess").send(url, action, source=source_of("pt-escale", body=body + "\n"))
    assert answer.status_code in {200, 303, 422}
    if answer.status_code != 303:
        assert body[:1000].replace(">", "&gt;") in answer.text


def test_a_text_that_is_too_long_is_refused_with_its_limit(app, browser, module):
    url = EDIT.format(module())
    answer = browser("tess").send(url, "save", source=source_of("pt-escale", body="x" * 140_000))
    assert answer.status_code == 422
    assert "128" in answer.text
    assert [number for number, _ in revisions(app)] == [1]


def test_ten_megabytes_are_refused_before_they_are_read(browser, module):
    url = EDIT.format(module())
    tess = browser("tess")
    token = tess.field(tess.get(url).text, "csrf_token")
    form = b"csrf_token=" + token.encode() + b"&action=save&source=" + b"x" * 10_000_000
    answer = tess.client.post(url, data=form, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 413


# Two authors


@pytest.fixture
def parted(app, browser, module):
    """Tess and Olga wrote on one base, and Olga saved first: `parted(olga, tess)` is the page that Tess gets, and its address."""

    def make(olga: str, tess: str, action: str = "save"):
        url = EDIT.format(module())
        one, other = browser("tess"), browser("olga")
        base = one.field(one.get(url).text, "base")
        other.send(url, "save", source=source_of("pt-escale", body=olga))
        return one, url, one.send(url, action, source=source_of("pt-escale", body=tess), base=base)

    return make


@pytest.mark.parametrize("action", ["save", "publish"])
def test_two_saves_on_one_base_are_shown_as_one_text_and_none_is_lost(app, parted, action):
    tess, url, answer = parted("Le texte d’Olga.\n", "Le texte de Tess.\n", action)
    assert answer.status_code == 409
    assert "Le texte d’Olga.\r\nLe texte de Tess." in tess.source(answer.text)
    assert [number for number, _ in revisions(app)] == [1, 2, 3]  # kept, whatever she does next
    assert "version 3 a été gardée à part" in tess.get(url).text
    assert "Réunir les deux textes" in tess.get(url + "/historique").text
    page = tess.get(url + "/historique/3/reunir").text
    number = re.search(r'name="way-(\d+)"', page)[1]
    undecided = tess.post(url + "/historique/3/reunir", page, theirs=tess.field(page, "theirs"), action="merge")
    assert (undecided.status_code, len(revisions(app))) == (422, 3)
    written = {f"way-{number}": "written", f"text-{number}": "Olga et Tess."}
    again = tess.post(url + "/historique/3/reunir", page, theirs=tess.field(page, "theirs"), action="merge", **written)
    assert (again.status_code, again.location) == (303, url)
    assert revisions(app)[-1] == (4, source_of("pt-escale", body="Olga et Tess.\n"))
    assert "gardée à part" not in tess.get(url).text
    assert tess.get(url + "/historique/3/reunir").location == url + "/historique/3"


@pytest.mark.parametrize(("way", "body"), [("mine", "Tess.\n"), ("theirs", "Olga.\n")])
def test_one_of_two_passages_is_chosen(app, parted, way, body):
    tess, url, answer = parted("Olga.\n", "Tess.\n")
    number = re.search(r'name="way-(\d+)"', answer.text)[1]
    fields = {f"way-{number}": way} | {"theirs": tess.field(answer.text, "theirs"), "action": "merge"}
    assert tess.post(url + "/historique/3/reunir", answer.text, **fields).status_code == 303
    with app.app_context():
        head = select(Revision.source).join(Edition, Edition.head_id == Revision.id)
        assert db.session.scalar(head) == source_of("pt-escale", body=body)
    assert "gardée à part" not in tess.get(url).text


def test_what_does_not_meet_is_merged_without_a_question(app, parted):
    tess, url, answer = parted("Bonjour Olga.\n\nUn mât.\n\nFin.\n", "Bonjour le port.\n\nUn mât.\n\nFin.\n\nTess.\n")
    assert "Un passage a été changé" in answer.text  # all but the first line was added by both
    tess.post(url + "/historique/3/reunir", answer.text, action="leave")
    assert "gardée à part" not in tess.get(url).text
    base = tess.field(tess.get(url).text, "base")
    head = revisions(app)[1][1]
    tess.send(url, "save", source=head.replace("Fin.", "Fin d’Olga."))
    answer = tess.send(url, "save", source=head.replace("Un mât.", "Deux mâts."), base=base)
    assert "Rien ne se contredit" in answer.text
    number = revisions(app)[-1][0]
    merge = f"{url}/historique/{number}/reunir"
    assert tess.post(merge, answer.text, theirs=tess.field(answer.text, "theirs"), action="merge").status_code == 303
    assert revisions(app)[-1][1] == head.replace("Fin.", "Fin d’Olga.").replace("Un mât.", "Deux mâts.")


def test_a_merge_that_comes_too_late_is_merged_again(app, browser, parted):
    tess, url, answer = parted("Olga.\n", "Tess.\n")
    browser("olga").send(url, "save", source=source_of("pt-escale", body="Olga encore.\n"))
    number = re.search(r'name="way-(\d+)"', answer.text)[1]
    fields = {f"way-{number}": "written", f"text-{number}": "Olga, Tess.", "theirs": tess.field(answer.text, "theirs")}
    late = tess.post(url + "/historique/3/reunir", answer.text, action="merge", **fields)
    assert late.status_code == 409
    assert "Olga encore." in late.text
    assert revisions(app)[-1] == (5, source_of("pt-escale", body="Olga, Tess.\n"))
    assert tess.get(url).text.count("gardée à part") == 1


def test_the_same_text_sent_twice_is_kept_once(app, browser, parted):
    tess, url, _ = parted("Olga.\n", "Tess.\n")
    for _ in range(2):
        again = tess.send(url, "save", source=source_of("pt-escale", body="Tess.\n"), base="")
        assert again.status_code == 409
    assert len(revisions(app)) == 3


@pytest.mark.parametrize("base", ["", "0", "-1", "x", "999999999", "9" * 40, "²"])
def test_a_base_that_is_none_is_a_conflict_to_settle(app, browser, module, base):
    url = EDIT.format(module())
    answer = browser("tess").send(url, "save", source=source_of("pt-escale", body="Mon texte.\n"), base=base)
    assert answer.status_code == 409
    assert "Mon texte." in answer.text
    assert [number for number, _ in revisions(app)] == [1, 2]
    with app.app_context():
        assert db.session.scalar(select(Edition.head_id)) == 1


# The other language


def test_the_twin_starts_from_the_other_language_and_keeps_its_id(app, browser, module):
    document = module()
    english = f"/atelier/documents/{document}/en"
    tess = browser("tess")
    page = tess.get(english).text
    assert "id: pt-escale" in tess.source(page)
    assert edition_count(app) == 1  # looking makes nothing
    answer = tess.send(english, "save", source=source_of("pt-escale", title="A call", body="Hello port.\n"))
    assert answer.status_code == 303
    assert edition(app, "en").title == "A call"
    assert tess.send(english, "publish").status_code == 303
    assert edition(app, "en").published_id is not None
    assert edition(app, "fr").published_id is None


def test_a_twin_made_meanwhile_is_a_conflict(app, browser, module):
    english = f"/atelier/documents/{module()}/en"
    tess, olga = browser("tess"), browser("olga")
    page = tess.get(english).text
    olga.send(english, "save", source=source_of("pt-escale", title="By Olga"))
    answer = tess.post(english, page, source=source_of("pt-escale", title="By Tess"), base="", action="save")
    assert answer.status_code == 409
    assert "By Olga" in answer.text
    assert "By Tess" in answer.text


def edition_count(app) -> int:
    with app.app_context():
        return len(db.session.scalars(select(Edition.id)).all())


# History


def test_the_history_lists_who_and_why(browser, module):
    url = EDIT.format(module())
    tess = browser("tess")
    tess.send(url, "publish", note="première parution")
    page = tess.get(url + "/historique").text
    assert "première parution" in page
    assert "Tess" in page
    assert page.count("publiée") == 1
    assert tess.get(url.replace("/fr", "/en") + "/historique").status_code == 404


@pytest.mark.each_database
def test_a_revision_shows_what_it_changed(browser, module):
    url = EDIT.format(module())
    tess = browser("tess")
    tess.send(url, "save", source=source_of("pt-escale", body="Bonsoir le port.\n"))
    page = tess.get(url + "/historique/2").text
    assert re.search(r"<del><span class=\"vh\">\[retiré\xa0:\] </span>Bonjour<span", page)
    assert re.search(r"<ins><span class=\"vh\">\[ajouté\xa0:\] </span>Bonsoir<span", page)
    assert "<p>Bonsoir le port.</p>" in page
    assert tess.get(url + "/historique/1").status_code == 200
    assert tess.get(url + "/historique/3").status_code == 404


def test_any_two_revisions_are_compared(browser, module):
    url = EDIT.format(module())
    tess = browser("tess")
    for body in ("Bonsoir le port.\n", "Adieu le port.\n\n<script>alert(1)</script>\n"):
        tess.send(url, "save", source=source_of("pt-escale", body=body), note="parce que")
    assert tess.get(url + "/diff?de=1&a=3").location == url + "/diff/1..3"
    page = tess.get(url + "/diff/1..3").text
    assert re.search(r"<del>.{20,60}Bonjour<span", page)
    assert re.search(r"<ins>.{20,60}Adieu<span", page)
    assert "Bonsoir" not in page
    assert "<script>alert" not in page
    assert page.count("parce que") == 1
    assert "mot pour mot" in tess.get(url + "/diff/2..2").text
    assert tess.get(url + "/diff/1..9").status_code == 404
    for asked in ("de=1&a=9", "de=&a=", "de=x&a=1", "", "de=1&a=" + "9" * 40):
        refused = tess.get(f"{url}/diff?{asked}")
        assert (refused.status_code, "Donnez deux numéros" in refused.text) == (422, True)


def test_comparing_costs_the_same_however_much_there_is(browser, module, queries):
    url = EDIT.format(module())
    tess = browser("tess")
    counts = []
    for body in ("Deux.\n", "Trois.\n", "Quatre.\n"):
        tess.send(url, "save", source=source_of("pt-escale", body=body))
        for path in ("/historique", "/diff/1..2"):
            queries.clear()
            assert tess.get(url + path).status_code == 200
            counts.append((path, len(queries)))
    assert len(set(counts)) == 2


def test_restoring_makes_a_new_revision(app, browser, module):
    url = EDIT.format(module())
    tess = browser("tess")
    tess.send(url, "save", source=source_of("pt-escale", body="Mauvaise idée.\n"))
    page = tess.get(url + "/historique").text
    answer = tess.post(url + "/historique/1/restaurer", page, base=tess.field(page, "base"))
    assert (answer.status_code, answer.location) == (303, url)
    assert revisions(app)[-1] == (3, source_of("pt-escale"))
    outdated = tess.post(url + "/historique/2/restaurer", page, base=tess.field(page, "base"))
    assert outdated.status_code == 409
    assert len(revisions(app)) == 3
    assert tess.get(url + "/historique/1/restaurer").status_code == 405


def test_withdrawing_hides_the_text_and_keeps_it(app, browser, client, module, indexed):
    url = EDIT.format(module())
    tess = browser("tess")
    tess.send(url, "publish", source=source_of("pt-escale", body="Le batardeau du bassin.\n"))
    page = tess.get(url + "/historique").text
    answer = tess.post(url + "/retirer", page, base=tess.field(page, "base"))
    assert (answer.status_code, answer.location) == (303, url + "/historique")
    indexed()
    assert edition(app).published_id is None
    assert "status: draft" in revisions(app)[-1][1]
    assert "Une escale" not in client.get("/ressources/?q=batardeau").text
    assert tess.post(url + "/retirer", page, base="1").status_code == 409


# The reminder


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_guide_shows_what_the_renderer_makes(browser, prefix):
    page = browser("tess").get(f"{prefix}/atelier/guide/").text
    assert 'class="admonition note"' in page
    assert "<code>prerequisites</code>" in page
    assert page.count({"": "<p>Elles le sont aussi.</p>", "/en": "<p>So are they.</p>"}[prefix]) == 2  # included
    assert "![[" in page
    assert "<table>" in page


def test_a_draft_saved_by_the_script_is_a_revision_and_says_when(app, browser, module):
    url = EDIT.format(module())
    tess = browser("tess")
    page = tess.get(url).text
    base = re.search(r'name="base" value="(\d+)"', page)[1]
    text = source_of("pt-escale", body="Écrit.\n")
    first = tess.post(url, page, source=text, base=base, action="autosave")
    assert first.status_code == 200
    assert re.search(r"Enregistré à \d", first.json["said"])
    again = tess.post(url, page, source=text, base=base, action="autosave")  # the first answer was lost
    assert (again.status_code, again.json["base"]) == (200, first.json["base"])
    assert [number for number, _ in revisions(app)] == [1, 2]


def test_a_draft_saved_by_the_script_never_covers_another(app, browser, module):
    url = EDIT.format(module())
    tess = browser("tess")
    page = tess.get(url).text
    base = re.search(r'name="base" value="(\d+)"', page)[1]
    assert (
        tess.post(url, page, source=source_of("pt-escale", body="Une.\n"), base=base, action="autosave").status_code
        == 200
    )
    late = tess.post(url, page, source=source_of("pt-escale", body="Deux.\n"), base=base, action="autosave")
    assert late.status_code == 409
    assert "entre-temps" in late.json["said"]
    nul = tess.post(url, page, source="\0", base=base, action="autosave")
    assert nul.status_code == 422
    absent = tess.post(url[:-2] + "en", page, source="x", base="", action="autosave")
    assert absent.status_code == 409
    assert [number for number, _ in revisions(app)] == [1, 2]


@pytest.mark.parametrize(("words", "said"), [(3, "3 mots · 1 minute de"), (401, "401 mots · 3 minutes de")])
def test_the_preview_says_how_long_it_takes_to_read(browser, module, words: int, said: str):
    url = EDIT.format(module())
    tess = browser("tess")
    live = tess.post(url + "/apercu", tess.get(url).text, source=source_of("pt-escale", body="mot " * words))
    assert said in live.json["html"].replace("\u202f", " ").replace("\xa0", " ")
