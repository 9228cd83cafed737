"""The door: what views get is what is published, for whom it is published, index or not."""

from datetime import UTC, date, datetime

import pytest
from flask import current_app
from sqlalchemy import func, select

from academy import search
from academy.domain import revisions
from academy.extensions import transaction
from academy.models import Audience, Change, Cycle, Document, Edition, Kind, Rendering, Revision, Topic
from academy.search import FACETS, Filters
from academy.search.index import Index, UnavailableError

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def _change(edition: Edition) -> None:
    revisions.log_change(edition, now=NOW)


def publish(key: str, title: str, text: str = "", *, language: str = "fr", is_draft: bool = False, **values) -> int:
    """Write the rows of an edition and, unless it is a draft, its line of the change log."""
    with transaction() as session:
        document = session.scalar(select(Document).where(Document.key == key))
        if document is None:
            named = {name: values.pop(name) for name in ("audience", "cycle") if name in values}
            document = Document(key=key, path=f"resources/{key}", kind=Kind.RESOURCE, slug=key, **named)
        edition = session.scalar(
            select(Edition).where(Edition.document_id == document.id, Edition.language == language)
        ) or Edition(document=document, language=language)
        session.add(edition)
        session.flush()
        number = (session.scalar(select(func.max(Revision.number)).where(Revision.edition_id == edition.id)) or 0) + 1
        mark = f"{edition.id}-{number}"
        revision = Revision(
            edition_id=edition.id, number=number, source=text, source_hash=mark, title=title, created_at=NOW
        )
        passages = [{"anchor": "suite", "path": ["Suite"], "text": text}] if text else []
        rendering = Rendering(
            source_hash=mark, language=language, renderer="1", html="", text=text, outline=[], passages=passages
        )
        session.add_all([revision, rendering])
        session.flush()
        edition.head = revision
        if not is_draft:
            edition.published = revision
            edition.title = title
            for name, value in {
                "type": "note",
                "licence": "CC-BY-4.0",
                "published_on": date(2026, 1, 1),
                **values,
            }.items():
                setattr(edition, name, value)
            session.flush()
            _change(edition)
        return edition.id


def withdraw(edition_id: int) -> None:
    with transaction() as session:
        edition = session.get_one(Edition, edition_id)
        edition.published = None
        _change(edition)


def found(q: str, **values) -> list[int]:
    return [hit.edition_id for hit in search.find(q, **values).hits]


def test_what_is_published_is_found_and_what_is_withdrawn_is_gone(db):
    first = publish("port", "Le port", "Un texte sur les navires.")
    assert search.sync() == 1
    assert (found("navire"), search.problems()) == ([first], [])
    publish("port", "La gare", "Un texte sur les trains.")
    assert search.problems() == ["search index: 1 changes behind"]
    search.sync()
    assert (found("navire"), found("train")) == ([], [first])
    withdraw(first)
    assert search.sync() == 1
    assert (found("train"), search.find("").total, search.problems()) == ([], 0, [])
    assert search.sync() == 0


def test_a_hit_has_all_that_a_card_shows(db):
    with transaction() as session:
        cycle = Cycle(slug="eau", created_at=NOW)
        topics = [Topic(slug="mer", label_fr="Mer", label_en="Sea"), Topic(slug="climat", label_fr="C", label_en="C")]
        session.add_all([cycle, *topics])
    publish("port", "Le port & la mer", "Des navires <b>électriques</b>.", cycle=cycle, topics=topics, type="video")
    search.sync()
    (hit,) = search.find("electrique").hits
    assert (hit.key, hit.kind, hit.type, hit.language, hit.title) == (
        "port",
        "resource",
        "video",
        "fr",
        "Le port & la mer",
    )
    assert (hit.slug, hit.cycle, hit.topics, hit.licence) == ("port", "eau", ("climat", "mer"), "CC-BY-4.0")
    assert (hit.anchor, hit.heading, hit.published_on) == ("suite", "Suite", date(2026, 1, 1))
    assert str(hit.passage) == "Des navires &lt;b&gt;<mark>électriques</mark>&lt;/b&gt;."


def test_drafts_never_show(db):
    canary = "xylophone"
    publish("brouillon", canary, f"Un {canary} secret.", is_draft=True)
    published = publish("port", "Le port", "Un texte.")
    publish("port", canary, f"Un {canary} dans la version suivante.", is_draft=True)
    withdraw(publish("retire", canary, f"Un {canary} retiré."))
    for build in (search.sync, search.rebuild):
        build()
        assert (found(canary), found(""), search.find("").total) == ([], [published], 1)
        assert search.suggest("xylo") == []
        assert search.find("xylophon").suggestion is None
        assert search.find(canary).facets == {facet: [] for facet in FACETS}
    assert [path for path in search.engine().root.rglob("*.seg") if canary.encode() in path.read_bytes()] == []


def test_a_withdrawn_text_is_hidden_before_the_index_knows(db):
    first = publish("port", "Le port", "Un texte.")
    search.sync()
    withdraw(first)
    assert (found("port"), search.find("port").total) == ([], 0)


def test_an_audience_is_a_wall(db):
    publish("membres", "Zanzibar", "Un texte réservé.", audience=Audience.MEMBERS, type="kit")
    public = publish("public", "Le port", "Un texte public.")
    search.sync()
    both = frozenset({Audience.PUBLIC, Audience.MEMBERS})
    assert (found("zanzibar"), found(""), search.suggest("zanz")) == ([], [public], [])
    assert search.find("").facets["type"] == [("note", 1)]
    assert (len(found("", audiences=both)), len(found("zanzibar", audiences=both))) == (2, 1)
    assert search.suggest("zanz", audiences=both) == ["Zanzibar"]


def test_closing_a_document_by_one_edition_closes_its_twin(db):
    french = publish("port", "Le port", "Un quai.")
    english = publish("port", "The harbour", "A quay.", language="en")
    search.sync()
    assert found("harbour") == [english]
    with transaction() as session:
        session.scalars(select(Document)).one().audience = Audience.TEAM
        _change(session.get_one(Edition, french))
    assert search.sync() == 2
    assert search.suggest("harb") == []
    assert search.find("harbour").total == 0


def test_twins_are_one_document(db):
    french = publish("port", "Innovation", "innovation")
    english = publish("port", "Innovation", "innovation", language="en")
    search.sync()
    for build in (search.sync, _lose_index):
        build()
        assert [(found("innovation", language=code), search.find("innovation").total) for code in ("fr", "en")] == [
            ([french], 1),
            ([english], 1),
        ]
        assert found("innovation", language="fr", filters=Filters(language=("en",))) == [english]


def _lose_index() -> None:
    for path in search.engine().root.rglob("*.seg"):
        path.unlink()
    current_app.extensions["search"] = Index(search.engine().root)  # as another process would find it


def test_facets_are_what_group_by_counts(db):
    for n in range(12):
        publish(f"doc-{n}", f"Titre {n}", "texte", type=("note", "video", "kit")[n % 3], licence=("CC0-1.0", "")[n % 2])
    search.sync()
    for column, facet in ((Edition.type, "type"), (Edition.licence, "licence"), (Edition.language, "language")):
        rows = db.session.execute(
            select(column, func.count()).where(Edition.published_id.is_not(None), column != "").group_by(column)
        )
        assert dict(search.find("texte").facets[facet]) == dict(map(tuple, rows))


def test_without_an_index_the_database_answers(db):
    port = publish("port", "Le Port de Marseille", "L’ÉCONOMIE bleue et l’œuvre <b>commune</b>.", type="video")
    publish("gare", "La gare", "Des trains, un transport.")
    publish("secret", "Économie", "économie", audience=Audience.TEAM)
    for typed in (
        "economie",
        "économie oeuvre",
        '"economie bleue"',
        "port marseille",
        "econ*",
        "port -gare type:video",
    ):
        results = search.find(typed)
        assert ([hit.edition_id for hit in results.hits], results.notice) == ([port], "index_unavailable"), typed
    assert str(search.find("oeuvre commune").hits[0].passage) == (
        "L’ÉCONOMIE bleue et l’<mark>œuvre</mark> &lt;b&gt;<mark>commune</mark>&lt;/b&gt;."
    )
    everything = search.find("")
    assert (everything.total, everything.facets["type"]) == (2, [("note", 1), ("video", 1)])
    filtered = search.find("", filters=Filters(type=("note",)))
    assert (filtered.total, filtered.facets["type"]) == (1, [("note", 1), ("video", 1)])
    assert search.suggest("por") == []
    assert search.find("%_\\ 'x\0").total == 0


def test_a_broken_index_answers_from_the_database_then_repairs_itself(db):
    port = publish("port", "Le port", "texte")
    search.sync()
    assert search.repair() is False
    _lose_index()
    results = search.find("port")
    assert ([hit.edition_id for hit in results.hits], results.notice) == ([port], "index_unavailable")
    assert search.problems() != []
    assert search.repair() is True
    results = search.find("port")
    assert ([hit.edition_id for hit in results.hits], results.notice) == ([port], None)
    assert search.problems() == []


def test_an_index_of_the_format_before_is_rebuilt(db, monkeypatch):
    """One of format 5 has the words of its editions, but not the file that counts them."""
    publish("port", "Le port", "texte")
    with monkeypatch.context() as before:
        before.setattr("academy.search.storage.FORMAT", 5)
        before.setattr("academy.search.lexicon.EXTENSION", ".none")
        assert search.sync() == 1
    root = search.engine().root
    monkeypatch.setitem(current_app.extensions, "search", Index(root))  # a process that starts after the update
    assert (search.engine().is_ready(), search.suggest("por"), search.find("port").total) == (False, [], 1)
    assert search.sync() == 1
    assert (search.suggest("por"), search.problems()) == (["port"], [])
    assert search.sync() == 0


def test_sync_builds_a_missing_index_and_one_ahead_of_a_restored_database(db):
    publish("port", "Le port", "texte")
    assert search.sync() == 1
    with transaction() as session:
        edition = session.scalars(select(Edition)).one()
        for _ in range(3):
            _change(edition)
    assert search.sync() == 1
    with transaction() as session:
        session.execute(Change.__table__.delete().where(Change.seq > 1))
    assert search.sync() == 1
    assert (search.engine().cursor(), search.problems()) == (1, [])


@pytest.mark.parametrize("count", [1, 3])
def test_a_search_is_one_statement(count: int, db, queries):
    for n in range(count):
        publish(f"doc-{n}", f"Port {n}", "texte")
    search.sync()
    search.find("port")
    queries.clear()
    assert len(search.find("port").hits) == count
    assert len(queries) == 1


def test_pages_are_bounded(db):
    publish("port", "Le port", "texte")
    search.sync()
    assert (search.find("port", page=0).page, search.find("port", page=10**9).hits) == (1, [])
    assert search.find("port", per_page=10**6).per_page == 100


def test_files_lost_under_a_running_process_are_a_problem(db):
    port = publish("port", "Le port", "texte")
    search.sync()
    assert found("port") == [port]
    for path in search.engine().root.rglob("*.seg"):
        path.unlink()
    assert found("port") == [port]  # what was read stays open
    assert search.problems() != []
    publish("gare", "La gare", "texte")
    with pytest.raises(UnavailableError):
        search.sync()
    assert search.sync() == 2
    assert search.problems() == []


def test_without_an_index_too_a_question_may_be_asked_among_some_editions(db):
    first, second = publish("un", "Un port"), publish("deux", "Deux ports")
    assert found("port", only=frozenset({second})) == [second]
    search.sync()
    assert found("port", only=frozenset({first})) == [first]
