"""The four journeys with Tab, Enter, Space, arrows and typing alone; the focus is always in sight, in order, and free."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.places import PLACES, Place
from tests.browser.serving import Academy, link_in
from tests.browser.tour import Tour
from tests.browser.walking import Walker

pytestmark = pytest.mark.browser

ORDERED = (
    "visitor-home",
    "visitor-module",
    "visitor-session-open",
    "visitor-resources-found",
    "visitor-sign-in",
    "stakeholder-space",
    "trainer-edit",
    "organiser-desk",
    "organiser-create-error",
    "organiser-people-empty",
)
# Of radio buttons, Tab visits one of each group: those are left out.
REACHABLE = """() => [...document.querySelectorAll("*")].flatMap((it, number) =>
  it.matches("a[href], button, input:not([type=hidden], [type=radio]), select, textarea, summary, [tabindex]")
  && it.tabIndex >= 0 && !it.disabled && it.checkVisibility({visibilityProperty: true}) ? [number] : [])"""


@pytest.fixture
def page(chromium: Browser):
    context = chromium.new_context(locale="fr-FR", viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def walk(page: Page) -> Walker:
    return Walker(page)


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("place", [it for it in PLACES if it.name in ORDERED], ids=lambda place: place.name)
def test_the_focus_visits_everything_in_the_order_of_the_page(tour: Tour, place: Place, width: int):
    page = tour.page(place)
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(reduced_motion="reduce")
    tour.visit(page, place, "fr")
    walk = Walker(page)
    numbers = _round(walk)
    if page.evaluate("!!document.querySelector('[autofocus]')"):  # the walk began in the middle: the rest comes after
        above = _round(walk, until=numbers[0])
        numbers = above + numbers
    assert len(numbers) < 500, "the focus never leaves the page"
    assert numbers == sorted(numbers)
    assert len(set(numbers)) == len(numbers), "the focus came twice to the same place"
    assert set(page.evaluate(REACHABLE)) - set(numbers) == set()


def _round(walk: Walker, until: int | None = None) -> list[int]:
    """The numbers of what the focus visits before it leaves the page, or comes to where it was."""
    numbers: list[int] = []
    while (focus := walk.press("Tab")) and len(numbers) < 500 and focus["number"] not in (until, *numbers[:1]):
        numbers += [focus["number"]] * (numbers[-1:] != [focus["number"]])  # a date has several stops inside
    return numbers


def test_the_skip_link_leads_to_the_content(walk: Walker, academy: Academy):
    walk.open(f"{academy.url}/cycles/port/")
    assert walk.press("Tab")["name"] == "Aller au contenu"
    walk.page.keyboard.press("Enter")
    expect(walk.page.locator("main")).to_be_focused()
    assert walk.page.evaluate("document.querySelector('main').contains(document.activeElement)")
    first = walk.press("Tab")
    assert walk.page.evaluate("document.querySelector('main').contains(document.activeElement)"), first


def test_the_public_finds_a_paragraph(walk: Walker, academy: Academy):
    walk.open(academy.url)
    walk.to("", tag="input")
    walk.type("cybersecurite gestes")
    walk.enter()
    walk.page.locator("article.hit mark").first.wait_for()
    title = walk.page.locator("article.hit h3").first.inner_text()
    walk.to(title)
    walk.enter()
    expect(walk.page.get_by_role("heading", level=1)).to_contain_text(title)


def test_the_filters_of_a_phone_open_are_walked_in_order_and_close_with_escape(walk: Walker, academy: Academy):
    page = walk.page
    page.set_viewport_size({"width": 360, "height": 740})
    walk.open(f"{academy.url}/ressources/")
    drawer, handle = page.locator(".facets"), page.locator(".facets > summary")
    walk.to("Filtrer", tag="summary")
    page.keyboard.press("Enter")
    expect(drawer).to_have_attribute("open", "")
    numbers = [walk.press("Tab")["number"]]  # every step asserts that the focus is seen
    walk.to("Afficher les", tag="summary")
    more = walk.seen[-1]["name"]
    page.keyboard.press("Enter")
    folded = int(re.sub(r"\D", "", more))
    numbers += [walk.press("Tab")["number"] for _ in range(folded)]
    assert numbers == sorted(set(numbers))
    expect(drawer.locator(".fold").first.locator("input:focus")).to_have_count(1)  # the last of those that were folded
    page.keyboard.press("Escape")
    expect(drawer).not_to_have_attribute("open", "")
    expect(handle).to_be_focused()
    assert walk.press("Tab")["name"] == "Trier par"


def test_a_stakeholder_takes_a_seat_and_gives_it_back(walk: Walker, academy: Academy):
    address = "clavier@example.org"
    walk.open(academy.url + academy.names["open"])
    walk.to("Votre nom", tag="input")
    walk.type("Camille Clavier")
    walk.to("Votre adresse électronique", tag="input")
    walk.type(address)
    walk.to("Réserver ma place", tag="button")
    walk.enter()
    walk.open(link_in(academy.mail_to(address), "/i/"))
    walk.to("Confirmer mon inscription", tag="button")
    walk.enter()
    expect(walk.page.get_by_role("main")).to_contain_text("confirmée")
    walk.to("Annuler mon inscription", tag="button")
    walk.enter()
    expect(walk.page.get_by_role("main")).to_contain_text("Annulée le")


def test_a_trainer_writes_previews_and_publishes(walk: Walker, academy: Academy):
    academy.sign_in(walk.page, "trainer")
    walk.open(f"{academy.url}/atelier/")
    walk.to("Nouveau module")
    walk.enter()
    walk.to("Titre", tag="input")
    walk.type("Lire une carte au clavier")
    walk.to("Cycle", tag="select")
    walk.page.keyboard.type("Port")
    if walk.page.get_by_label("Cycle").input_value() == "":
        walk.page.keyboard.press("ArrowDown")
    walk.to("Thème principal", tag="select")
    walk.page.keyboard.press("ArrowDown")
    walk.to("Commencer à écrire", tag="button")
    walk.enter()
    walk.to("Texte entier", tag="textarea")
    text = walk.page.get_by_label("Texte entier").input_value().replace("À compléter", "Fait")
    walk.type("")
    walk.page.keyboard.insert_text(text + "\n## Au clavier\n\nUn relèvement suffit.\n")
    walk.to("Aperçu", tag="button")
    walk.enter()
    expect(walk.page.locator("#preview")).to_contain_text("Un relèvement suffit.")
    walk.to("Enregistrer le brouillon", tag="button")
    walk.enter()
    expect(walk.page.get_by_role("main")).to_contain_text("Enregistré le")


def test_an_organiser_adds_a_seat_and_enrols_somebody(walk: Walker, academy: Academy):
    academy.sign_in(walk.page, "organiser")
    walk.open(f"{academy.url}/pilotage/")
    walk.to("Nouvelle session")
    walk.enter()
    walk.open(academy.url + academy.names["desk_open"])
    walk.to("Nom", tag="input", exact=True)
    walk.type("Personne au clavier")
    walk.to("Adresse électronique", tag="input")
    walk.type("liste-clavier@example.org")
    walk.to("Inscrire", tag="button")
    walk.enter()
    expect(walk.page.get_by_role("main")).to_contain_text("Personne au clavier")
    walk.to("Annuler la session")
    walk.enter()
    expect(walk.page).to_have_url(f"{academy.url}{academy.names['desk_open']}annulation")


@pytest.mark.parametrize("path", ["/", "{waiting_list}", "/ressources/?q=port", "/connexion"])
def test_the_focus_is_seen_in_forced_colours(tour: Tour, path: str):
    page = tour.page(Place("", ""))
    page.goto(tour.full.url + path.format_map(tour.full.names))
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    walk = Walker(page)
    for _ in range(12):
        walk.press("Tab")  # asserts a visible outline
    page.emulate_media(forced_colors="none", reduced_motion="no-preference")
    assert len({focus["number"] for focus in walk.seen}) > 3


def test_states_stay_words_and_shapes_without_colours(tour: Tour):
    page = tour.page(Place("", ""))
    page.goto(f"{tour.full.url}/sessions/")
    page.emulate_media(forced_colors="active")
    states = page.evaluate(
        """() => [...document.querySelectorAll(".state")].map(it => {
          const mark = it.querySelector("svg");
          const shape = mark && mark.querySelector("*");
          return {words: it.innerText.trim(), drawn: !!shape && mark.getBoundingClientRect().width > 4,
            colour: shape ? getComputedStyle(shape).stroke + getComputedStyle(shape).fill : ""};
        })"""
    )
    page.emulate_media(forced_colors="none")
    assert states
    assert [state for state in states if not state["words"] or not state["drawn"]] == []


def test_nothing_moves_for_those_who_ask(tour: Tour):
    page = tour.page(Place("", ""))
    page.emulate_media(reduced_motion="reduce")
    page.goto(tour.full.url)
    moving = page.evaluate(
        """() => [...document.querySelectorAll("*")].filter(it => {
          const s = getComputedStyle(it), longest = list => Math.max(...list.split(",").map(parseFloat));
          return longest(s.transitionDuration) > .01 || longest(s.animationDuration) > .01 || s.scrollBehavior === "smooth";
        }).map(it => it.outerHTML.slice(0, 80))"""
    )
    page.emulate_media(reduced_motion="no-preference")
    assert moving == []
