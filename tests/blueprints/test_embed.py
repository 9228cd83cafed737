"""The search box that partners put into their pages: framed by anybody, without cookie or script, of what is public."""

import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from academy.models import Kind
from tests.factories import a_person, a_text, a_topic
from tests.kept import once

SCRIPT = "%3Cscript%3Ealert(1)%3C/script%3E"


@pytest.fixture
@once
def centre(app: Flask, indexed) -> None:
    with app.app_context():
        a_topic("mer", "Mer", "Sea")
        a_text("port", kind=Kind.CYCLE, title="Le port")
        a_text("quai", kind=Kind.MODULE, cycle="port", title="Le quai", topics=["mer"])
        for n in range(6):
            a_text(f"n{n}", title=f"Note {n} de mer")
        a_text("membres", title="Réservée", audience="members")
    indexed()


def _titles(page: str) -> list[str]:
    return re.findall(r'<h2><a href="[^"]*">([^<]*)', page)


def _policy(answer) -> dict[str, str]:
    parts = (part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
    return dict(parts)  # pyright: ignore[reportArgumentType]


def test_the_box_is_for_any_page_and_runs_nothing(centre, client: FlaskClient):
    answer = client.get("/ressources/encart?q=mer")
    assert (_policy(answer)["frame-ancestors"], _policy(answer)["script-src"]) == ("*", "'none'")
    assert "<script" not in answer.text
    assert "Set-Cookie" not in answer.headers
    again = client.get("/ressources/encart?q=mer", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, _policy(again)["frame-ancestors"]) == (304, "*")
    for path in ("/ressources/", "/ressources/integrer", "/"):
        assert _policy(client.get(path))["frame-ancestors"] == "'none'"


def test_what_is_not_found_leads_to_the_page_that_helps(centre, client: FlaskClient):
    page = client.get("/ressources/encart?q=zzzz&cycle=port").text
    assert 'href="/ressources/?q=zzzz&amp;cycle=port"' in page
    assert "Chercher autrement, ou demander cette ressource" in page
    assert "Aucun texte ne dit" in client.get("/ressources/encart?q=mer+zzzz").text


def test_it_shows_five_and_leads_out_of_the_frame(centre, client: FlaskClient):
    page = client.get("/ressources/encart?q=mer").text
    assert len(_titles(page)) == 5
    assert '<base target="_top">' in page
    assert 'target="_self"' in page
    assert 'href="/ressources/?q=mer"' in page
    assert _titles(client.get("/ressources/encart?cycle=port&q=quai").text) == ["Le quai"]
    assert _titles(client.get("/ressources/encart?theme=mer").text) == ["Le quai"]
    assert 'name="cycle" value="port"' in client.get("/ressources/encart?cycle=port").text
    assert _titles(client.get("/en/ressources/encart?q=zzzz").text) == []


@pytest.mark.parametrize(("colour", "theme"), [("clair", "light"), ("sombre", "dark"), ("x", ""), ("", "")])
def test_its_colours_are_those_asked_or_those_of_the_device(client: FlaskClient, colour: str, theme: str):
    page = client.get(f"/ressources/encart?couleur={colour}").text
    assert re.findall(r'data-theme="(\w+)"', page) == ([theme] if theme else [])


def test_who_is_signed_in_sees_what_a_visitor_sees(centre, app: Flask, client: FlaskClient, as_):
    with app.app_context():
        person = a_person()
    assert as_(person).get("/ressources/encart?q=réservée").text == client.get("/ressources/encart?q=réservée").text
    assert "Réservée" not in _titles(client.get("/ressources/encart?q=réservée").text)


@pytest.mark.parametrize("path", ["encart", "integrer"])
def test_hostile_values_are_text_or_nothing(centre, client: FlaskClient, path: str):
    for name in ("q", "cycle", "theme", "couleur"):
        for value in (SCRIPT, "%00", '"><img src=x onerror=alert(1)>', "a" * 3000):
            answer = client.get(f"/ressources/{path}?{name}={value}")
            assert answer.status_code == 200
            assert "<script>alert" not in answer.text
            assert "<img src=x" not in answer.text


def test_partners_copy_what_the_preview_shows(centre, client: FlaskClient):
    answer = client.get("/en/ressources/integrer?cycle=port&theme=mer&couleur=sombre")
    assert _policy(answer)["frame-src"] == "'self'"
    (copied,) = re.findall(r"<textarea[^>]*>([^<]*)</textarea>", answer.text)
    (url,) = re.findall(r'src="([^"]*)"', html.unescape(copied))
    assert html.unescape(url) == "http://localhost/en/ressources/encart?cycle=port&theme=mer&couleur=sombre"
    (shown,) = re.findall(r'<iframe class="embed__frame" src="([^"]*)"', answer.text)
    assert f"http://localhost{html.unescape(shown)}" == html.unescape(url)
    assert client.get(html.unescape(shown)).status_code == 200
    assert '<option value="port" selected>' in answer.text
