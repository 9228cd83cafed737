"""Links that hold: titles follow, dead ends are refused with their lines, included texts reach every page."""

import pytest
from sqlalchemy import select

from academy.domain import links, preparing, renderings
from academy.domain.errors import Refused
from academy.domain.problems import ContentRefused
from academy.extensions import transaction
from academy.models import Audience, Document, Edition, Kind, Rendering, TextLink
from academy.rendering.results import LinkKind
from tests.factories import a_source, a_text, a_topic, at, republished, withdrawn

NOW = at(2026, 11, 22)


def html_of(db, edition_id: int) -> str:
    edition = db.session.get_one(Edition, edition_id)
    db.session.refresh(edition)
    found = select(Rendering.html).where(Rendering.source_hash == edition.published.source_hash)
    return db.session.scalars(found.where(Rendering.language == edition.language)).one()


def renew() -> list[int]:
    """Render again what changed, as the worker does."""
    stale = renderings.stale()
    for edition_id in stale:
        made = renderings.render(edition_id)
        with transaction():
            renderings.keep(made, now=NOW)
    return stale


def told(body: str, key: str = "hote", **front) -> list[tuple[int, str, object]]:
    a_topic("port")
    source = a_source(key, Kind.RESOURCE, title="Hôte", summary="R.", body=body, is_published=True, **front)
    try:
        ready = preparing.prepare(source, kind=Kind.RESOURCE, language="fr")
    except ContentRefused as refused:
        return [(p.line, p.code, p.details.get("value")) for p in refused.problems if not p.is_warning]
    return [(p.line, p.code, p.details.get("value")) for p in ready.warnings]


def rows(db) -> list[tuple[str, str, str]]:
    return [(it.kind, it.target, it.anchor) for it in db.session.scalars(select(TextLink).order_by(TextLink.id))]


def test_a_link_shows_the_title_of_its_target_and_follows_it(db):
    target = a_text("quai", title="Le quai")
    host = a_text("hote", body="Voir [[quai]].")
    assert '<a class="wiki" href="/d/quai">Le quai</a>' in html_of(db, host)
    assert renew() == []
    republished(target, "Texte.", title="Les quais")
    assert renew() == [host]
    assert '<a class="wiki" href="/d/quai">Les quais</a>' in html_of(db, host)
    assert renew() == []


def test_a_title_is_shown_in_the_language_of_the_reader(db):
    a_text("quai", title="Le quai")
    english = a_text("hote", language="en", body="See [[quai]].")
    assert '<a class="wiki" href="/en/d/quai" lang="fr">Le quai</a>' in html_of(db, english)
    a_text("quai", language="en", title="The quay")
    assert renew() == [english]
    assert '<a class="wiki" href="/en/d/quai">The quay</a>' in html_of(db, english)


@pytest.mark.parametrize(
    ("host", "target", "is_told"),
    [
        (Audience.PUBLIC, Audience.PUBLIC, True),
        (Audience.PUBLIC, Audience.MEMBERS, False),
        (Audience.MEMBERS, Audience.TEAM, False),
        (Audience.TEAM, Audience.ENROLLED, True),
    ],
)
def test_a_title_is_told_to_nobody_who_may_not_read_its_page(db, host: Audience, target: Audience, is_told: bool):
    a_text("secret", title="Projet caché", audience=str(target))
    page = html_of(db, a_text("hote", body="[[secret]]", audience=str(host)))
    assert ("Projet caché" in page) is is_told
    assert (">secret</a>" in page) is not is_told


def test_a_title_is_taken_back_when_its_text_is_withdrawn_or_closed(db):
    target = a_text("quai", title="Le quai")
    host = a_text("hote", body="[[quai]]")
    withdrawn(target)
    assert renew() == [host]
    assert ">quai</a>" in html_of(db, host)
    edition = db.session.get_one(Edition, target)
    with transaction():
        edition.document.audience = Audience.TEAM
    republished(target, "x")
    assert renew() == []


def test_dead_ways_are_refused_with_their_lines(db):
    a_text("quai", body="## Un bord\n\nTexte.")
    body = "[[rien]]\n[a](#ici) [[quai#un-bord]]\n\n[[quai#deux]] [b](rien.fr.md)\n\n![[quai#trois]]\n\n![[nul]]"
    first = 13
    assert sorted(told(body)) == [
        (first, "dead_link", "rien"),
        (first + 1, "dead_anchor", "#ici"),
        (first + 3, "dead_path", "rien.fr.md"),
        (first + 3, "dead_section", "quai"),
        (first + 5, "dead_section", "quai"),
        (first + 7, "dead_link", "nul"),
    ]


def test_a_link_to_a_draft_is_told_and_published(db):
    a_text("brouillon", is_published=False)
    assert told("[[brouillon]]") == [(13, "lint_link_unpublished", "brouillon")]


def test_a_relative_link_reaches_the_text_of_that_path(db):
    a_text("quai", body="## Bord")
    path = db.session.scalars(select(Document.path)).one()
    name = path.partition("/")[2]
    host = a_text("hote")
    republished(host, f"[là]({name}.fr.md#bord)")
    assert rows(db) == [("link", "quai", "s-bord")]
    assert 'href="/d/quai#s-bord"' in html_of(db, host)


def test_ways_are_kept_with_each_publication(db):
    a_text("a")
    host = a_text("hote", body="[[a]] [[a|encore]]")
    assert rows(db) == [("title", "a", ""), ("link", "a", "")]
    republished(host, "[[a|encore]]")
    assert rows(db) == [("link", "a", "")]
    withdrawn(host)
    assert rows(db) == []


def test_a_heading_that_others_link_to_is_not_lost_in_silence(db):
    a_text("quai", body="## Bord")
    a_text("hote", title="Hôte lié", body="[[quai#bord]]")
    assert told("Plus rien.", key="quai") == [(0, "lint_section_linked", None)]
    a_text("inclus", title="Hôte inclus", body="![[quai#bord]]")
    assert told("Plus rien.", key="quai") == [(0, "section_included", None)]


def test_an_included_text_changes_in_every_host(db):
    fragment = a_text("avis", title="Avis", body="Ancien avis.")
    hosts = [a_text(f"h{n}", body="## A\n\n![[avis]]") for n in range(3)]
    nested = a_text("haut", body="![[h0]]")
    assert all("Ancien avis." in html_of(db, host) for host in [*hosts, nested])
    republished(fragment, "Nouvel avis.")
    assert renew() == [*hosts, nested]
    assert all("Nouvel avis." in html_of(db, host) for host in [*hosts, nested])
    text = (
        select(Rendering.text).join(TextLink, TextLink.edition_id == hosts[0]).where(Rendering.text.contains("Nouvel"))
    )
    assert db.session.scalars(text).first() is not None
    assert renew() == []


def test_an_included_text_is_not_withdrawn_nor_closed(db):
    fragment = a_text("avis", title="Avis")
    a_text("hote", title="Hôte", body="![[avis]]")
    with pytest.raises(Refused) as refused:
        withdrawn(fragment)
    assert (refused.value.code, refused.value.details["hosts"]) == ("text_included", "Hôte")
    assert told("Texte.", key="avis", audience="members") == [(0, "audience_included", None)]
    assert told("Texte.", key="avis", audience="public") == []


def test_what_fewer_may_read_or_nobody_translated_is_not_included(db):
    a_text("secret", audience="team")
    a_text("english", language="en")
    assert told("![[secret]]\n\n![[english]]") == [
        (13, "include_unavailable", "secret"),
        (15, "include_unavailable", "english"),
    ]
    assert told("![[secret]]", audience="team") == []


def test_texts_do_not_include_one_another_in_a_circle(db):
    a_text("a")
    a_text("b", body="![[a]]")
    assert told("![[b]]", key="a") == [(13, "body_include_loop", None)]


def test_where_a_text_is_used(db):
    a_text("avis")
    a_text("b", title="B", body="![[avis]]")
    a_text("c", title="A", body="[[avis]]")
    assert [(host.title, host.kind) for host in links.hosts_of("avis")] == [("A", "title"), ("B", "include")]
    assert [host.title for host in links.hosts_of("avis", kind=LinkKind.INCLUDE)] == ["B"]
