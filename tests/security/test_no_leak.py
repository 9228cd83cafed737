"""No leak: whatever is hidden from somebody is on no surface that they can ask for.

Random texts, each with words of its own in its title, summary, body, author and address, are published, kept as drafts,
withdrawn, or written for fewer people; then a visitor and a stakeholder ask for every surface. A new GET route must
join SURFACES or say in EXEMPT why it can show no text.
"""

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import NamedTuple
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, example, given, settings, strategies as st
from pypdf import PdfReader
from sqlalchemy import select

from academy import create_app, search
from academy.domain import accounts, answers, attachments, enrolment, hiding, personal_agenda, preparing, publishing
from academy.domain.answers import Said
from academy.domain.content import dump as content_dump
from academy.extensions import db as database, limiter, transaction
from academy.files.words import FileWords
from academy.mail import links
from academy.models import (
    Audience,
    AuditEntry,
    CycleSession,
    Document,
    Edition,
    Enrolment,
    EnrolmentQuestion,
    Kind,
    OutboxMessage,
    Person,
    Role,
)
from academy.web import clock
from academy.web.identity import cookie_name
from tests.conftest import empty, settings_for
from tests.factories import a_person, a_picture, a_question, a_source, a_text, a_topic, a_venue, hidden, withdrawn

READ_BY = {
    "visitor": {Audience.PUBLIC},
    "stakeholder": {Audience.PUBLIC, Audience.MEMBERS},
}
CITES = "Voir [[voisine]] et [[voisin|à côté]]."  # whose pages say who leads to them
CAPTIONS = "WEBVTT\n\n00:00:01.000 --> 00:00:04.000\nCommun {}.\n"
STATES = ("published", "draft", "withdrawn", "edited", "hidden")  # hidden: its first version, and not the second
SEARCHED = (Kind.CYCLE, Kind.MODULE, Kind.RESOURCE, Kind.SESSION)


@dataclass
class Text:
    """A document of the world, and its words by language: those that are published, and those that are not."""

    kind: Kind
    audience: Audience
    key: str
    id: int = 0
    number: int = 0  # of its session
    said: dict[str, str] = field(default_factory=dict)
    unsaid: dict[str, str] = field(default_factory=dict)
    was_public: bool = False

    def is_for(self, who: str) -> bool:
        return bool(self.said) and self.audience in READ_BY[who]

    def hidden_from(self, who: str) -> set[str]:
        """The words that this reader may meet nowhere."""
        hidden = set(self.unsaid.values())
        return hidden if self.is_for(who) else hidden | set(self.said.values()) | {self.key}


World = list[Text]
_PLAN = st.lists(
    st.tuples(
        st.sampled_from([Kind.MODULE, Kind.RESOURCE, Kind.SESSION, Kind.PAGE, Kind.CYCLE]),
        st.sampled_from([Audience.PUBLIC, Audience.MEMBERS, Audience.TEAM]),
        st.sampled_from(STATES),
        st.sampled_from([None, *STATES]),  # of the English edition, if there is one
    ),
    min_size=2,
    max_size=5,
)


def _of(*kinds: Kind, path: str) -> Callable[[World], list[str]]:
    """The addresses of every text of a kind, hidden or not."""

    def paths(world: World) -> list[str]:
        return [path.format(key=it.key, id=it.id, number=it.number) for it in world if it.kind in kinds]

    return paths


def _at(*paths: str) -> Callable[[World], list[str]]:
    return lambda world: list(paths)


def _asking(path: str, star: str = "*") -> Callable[[World], list[str]]:
    """Nothing, what all texts say, and the words of each as they begin: nothing that is asked for is echoed whole."""

    def paths(world: World) -> list[str]:
        words = [word for it in world for word in (*it.said.values(), *it.unsaid.values())]
        return [path.format(q) for q in ("", "commun", "commun*", *(f"{word[:6]}{star}" for word in words))]

    return paths


_OWN = (Kind.MODULE, Kind.RESOURCE, Kind.SESSION, Kind.PAGE, Kind.CYCLE)
SURFACES: dict[str, Callable[[World], list[str]]] = {
    "api.cycle": _of(Kind.CYCLE, path="/api/v1/cycles/{key}"),
    "api.cycles": _at("/api/v1/cycles", "/api/v1/cycles?limit=1"),
    "api.document": _of(*_OWN, path="/api/v1/documents/{key}"),
    "api.documents": _at("/api/v1/documents", "/api/v1/documents?language=en", "/api/v1/documents?topic=port"),
    "api.search": _asking("/api/v1/search?limit=100&q={}"),
    "api.session": _of(Kind.SESSION, path="/api/v1/sessions/{key}"),
    "api.sessions": _at("/api/v1/sessions"),
    "api.topics": _at("/api/v1/topics"),
    "api.venues": _at("/api/v1/venues"),
    "cycles.agenda": lambda world: ["/cycles/port.ics", *_of(Kind.CYCLE, path="/cycles/{key}.ics")(world)],
    "cycles.flux": lambda world: ["/cycles/port.atom", *_of(Kind.CYCLE, path="/cycles/{key}.atom")(world)],
    "cycles.follow_form": lambda world: ["/cycles/port/suivre", *_of(Kind.CYCLE, path="/cycles/{key}/suivre")(world)],
    "cycles.book": lambda world: [
        "/cycles/port/telecharger.pdf",
        *_of(Kind.CYCLE, path="/cycles/{key}/telecharger.pdf")(world),
    ],
    "cycles.index": _at("/cycles/"),
    "cycles.pack": lambda world: [
        "/cycles/port/hors-ligne.zip",
        *_of(Kind.CYCLE, path="/cycles/{key}/hors-ligne.zip")(world),
    ],
    "cycles.show": lambda world: ["/cycles/port/", *_of(Kind.CYCLE, path="/cycles/{key}/")(world)],
    "home.art_file": _of(Kind.CYCLE, path="/art/cover-{key}.svg"),
    "home.glossary": _at("/glossaire/"),
    "home.index": _at("/"),
    "home.page": _of(Kind.PAGE, path="/{key}/"),
    "home.sitemap_file": _at("/sitemap.xml"),
    "home.sitemap_part": _at("/sitemap-0.xml"),
    "home.stable": _of(*_OWN, path="/d/{key}"),
    "modules.citation": _of(Kind.MODULE, path="/cycles/port/{key}/citer.json"),
    "modules.cite": _of(Kind.MODULE, path="/cycles/port/{key}/citer"),
    "modules.file": _of(Kind.MODULE, path="/cycles/port/{key}/fichiers/notes.fr.vtt"),
    "modules.file_text": _of(Kind.MODULE, path="/cycles/port/{key}/fichiers/notes.fr.vtt/texte"),
    "modules.slides": _of(Kind.MODULE, path="/cycles/port/{key}/diapos"),
    "modules.picture": _of(Kind.MODULE, path="/cycles/port/{key}/fichiers/quai.jpg/300.webp"),
    "modules.paper": _of(Kind.MODULE, path="/cycles/port/{key}/telecharger.pdf"),
    "modules.source": _of(Kind.MODULE, path="/cycles/port/{key}/source.md"),
    "modules.show": lambda world: ["/cycles/port/voisin/", *_of(Kind.MODULE, path="/cycles/port/{key}/")(world)],
    "modules.version": lambda world: [
        path for number in (1, 2) for path in _of(Kind.MODULE, path=f"/cycles/port/{{key}}/versions/{number}")(world)
    ],
    "modules.versions": _of(Kind.MODULE, path="/cycles/port/{key}/versions/"),
    "oai.harvest": lambda world: [
        "/oai?verb=ListRecords&metadataPrefix=oai_dc",
        "/oai?verb=ListIdentifiers&metadataPrefix=oai_dc&set=topic:port",
        "/oai?verb=ListSets",
        *_of(*_OWN, path="/oai?verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:localhost:{key}")(world),
    ],
    "resources.box": _asking("/ressources/encart?q={}"),
    "resources.citation": _of(Kind.RESOURCE, path="/ressources/{id}-{key}/citer.json"),
    "resources.cite": _of(Kind.RESOURCE, path="/ressources/{id}-{key}/citer"),
    "resources.slides": _of(Kind.RESOURCE, path="/ressources/{id}-{key}/diapos"),
    "resources.file": _of(Kind.RESOURCE, path="/ressources/{id}-{key}/fichiers/notes.fr.vtt"),
    "resources.file_text": _of(Kind.RESOURCE, path="/ressources/{id}-{key}/fichiers/notes.fr.vtt/texte"),
    "resources.json_feed": _asking("/ressources/recherche.json?q={}"),
    "resources.picture": _of(Kind.RESOURCE, path="/ressources/{id}-{key}/fichiers/quai.jpg/300.webp"),
    "resources.paper": _of(Kind.RESOURCE, path="/ressources/{id}-{key}/telecharger.pdf"),
    "resources.version": lambda world: [
        path
        for number in (1, 2)
        for path in _of(Kind.RESOURCE, path=f"/ressources/{{id}}-{{key}}/versions/{number}")(world)
    ],
    "resources.versions": _of(Kind.RESOURCE, path="/ressources/{id}-{key}/versions/"),
    "resources.embed": _at("/ressources/integrer"),
    "resources.flux": _asking("/ressources/flux.atom?q={}"),
    "resources.index": _asking("/ressources/?q={}"),
    "resources.show": lambda world: [
        "/ressources/{voisine}-voisine/",
        *_of(Kind.RESOURCE, path="/ressources/{id}-{key}/")(world),
    ],
    "resources.source": _of(Kind.RESOURCE, path="/ressources/{id}-{key}/source.md"),
    "resources.suggestions": _asking("/ressources/suggestions?q={}", star=""),
    "sessions.agenda": _at("/sessions/agenda.ics"),
    "sessions.agenda_of": _of(Kind.SESSION, path="/sessions/{number}-{key}.ics"),
    "sessions.enrol_form": _of(Kind.SESSION, path="/sessions/{number}/inscription"),
    "sessions.index": _at("/sessions/"),
    "sessions.link_sent": _of(Kind.SESSION, path="/sessions/{number}/inscription/envoyee"),
    "sessions.show": _of(Kind.SESSION, path="/sessions/{number}-{key}/"),
    "venues.index": _at("/lieux/"),
    "venues.show": _at("/lieux/cisam/"),
}
PUBLIC_ALONE = (
    "api.",
    "cycles.book",
    "cycles.pack",
    "oai.",
    "home.sitemap_",
    "resources.box",
)  # who is signed in is told no more
EXEMPT = {
    "account": "forms of who signs in, and what is theirs alone",
    "api.index": "the description of the calls, which no text changes",
    "api.openapi": "the description of the calls, which no text changes",
    "assets": "style sheets and scripts",
    "desk": "of the team",
    "home.card": "a picture: its words are the title of a public cycle, and else the name of the site",
    "home.favicon": "a drawing without words",
    "home.healthz": "one word",
    "home.icon_file": "a drawing without words",
    "home.manifest": "the name of the site",
    "home.readyz": "one word",
    "home.robots": "addresses that never change",
    "presence": "of who has a place, or holds the link of the door",
    "resources.alert": "a form, and what is typed into it",
    "resources.alert_sent": "where to find a link",
    "resources.confirm_alert": "what one person holds a signed link to",
    "resources.end_alert": "what one person holds a signed link to",
    "resources.wish_kept": "thanks for a request",
    "resources.wishes": "a form, and what is typed into it",
    "sessions.enrolment": "what one enrolled person holds a signed link to",
    "studio": "of those who write",
    "styles": "invented samples",
    "verification": "title, dates and initials of a paper, to who holds its code",
    "venues.drawing": "a map without texts",
}


def test_every_get_route_is_a_surface_or_says_why_not(app: Flask):
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    exempt = {name for name in endpoints if name in EXEMPT or name.partition(".")[0] in EXEMPT}
    assert endpoints - exempt == set(SURFACES)
    assert {name for name in EXEMPT if name not in {*endpoints, *(it.partition(".")[0] for it in endpoints)}} == set()


class Built(NamedTuple):
    """An academy with the texts of one plan; `neighbour` is the id of a public resource."""

    app: Flask
    world: World
    neighbour: int


@pytest.fixture
def build(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Callable[[list], Built]:
    """`build(plan)`: a new academy with these texts alone, indexed; nothing is remembered of the one before."""
    numbers = count()

    def made(plan: list) -> Built:
        instance = tmp_path / str(next(numbers))
        instance.mkdir()
        url = database_url
        if url.startswith("sqlite"):
            shutil.copy(request.getfixturevalue("migrated"), instance / "academy.db")
            url = f"sqlite:///{instance / 'academy.db'}"
        app = create_app(settings_for(instance, database_url=url))
        app.testing = True
        limiter.enabled = False
        with app.app_context():
            empty()
            a_topic("port")
            a_venue("cisam")
            a_text("port", kind=Kind.CYCLE, title="Le port commun")
            a_text("voisin", kind=Kind.MODULE, cycle="port", title="Voisin commun")
            a_text("voisine", title="Voisine commune", cycle="port")
            world = [_text(next(numbers), *it) for it in plan]
            neighbour = database.session.scalars(select(Document.id).where(Document.key == "voisine")).one()
            search.sync()
        return Built(app, world, neighbour)

    return made


def _signed_in(app: Flask) -> FlaskClient:
    client = app.test_client()
    with app.app_context():
        number = a_person(role=Role.STAKEHOLDER)
        with transaction() as it:
            token = accounts.sign_in(it.get_one(Person, number), now=clock.now())
        client.set_cookie(cookie_name(), token, domain="localhost")
    return client


_LETTERS = "bcdfghjklmnprstvz"


def _word(number: int, mark: str) -> str:
    """A word that no other resembles: `mark` stands where spelling would not repair it."""
    digits = [_LETTERS[(number // 17**place * 7 + place) % 17] for place in range(3)]
    return f"x{mark}{'ou'.join(digits)}{mark}yx"


def _text(number: int, kind: Kind, audience: Audience, french: str, english: str | None) -> Text:
    it = Text(kind=kind, audience=audience, key=_word(number, "ka"))
    for language, state in (("fr", french), ("en", english)):
        if state is not None:
            _edition(it, language, state, number)
    it.was_public = (
        audience == Audience.PUBLIC and {french, english} != {"draft"} and {french, english} != {"draft", None}
    )
    with transaction() as session:
        document = session.scalars(select(Document).where(Document.key == it.key)).one()
        it.id = document.id
        if kind in attachments.WITH_FILES:
            (it.said or it.unsaid)["file"] = inside = _word(number, "fi")
            words = FileWords(passages=[{"anchor": "t-00-00-01", "path": [], "text": f"Commun {inside}."}])
            file = attachments.prepare("notes.fr.vtt", CAPTIONS.format(inside).encode(), words=words)
            attachments.attach(document, file, by=None, now=clock.now())
            a_picture(document, inside=inside)
        it.number = session.scalar(select(CycleSession.id).where(CycleSession.document_id == it.id)) or 0
    return it


def _edition(it: Text, language: str, state: str, number: int) -> None:
    first, second = (_word(number, mark + language[0]) for mark in ("ta", "mi"))
    cycle = "port" if it.kind in {Kind.MODULE, Kind.SESSION, Kind.RESOURCE} else ""
    front: dict[str, object] = {"audience": str(it.audience)} if it.audience != Audience.PUBLIC else {}
    front |= {} if it.kind in {Kind.PAGE, Kind.SESSION} else {"authors": [f"Auteur {first}"]}
    front |= {"venue": "cisam"} if it.kind == Kind.SESSION else {}
    front |= {"topics": ["port"]} if it.kind != Kind.PAGE else {"topics": []}
    front = {name: value for name, value in front.items() if value != []}
    words = {
        "title": f"Titre {first}",
        "summary": f"Résumé {first}.",
        "body": f"## Le {first}\n\nCommun {first}.\n\n{CITES}\n",
    }
    edition_id = a_text(
        it.key, kind=it.kind, cycle=cycle, language=language, is_published=state != "draft", **words, **front
    )
    if state == "hidden":
        _corrected(edition_id, first, second)
        it.unsaid[f"{language} before"], first = first, second
    is_said = state in {"published", "edited", "hidden"}
    (it.said if is_said else it.unsaid)[language] = first
    if state == "withdrawn":
        withdrawn(edition_id)
    if state == "edited":
        it.unsaid[f"{language} draft"] = second
        source = a_source(it.key, it.kind, title=second, summary=second, body=second, is_published=True)
        with transaction() as session:
            edition = session.get_one(Edition, edition_id)
            publishing.save_draft(edition, source, base_id=edition.head_id, by=None, now=clock.now())


def _corrected(edition_id: int, first: str, second: str) -> None:
    """Publish the text with another word, and hide the version that had the first."""
    edition = database.session.get_one(Edition, edition_id)
    assert edition.head is not None
    source, kind, base = edition.head.source.replace(first, second), edition.document.kind, edition.head_id
    prepared = preparing.prepare(source, kind=kind, language=edition.language)
    with transaction() as session:
        edition = session.get_one(Edition, edition_id)
        publishing.publish(edition, prepared, base_id=base, by=None, now=clock.now())
    if kind in hiding.WITH_VERSIONS:
        hidden(edition_id, 1)


def _asked(world: World, neighbour: int) -> Iterator[tuple[str, str]]:
    for endpoint, paths in SURFACES.items():
        for path in paths(world):
            for side in ("", "/en"):
                yield endpoint, side + path.replace("{voisine}", str(neighbour))


def _met(client: FlaskClient, address: str) -> str:
    """What an answer tells, without what it repeats of the address."""
    answer = client.get(address)
    assert answer.status_code < 500, address
    opened = {"application/pdf": _printed, "application/zip": _unpacked}.get(answer.mimetype)
    words = opened(answer.data) if opened else answer.data.decode(errors="replace")
    said = f"{words}\n{answer.location or ''}".lower().replace("\r\n ", "")
    path, _question, query = address.lower().partition("?")
    for echo in (address.lower(), path, path.removeprefix("/en"), *re.findall(r"[^=&]+", query)):
        said = said.replace(echo, "") if len(echo) > 8 else said
    return said


def _printed(paper: bytes) -> str:
    """The words of a PDF, and what it says of itself."""
    read = PdfReader(BytesIO(paper))
    return "\n".join([*(page.extract_text() for page in read.pages), str(read.metadata)])


def _unpacked(pack: bytes) -> str:
    """The names and the words of what is in a ZIP."""
    with ZipFile(BytesIO(pack)) as inside:
        return "\n".join(f"{name}\n{inside.read(name).decode(errors='replace')}" for name in inside.namelist())


def _leaks(client: FlaskClient, world: World, who: str, neighbour: int) -> list[tuple[str, str]]:
    hidden_from = {reader: {word: it for it in world for word in it.hidden_from(reader)} for reader in READ_BY}
    found = []
    for endpoint, address in _asked(world, neighbour):
        said = _met(client, address)
        reader = "visitor" if endpoint.startswith(PUBLIC_ALONE) else who
        for word, it in hidden_from[reader].items():
            is_tombstone = endpoint == "oai.harvest" and word == it.key and it.was_public
            if word in said and not is_tombstone:
                found.append((address, word))
    return found


IS_DEEP = bool(os.environ.get("ACADEMY_DEEP"))
ALL_OF_IT = [
    (Kind.MODULE, Audience.PUBLIC, "edited", "draft"),
    (Kind.MODULE, Audience.PUBLIC, "hidden", "published"),
    (Kind.RESOURCE, Audience.PUBLIC, "published", "hidden"),
    (Kind.RESOURCE, Audience.MEMBERS, "published", "withdrawn"),
    (Kind.SESSION, Audience.TEAM, "published", None),
    (Kind.CYCLE, Audience.PUBLIC, "withdrawn", None),
    (Kind.PAGE, Audience.MEMBERS, "published", "published"),
]


def test_nobody_meets_what_is_hidden_from_them(build):
    @settings(
        max_examples=60,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, *([Phase.generate] if IS_DEEP else [])],
        suppress_health_check=list(HealthCheck),
    )
    @given(_PLAN)
    @example(ALL_OF_IT)
    def ask(plan: list) -> None:
        app, world, neighbour = build(plan)
        visitor = app.test_client()
        assert _leaks(visitor, world, "visitor", neighbour) == []
        assert _leaks(_signed_in(app), world, "stakeholder", neighbour) == []
        _counts_are_of_what_is_public(visitor, world)

    ask()


def _counts_are_of_what_is_public(client: FlaskClient, world: World) -> None:
    """Lists hold exactly what is public: nothing hidden is counted, nothing public is missing."""
    around = {Kind.CYCLE: {"port"}, Kind.MODULE: {"voisin"}, Kind.RESOURCE: {"voisine"}}
    public = {
        kind: around.get(kind, set()) | {it.key for it in world if it.kind == kind and it.is_for("visitor")}
        for kind in SEARCHED
    }
    everything = set().union(*public.values())
    found = client.get("/api/v1/search?limit=100").get_json()
    assert ({hit["id"] for hit in found["hits"]}, found["total"]) == (everything, len(everything))
    assert {it["value"]: it["count"] for it in found["facets"]["topic"]} == {"port": len(everything)}
    lists = {"cycles": {Kind.CYCLE}, "sessions": {Kind.SESSION}, "documents": {Kind.MODULE, Kind.RESOURCE}}
    for name, kinds in lists.items():
        ids = [item["id"] for item in client.get(f"/api/v1/{name}").get_json()["items"]]
        assert sorted(ids) == sorted(set().union(*(public[kind] for kind in kinds))), name
    assert [it["documents"] for it in client.get("/api/v1/topics").get_json()["items"]] == [len(everything)]
    harvest = client.get("/oai?verb=ListRecords&metadataPrefix=oai_dc").text
    live = re.findall(r"<header>\s*<identifier>oai:localhost:([a-z]+)<", harvest)
    assert sorted(live) == sorted(everything)
    mapped = set(re.findall(r"<loc>http://localhost(?:/en)?(/[^<]*)</loc>", client.get("/sitemap.xml").text))
    assert {it.key for it in world if it.is_for("visitor")} <= {
        key for key in (it.key for it in world) if any(key in path for path in mapped)
    }


def test_a_leak_would_be_seen(build):
    """Otherwise the test above proves nothing: every surface that a text can be on shows what is public."""
    plan = [(kind, Audience.PUBLIC, "published", "published") for kind in _OWN]
    app, world, neighbour = build(plan)
    client = app.test_client()
    words = {word for it in world for word in (*it.said.values(), it.key)}
    seen = {
        endpoint
        for endpoint, address in _asked(world, neighbour)
        if any(word in _met(client, address) for word in words)
    }
    without_texts = {"api.topics", "api.venues", "home.art_file", "resources.embed", "venues.index"}
    without_texts |= {"home.glossary"}  # of glossaries alone: tests/blueprints/test_home.py hides two
    assert set(SURFACES) - seen <= without_texts, json.dumps(sorted(set(SURFACES) - seen))


ANSWER = "xnoixx"
CANARY = "https://visio.example/xroomx"


def _with_a_room(app: Flask, *, starts_in: timedelta) -> dict[str, FlaskClient]:
    """Every session gets a virtual room and starts soon; who is around: a visitor, others, who waits, who has a place."""
    with app.app_context():
        people = {name: a_person(email=f"{name}@example.org") for name in ("outsider", "waiting", "seated")}
        now = clock.now()
        with transaction() as it:
            for session in it.scalars(select(CycleSession)):
                session.video_url, session.capacity = CANARY, 1
                session.starts_at, session.ends_at = now + starts_in, now + starts_in + timedelta(hours=2)
                for name in ("seated", "waiting"):
                    enrolment.enrol(it.get_one(Person, people[name]), session, now=now)
            tokens = {name: accounts.sign_in(it.get_one(Person, who), now=now) for name, who in people.items()}
        search.sync()
    clients = {"visitor": app.test_client()} | {name: app.test_client() for name in tokens}
    for name, token in tokens.items():
        with app.app_context():
            clients[name].set_cookie(cookie_name(), token, domain="localhost")
    return clients


def _answered(app: Flask) -> dict[str, FlaskClient]:
    """Everybody asks something of who enrols, and one person answers; who is around: a visitor and another member."""
    now = clock.now()
    with app.app_context():
        people = [a_person(email=f"{name}@example.org") for name in ("outsider", "answering")]
        sessions = list(database.session.scalars(select(CycleSession.id)))
        questions = [a_question(session=number, is_sensitive=True) for number in sessions]
        with transaction() as it:
            said = {answers.key(it.get_one(EnrolmentQuestion, number)): Said(ANSWER) for number in questions}
            for number in sessions:
                enrolment.enrol(it.get_one(Person, people[1]), it.get_one(CycleSession, number), now=now, said=said)
            token = accounts.sign_in(it.get_one(Person, people[0]), now=now)
        search.sync()
        clients = {"visitor": app.test_client(), "outsider": app.test_client()}
        clients["outsider"].set_cookie(cookie_name(), token, domain="localhost")
    return clients


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_answers_are_on_no_page_feed_search_or_file_and_not_in_the_journal(build, tmp_path: Path):
    app, world, neighbour = build([(Kind.SESSION, Audience.PUBLIC, "published", "published")])
    clients = _answered(app)
    asked = [address for _endpoint, address in _asked(world, neighbour)]
    asked += [f"{side}/api/v1/search?q={word}" for side in ("", "/en") for word in ("xnoix*", "repas")]
    for name, client in clients.items():
        assert [path for path in [*asked, "/moi/"] if ANSWER in _met(client, path)] == [], name
    with app.app_context():
        signed = [links.sign(number) for number in database.session.scalars(select(Enrolment.id))]
        assert all(ANSWER in _met(clients["visitor"], f"/inscriptions/{it}/") for it in signed)  # who holds the mail
        with transaction():
            content_dump.dump(tmp_path / "dump", by=None, now=clock.now())
        entries = [json.dumps(detail) for detail in database.session.scalars(select(AuditEntry.detail))]
        entries += [json.dumps(payload) for payload in database.session.scalars(select(OutboxMessage.payload))]
    written = [path.read_bytes() for path in (tmp_path / "dump").rglob("*") if path.is_file()]
    assert not [text for text in written if ANSWER.encode() in text]
    assert not [entry for entry in entries if ANSWER in entry]


def _own(app: Flask, world: World) -> list[str]:
    """What is somebody's alone: their space, their calendar, the page of their place, sessions as they see them."""
    with app.app_context(), transaction() as it:
        tokens = [personal_agenda.renew(person, now=clock.now()) for person in it.scalars(select(Person))]
        signed = [links.sign(number) for number in it.scalars(select(Enrolment.id))]
    pages = ["/moi/", *(f"/moi/agenda/{token}.ics" for token in tokens), *(f"/inscriptions/{it}/" for it in signed)]
    return [side + path for path in (*pages, *SURFACES["sessions.show"](world)) for side in ("", "/en")]


def _tell_the_room(client: FlaskClient, addresses: Iterator[str] | list[str]) -> set[str]:
    return {re.sub(r"[\w-]{30,}", "…", path) for path in addresses if "xroomx" in _met(client, path)}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_link_of_a_virtual_room_is_for_who_has_a_place_and_from_an_hour_before(build, tmp_path: Path):
    plan = [
        (Kind.SESSION, Audience.PUBLIC, "published", "published"),
        (Kind.RESOURCE, Audience.PUBLIC, "published", None),
    ]
    for starts_in, is_open in ((timedelta(minutes=90), False), (timedelta(minutes=30), True)):
        app, world, neighbour = build(plan)
        clients = _with_a_room(app, starts_in=starts_in)
        asked = [address for _endpoint, address in _asked(world, neighbour)]
        asked += [side + f"/api/v1/search?q={word}" for side in ("", "/en") for word in ("xroom*", "visio")]
        own, session = _own(app, world), SURFACES["sessions.show"](world)[0]
        for name in ("visitor", "outsider", "waiting"):
            own_pages = [path for path in own if "/moi/agenda/" not in path]
            assert _tell_the_room(clients[name], [*asked, *own_pages]) == set(), (name, starts_in)
        told = _tell_the_room(clients["seated"], [*asked, *own])
        everywhere = {"/moi/", "/moi/agenda/….ics", session}
        assert told == ({side + path for path in everywhere for side in ("", "/en")} if is_open else set())
        if is_open:
            calendars = [path for path in own if "/moi/agenda/" in path]
            assert sum("xroomx" in clients["visitor"].get(path).text for path in calendars) == 2  # both sides of one
        with app.app_context():
            folder = tmp_path / f"dump-{is_open}"
            with transaction():
                content_dump.dump(folder, by=None, now=clock.now())
            written = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
            assert written
            assert not any(b"xroomx" in text for text in written)
            entries = database.session.scalars(select(AuditEntry.detail))
            assert not any("xroomx" in json.dumps(detail) for detail in entries)
