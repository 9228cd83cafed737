"""The numbers are those of the formula, and ties fall where a reader expects."""

from math import log

import pytest

from academy.search.analysis import stems, words
from academy.search.asking import _clause
from academy.search.schema import SCHEMA
from academy.search.scoring import accumulate


def _reference(documents, stem: str, language: str) -> dict[int, float]:
    """The formula of one term in plain Python: editions, plus their best unit."""
    units, editions = [], []
    for document in documents:
        if document.language != language:
            continue
        title = stems(words(document.title), language)
        parts = [stems(words(document.summary), language)]
        parts += [stems(words(" ".join(p.path[-1:]) + " " + p.text), language) for p in document.passages]
        paths = [[]] + [stems(words(" ".join(p.path)), language) for p in document.passages]
        editions.append((document.id, title, [word for part in parts for word in part]))
        units += [(document.id, title + path, part) for path, part in zip(paths, parts, strict=True)]
    best: dict[int, float] = {}
    for edition, score in _bm25(units, stem):
        best[edition] = max(best.get(edition, 0.0), score)
    return {edition: score + best[edition] for edition, score in _bm25(editions, stem) if score}


def _bm25(texts, stem: str):
    mean_title = sum(len(title) for _, title, _ in texts) / len(texts) or 1
    mean_body = sum(len(body) for *_, body in texts) / len(texts) or 1
    n = sum(stem in title or stem in body for _, title, body in texts)
    idf = log(1 + (len(texts) - n + 0.5) / (n + 0.5))
    for edition, title, body in texts:
        tf = 3 * title.count(stem) / (0.25 + 0.75 * len(title) / mean_title)
        tf += body.count(stem) / (0.5 + 0.5 * len(body) / mean_body)
        yield edition, idf * 2.6 * tf / (1.6 + tf)


@pytest.mark.parametrize("word", ["port", "cybersécurité", "énergie", "transition"])
def test_scores_are_those_of_the_formula(word: str, a_library, filled):
    documents = a_library(60)
    index = filled(documents[:50])
    index.apply([(d.id, d) for d in documents[45:]], cursor=2)  # over two segments, with deletions
    snapshot = index.snapshot()
    (stem,) = stems(words(word), "fr")
    scores, rows = accumulate(snapshot, [_clause([(words(word)[0], 1.0)])], {"fr": 1.0})
    total = scores + snapshot.layout.best(rows)
    got = {int(edition): float(score) for edition, score in zip(snapshot.ids, total, strict=True) if score}
    assert got == pytest.approx(_reference(documents, stem, "fr"), rel=1e-4)


def test_postings_are_those_that_whoosh_reads(a_library, filled):
    (leaf,) = filled(a_library(60)).snapshot().leaves
    reader = leaf.segment._reader
    terms = list(reader.lexicon("body"))
    assert len(terms) > 50
    for term in terms:
        matcher = reader.postings("body", term)
        theirs = []
        while matcher.is_active():
            theirs.append((matcher.id(), matcher.weight()))
            matcher.next()
        rows, weights = leaf.segment.postings("body", term.decode())
        assert list(zip(rows.tolist(), weights.tolist(), strict=True)) == theirs
    assert "body" in SCHEMA


def test_a_word_of_the_title_counts_more(filled, found, a_document):
    text = "Un texte sur le port et la ville, assez long pour que le mot y pèse peu."
    assert found(filled([a_document(1, "La ville", text), a_document(2, "Le port", text)]), "port") == [2, 1]


def test_the_exact_form_comes_before_its_sisters(filled, found, a_document):
    editions = [a_document(1, "La porte", "texte"), a_document(2, "Le port", "texte"), a_document(3, "Ports", "texte")]
    index = filled(editions)
    assert found(index, "port")[0] == 2
    assert found(index, "porte")[0] == 1
    assert set(found(index, "port")) == {1, 2, 3}


def test_neighbours_come_before_strangers(filled, found, a_document):
    far = "transition " + "texte ville carte budget " * 5 + "énergie"
    near = "texte ville carte budget " * 5 + "transition énergie"
    assert found(filled([a_document(1, "A", far), a_document(2, "B", near)]), "transition énergie") == [2, 1]


def test_the_best_passage_is_shown_with_its_anchor(filled, ask, a_document):
    text = "Le début parle de la ville.\n\nIci on explique l’hydrogène vert.\n\nLa fin parle du budget."
    (hit,) = ask(filled([a_document(1, "Guide", text)]), "hydrogene").hits
    assert (hit.anchor, str(hit.passage)) == ("s1", "Ici on explique l’<mark>hydrogène</mark> vert.")


def test_newest_first_when_nothing_is_asked(filled, ask, a_library):
    documents = a_library(30)
    hits = ask(filled(documents), "", per_page=50).hits
    days = [hit.published_on for hit in hits]
    assert days == sorted(days, reverse=True)
    assert {hit.key for hit in hits} == {d.key for d in documents if d.audience == "public"}


def test_stop_words_alone_still_find(filled, found, a_document):
    index = filled([a_document(1, "Être ou ne pas être", "Un texte."), a_document(2, "Ville", "Il est dans la ville.")])
    assert found(index, "être ou ne pas être")[0] == 1
    assert found(index, '"ne pas être"') == [1]


def test_a_language_has_its_own_words_and_both_answer(filled, found, a_document):
    french = a_document(1, "La formation des élèves", "Les formations au port.")
    english = a_document(2, "Training of pupils", "Trained in the harbour formation.", language="en")
    index = filled([french, english])
    assert found(index, "formation", language="fr") == [1, 2]
    assert found(index, "the formation of pupils", language="fr")[0] == 2


def test_twins_are_one_hit_in_the_asker_language(filled, ask, a_document):
    text = "innovation"
    index = filled([a_document(1, text, text, key="k"), a_document(2, text, text, key="k", language="en")])
    french, english = ask(index, text, language="fr"), ask(index, text, language="en")
    assert ([hit.edition_id for hit in french.hits], french.total) == ([1], 1)
    assert ([hit.edition_id for hit in english.hits], english.total) == ([2], 1)
    assert french.facets["language"] == [("en", 1), ("fr", 1)]
    assert french.facets["type"] == [("note", 1)]
