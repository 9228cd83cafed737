"""OAI-PMH 2.0: harvested by Sickle, and held to the rules of the protocol."""

import re
from datetime import UTC, datetime
from io import BytesIO

import pytest
import requests
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from lxml import etree
from sickle import Sickle
from sickle.oaiexceptions import NoRecordsMatch

from academy.blueprints.oai import repository
from academy.extensions import transaction
from academy.models import Audience, Edition, Kind, Topic
from tests.factories import a_document, a_session, a_text, withdrawn
from tests.kept import once

NS = {"o": "http://www.openarchives.org/OAI/2.0/", "dc": "http://purl.org/dc/elements/1.1/"}
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
T0, T1, T2 = (datetime(2027, 1, day, 12, tzinfo=UTC) for day in (1, 2, 3))


def _ask(client: FlaskClient, query: str, *, method: str = "GET"):
    """The answer as a tree, once it was held to what every answer must be."""
    sent = {"data": query, "content_type": "application/x-www-form-urlencoded"} if method == "POST" else {}
    answer = client.open("/oai" if method == "POST" else f"/oai?{query}", method=method, **sent)
    assert (answer.status_code, answer.content_type) == (200, "text/xml; charset=utf-8")
    root = etree.parse(BytesIO(answer.data)).getroot()
    assert root.tag == f"{{{NS['o']}}}OAI-PMH"
    assert [etree.QName(child).localname for child in root][:2] == ["responseDate", "request"]
    assert INSTANT.fullmatch(root.findtext("o:responseDate", namespaces=NS))
    assert root.findtext("o:request", namespaces=NS) == "http://localhost/oai"
    for header in root.iterfind(".//o:header", NS):
        assert INSTANT.fullmatch(header.findtext("o:datestamp", namespaces=NS))
        assert re.fullmatch(r"oai:localhost:[a-z0-9-]+", header.findtext("o:identifier", namespaces=NS))
    for spec in root.iterfind(".//o:setSpec", NS):
        assert re.fullmatch(r"[A-Za-z0-9\-_.!~*'()]+(:[A-Za-z0-9\-_.!~*'()]+)*", spec.text)
    for record in root.iterfind(".//o:record", NS):
        is_deleted = record.find("o:header", NS).get("status") == "deleted"
        assert (record.find("o:metadata", NS) is None) == is_deleted
    return root


def _errors(root) -> list[str]:
    return [error.get("code") for error in root.iterfind("o:error", NS)]


class _Session(requests.Session):
    """Sickle's way to the test client."""

    def __init__(self, client: FlaskClient):
        super().__init__()
        self.client = client

    def _sent(self, answer):
        response = requests.Response()
        response.status_code, response._content, response.encoding = answer.status_code, answer.data, "utf-8"
        return response


@pytest.fixture
def harvester(client: FlaskClient, monkeypatch: pytest.MonkeyPatch):
    """`harvester("GET")`: Sickle in front of the test client."""

    def made(method: str) -> Sickle:
        def _request(self, kwargs):
            it = _Session(client)
            sent = {name: value for name, value in kwargs.items() if value is not None}
            if method == "POST":
                return it._sent(client.post("/oai", data=sent))
            return it._sent(client.get("/oai", query_string=sent))

        monkeypatch.setattr(Sickle, "_request", _request)
        return Sickle("http://localhost/oai", http_method=method)

    return made


@pytest.fixture
@once
def centre(app: Flask) -> dict[str, int]:
    """A cycle, a module in two languages, a note, a kit, a session; and what nobody is told."""
    with app.app_context(), time_machine.travel(T0, tick=False):
        with transaction() as it:
            it.add_all(
                [Topic(slug="mer", label_fr="Mer", label_en="Sea"), Topic(slug="secret", label_fr="S", label_en="S")]
            )
        made = {
            "port": a_text("port", kind=Kind.CYCLE, title="Le port"),
            "quai": a_text(
                "quai", kind=Kind.MODULE, cycle="port", title="Le quai", topics=["mer"], authors=["Ada", "Bob"]
            ),
            "quay": a_text("quai", kind=Kind.MODULE, cycle="port", title="The quay", topics=["mer"], language="en"),
            "note": a_text("note", title="Note <&> \U0001f4a3"),
            "kit": a_text("kit", title="Kit", type="kit"),
        }
        a_text("visite", kind=Kind.SESSION, cycle="port", title="Visite")
        a_text("brouillon", title="Brouillon", is_published=False, topics=["secret"])
        a_text("membres", title="Membres", audience="members")
        a_text("page", kind=Kind.PAGE, title="Page")
    return made


PUBLIC = ["port", "quai", "note", "kit", "visite"]


@pytest.mark.each_database
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("page", [2, 50])
def test_a_harvest_brings_what_is_public_and_nothing_else(centre, harvester, monkeypatch, method: str, page: int):
    monkeypatch.setattr(repository, "PAGE", page)
    sickle = harvester(method)
    records = list(sickle.ListRecords(metadataPrefix="oai_dc"))
    assert [record.header.identifier for record in records] == [f"oai:localhost:{key}" for key in PUBLIC]
    assert [it.identifier for it in sickle.ListIdentifiers(metadataPrefix="oai_dc")] == [
        r.header.identifier for r in records
    ]
    assert not any(record.header.deleted for record in records)
    assert records[1].metadata["title"] == ["Le quai", "The quay"]
    one = sickle.GetRecord(identifier="oai:localhost:note", metadataPrefix="oai_dc")
    assert one.metadata["title"] == ["Note <&> \U0001f4a3"]
    assert one.metadata["rights"] == ["CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"]


def test_words_say_their_language(centre, client: FlaskClient):
    root = _ask(client, "verb=GetRecord&identifier=oai:localhost:quai&metadataPrefix=oai_dc")
    said = [(etree.QName(it).localname, it.text, it.get(LANG)) for it in root.find(".//o:metadata", NS)[0]]
    assert [
        it for it in said if it[0] in {"title", "subject", "creator", "language", "identifier", "type", "relation"}
    ] == [
        ("title", "Le quai", "fr"),
        ("creator", "Ada", None),
        ("creator", "Bob", None),
        ("identifier", "http://localhost/cycles/port/quai/", None),
        ("language", "fr", None),
        ("relation", "http://localhost/cycles/port/", None),
        ("title", "The quay", "en"),
        ("identifier", "http://localhost/en/cycles/port/quai/", None),
        ("language", "en", None),
        ("relation", "http://localhost/en/cycles/port/", None),
        ("subject", "Mer", "fr"),
        ("subject", "Sea", "en"),
        ("type", "Text", None),
    ]
    for url in ("/cycles/port/quai/", "/en/cycles/port/quai/"):
        assert client.get(url).status_code == 200


def test_a_withdrawn_text_leaves_a_tombstone_and_a_restricted_one_too(centre, app: Flask, client, harvester):
    sickle = harvester("GET")
    assert "membres" not in {
        r.header.identifier.rpartition(":")[2] for r in sickle.ListRecords(metadataPrefix="oai_dc")
    }
    with app.app_context(), time_machine.travel(T1, tick=False):
        withdrawn(centre["note"])
        withdrawn(centre["quay"])  # the French text stays: no tombstone
    with app.app_context(), time_machine.travel(T2, tick=False), transaction() as it:
        it.get_one(Edition, centre["kit"]).document.audience = Audience.MEMBERS
    changed = {
        r.header.identifier.rpartition(":")[2]: r
        for r in sickle.ListRecords(metadataPrefix="oai_dc", **{"from": "2027-01-02"})
    }
    assert {key: (it.header.deleted, it.header.datestamp) for key, it in changed.items()} == {
        "note": (True, "2027-01-02T12:00:00Z"),
        "quai": (False, "2027-01-02T12:00:00Z"),
    }
    deleted = {it.identifier.rpartition(":")[2] for it in sickle.ListIdentifiers(metadataPrefix="oai_dc") if it.deleted}
    assert deleted == {"note", "kit"}
    assert "Note" not in client.get("/oai?verb=GetRecord&identifier=oai:localhost:note&metadataPrefix=oai_dc").text
    assert [it.identifier for it in sickle.ListIdentifiers(metadataPrefix="oai_dc", set="type:kit")] == [
        "oai:localhost:kit"
    ]


def test_a_text_that_was_never_public_leaves_no_trace(centre, app: Flask, client: FlaskClient):
    with app.app_context():
        edition = a_text("interne", title="Interne", audience="team")
        withdrawn(edition)
    assert "interne" not in client.get("/oai?verb=ListIdentifiers&metadataPrefix=oai_dc").text
    for key in ("interne", "brouillon", "membres", "page", "nulle-part"):
        root = _ask(client, f"verb=GetRecord&identifier=oai:localhost:{key}&metadataPrefix=oai_dc")
        assert _errors(root) == ["idDoesNotExist"]
    assert "secret" not in client.get("/oai?verb=ListSets").text


def test_tokens_hold_while_texts_come_and_go(centre, app: Flask, client: FlaskClient, monkeypatch):
    monkeypatch.setattr(repository, "PAGE", 2)
    first = _ask(client, "verb=ListIdentifiers&metadataPrefix=oai_dc")
    token = first.find(".//o:resumptionToken", NS)
    assert (token.get("cursor"), token.get("completeListSize")) == ("0", "5")
    with app.app_context():
        withdrawn(centre["port"])
        a_text("neuf", title="Neuf")
    seen = [it.text.rpartition(":")[2] for it in first.iterfind(".//o:identifier", NS)]
    while token.text:
        page = _ask(client, f"verb=ListIdentifiers&resumptionToken={token.text}")
        seen += [it.text.rpartition(":")[2] for it in page.iterfind(".//o:identifier", NS)]
        token = page.find(".//o:resumptionToken", NS)
    assert seen == ["port", "quai", "note", "kit", "visite", "neuf"]
    assert token.get("cursor") == "4"  # empty, as the last page of a list must be


def test_sets_are_types_public_cycles_and_topics_in_use(centre, harvester):
    sickle = harvester("GET")
    sets = {it.setSpec: it.setName for it in sickle.ListSets()}
    assert {
        "type:note",
        "type:module",
        "type:cycle",
        "type:session",
        "cycle:port",
        "topic:mer",
        "topic:port",
    } <= sets.keys()
    assert (sets["cycle:port"], sets["topic:mer"]) == ("Le port", "Mer")

    def found(spec: str) -> list[str]:
        return [it.identifier.rpartition(":")[2] for it in sickle.ListIdentifiers(metadataPrefix="oai_dc", set=spec)]

    assert found("topic:mer") == ["quai"]
    assert found("cycle:port") == ["port", "quai", "visite"]
    assert found("type:kit") == ["kit"]
    with pytest.raises(NoRecordsMatch):
        found("type:pitch")


def test_from_and_until_include_their_ends(centre, client: FlaskClient):
    def count(query: str) -> int:
        return len(_ask(client, f"verb=ListIdentifiers&metadataPrefix=oai_dc&{query}").findall(".//o:header", NS))

    assert count("from=2027-01-01T12:00:00Z&until=2027-01-01T12:00:00Z") == 5
    assert count("from=2027-01-01&until=2027-01-01") == 5
    assert count("from=2027-01-01T12:00:01Z") == count("until=2027-01-01T11:59:59Z") == 0


def test_the_repository_says_who_it_is(client: FlaskClient):
    root = _ask(client, "verb=Identify")
    said = {etree.QName(it).localname: it.text for it in root.find("o:Identify", NS)}
    assert (said["repositoryName"], said["baseURL"], said["protocolVersion"]) == (
        "Académie One Provence",
        "http://localhost/oai",
        "2.0",
    )
    assert (said["deletedRecord"], said["granularity"]) == ("persistent", "YYYY-MM-DDThh:mm:ssZ")
    assert "@" in said["adminEmail"]
    assert [etree.QName(it).localname for it in root.find(".//o:description", NS)[0]] == [
        "scheme",
        "repositoryIdentifier",
        "delimiter",
        "sampleIdentifier",
    ]
    formats = _ask(client, "verb=ListMetadataFormats")
    assert [it.text for it in formats.iterfind(".//o:metadataPrefix", NS)] == ["oai_dc"]


LIST = "verb=ListRecords&metadataPrefix=oai_dc"


REFUSED = [
    ("", "badVerb"),
    ("verb=Steal", "badVerb"),
    ("verb=GetMetadata&identifier=oai:localhost:note&metadataPrefix=oai_dc", "badVerb"),
    ("verb=Identify&verb=Identify", "badVerb"),
    ("verb=%00", "badVerb"),
    ("verb=%01%FF%EF%BF%BF", "badVerb"),
    ("verb=Identify&x=%0B", "badArgument"),
    ("verb=Identify&%0B=1", "badArgument"),
    ("verb=ListRecords", "badArgument"),
    (f"{LIST}&metadataPrefix=oai_dc", "badArgument"),
    (f"{LIST}&from=2027", "badArgument"),
    (f"{LIST}&from=2027-02-30", "badArgument"),
    (f"{LIST}&from=2027-01-01T10:00:00", "badArgument"),
    (f"{LIST}&from=2027-01-01T10:00:00.5Z", "badArgument"),
    (f"{LIST}&from=2027-01-01&until=2027-01-02T00:00:00Z", "badArgument"),
    (f"{LIST}&from=2027-01-03&until=2027-01-02", "badArgument"),
    (f"{LIST}&until=%D9%A2-01-01", "badArgument"),
    (f"{LIST}&until=0000-01-01", "badArgument"),
    (f"{LIST}&until=0001-01-01", "noRecordsMatch"),
    (f"{LIST}&from=9999-12-31", "noRecordsMatch"),
    (f"{LIST}&set=topic:%00", "noRecordsMatch"),
    (f"{LIST}&set=nothing", "noRecordsMatch"),
    (f"{LIST}&resumptionToken=x", "badArgument"),
    ("verb=ListRecords&resumptionToken=x", "badResumptionToken"),
    ("verb=ListRecords&resumptionToken=%00", "badResumptionToken"),
    ("verb=ListRecords&resumptionToken=WzFd.x", "badResumptionToken"),
    ("verb=ListSets&resumptionToken=x", "badResumptionToken"),
    ("verb=ListRecords&metadataPrefix=marc21", "cannotDisseminateFormat"),
    ("verb=GetRecord&identifier=oai:localhost:note&metadataPrefix=marc21", "cannotDisseminateFormat"),
    ("verb=GetRecord&identifier=note&metadataPrefix=oai_dc", "idDoesNotExist"),
    ("verb=GetRecord&identifier=%00&metadataPrefix=oai_dc", "idDoesNotExist"),
    ("verb=ListMetadataFormats&identifier=x", "idDoesNotExist"),
]


def test_what_cannot_be_meant_is_answered_by_the_error_of_the_protocol(centre, client: FlaskClient):
    for method in ("GET", "POST"):
        for query, code in REFUSED:
            root = _ask(client, query, method=method)
            assert _errors(root) == [code], query
            attributes = dict(root.find("o:request", NS).attrib)
            assert (attributes == {}) == (code in {"badVerb", "badArgument"}), query


def test_the_request_is_repeated_as_it_was_sent(centre, client: FlaskClient):
    root = _ask(client, f"{LIST}&from=2027-01-01")
    assert dict(root.find("o:request", NS).attrib) == {
        "verb": "ListRecords",
        "metadataPrefix": "oai_dc",
        "from": "2027-01-01",
    }


def test_hostile_titles_leave_the_answer_well_formed(app: Flask, client: FlaskClient):
    with app.app_context():
        number = a_document(title="x")
        with transaction() as it:
            edition = it.query(Edition).filter_by(document_id=number).one()
            edition.title = "A\x0b\x1f\ufffe]]><!-- <a b='\">&amp;"
    root = _ask(client, LIST)
    assert root.find(".//dc:title", NS).text == "A\ufffd\ufffd\ufffd]]><!-- <a b='\">&amp;"


def test_an_empty_academy_has_no_records_and_says_so(client: FlaskClient):
    assert _errors(_ask(client, LIST)) == ["noRecordsMatch"]
    assert _errors(_ask(client, "verb=ListSets")) == []


def test_answers_are_kept_by_their_version_and_cost_the_same_for_one_and_three(app: Flask, client, queries_of):
    answer = client.get(f"/oai?{LIST}")
    assert (answer.headers["Cache-Control"], "Set-Cookie" in answer.headers) == ("no-cache", False)
    again = client.get(f"/oai?{LIST}", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    counts = []
    for n in (1, 2, 3):
        with app.app_context():
            a_text(f"n{n}")
            a_session(title=f"S{n}")
        counts.append(queries_of(f"/oai?{LIST}"))
    assert counts[0] == counts[2]


def test_a_page_of_another_site_cannot_post(client: FlaskClient):
    assert (
        client.post("/oai", data={"verb": "Identify"}, headers={"Origin": "https://ailleurs.example"}).status_code
        == 400
    )
