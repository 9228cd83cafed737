"""The studio's pages of links: wanted, closed, lonely, used, both languages; what readers see of them."""

import re

import pytest

from academy.domain import publishing
from academy.extensions import db, transaction
from academy.models import Audience, Document, Edition, Kind, Role
from academy.web import clock
from tests.factories import a_cycle, a_person, a_text, republished, withdrawn


@pytest.fixture
def trainer(app) -> int:
    with app.app_context():
        return a_person("Tess", role=Role.TRAINER)


@pytest.fixture
def team(app, as_):
    with app.app_context():
        organiser = a_person(role=Role.ORGANISER)
    return as_(organiser)


def post(browser, url: str, page: str, **fields: object):
    """Send a form of a page, with its token."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get(page).text)[1]
    return browser.post(url, data={"csrf_token": token} | fields)


def texts(app, *all_: dict) -> dict[str, int]:
    """Make texts; return the id of each document by its key."""
    with app.app_context():
        for values in all_:
            a_text(**values)
        return {row.key: row.id for row in db.session.scalars(db.select(Document))}


def section(page: str, name: str) -> str:
    return re.search(rf'aria-labelledby="{name}".*?</section>', page, re.DOTALL)[0]


@pytest.mark.each_database
def test_the_page_of_links_lists_what_is_wanted_closed_and_lonely(app, team):
    texts(
        app,
        {"key": "quai", "title": "Le quai"},
        {"key": "hote", "title": "Hôte", "body": "[[quai]] Reste.", "is_published": False},
        {"key": "publie", "title": "Publié", "body": "[[quai|là]]"},
    )
    with app.app_context():
        closed = a_text("ferme", title="Fermé")
        a_text("vers-ferme", title="Vers fermé", body="[[ferme]]")
        withdrawn(closed)
        edition = db.session.scalars(db.select(Edition).join(Document).where(Document.key == "hote")).one()
        with transaction():
            source = edition.head.source.replace("Reste.", "[[nulle-part]] `[[code]]`")
            publishing.save_draft(edition, source, base_id=edition.head_id, by=None, now=clock.now())
    page = team.get("/atelier/liens/").text
    assert "nulle-part" in section(page, "wanted")
    assert "code</code>" not in section(page, "wanted")
    assert ">Hôte<" in section(page, "wanted")
    assert "Vers fermé" in section(page, "closed")
    orphans = section(page, "orphans")
    assert "Publié" in orphans
    assert "Le quai" not in orphans


@pytest.mark.each_database
def test_a_trainer_sees_only_their_own(app, as_, trainer):
    texts(app, {"key": "autre", "title": "Texte d’un autre"})
    assert "Texte d’un autre" not in as_(trainer).get("/atelier/liens/").text


@pytest.mark.each_database
def test_where_a_text_is_used(app, team):
    ids = texts(
        app,
        {"key": "avis", "title": "Avis", "body": "## Un\n\nTexte."},
        {"key": "hote", "title": "Hôte <b>", "body": "![[avis#un]]\n\n[[avis]]"},
    )
    page = team.get(f"/atelier/documents/{ids['avis']}/liens").text
    assert page.count("Hôte &lt;b&gt;") == 2
    assert "inclut" in page
    assert "Aucun texte publié ne mène ici" in team.get(f"/atelier/documents/{ids['hote']}/liens").text
    publication = team.get(f"/atelier/documents/{ids['avis']}/fr/publication").text
    assert "2 textes publiés" in publication


def test_an_included_text_is_not_withdrawn(app, team):
    ids = texts(app, {"key": "avis", "title": "Avis"}, {"key": "hote", "title": "Hôte", "body": "![[avis]]"})
    with app.app_context():
        head = db.session.scalars(db.select(Edition.head_id).where(Edition.document_id == ids["avis"])).one()
    answer = post(
        team, f"/atelier/documents/{ids['avis']}/fr/retirer", f"/atelier/documents/{ids['avis']}/fr", base=head
    )
    assert answer.status_code == 409
    assert "inclus dans d’autres textes publiés : Hôte" in answer.text.replace("\u202f", " ").replace("\u00a0", " ")


def test_dead_links_are_told_with_their_lines_and_nothing_is_lost(app, team):
    ids = texts(app, {"key": "hote", "title": "Hôte"})
    url = f"/atelier/documents/{ids['hote']}/fr"
    with app.app_context():
        head = db.session.scalars(db.select(Edition)).one().head
        source, base = head.source + "\n[[rien]]\n\n[x](#nulle-part)\n", head.id
    answer = post(team, url, url, source=source, base=base, action="publish")
    assert answer.status_code == 422
    lines = source.split("\n")
    for words in ("[[rien]]", "[x](#nulle-part)"):
        assert f'data-line="{lines.index(words) + 1}"' in answer.text
    assert "[[rien]]" in answer.text


def test_both_languages_and_what_is_to_be_taken_over(app, team):
    ids = texts(
        app,
        {"key": "quai", "title": "Le quai", "body": "## Bord\n\nTexte ancien."},
        {"key": "quai", "title": "The quay", "language": "en", "body": "## Edge\n\nOld text."},
    )
    url = f"/atelier/documents/{ids['quai']}/langues"
    assert "Rien à changer" not in team.get(url).text
    with app.app_context():
        french = db.session.scalars(db.select(Edition).where(Edition.language == "fr")).one()
        republished(french.id, "## Bord\n\nTexte nouveau.")
    page = team.get(url).text
    assert "<del>ancien.\n</del><ins>nouveau.\n</ins>" in page
    assert "Traductions à reprendre" in team.get("/atelier/liens/").text
    assert "The quay" in section(team.get("/atelier/liens/").text, "behind")
    assert page.count('id="fr-s-bord"') == 1
    seen = re.search(r'name="twin" value="(\d+)"', page)[1]
    agree = f"/atelier/documents/{ids['quai']}/en/a-jour"
    assert post(team, agree, url, twin="1").status_code == 409
    assert "La version française a été mise à jour" not in team.get(f"/en/ressources/{ids['quai']}-quai/").text
    assert "The French version was updated" in team.get(f"/en/ressources/{ids['quai']}-quai/").text
    assert post(team, agree, url, twin=seen).status_code == 303
    assert "Rien à changer" not in team.get(url).text
    assert "The French version was updated" not in team.get(f"/en/ressources/{ids['quai']}-quai/").text


def test_readers_see_who_cites_a_text_and_only_what_they_may_read(app, client, as_):
    with app.app_context():
        a_cycle("port")
    ids = texts(
        app,
        {"key": "quai", "title": "Le quai"},
        {"key": "ouvert", "title": "Texte ouvert", "body": "[[quai|x]]"},
        {"key": "module", "title": "Un module", "body": "[[quai|x]]", "kind": Kind.MODULE, "cycle": "port"},
        {"key": "membres", "title": "Réservé aux membres", "body": "[[quai|x]]", "audience": str(Audience.MEMBERS)},
        {"key": "equipe", "title": "Pour l’équipe", "body": "[[quai|x]]", "audience": str(Audience.TEAM)},
        {"key": "brouillon", "title": "Brouillon", "body": "[[quai|x]]", "is_published": False},
    )
    with app.app_context():
        withdrawn(a_text("retire", title="Retiré", body="[[quai|x]]"))
        stakeholder = a_person()
    url = f"/ressources/{ids['quai']}-quai/"
    hidden = ["Réservé aux membres", "Pour l’équipe", "Brouillon", "Retiré"]
    page = section(client.get(url).text, "cite-par")
    assert "Texte ouvert" in page
    assert '<a href="/cycles/port/module/">' in page
    assert [words for words in hidden if words in page] == []
    page = section(as_(stakeholder).get(url).text, "cite-par")
    assert [words for words in hidden if words in page] == ["Réservé aux membres"]


def test_who_cites_costs_one_query_however_many_they_are(app, queries_of):
    ids = texts(app, {"key": "quai"}, {"key": "a", "body": "[[quai]]"})
    one = queries_of(f"/ressources/{ids['quai']}-quai/")
    texts(app, {"key": "b", "body": "[[quai]]"}, {"key": "c", "body": "[[quai]]"})
    assert queries_of(f"/ressources/{ids['quai']}-quai/") == one


def test_the_page_of_links_costs_the_same_at_one_and_at_three(app, team, queries):
    def cost() -> int:
        team.get("/atelier/liens/")
        queries.clear()
        team.get("/atelier/liens/")
        return len(queries)

    def more(number: int) -> None:
        texts(
            app,
            {"key": f"a{number}", "body": "x"},
            {"key": f"b{number}", "body": f"[[a{number}]]"},
            {"key": f"c{number}", "is_published": False, "body": f"[[b{number}]]"},
        )

    more(1)
    one = cost()
    more(2)
    more(3)
    assert cost() == one


@pytest.mark.each_database
def test_a_text_is_named_while_its_title_is_typed(app, team):
    texts(
        app,
        {"key": "quai-sud", "title": "L’Étrave <b>"},
        {"key": "draft-b", "title": "Étrave en cale", "is_published": False},
    )
    assert team.get("/atelier/textes?q=ETRA").json == [{"key": "quai-sud", "title": "L’Étrave <b>", "lang": "fr"}]
    assert team.get("/atelier/textes?q=quai+etrave").json[0]["key"] == "quai-sud"
    for nothing in ("", "%20", "cale", "%00", "trave"):
        assert team.get(f"/atelier/textes?q={nothing}").json == []
