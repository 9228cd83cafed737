"""A day of a trainer: a course made elsewhere becomes a module that is read, found, taken back, and taken away unchanged."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from sqlalchemy import select

from academy import jobs
from academy.extensions import transaction
from academy.models import Edition
from academy.web import clock
from academy.web.locale import gettext, speaking
from tests.browser.serving import Academy
from tests.browser.test_pictures import _give
from tests.browser.tour import LANGUAGES
from tests.factories import an_archive
from tests.files import made

pytestmark = pytest.mark.browser


@dataclass
class Day:
    """The academy, the browsers of who writes and of who reviews, and a word that only this day has."""

    academy: Academy
    writer: Page
    reviewer: Page
    language: str
    has_scripts: bool
    word: str

    def says(self, words: str, **values: object) -> str:
        """What the page says in this language."""
        with self.academy.app.test_request_context("/"), speaking(self.language):
            return gettext(words, **values)

    def url(self, path: str) -> str:
        return f"{self.academy.url}{LANGUAGES[self.language]}{path}"

    def press(self, page: Page, words: str) -> None:
        page.get_by_role("button", name=self.says(words), exact=True).click()

    def follow(self, words: str) -> None:
        """Go on by the ways around the text."""
        around = self.writer.get_by_role("navigation", name=self.says("Autour de ce texte"))
        around.get_by_role("link", name=self.says(words), exact=True).click()

    def told(self, page: Page, words: str) -> None:
        expect(page.locator("body")).to_contain_text(self.says(words))

    def course(self) -> bytes:
        """A course of MkDocs of two pages with a picture; one page leads to a section of the other."""
        front = (
            "---\ntags: [maritime]\nobjectives: [Nommer ce qui tient un navire.]\nlicense: CC BY 4.0\n"
            f"description: Ce qui tient un navire ({self.word}).\n---\n"
        )
        return an_archive(
            {
                "mkdocs.yml": f"site_name: Amarrer\nnav:\n  - {self.word}.md\n  - suite-{self.word}.md\n",
                f"docs/{self.word}.md": (
                    f"{front}# Tenir un navire, {self.word}\n\nUn navire tient par ses amarres.\n\n## Les bollards\n\n"
                    f"Un bollard est en fonte.\n\n![Un bollard](img/bollard.png)\n"
                ),
                f"docs/suite-{self.word}.md": f"{front}# Partir, {self.word}\n\nRevoir [les bollards]({self.word}.md#les-bollards).\n",
                "docs/img/bollard.png": made.photo(640, 400, form="PNG"),
            },
            around="cours/",
        )


@pytest.fixture(params=[("fr", True), ("fr", False), ("en", False)], ids=["fr-scripts", "fr-plain", "en-plain"])
def day(request: pytest.FixtureRequest, chromium: Browser, academy: Academy) -> Iterator[Day]:
    language, has_scripts = request.param
    contexts = [_browser(chromium, has_scripts) for _ in range(2)]
    writer, reviewer = (context.new_page() for context in contexts)
    academy.sign_in(writer, "trainer")
    academy.sign_in(reviewer, "organiser")
    word = f"cabillot{language}{'js' if has_scripts else 'html'}"
    yield Day(academy, writer, reviewer, language, has_scripts, word)
    for context in contexts:
        context.close()


def _browser(chromium: Browser, has_scripts: bool) -> BrowserContext:
    context = chromium.new_context(
        java_script_enabled=has_scripts,
        locale="fr-FR",
        viewport={"width": 1280, "height": 900},
        reduced_motion="reduce",
        timezone_id="Europe/Paris",
    )
    context.set_default_timeout(20_000)
    return context


def test_a_course_is_brought_written_reviewed_published_taken_back_and_taken_away(day: Day, tmp_path: Path):
    brings_a_course(day)
    writes(day)
    shows_a_picture(day)
    asks_for_a_review(day)
    comments(day)
    answers_and_resolves(day)
    publishes_at_an_hour(day)
    is_read_and_found(day)
    takes_an_older_text_back(day)
    takes_all_away_and_brings_it_again(day, tmp_path)


def brings_a_course(day: Day) -> None:
    page = day.writer
    page.goto(day.url("/atelier/importer"))
    page.get_by_label(day.says("Archive ZIP")).set_input_files(
        {"name": "cours.zip", "mimeType": "application/zip", "buffer": day.course()}
    )
    page.get_by_label(day.says("Cycle d’un cours fait ailleurs")).select_option("port")
    page.get_by_label(day.says("Langue du cours fait ailleurs")).select_option("fr")
    day.press(page, "Voir ce qui changerait")
    expect(page.get_by_role("heading", level=1)).to_have_text(day.says("Rapport d’import"))
    expect(page.locator("#devenus + ul")).to_contain_text("cours/docs/img/bollard.png")
    assert page.locator("li.bad").count() == 0
    day.press(page, "Importer")
    expect(page).to_have_url(re.compile(r"/atelier/$"))


def opens_the_text(day: Day) -> None:
    day.writer.goto(day.url(f"/atelier/?q={day.word}"))
    text = day.writer.get_by_role("listitem").filter(has_text=f"Tenir un navire, {day.word}")
    text.locator(".works__editions a[lang=fr]").click()


def writes(day: Day) -> None:
    page = day.writer
    opens_the_text(day)
    source = _source(day)
    expect(source).to_have_value(re.compile(r"!\[Un bollard\]\(fichiers/bollard\.png\)"))
    source.fill(source.input_value().replace("Un navire tient", "Un grand navire tient"))
    day.press(page, "Enregistrer le brouillon")
    expect(page.locator("#preview")).to_contain_text("Un grand navire tient par ses amarres.")


def shows_a_picture(day: Day) -> None:
    """With scripts by a paste, which asks for words and credit; without by the page of the files."""
    page, picture = day.writer, made.photo(500, 300, form="PNG")
    if day.has_scripts:
        page.wait_for_load_state()
        source = _source(day)
        source.evaluate("it => { it.focus(); it.setSelectionRange(it.value.length, it.value.length); }")
        _give(page, "paste", picture, "quai.png")
        form = page.get_by_role("dialog", name=day.says("Joindre au texte"))
    else:
        day.follow("Fichiers")
        form = page.locator("section[aria-labelledby=joindre]")
        form.get_by_label(day.says("Fichier"), exact=True).set_input_files(
            {"name": "quai.png", "mimeType": "image/png", "buffer": picture}
        )
    form.get_by_label(day.says("Ce que l’image montre")).fill("Un quai vide")
    form.get_by_label(day.says("Auteur de l’image")).fill("Ada Lovelace")
    form.get_by_label(day.says("Licence de l’image")).select_option("cc-by-4.0")
    form.get_by_role("button", name=day.says("Joindre"), exact=True).click()
    if day.has_scripts:
        expect(form).to_be_hidden(timeout=60_000)
    else:
        markdown = page.locator("#gardes ~ ul code").filter(has_text="quai.png").inner_text()
        page.get_by_role("link", name=f"Tenir un navire, {day.word}").first.click()
        source = _source(day)
        source.fill(f"{source.input_value()}\n{markdown}\n")
    expect(_source(day)).to_have_value(re.compile(r"!\[Un quai vide\]\(fichiers/quai\.png\)"))
    day.press(page, "Enregistrer le brouillon")
    expect(page.locator("#preview img[alt='Un quai vide']")).to_have_count(1)
    expect(page.locator("#preview figcaption")).to_contain_text("Ada Lovelace")


def asks_for_a_review(day: Day) -> None:
    day.follow("Relecture")
    day.writer.get_by_label(day.says("Ce qu’il faut regarder")).fill("Surtout les bollards.")
    day.press(day.writer, "Demander la relecture")
    day.told(day.writer, "La relecture est demandée.")


def comments(day: Day) -> None:
    page = day.reviewer
    page.goto(day.url("/atelier/relectures/"))
    page.get_by_role("link", name=f"Tenir un navire, {day.word}").click()
    expect(page.get_by_role("main")).to_contain_text("Surtout les bollards.")
    block = page.locator(".reviewed__block").filter(has_text="Un bollard est en fonte.")
    block.locator("summary").click()
    block.get_by_label(day.says("Votre commentaire")).fill("Aussi en acier moulé ?")
    block.get_by_role("button", name=day.says("Ajouter ce commentaire")).click()
    day.told(page, "Votre commentaire est ajouté.")


def answers_and_resolves(day: Day) -> None:
    page = day.writer
    page.reload()
    thread = page.locator(".reviewed__block").filter(has_text="Un bollard est en fonte.").locator(".thread")
    expect(thread).to_contain_text("Aussi en acier moulé ?")
    thread.get_by_label(day.says("Répondre")).fill("Les deux existent.")
    thread.get_by_role("button", name=day.says("Répondre")).click()
    expect(page.locator(".thread")).to_contain_text("Les deux existent.")
    page.locator(".thread").get_by_role("button", name=day.says("Marquer comme réglé")).click()
    day.told(page, "Ce fil est réglé.")
    day.reviewer.reload()
    expect(day.reviewer.locator(".thread")).to_contain_text(day.says("Réglé le"))
    day.press(day.reviewer, "Accepter")
    day.told(day.reviewer, "Le texte est accepté : qui l’a écrit peut le publier.")


def publishes_at_an_hour(day: Day) -> None:
    page = day.writer
    page.reload()
    day.follow("Publication")
    hour = (clock.now() + timedelta(days=2)).astimezone(clock.PARIS).replace(minute=30)
    page.get_by_label(day.says("Publier le")).fill(f"{hour:%Y-%m-%dT%H:%M}")
    day.press(page, "Publier à ces dates")
    expect(page.get_by_role("main").locator("ul.links")).to_contain_text(
        re.compile(rf"\b({hour:%H}:30|{hour.hour}\sh\s30)")
    )
    assert page.request.get(_public(day)).status == 404
    with day.academy.app.app_context(), transaction() as rows:
        edition = rows.scalars(select(Edition).where(Edition.title == f"Tenir un navire, {day.word}")).one()
        edition.publish_at = clock.now() - timedelta(minutes=1)  # two days have gone
    with day.academy.app.app_context():
        assert jobs.remind() >= 1


def is_read_and_found(day: Day) -> None:
    page = day.writer
    page.goto(_public(day))
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Tenir un navire, {day.word}")
    shown = page.get_by_role("img", name="Un quai vide")
    shown.scroll_into_view_if_needed()
    expect(page.locator("figcaption").filter(has_text="Ada Lovelace")).to_have_count(1)
    if day.has_scripts:
        expect(shown).to_have_js_property("complete", True)
        assert shown.evaluate("it => it.naturalWidth") > 0
    _found(day, "grand navire")


def takes_an_older_text_back(day: Day) -> None:
    page = day.writer
    opens_the_text(day)
    day.follow("Historique")
    page.get_by_role("button", name=f"{day.says('Reprendre')} {day.says('la version %(number)s', number=1)}").click()
    expect(_source(day)).not_to_have_value(re.compile("Un grand navire"))
    expect(_source(day)).to_have_value(re.compile("Un navire tient par ses amarres"))
    day.press(page, "Publier")
    day.told(page, "Publié : les lecteurs voient ce texte dès maintenant.")
    page.goto(_public(day))
    expect(page.get_by_role("main")).to_contain_text("Un navire tient par ses amarres.")


def takes_all_away_and_brings_it_again(day: Day, folder: Path) -> None:
    page = day.writer
    page.goto(day.url("/atelier/exporter"))
    with page.expect_download() as download:
        page.locator("ul.works a[href*='cycle=port']").click()
    download.value.save_as(folder / "port.zip")
    page.goto(day.url("/atelier/importer"))
    page.get_by_label(day.says("Archive ZIP")).set_input_files(folder / "port.zip")
    day.press(page, "Voir ce qui changerait")
    day.told(page, "Le site a déjà tout cela : il n’y a rien à importer.")


def _source(day: Day) -> Locator:
    return day.writer.get_by_label(day.says("Texte entier : en-tête puis corps"))


def _public(day: Day) -> str:
    return day.url(f"/cycles/port/{day.word}/")


def _found(day: Day, words: str) -> None:
    """The worker brings the index up to date soon after the commit: the page is asked until it has."""
    page = day.writer
    for _ in range(100):
        page.goto(day.url(f"/ressources/?q={day.word}+{words.replace(' ', '+')}"))
        if page.locator("article.hit h3", has_text=f"Tenir un navire, {day.word}").count():
            return
        page.wait_for_timeout(200)
    raise AssertionError(f"{day.word} is not found")
