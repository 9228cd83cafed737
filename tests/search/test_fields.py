"""Filters typed in the box: by code or by word, several words between quotes; unknown ones are told, never an error."""

import pytest

from academy import search
from academy.search.query import parse
from tests.search.test_finder import found, publish

LABELS = {"type": {"Boîte à outils": "kit", "Vidéo": "video"}, "topic": {"Économie bleue": "economie-bleue"}}


@pytest.fixture
def index(filled, a_document):
    return filled([
        a_document(1, "Port", "port", type="kit", authors=("Marie Dupont",), topics=("economie-bleue",), year=2025),
        a_document(2, "Port", "port", type="note", authors=("Paul Durand", "Zoé Dupont-Aignan"), cycle="port", year=2026),
        a_document(3, "Port", "port", type="guide", authors=("Équipe",), language="en", audience="members"),
    ])  # fmt: skip


@pytest.mark.parametrize(("typed", "expected"), [
    ("type:kit", [1]), ("TYPE:Kit", [1]), ('type:"boite a outils"', [1]), ("type:kit type:note", [1, 2]), ("annee:2026", [2]),
    ("année:2025", [1]), ("year:2026", [2]), ('theme:"économie bleue"', [1]), ("topic:economie-bleue", [1]), ("cycle:port", [2]),
    ("auteur:dupont", [1, 2]), ('auteur:"marie dupont"', [1]), ('author:"Dupont Marie"', [1]), ("auteur:ZOE", [2]),
    ("type:kit cycle:port", []), ("type:video", []), ("langue:fr", [1, 2]),
])  # fmt: skip
def test_what_is_typed_narrows(typed: str, expected: list[int], index, found):
    assert sorted(found(index, f"port {typed}", labels=LABELS)) == expected
    assert sorted(found(index, typed, labels=LABELS)) == expected


@pytest.mark.parametrize(("typed", "near"), [
    ("type:kitt", ("kit",)), ("type:outils", ("kit",)), ("type:zzz", ("kit", "note")), ("auteur:dupond", ("Marie Dupont",)),
    ("annee:2052", ("2025",)), ("theme:bleu", ("economie-bleue",)), ("cycle:prot", ("port",)),
])  # fmt: skip
def test_an_unknown_value_is_left_out_and_known_ones_are_near(typed: str, near: tuple[str, ...], index, ask):
    results = ask(index, f"port {typed}", labels=LABELS)
    (read,) = results.typed
    assert (results.total, read.values) == (2, ())
    assert set(near) <= set(read.near) or typed.startswith("auteur")
    assert all(value in {"kit", "note", "2025", "2026", "economie-bleue", "port", *AUTHORS} for value in read.near)


AUTHORS = {"Marie Dupont", "Paul Durand", "Zoé Dupont-Aignan"}


def test_only_what_the_asker_may_see_is_known(index, ask):
    assert ask(index, "type:guide").typed[0].values == ()
    assert "guide" not in ask(index, "type:guid").typed[0].near
    assert "Équipe" not in ask(index, "auteur:equipe").typed[0].near
    assert ask(index, "auteur:equipe", audiences=frozenset({"public", "members"})).total == 1


def test_a_filter_is_taken_out_of_the_text_with_its_quotes():
    query = parse('port auteur:"marie dupont" type:note fin')
    assert [query.without_field(field) for field in query.fields] == [
        "port type:note fin",
        'port auteur:"marie dupont" fin',
    ]


def test_many_and_hostile_values_are_answered(index, ask):
    for typed in (
        "type:",
        'type:""',
        "auteur:\U0001f4a3",
        "type:" + "é" * 190,
        "auteur:* " * 20,
        "annee:٢٠٢٦",
        "cycle:<b>",
        "type:::",
    ):
        ask(index, typed)


def test_authors_come_from_the_front_matter(db):
    edition = publish("port", "Le port", "Un texte.", authors=["Académie (texte de départ)"])
    publish("gare", "La gare", "Un texte.", authors=[])
    search.sync()
    assert found("auteur:academie") == found('texte author:"texte de départ"') == [edition]


def test_without_an_index_typed_filters_hold_too(db):
    edition = publish("port", "Le port", "Un texte.", authors=["Marie Dupont"], type="video")
    publish("gare", "La gare", "Un texte.", authors=["Paul"])
    assert found("texte auteur:dupont") == found("texte type:video") == [edition]
    assert found("texte type:kit") == []
