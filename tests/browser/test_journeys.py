"""The four journeys, by keyboard-reachable parts alone, with and without JavaScript."""

import re
import time

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.serving import Academy, link_in

pytestmark = pytest.mark.browser


def test_the_public_finds_a_paragraph(academy: Academy, page: Page):
    page.goto(academy.url)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.get_by_role("navigation", name="Navigation principale").get_by_role("link", name="Cycles").click()
    page.get_by_role("main").get_by_role("link", name=re.compile("cybersécurité", re.I)).first.click()
    with page.expect_navigation():
        page.get_by_role("link", name=re.compile("les gestes qui protègent une organisation", re.I)).first.click()
    title = page.get_by_role("heading", level=1).inner_text()
    assert title.startswith("Cybersécurité")
    expect(page.get_by_role("link", name=re.compile("suivant", re.I)).first).to_be_visible()

    for typed in (
        "cybersecurite gestes",
        "Cybersécurité gestes",
        "cyber securite gestes",
        "cybersecurite poste serveur",
    ):
        page.goto(academy.url)
        page.get_by_label("Que cherchez-vous").fill(typed)
        page.get_by_role("button", name="Chercher").click()
        expect(page.locator("article.hit h3").first).to_have_text(title)
    passage = page.locator("article.hit").first.locator("p.hit__passage a")
    assert passage.locator("mark").all_inner_texts() == ["postes", "serveurs"]
    anchor = passage.get_attribute("href").partition("#")[2]
    passage.click()
    assert anchor
    expect(page.locator(f'[id="{anchor}"]')).to_be_in_viewport()


def test_a_facet_narrows_and_a_chip_widens(academy: Academy, page: Page):
    page.goto(f"{academy.url}/ressources/?q=port")
    before = page.locator("#resultats").inner_text()
    if not page.get_by_role("checkbox").first.is_visible():
        page.get_by_text("Filtrer", exact=False).first.click()
    page.get_by_role("checkbox", name=re.compile("glossaire", re.I)).check()
    page.get_by_role("button", name="Appliquer les filtres").click()
    expect(page.locator("#resultats")).not_to_have_text(before)
    expect(page).to_have_url(re.compile("type=glossary"))
    page.get_by_role("link", name=re.compile("glossaire", re.I)).first.click()


def test_a_stakeholder_takes_a_seat_and_gives_it_back(
    academy: Academy, page: Page, context: BrowserContext, request: pytest.FixtureRequest
):
    address = f"essai-{'js' if 'with-scripts' in request.node.name else 'html'}@example.org"
    page.goto(f"{academy.url}/sessions/")
    page.get_by_role("link", name=re.compile("S’inscrire")).first.click()
    page.get_by_label("Votre nom").fill("Camille Essai")
    page.get_by_label("Votre adresse électronique").fill(address)
    page.get_by_role("button", name="Réserver ma place").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Un lien vous attend")

    link = link_in(academy.mail_to(address), "/i/")
    page.goto(link)
    page.goto(link)  # a mail scanner looked first: looking changes nothing
    page.get_by_role("button", name="Confirmer mon inscription").click()
    expect(page.get_by_role("main")).to_contain_text(re.compile("confirmée", re.I))
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("Ce lien ne marche plus")

    page.goto(f"{academy.url}/moi/")
    expect(page.get_by_role("main")).to_contain_text("Place confirmée")

    cancel = link_in(academy.mail_to(address, count=2), "/inscriptions/")
    context.clear_cookies()
    page.goto(cancel)
    page.get_by_role("button", name="Annuler mon inscription").click()
    expect(page.get_by_role("main")).to_contain_text("Cette inscription est annulée")


def test_a_full_session_has_a_queue_that_moves_when_the_organiser_adds_a_seat(
    academy: Academy, page: Page, request: pytest.FixtureRequest
):
    address = f"attente-{'js' if 'with-scripts' in request.node.name else 'html'}@example.org"
    page.goto(f"{academy.url}/sessions/")
    page.get_by_role("link", name=re.compile("liste d’attente", re.I)).first.click()
    page.get_by_label("Votre nom").fill("Dominique Essai")
    page.get_by_label("Votre adresse électronique").fill(address)
    page.get_by_role("button", name="Rejoindre la liste d’attente").click()
    page.goto(link_in(academy.mail_to(address), "/i/"))
    page.get_by_role("button", name="Confirmer mon inscription").click()
    expect(page.get_by_role("main")).to_contain_text(re.compile(r"position \d+"))


def test_a_trainer_publishes_a_module_that_is_searchable_at_once(
    academy: Academy, page: Page, request: pytest.FixtureRequest
):
    word = "balisejs" if "with-scripts" in request.node.name else "balisehtml"
    academy.sign_in(page, "trainer")
    page.goto(f"{academy.url}/atelier/")
    page.get_by_role("link", name="Nouveau module").first.click()
    page.get_by_label("Titre").fill(f"Lire une balise {word}")
    page.get_by_label("Cycle").select_option("port")
    page.get_by_label("Thème principal").select_option("maritime")
    page.get_by_role("button", name="Commencer à écrire").click()

    source = page.get_by_label("Texte entier")
    text = source.input_value()
    front = text[: text.index("---", 4) + 4]
    front = re.sub(r"^summary:.*$", f"summary: Une leçon sur la {word}.", front, flags=re.M)
    front = re.sub(r"À compléter : un verbe[^\"\n]*", "Reconnaître une balise.", front)
    source.fill(f"{front}\n## La {word} cardinale\n\nElle dit de quel côté passer:\n- au nord\n- au sud\n")
    page.get_by_role("button", name="Aperçu").click()
    expect(page.locator("#preview")).to_contain_text(f"La {word} cardinale")
    expect(page.locator("#preview li")).to_have_count(2)
    expect(source).to_have_value(re.compile("cardinale"))

    with page.expect_navigation():
        page.get_by_role("button", name="Enregistrer le brouillon").click()
    assert f"Lire une balise {word}" not in _found(academy, page, word)
    with page.expect_navigation():
        page.get_by_role("button", name="Publier").click()
    expect(page.get_by_role("main")).to_contain_text("Publié")
    for _ in range(50):
        if _found(academy, page, word) == [f"Lire une balise {word}"]:
            break
        time.sleep(0.1)  # the worker brings the index up to date after the commit
    assert _found(academy, page, word) == [f"Lire une balise {word}"]

    page.get_by_role("link", name="Historique").first.click()
    expect(page.locator("ol.revisions li")).not_to_have_count(0)


def _found(academy: Academy, page: Page, word: str) -> list[str]:
    """The titles that the search has for a word."""
    return [hit["title"] for hit in page.request.get(f"{academy.url}/api/v1/search?q={word}").json()["hits"]]


def test_an_edit_over_a_newer_one_loses_nothing(academy: Academy, page: Page):
    academy.write(page)
    other = page.context.new_page()
    other.goto(page.url)
    for tab, words in ((page, "Azimut relevé à bâbord."), (other, "Courant portant au large.")):
        source = tab.get_by_label("Texte entier")
        source.fill(f"{source.input_value()}\n{words}\n")
        with tab.expect_navigation():
            tab.get_by_role("button", name="Enregistrer le brouillon").click()
    expect(other.get_by_role("heading", level=1)).to_contain_text("Deux textes à réunir")
    expect(other.get_by_role("textbox").first).to_have_value(re.compile("Azimut.*Courant portant au large", re.DOTALL))
    other.get_by_label("Les deux, ou récrire").first.check()
    other.get_by_role("button", name="Enregistrer le texte réuni").click()
    expect(other.get_by_label("Texte entier")).to_have_value(re.compile("Azimut.*Courant portant au large", re.DOTALL))


def test_an_organiser_runs_a_session_from_its_creation_to_its_cancellation(
    academy: Academy, page: Page, request: pytest.FixtureRequest
):
    kind = "js" if "with-scripts" in request.node.name else "html"
    academy.sign_in(page, "organiser")
    page.goto(f"{academy.url}/pilotage/sessions/nouvelle")
    page.get_by_label("Titre").first.fill(f"Essai de session {kind}")
    page.get_by_label("Résumé").first.fill("Une session faite par un test.")
    page.get_by_role("textbox", name="Début").fill("2027-06-10T18:00")
    page.get_by_role("textbox", name="Fin").fill("2027-06-10T20:00")
    page.get_by_label("Nombre de places").fill("1")
    page.get_by_label("Programme, en Markdown").first.fill("## Programme\n\nAccueil:\n- café\n- tour de table\n")
    with page.expect_navigation():
        page.get_by_role("button", name="Publier la session").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"Essai de session {kind}")
    desk = page.url

    for name in ("premiere", "seconde"):
        page.goto(desk)
        page.locator("#name").fill(f"Personne {name}")
        page.locator("#email").fill(f"{name}-{kind}@example.org")
        with page.expect_navigation():
            page.get_by_role("button", name="Inscrire", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text(re.compile("liste d’attente|attente", re.I))

    page.goto(desk)
    seats = page.get_by_role("form", name="Nombre de places")
    seats.get_by_role("textbox").or_(seats.get_by_role("spinbutton")).fill("2")
    with page.expect_navigation():
        seats.get_by_role("button", name="Changer").click()
    assert "confirm" in academy.mail_to(f"seconde-{kind}@example.org", count=2).lower()

    roll = page.request.get(f"{desk.partition('?')[0]}inscrits.csv")
    assert roll.headers["content-type"].startswith("text/csv")
    assert f"seconde-{kind}@example.org" in roll.text()

    page.goto(desk)
    page.get_by_role("link", name=re.compile("Annuler la session")).click()
    page.get_by_role("button", name=re.compile("Annuler la session")).click()
    assert "n’aura pas lieu" in academy.mail_to(f"premiere-{kind}@example.org", count=2)
