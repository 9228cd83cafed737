"""Phrases, minus, fields and facets: what is strict is strict, and what is counted is what one gets."""

from collections import defaultdict

import pytest

from academy.search.results import FACETS, Filters
from tests.search.engines import each_engine

engine_type = each_engine


def test_a_phrase_is_words_in_a_row_in_one_text(filled, found, a_document):
    index = filled([
        a_document(1, "Un", "La ville de Marseille est un port."),
        a_document(2, "Deux", "Marseille, une ville de la côte."),
        a_document(3, "Ville", "de Marseille"),  # not across title and text
        a_document(4, "Quatre", "la ville.\n\nde Marseille"),  # nor across two passages
    ])  # fmt: skip
    assert found(index, '"ville de Marseille"') == [1]
    assert found(index, "« VILLE de marseille »") == [1]
    assert found(index, '"villes de Marseille"') == []


def test_minus_leaves_out(filled, found, a_document):
    index = filled(
        [a_document(1, "Port", "bateau"), a_document(2, "Port", "vélo"), a_document(3, "Gare", "train à quai")]
    )
    assert found(index, "port -bateau") == [2]
    assert sorted(found(index, "-bateau")) == [2, 3]
    assert sorted(found(index, '-"train à quai"')) == [1, 2]


def test_a_prefix_finds_whole_words(filled, found, a_document):
    index = filled([a_document(1, "A", "portuaire"), a_document(2, "B", "portail"), a_document(3, "C", "sport")])
    assert sorted(found(index, "port*")) == [1, 2]
    assert found(index, "portuaires*") == []


def test_too_common_phrases_are_told(filled, ask, a_document, monkeypatch):
    monkeypatch.setattr("academy.search.conditions.PHRASES_CHECKED", 3)
    results = ask(filled([a_document(i, "Port", "la ville de Marseille") for i in range(1, 9)]), '"ville de Marseille"')
    assert (results.total, results.notice) == (3, "phrase_limit")


def _values(document, facet: str) -> tuple[str, ...]:
    several = {"topic": "topics", "territory": "territories", "stakeholder": "stakeholders"}
    if facet in several:
        return getattr(document, several[facet])
    return tuple(str(value) for value in [getattr(document, facet)] if value)


def _passes(document, chosen: dict[str, tuple], but: str | None = None) -> bool:
    return all(
        {str(value) for value in values} & set(_values(document, facet))
        for facet, values in chosen.items()
        if facet != but
    )


CHOICES = [
    {}, {"type": ("note",)}, {"type": ("note", "kit")}, {"topic": ("mer", "climat"), "type": ("video",)},
    {"language": ("en",)}, {"language": ("fr", "en"), "cycle": ("eau",)}, {"year": (2024, 2025)},
    {"territory": ("martigues", "arbois"), "stakeholder": ("students",)},
    {"licence": ("CC0-1.0",), "topic": ("emploi",)}, {"type": ("unknown",)},
]  # fmt: skip


@pytest.mark.parametrize("chosen", CHOICES)
@pytest.mark.parametrize("audiences", [{"public"}, {"public", "members"}])
def test_facets_count_documents_without_their_own_filter(chosen, audiences, filled, ask, a_library):
    documents = a_library(90)
    results = ask(filled(documents), "", filters=Filters(**chosen), audiences=frozenset(audiences), per_page=100)
    seen = [d for d in documents if d.audience in audiences]
    assert results.total == len({d.key for d in seen if _passes(d, chosen)}) == len(results.hits)
    for facet in FACETS:
        keys = defaultdict(set)
        for document in seen:
            if _passes(document, chosen, but=facet):
                for value in _values(document, facet):
                    keys[value].add(document.key)
        expected = {value: len(found) for value, found in keys.items()}
        chosen_zero = {str(value): 0 for value in chosen.get(facet, ())}
        assert dict(results.facets[facet]) == chosen_zero | expected


def test_a_count_is_what_one_gets(filled, ask, a_library):
    index = filled(a_library(60))
    for facet, values in ask(index, "port").facets.items():
        for value, count in values:
            assert ask(index, "port", filters=Filters(**{facet: (value,)})).total == count


def test_typed_fields_are_filters(filled, ask, a_library):
    index = filled(a_library(60))
    typed, ticked = ask(index, "port type:video"), ask(index, "port", filters=Filters(type=("video",)))
    assert typed.total == ticked.total > 0
    assert dict(typed.facets["type"]) == dict(ticked.facets["type"])


def test_kinds_narrow_silently(filled, found, a_document):
    index = filled([a_document(1, "Port", kind="page"), a_document(2, "Port", kind="module")])
    assert found(index, "port", kinds=("module", "resource")) == [2]


def test_pages_are_slices_of_one_order(filled, ask, a_library):
    index = filled(a_library(80))
    whole = [hit.key for hit in ask(index, "port ville énergie", per_page=100).hits]
    pages = [hit.key for n in range(1, 12) for hit in ask(index, "port ville énergie", per_page=7, page=n).hits]
    assert pages == whole
    assert len(set(whole)) == len(whole)
    assert ask(index, "port", page=999).hits == []


def test_a_question_may_be_asked_among_some_editions(filled, ask, a_document):
    index = filled([a_document(i, f"Port {i}", "le port", territories=("fos",)) for i in range(1, 5)])
    for q in ("port", "", '"le port"', "por*"):
        results = ask(index, q, only=frozenset({2, 4, 99}))
        assert (sorted(hit.edition_id for hit in results.hits), results.total) == ([2, 4], 2), q
        assert results.facets["territory"] == [("fos", 2)]
    assert ask(index, "port", only=frozenset()).total == 0
