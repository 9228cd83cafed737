"""English is complete: no French words on an English page but those that say that they are French."""

import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient

from academy import create_app
from academy.cli import start
from academy.extensions import db, limiter
from academy.web.locale import typeset
from tests.browser import stage
from tests.browser.places import PLACES, Place
from tests.conftest import settings_for

CATALOGUE = Path(__file__).parents[2] / "academy/translations/en/LC_MESSAGES/messages.po"
# Not the samples of the style page, which only those who develop see; failures and forms have tests of their own.
LEFT_OUT = ("/panne/", "/styles/")
SEEN = tuple(place for place in PLACES if not (place.bare or place.form or place.path.startswith(LEFT_OUT)))
SPOKEN = ("alt", "aria-label", "content", "label", "placeholder", "title")
VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
FILES = re.compile(r"^/(?:assets|art)/|^/(?:manifest|favicon)|\.(?:ics|atom|csv|md|xml|txt|zip)(?:$|\?)")


@pytest.fixture(scope="module")
def academy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The starter academy with its samples, as a newcomer starts it."""
    app = create_app(settings_for(tmp_path_factory.mktemp("english"), demo=1))
    app.testing = True
    with app.app_context():
        start.prepare()
        db.session.remove()
    was, limiter.enabled = limiter.enabled, False
    yield app
    limiter.enabled = was
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="module")
def addresses(academy: Flask) -> dict[str, str]:
    return stage.addresses(academy)


@pytest.fixture(scope="module")
def browsers(academy: Flask) -> dict[str, FlaskClient]:
    """A browser signed in as each person of the places, and one of a visitor."""
    made = {"visitor": academy.test_client()}
    for who, (name, value) in stage.cookies(academy).items():
        made[who] = academy.test_client()
        made[who].set_cookie(name, value, domain="localhost")
    return made


class Page(HTMLParser):
    """What a page says, by the language that it is said in; its links. A window's title may hold both languages."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.said: list[tuple[str, str]] = []
        self.links: list[str] = []
        self._open: list[tuple[str, str, bool]] = [("", "", False)]
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        _, outer, is_mute = self._open[-1]
        language = values.get("lang") or outer
        is_read = tag != "meta" or values.get("name") == "description"
        self.said += [(language, values[name]) for name in SPOKEN if is_read and values.get(name)]
        if tag == "a" and "href" in values and not values.get("hreflang"):
            self.links.append(values["href"])
        if tag not in VOID:
            self._open.append((tag, language, is_mute or tag in {"script", "style", "title"}))

    def handle_endtag(self, tag: str) -> None:
        while len(self._open) > 1 and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        _, language, is_mute = self._open[-1]
        if data.strip() and not is_mute:
            self.said.append((language, data))


@cache
def french_phrases() -> tuple[frozenset[str], tuple[re.Pattern[str], ...]]:
    """The French of every message that differs from its English: as a whole, and as a pattern where it has values."""
    with CATALOGUE.open("rb") as file:
        pairs = [
            (french, english)
            for message in read_po(file, locale="en")
            if message.id
            for french, english in zip(_forms(message.id), _forms(message.string), strict=False)
        ]
    english = {plain(text) for _, text in pairs}
    differing = {plain(typeset(french)) for french, text in pairs if french != text} - english
    with_values = {text for text in differing if "%(" in text}
    patterns = (_pattern(text) for text in sorted(with_values))
    said = (pattern for pattern in patterns if len(re.findall(r"[^\W\d_]", pattern)) > 3)
    return frozenset(differing - with_values), tuple(re.compile(pattern) for pattern in said)


def _pattern(text: str) -> str:
    """A phrase with whatever stands at its values; a count is a number."""
    marked = re.sub(r"%\(\w+\)\w", "\0", text.replace("%(num)s", "\1"))
    return re.escape(marked).replace("\0", ".+").replace("\1", r"[\d\s.,]+")


def _forms(text: str | tuple | list) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def plain(text: str) -> str:
    return " ".join(text.split())


def french_in(html: str) -> list[str]:
    """What a page says in our French words outside `lang="fr"`."""
    whole, patterns = french_phrases()
    said = [plain(text) for language, text in Page(html).said if language != "fr"]
    parts = {part.strip(" ,.()·") for text in said for part in (text, *text.split(" · "))}
    longer = [phrase for phrase in whole if len(phrase) > 24]
    found = {part for part in parts if part in whole or any(pattern.fullmatch(part) for pattern in patterns)}
    return sorted(found | {phrase for phrase in longer for text in said if phrase in text})


@pytest.mark.parametrize("place", SEEN, ids=lambda place: place.name)
def test_an_english_page_speaks_english(browsers, addresses, place: Place):
    path = "/en" + place.path.format_map(addresses)
    answer = browsers[place.who].get(path)
    assert answer.status_code == place.status
    assert '<html lang="en"' in answer.text
    assert french_in(answer.text) == []
    assert "&lt;span" not in answer.text  # marks of language belong between tags
    assert not re.search(r"<title[^>]*>[^<]*<(?!/title)", answer.text)


@pytest.mark.parametrize(
    "place", [place for place in SEEN if "/encart" not in place.path], ids=lambda place: place.name
)  # the box of partners is in the language of their page
def test_both_languages_switch_to_each_other_and_keep_the_page(browsers, addresses, place: Place):
    path = place.path.format_map(addresses)
    for here, there in ((path, f"/en{path}"), (f"/en{path}", path)):
        page = browsers[place.who].get(here).text
        switch = re.search(r'<a href="([^"]*)" lang="(?:fr|en)" hreflang="(?:fr|en)">(?:FR|EN)<', page)
        assert switch, here
        assert switch[1].replace("&amp;", "&") == there


@pytest.mark.parametrize("place", SEEN, ids=lambda place: place.name)
def test_links_of_an_english_page_lead_to_english_pages(browsers, addresses, place: Place):
    page = Page(browsers[place.who].get("/en" + place.path.format_map(addresses)).text)
    inside = [link for link in page.links if link.startswith("/") and not FILES.search(link)]
    french = [link for link in inside if not urlsplit(link).path.startswith("/en/")]
    assert [link for link in french if not is_text_in_french(browsers[place.who], link)] == []


def is_text_in_french(browser: FlaskClient, path: str) -> bool:
    """A hit of a search leads to the site of its language when the text exists in both; so does the studio."""
    return browser.get(f"/en{path}").status_code == 200


def test_the_test_sees_french():
    assert french_in("<p>Se connecter</p>") == ["Se connecter"]
    assert french_in('<p lang="fr">Se connecter</p>') == []
    assert french_in('<img alt="Fil d’Ariane">') == ["Fil d’Ariane"]
    assert french_in("<p>Voir les sessions · <b>Page 2 sur 3</b></p>") == ["Page 2 sur 3", "Voir les sessions"]
    assert french_in("<p>Sessions, Cycles and Note</p>") == []
