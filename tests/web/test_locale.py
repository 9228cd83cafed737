"""Two languages: addresses, typography, dates, plurals."""

import re
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from academy.models import Kind
from academy.web import filters, locale
from tests.factories import a_text


@pytest.fixture
def french(app: Flask):
    with app.test_request_context("/"):
        yield


@pytest.fixture
def english(app: Flask):
    with app.test_request_context("/", environ_overrides={"academy.language": "en", "SCRIPT_NAME": "/en"}):
        yield


@pytest.mark.parametrize(
    ("typed", "set_"),
    [
        ("Que cherchez-vous ?", "Que cherchez-vous\u202f?"),
        ("Attention : lisez ; merci !", "Attention\u00a0: lisez\u202f; merci\u202f!"),
        ("« bonjour »", "«\u202fbonjour\u202f»"),
        ("l'eau", "l’eau"),
        ("https://a.example/?x=1;y=2", "https://a.example/?x=1;y=2"),
        ("18 h : accueil", "18\u00a0h\u00a0: accueil"),
        ("", ""),
    ],
)
def test_french_is_typeset(typed: str, set_: str):
    assert locale.typeset(typed) == set_


def test_an_unknown_string_is_itself_in_english_and_typeset_in_french(french):
    assert locale.gettext("Rien de tel ?") == "Rien de tel\u202f?"


def test_english_is_not_typeset_as_french(english):
    assert locale.gettext("Nothing of that ?") == "Nothing of that ?"


def test_values_are_filled_in(french):
    assert locale.gettext("Il reste %(count)s places", count=3) == "Il reste 3 places"


@pytest.mark.parametrize(("n", "word"), [(0, "place"), (1, "place"), (2, "places"), (21, "places")])
def test_zero_is_singular_in_french(french, n: int, word: str):
    assert locale.ngettext("%(num)s place", "%(num)s places", n) == f"{n} {word}"


@pytest.mark.parametrize(("n", "word"), [(0, "seats"), (1, "seat"), (2, "seats")])
def test_only_one_is_singular_in_english(english, n: int, word: str):
    assert locale.ngettext("%(num)s seat", "%(num)s seats", n) == f"{n} {word}"


def test_dates_are_those_of_paris_in_the_words_of_the_page(french):
    instant = datetime(2027, 2, 3, 23, 30, tzinfo=UTC)
    assert filters.long_date(instant) == "jeudi 4\u00a0février\u00a02027"
    assert filters.short_date(date(2027, 4, 1)) == "1er\u00a0avril\u00a02027"
    assert filters.short_date(date(2027, 4, 11)) == "11\u00a0avril\u00a02027"
    assert filters.long_date(date(2027, 1, 1)) == "vendredi 1er\u00a0janvier\u00a02027"
    assert filters.iso(instant) == "2027-02-04T00:30+01:00"
    assert filters.time_range(instant, datetime(2027, 2, 4, 1, 0, tzinfo=UTC)) == "de 0\u00a0h\u00a030 à 2\u00a0h"


def test_dates_in_english(english):
    instant = datetime(2027, 7, 1, 16, 0, tzinfo=UTC)
    assert filters.long_date(instant) == "Thursday 1\u00a0July\u00a02027"
    assert filters._time(instant, "en") == "18:00"


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, ""), (None, ""), (45, "45\u00a0min"), (60, "1\u00a0h"), (90, "1\u00a0h\u00a030"), (605, "10\u00a0h\u00a005")],
)
def test_durations(minutes: int | None, words: str):
    assert filters.duration(minutes) == words


def test_numbers_are_grouped_as_in_the_language(french):
    assert filters.number(14000) == "14\u202f000"


@pytest.mark.parametrize(
    "path", ["/", "/cycles/", "/cycles/port/", "/ressources/?q=a&theme=b", "/sessions/", "/connexion"]
)
def test_every_page_names_its_twin_and_the_switch_keeps_the_page(app: Flask, client: FlaskClient, path: str):
    with app.app_context():
        a_text("port", kind=Kind.CYCLE)
        a_text("port", kind=Kind.CYCLE, language="en")
    for here in (path, f"/en{path}"):
        page = client.get(here).text
        links = dict(re.findall(r'<link rel="alternate" hreflang="(\w\w)" href="([^"]*)"', page))
        escaped = path.replace("&", "&amp;")
        twins = {"fr": f"http://localhost{escaped}", "en": f"http://localhost/en{escaped}"}
        assert links == (twins if path != "/connexion" else {})  # what search engines do not list has no twin for them
        other = escaped if here.startswith("/en") else f"/en{escaped}"
        assert f'<a href="{other}" lang=' in page


def test_links_stay_on_their_side(app: Flask, client: FlaskClient):
    with app.app_context():
        a_text("port", kind=Kind.CYCLE)
    page = client.get("/en/cycles/port/").text
    targets = [t for t in re.findall(r'<a [^>]*href="(/[^"]*)"', page) if t != "/cycles/port/"]
    assert [target for target in targets if not target.startswith("/en/")] == []


@pytest.mark.parametrize("path", ["/english/", "/env/", "/enx", "/En/"])
def test_only_en_alone_is_the_prefix(client: FlaskClient, path: str):
    assert '<html lang="fr">' in client.get(path, follow_redirects=True).text


@pytest.mark.parametrize("path", ["/en//evil.example/a/b/c", "/en/%5Cevil.example/a/b", "/en//%5C/evil.example/a"])
def test_the_switch_never_leads_to_another_site(client: FlaskClient, path: str):
    page = client.get(path).text
    switch = re.search(r'<a href="([^"]*)" lang="fr"', page)
    assert switch is not None
    assert re.match(r"/(?![/\\])", switch[1])


@pytest.mark.parametrize("query", ["q=%ff%fe", "q=%22%3E%3Cscript%3E", "q=caf%C3%A9&theme=a&theme=b"])
def test_the_switch_keeps_the_question_as_it_was_written(client: FlaskClient, query: str):
    page = client.get(f"/ressources/?{query}").text
    assert f'<a href="/en/ressources/?{query.replace("&", "&amp;")}" lang="en"' in page


def test_the_french_of_a_page_has_no_plain_space_before_double_signs(app: Flask, client: FlaskClient):
    with app.app_context():
        a_text("port", kind=Kind.CYCLE)
    for path in ("/", "/cycles/", "/ressources/", "/ressources/?q=zzz", "/sessions/", "/connexion", "/nothing/"):
        text = re.sub(r"<[^>]*>", "", client.get(path).text)
        assert re.findall(r"\w+ [;?!»]|« \w+|\w+ :(?=\s)", text) == [], path
