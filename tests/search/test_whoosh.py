"""What only the Whoosh engine has: segments that are merged, seals, and the scores of Whoosh itself."""

from itertools import cycle
from math import log

import pytest
from whoosh import fields, index, scoring
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.filedb.filestore import RamStorage
from whoosh.query import Term

from academy.search.analysis import stems, words
from academy.search.index import Index
from academy.search.scoring import BODY_B, K1
from academy.search.storage import read_seal
from tests.search.engines import answers, similar


class _WithOurIdf(scoring.BM25F):
    """Whoosh's formula; its idf (log(N / (n + 1)) + 1) is the one thing that we replace."""

    def idf(self, searcher, fieldname, text):
        total, n = searcher.doc_count_all(), searcher.doc_frequency(fieldname, text)
        return log(1 + (total - n + 0.5) / (n + 0.5))


EXACT = (8, 10, 14, 18, 21, 26, 30)  # lengths that Whoosh's one byte keeps as they are


def _passages(a_library) -> list:
    return [passage for document in a_library(90) for passage in document.passages if len(passage.text.split()) >= 30]


@pytest.mark.parametrize("word", ["port", "énergie", "cybersécurité", "littoral"])
def test_a_passage_scores_as_in_whoosh_itself(word: str, a_library, a_document, filled):
    texts = [" ".join(passage.text.split()[:n]) for n, passage in zip(cycle(EXACT), _passages(a_library), strict=False)]
    snapshot = filled([a_document(i, "", text) for i, text in enumerate(texts, 1)]).snapshot()
    (stem,) = stems(words(word), "fr")
    found = snapshot.term("fr", stem)
    ours = {int(place): float(score) for place, score in zip(found.places, found.row_scores, strict=True)}

    schema = fields.Schema(row=fields.STORED, body=fields.TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=False))
    written = index.FileIndex.create(RamStorage(), schema, "OTHER")
    writer = written.writer()
    for edition, text in enumerate(texts):
        row = int(snapshot.first_row[edition])
        writer.add_document(row=row)  # the empty title and summary are a row too
        writer.add_document(row=row + 1, body=" ".join(stems(words(text), "fr")))
    writer.commit()
    with written.searcher(weighting=_WithOurIdf(B=BODY_B, K1=K1)) as searcher:
        theirs = {
            int(snapshot.layout.place_of[hit["row"]]): hit.score
            for hit in searcher.search(Term("body", stem), limit=None)
        }
    assert len(theirs) > 10
    assert ours == pytest.approx(theirs, rel=1e-4)


def test_many_small_commits_equal_one_rebuild(filled, a_library, root, tmp_path):
    documents = a_library(40)
    index = filled(documents[:20])
    for n, document in enumerate(documents[10:], 2):
        index.apply([(document.id, document)], cursor=n)
        index.tidy()
    index.apply([(d.id, None) for d in documents[:5]], cursor=100)
    index.apply([(d.id, d) for d in documents[:5]], cursor=101)
    assert len(index.snapshot().leaves) < 16  # segments were merged on the way
    assert [index.tidy() for _ in range(4)][-1] is False  # what was merged may be due once more, not for ever
    rebuilt = Index(tmp_path / "other")
    rebuilt.rebuild(documents, cursor=101, replacing=None)
    assert similar(answers(index), answers(rebuilt))
    assert similar(answers(Index(root)), answers(rebuilt))


def test_a_busy_writer_merges_too(filled, found, a_document):
    index = filled([a_document(1, "Port")])
    for n in range(2, 40):
        index.apply([(n, a_document(n, "Port"))], cursor=n)
    assert len(index.snapshot().leaves) < 30
    assert len(found(index, "port")) == 39


def test_nothing_is_left_behind_by_commits(filled, a_library, root):
    index = filled(a_library(5))
    for n, document in enumerate(a_library(5, seed=2), 2):
        index.apply([(document.id, document)], cursor=n)
    folder, number = index.generation()
    seal = read_seal(root / folder, number)
    kept = {path.name for path in (root / folder).iterdir()}
    assert {name for name in kept if ".toc" in name} == {f"_MAIN_{number}.toc"}
    assert {name for name in kept if name.endswith(".seg")} <= set(seal["files"])


@pytest.mark.parametrize("size", [0, 4, 5, 12])
def test_a_large_rebuild_is_written_batch_by_batch(size: int, filled, a_library, monkeypatch):
    monkeypatch.setattr("academy.search.index.BATCH", 4)
    documents = a_library(size)
    index = filled(documents)
    assert sorted(index.snapshot().ids.tolist()) == [document.id for document in documents]
    index.verify(index.generation())
