"""The offline pack of a cycle, unzipped on a disk and opened in a browser that has no network."""

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, expect

from tests.browser.nu import problems
from tests.browser.reflow import LOST, SMALL_TARGETS
from tests.browser.serving import Academy
from tests.browser.test_accessibility import ASK, FACTS

pytestmark = pytest.mark.browser

CYCLE = "economie-bleue"
NOISE = re.compile(
    "XMLHttpRequest|net::ERR_|preload assets"
)  # axe asks for the style sheet, which no page may on a disk
SIDES = {"fr": "", "en": "/en"}


@pytest.fixture(scope="module")
def folder(academy: Academy, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packs of a cycle in both languages, side by side."""
    folder = tmp_path_factory.mktemp("packs")
    for side in SIDES.values():
        with urlopen(f"{academy.url}{side}/cycles/{CYCLE}/hors-ligne.zip") as answer:
            zipfile.ZipFile(io.BytesIO(answer.read())).extractall(folder)
    return folder


@pytest.fixture
def offline(chromium: Browser) -> Iterator[Page]:
    """A phone without a network; whatever its console says fails the test."""
    context = chromium.new_context(viewport={"width": 360, "height": 800}, offline=True, reduced_motion="reduce")
    context.set_default_timeout(10_000)
    page, said = context.new_page(), []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda it: said.append(it.text))
    yield page
    context.close()
    said = [words for words in said if not NOISE.search(words)]
    assert said == []


def address(folder: Path, language: str = "fr", page: str = "index.html") -> str:
    return (folder / f"{CYCLE}.{language}" / page).as_uri()


def test_from_the_contents_to_a_module_and_on(offline: Page, folder: Path):
    offline.goto(address(folder))
    offline.locator(".module-list a").first.click()
    expect(offline).to_have_url(re.compile(r"/module-[a-z-]+\.html$"))
    first = offline.locator("h1").inner_text()
    offline.get_by_role("link", name="Module suivant").click()
    expect(offline.locator("h1")).not_to_have_text(first)
    offline.get_by_role("navigation", name="Navigation principale").get_by_role("link", name="Sommaire").click()
    expect(offline.locator(".module-list > li")).not_to_have_count(0)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("repeteur", r"[Rr]épéteur"),
        ("reparation cable", r"réparation"),
        ("eolien flott", r"éolien"),
        ("Que sont les répéteurs ?", r"répéteur"),
        ("co2", r"CO₂"),
    ],
)
def test_words_without_accents_lead_to_their_paragraph(offline: Page, folder: Path, asked: str, words: str):
    offline.goto(address(folder))
    box = offline.get_by_role("searchbox", name="Chercher dans ce cycle")
    box.fill(asked)
    expect(offline.locator("#recherche [role=status]")).to_have_text(re.compile(r"^\d+ résultats?$"))
    link = offline.locator(".hit__passage a").first
    expect(link.locator("mark").first).to_be_visible()
    link.click()
    anchor = offline.evaluate("decodeURIComponent(location.hash.slice(1))")
    paragraph = offline.locator(f'[id="{anchor}"]')
    expect(paragraph).to_have_text(re.compile(words))
    expect(paragraph).to_be_in_viewport()
    offline.go_back()
    expect(offline.locator(".hit")).not_to_have_count(0)


def test_the_question_stays_when_it_is_sent_and_nothing_found_is_said(offline: Page, folder: Path):
    offline.goto(address(folder))
    box = offline.get_by_role("searchbox")
    box.fill("cable")
    box.press("Enter")
    expect(offline).to_have_url(re.compile(r"\?q=cable#recherche$"))
    expect(offline.get_by_role("searchbox")).to_have_value("cable")
    expect(offline.locator(".hit")).not_to_have_count(0)
    offline.get_by_role("searchbox").fill("<b>zzzzzz</b> zzz")
    expect(offline.locator("#recherche [role=status]")).to_have_text("Aucun résultat")


def test_without_scripts_the_contents_lead_to_every_text(chromium: Browser, folder: Path):
    context = chromium.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto(address(folder))
    expect(page.locator("#recherche")).to_be_hidden()
    linked = {link.get_attribute("href") for link in page.locator("main a").all()}
    context.close()
    texts = {path.name for path in (folder / f"{CYCLE}.fr").glob("*.html")} - {"index.html", "lisez-moi.html"}
    assert texts
    assert texts - linked == set()


@pytest.mark.parametrize("language", SIDES)
def test_every_page_is_for_everybody(offline: Page, folder: Path, language: str):
    found = []
    for path in sorted((folder / f"{CYCLE}.{language}").glob("*.html")):
        question = "?q=cable" if path.name == "index.html" else ""
        offline.goto(path.as_uri() + question)
        offline.evaluate(AXE_SCRIPT)
        for width, scheme in ((360, "light"), (1440, "dark")):
            offline.set_viewport_size({"width": width, "height": 900})
            offline.emulate_media(color_scheme=scheme)
            said = [*offline.evaluate(ASK, True), *offline.evaluate(LOST), *offline.evaluate(SMALL_TARGETS)]
            facts = offline.evaluate(FACTS)
            said += [] if (facts["h1"], facts["lang"], facts["overflow"]) == (1, language, 0) else [str(facts)]
            found += [f"{path.name} {width}: {words}" for words in said]
    assert not found, "\n".join(found)


def test_every_page_and_drawing_is_valid(folder: Path, java: str, tmp_path: Path):
    for path in [*folder.glob("*/*.html"), *folder.glob("*/*.svg")]:
        (tmp_path / f"{path.parent.name}-{path.name}").write_bytes(path.read_bytes())
    found = problems(java, tmp_path)
    assert not found, "\n".join(found)
