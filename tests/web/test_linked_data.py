"""The head of every public page for machines, read by an independent parser, equal to the rows."""

import re
from collections.abc import Iterator

import extruct
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from academy.domain import enrolment
from academy.extensions import db, transaction
from academy.models import CycleSession, Edition, Kind, Person, SessionStatus, Speaker, Venue
from academy.web import clock
from tests.factories import a_person, a_session, a_text, a_topic

HOST = "http://localhost"
SIDES = ["", "/en"]


@pytest.fixture
def site(app: Flask) -> Iterator[dict[str, str]]:
    """One page of each kind, in both languages where it can be; their paths."""
    with time_machine.travel("2026-11-20 09:00+00:00", tick=False), app.app_context():
        a_topic("port", "Port", "Harbour")
        for language in ("fr", "en"):
            words = {"language": language, "title": f"Titre {language}", "summary": f"Résumé {language}."}
            a_text("c", kind=Kind.CYCLE, slug="port", objectives=["Nommer."], **words)
            a_text("m", kind=Kind.MODULE, cycle="port", slug="chaine", duration="1 h 30", **words)
            a_text("r", cycle="port", slug="note", type="guide", licence="licence-ouverte-2.0", **words)
            a_text("p", kind=Kind.PAGE, slug="charte", **words)
            if language == "fr":
                _rows()
            a_text(
                "s",
                kind=Kind.SESSION,
                cycle="port",
                slug="visite",
                venue="quai",
                trainers=["ada"],
                capacity="3",
                **words,
            )
        seated = a_person()
        with transaction() as session:
            held = session.scalars(select(CycleSession)).one()
            enrolment.enrol(session.get_one(Person, seated), held, now=clock.now())
        client = app.test_client()
    with time_machine.travel("2026-11-20 09:00+00:00", tick=False):
        yield {
            "home": "/",
            "cycles": "/cycles/",
            "cycle": "/cycles/port/",
            "module": "/cycles/port/chaine/",
            "sessions": "/sessions/",
            "session": client.get("/d/s").location,
            "venues": "/lieux/",
            "venue": "/lieux/quai/",
            "centre": "/ressources/",
            "resource": client.get("/d/r").location,
            "page": "/charte/",
        }


def _rows() -> None:
    with transaction() as session:
        session.add(
            Venue(
                slug="quai",
                name="Le quai",
                address="1 rue du Port",
                postcode="13002",
                city="Marseille",
                latitude=43.3,
                longitude=5.37,
            )
        )
        session.add(Speaker(slug="ada", name="Ada", title_fr="Ingénieure", title_en="Engineer"))


def _linked(page: str) -> list[dict]:
    found = extruct.extract(page, base_url=HOST, syntaxes=["json-ld"])["json-ld"]
    assert len(found) == page.count("application/ld+json") == 1
    assert found[0]["@context"] == "https://schema.org"
    return found[0]["@graph"]


def _of_type(page: str, kind: str) -> dict:
    return next(node for node in _linked(page) if kind in node["@type"])


def _graph(page: str) -> dict[str, str]:
    found = extruct.extract(page, base_url=HOST, syntaxes=["opengraph"])["opengraph"]
    return dict(found[0]["properties"])


def _head(page: str) -> tuple[str, dict[str, str]]:
    """The canonical address, and the twins by language."""
    canonical = re.findall(r'<link rel="canonical" href="([^"]*)"', page)
    twins = re.findall(r'<link rel="alternate" hreflang="([^"]*)" href="([^"]*)"', page)
    assert (len(canonical), len(twins) in {0, 3}) == (1, True)
    return canonical[0], dict(twins)


@pytest.mark.parametrize("side", SIDES)
def test_every_public_page_names_itself_its_twin_and_its_card(site, client: FlaskClient, side: str):
    for name, path in site.items():
        page = client.get(f"{side}{path}").text
        canonical, twins = _head(page)
        assert canonical == f"{HOST}{side}{path}", name
        assert twins == {"fr": f"{HOST}{path}", "en": f"{HOST}/en{path}", "x-default": f"{HOST}{path}"}, name
        shared = _graph(page)
        assert shared["og:url"] == canonical, name
        assert (shared["og:locale"], shared["og:locale:alternate"]) == (
            ("en_GB", "fr_FR") if side else ("fr_FR", "en_GB")
        )
        assert len(re.findall(f"<title[^>]*>{re.escape(shared['og:title'])} – ", page)) == 1, name
        assert f'<meta name="description" content="{shared["og:description"]}">' in page, name
        assert {"og:type", "og:site_name", "og:image:alt"} <= shared.keys(), name
        assert (shared["og:image:width"], shared["og:image:height"]) == ("1200", "630")
        assert "noindex" not in page, name


@pytest.mark.parametrize("side", SIDES)
def test_the_card_of_every_page_is_there(site, client: FlaskClient, side: str):
    images = {_graph(client.get(f"{side}{path}").text)["og:image"] for path in site.values()}
    assert {image.rpartition("/")[2] for image in images} == {"card.png", "card-port.png"}
    assert all(image.startswith(f"{HOST}{side}/art/") for image in images)
    answers = [client.get(image.removeprefix(HOST)) for image in images]
    assert {(answer.status_code, answer.mimetype) for answer in answers} == {(200, "image/png")}


@pytest.mark.parametrize("side", SIDES)
def test_the_trail_is_the_one_that_people_see(site, client: FlaskClient, side: str):
    for name, path in site.items():
        page = client.get(f"{side}{path}").text
        seen = re.search(r'<nav class="crumbs".*?</nav>', page, re.DOTALL)
        trail = [node for node in _linked(page) if node["@type"] == "BreadcrumbList"]
        assert len(trail) == (name != "home"), name
        if not trail:
            continue
        steps = trail[0]["itemListElement"]
        assert [step["position"] for step in steps] == list(range(1, len(steps) + 1))
        assert "item" not in steps[-1]
        if seen is not None:
            links = re.findall(r'<a href="([^"]*)">([^<]*)</a>', seen[0])
            assert [(f"{HOST}{url}", label) for url, label in links] == [(s["item"], s["name"]) for s in steps[:-1]]
        for step in steps[:-1]:
            assert client.get(step["item"].removeprefix(HOST)).status_code == 200, name


@pytest.mark.parametrize("side", SIDES)
def test_home_is_a_site_that_can_be_searched(site, client: FlaskClient, side: str):
    page = client.get(f"{side}/").text
    found = _of_type(page, "WebSite")
    assert (found["url"], found["inLanguage"]) == (f"{HOST}{side}/", "en" if side else "fr")
    template = found["potentialAction"]["target"]["urlTemplate"]
    assert template == f"{HOST}{side}/ressources/?q={{search_term_string}}"
    assert found["potentialAction"]["query-input"] == "required name=search_term_string"
    assert client.get(template.removeprefix(HOST).format(search_term_string="port")).status_code == 200
    assert _of_type(page, "Organization")["@id"] == f"{HOST}/#academie"


@pytest.mark.parametrize("side", SIDES)
def test_a_cycle_is_a_course_with_its_sessions(site, client: FlaskClient, side: str):
    page = client.get(f"{side}/cycles/port/").text
    course = _of_type(page, "Course")
    language = "en" if side else "fr"
    expected = {
        "name": f"Titre {language}",
        "description": f"Résumé {language}.",
        "inLanguage": language,
        "url": f"{HOST}{side}/cycles/port/",
        "teaches": ["Nommer."],
        "about": [{"@type": "Thing", "name": "Harbour" if side else "Port"}],
        "datePublished": "2026-11-16",
        "dateModified": "2026-11-20T10:00:00+01:00",
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "author": [{"@type": "Person", "name": "Ada"}],
    }
    assert {key: course[key] for key in expected} == expected
    assert course["provider"]["name"] == "Académie One Provence"
    [instance] = course["hasCourseInstance"]
    assert instance == _of_type(client.get(f"{side}{site['session']}").text, "EducationEvent")


@pytest.mark.parametrize("side", SIDES)
def test_a_session_is_an_event_equal_to_its_row(site, client: FlaskClient, side: str):
    page = client.get(f"{side}{site['session']}").text
    event = _of_type(page, "EducationEvent")
    language = "en" if side else "fr"
    assert event["@type"] == ["CourseInstance", "EducationEvent"]
    assert event["location"] == [
        {
            "@type": "Place",
            "name": "Le quai",
            "url": f"{HOST}{side}/lieux/quai/",
            "address": {
                "@type": "PostalAddress",
                "streetAddress": "1 rue du Port",
                "postalCode": "13002",
                "addressLocality": "Marseille",
            },
            "geo": {"@type": "GeoCoordinates", "latitude": 43.3, "longitude": 5.37},
        }
    ]
    expected = {
        "name": f"Titre {language}",
        "description": f"Résumé {language}.",
        "inLanguage": language,
        "url": f"{HOST}{side}{site['session']}",
        "startDate": "2027-02-04T18:00:00+01:00",
        "endDate": "2027-02-04T20:00:00+01:00",
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "courseMode": "onsite",
        "instructor": [{"@type": "Person", "name": "Ada", "jobTitle": "Engineer" if side else "Ingénieure"}],
        "maximumAttendeeCapacity": 3,
        "remainingAttendeeCapacity": 2,
    }
    assert {key: event[key] for key in expected} == expected
    assert event["organizer"]["name"] == "Académie One Provence"
    course = _of_type(page, "Course")
    assert course["hasCourseInstance"] == {"@id": event["@id"]}
    assert course["@id"] == _of_type(client.get(f"{side}/cycles/port/").text, "Course")["@id"]


@pytest.mark.parametrize("side", SIDES)
def test_a_module_and_a_resource_are_learning_resources(site, client: FlaskClient, side: str):
    language = "en" if side else "fr"
    both = {
        "name": f"Titre {language}",
        "description": f"Résumé {language}.",
        "inLanguage": language,
        "isAccessibleForFree": True,
        "datePublished": "2026-11-16",
        "dateModified": "2026-11-20T10:00:00+01:00",
        "author": [{"@type": "Person", "name": "Ada"}],
        "about": [{"@type": "Thing", "name": "Harbour" if side else "Port"}],
        "isPartOf": {
            "@type": "Course",
            "@id": f"{HOST}{side}/cycles/port/#cycle",
            "name": f"Titre {language}",
            "url": f"{HOST}{side}/cycles/port/",
        },
    }
    module = _of_type(client.get(f"{side}{site['module']}").text, "LearningResource")
    own = {
        "url": f"{HOST}{side}{site['module']}",
        "learningResourceType": "Module",
        "educationalLevel": "Introductory" if side else "Initiation",
        "timeRequired": "PT1H30M",
        "teaches": ["Savoir."],
        "license": "https://creativecommons.org/licenses/by/4.0/",
    }
    assert {key: module[key] for key in (both | own)} == both | own
    resource = _of_type(client.get(f"{side}{site['resource']}").text, "LearningResource")
    assert {key: resource[key] for key in both} == both
    assert resource["learningResourceType"] == "Guide"
    assert resource["license"].startswith("https://www.etalab.gouv.fr/")
    assert {"timeRequired", "educationalLevel", "teaches"}.isdisjoint(resource)


def test_an_example_says_so_and_a_session_without_a_date_is_no_event(app: Flask, client: FlaskClient):
    with app.app_context():
        a_session(title="Essai", slug="essai", is_example=True)
        a_session(title="Un jour", slug="un-jour", starts_in=None)
        off = a_session(title="Perdue", slug="perdue", status=SessionStatus.CANCELLED)
    example = _of_type(client.get("/sessions/1-essai/").text, "EducationEvent")
    assert example["name"] == "Exemple\u00a0: Essai"
    assert example["description"].startswith("Cette session est un exemple")
    assert [node["@type"] for node in _linked(client.get("/sessions/2-un-jour/").text)] == ["BreadcrumbList"]
    cancelled = _of_type(client.get(f"/sessions/{off}-perdue/").text, "EducationEvent")
    assert cancelled["eventStatus"] == "https://schema.org/EventCancelled"


def test_a_hostile_title_stays_inside_the_data(app: Flask, client: FlaskClient):
    evil = "</script><script>alert(1)</script>"
    with app.app_context():
        a_text("c", kind=Kind.CYCLE, slug="port", title=evil, summary=f'{evil}"', objectives=[evil], authors=[evil])
        a_text("r", slug="r", title=evil, summary=evil, authors=[evil])
    for path in ("/cycles/port/", client.get("/d/r").location):
        page = client.get(path).text
        assert evil not in page
        assert evil in {node.get("name") for node in _linked(page)}
        assert _graph(page)["og:title"] == evil


@pytest.mark.parametrize(
    ("asked", "canonical", "is_listed"),
    [
        ("?q=port&tri=date&page=2&utm_source=x", "?q=port", False),
        ("?page=3&cycle=port&tri=date", "?cycle=port", True),
        ("?type=note&cycle=port&cycle=port", "?cycle=port&amp;type=note", True),
        ("?page=2", "", True),
    ],
)
def test_a_search_has_one_address_and_a_question_is_not_listed(
    app: Flask, client: FlaskClient, asked: str, canonical: str, is_listed: bool
):
    page = client.get(f"/en/ressources/{asked}").text
    address, twins = _head(page)
    assert address == f"{HOST}/en/ressources/{canonical}"
    assert twins["fr"] == twins["x-default"] == f"{HOST}/ressources/{canonical}"
    assert ('<meta name="robots" content="noindex">' not in page) == is_listed


def test_a_text_in_french_only_is_known_by_its_french_address(app: Flask, client: FlaskClient):
    with app.app_context():
        a_text("p", kind=Kind.PAGE, slug="charte")
    for side in SIDES:
        page = client.get(f"{side}/charte/").text
        assert _head(page) == (f"{HOST}/charte/", {})
        assert _graph(page)["og:locale"] == "fr_FR"
        assert "og:locale:alternate" not in _graph(page)


def test_the_sitemap_and_the_heads_of_pages_name_the_same_twins(site, app: Flask, client: FlaskClient):
    with app.app_context():
        a_text("c1", kind=Kind.CYCLE, slug="mer")
        a_text("m1", kind=Kind.MODULE, cycle="mer", slug="quai", language="en")
        a_text("r1", cycle="port", slug="une-note")
        a_text("p1", kind=Kind.PAGE, slug="regles", language="en")
        a_text("s1", kind=Kind.SESSION, cycle="mer", slug="halte")
    entries = re.findall(r"<url><loc>([^<]*)</loc>(.*?)</url>", client.get("/sitemap.xml").text)
    assert len(entries) > 25
    for address, rest in entries:
        page = client.get(address.removeprefix(HOST)).text
        twins = dict(re.findall(r'hreflang="([^"]*)" href="([^"]*)"', rest))
        assert _head(page) == (address, twins), address


@pytest.mark.parametrize("path", ["/connexion", "/i/inconnu", "/nulle-part/", "/sessions/1/inscription"])
def test_what_is_not_for_search_engines_says_so(app: Flask, client: FlaskClient, path: str):
    with app.app_context():
        a_session()
    page = client.get(path).text
    assert '<meta name="robots" content="noindex">' in page
    assert 'rel="canonical"' not in page


def test_the_pages_of_a_person_are_never_listed(app: Flask, as_):
    with app.app_context():
        session_id = a_session(slug="visite")
        person = a_person()
        with transaction() as session:
            row = session.get_one(CycleSession, session_id)
            enrolment.enrol(session.get_one(Person, person), row, now=clock.now())
    browser = as_(person)
    for path in ("/moi/", f"/sessions/{session_id}-visite/"):
        assert '<meta name="robots" content="noindex">' in browser.get(path).text, path


def test_public_addresses_come_from_the_settings(app: Flask, client: FlaskClient):
    with app.app_context():
        a_text("c", kind=Kind.CYCLE, slug="port")
        assert db.session.scalar(select(Edition.title)) == "Titre"
    page = client.get("/cycles/port/", headers={"Host": "evil.example"}).text
    assert "evil.example" not in page
