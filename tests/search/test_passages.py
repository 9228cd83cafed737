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
