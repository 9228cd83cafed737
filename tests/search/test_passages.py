"""The passage that is shown says something: lists of sources come last."""

import pytest

from academy.search.document import Passage


def _shown(filled, ask, a_document, passages, *, summary: str = ""):
    text = " ".join(passage.text for passage in passages)
    index = filled(
        [a_document(1, "Titre", text, passages=tuple(passages), summary=summary), a_document(2, "Autre", "Rien.")]
    )
    hit = ask(index, "sigle").hits[0]
    return hit.anchor, str(hit.passage)


SAID = Passage(
    "corps",
    ("Le corps",),
    "Dans ce passage, le sigle est nommé parmi beaucoup d’autres choses que l’on explique longuement.",
)


@pytest.mark.parametrize("listed", [
    Passage("sources", ("Sources",), "Sigle. Sigle. Sigle."),
    Passage("sources", ("Partie", "Références"), "Sigle. Sigle. Sigle."),
    Passage("sources", ("Sources et lectures",), "Sigle. Sigle. Sigle."),
    Passage("sources", ("Où chercher",), "Sigle : cyber.gouv.fr. Sigle : eur-lex.europa.eu. Sigle : iucn.org."),
])  # fmt: skip
def test_a_list_of_sources_is_not_what_is_shown(listed: Passage, filled, ask, a_document):
    assert _shown(filled, ask, a_document, [SAID, listed])[0] == "corps"
    other = Passage("corps", (), "Rien de tel ici.")
    assert _shown(filled, ask, a_document, [other, listed], summary="Un résumé.") == ("", "Un résumé.")
    assert _shown(filled, ask, a_document, [other, listed])[0] == "sources"  # nothing else to show


def test_a_heading_with_the_word_in_a_sentence_is_no_list(filled, ask, a_document):
    passage = Passage("corps", ("Cinq sources d’argent pour agir",), "Le sigle, le sigle.")
    assert _shown(filled, ask, a_document, [passage, SAID])[0] == "corps"


def test_where_the_title_alone_has_the_words_the_hit_leads_to_the_top(filled, ask, a_document):
    other = Passage("pour-qui", ("Pour qui",), "Pour toutes et tous.")
    index = filled([
        a_document(1, "Économie bleue", other.text, passages=(other,), summary="Six séances."),
        a_document(2, "Filière bleue", other.text, passages=(Passage("but", ("Le sigle",), other.text),), summary="Une."),
        a_document(3, "Autre", "Rien."),
    ])  # fmt: skip
    hits = {hit.key: hit for hit in ask(index, "économie bleue").hits}
    assert [(hit.anchor, str(hit.passage)) for hit in hits.values()] == [("", "Six séances."), ("", "Une.")]
    assert ask(index, "sigle filière").hits[0].anchor == "but"  # its heading has one of them
