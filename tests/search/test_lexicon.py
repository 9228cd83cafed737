"""What a segment says of its words and titles is what counting its editions gives."""

import os
from collections import Counter, defaultdict

import pytest
from hypothesis import given, strategies as st

from academy.search import lexicon
from academy.search.analysis import FOLDED, fold
from academy.search.engine import UnavailableError
from academy.search.index import TIER, Index
from academy.search.segments import Segment
from academy.search.strings import Strings

EVERYONE = frozenset({"public", "members"})
TEXTS = (
    "le marché, la marche",
    "Le MARCHÉ et le marché",
    "la marche",
    "un cœur, des cœurs, un coeur",
    "été 2024",
    "...",
)


def _owner(segment: Segment, name: str, row: int) -> str:
    (value,) = (value for value, own in segment.values[name] if row in segment.starts[own].tolist())
    return value


def _counted(segment: Segment) -> tuple[dict, dict, list]:
    """Count edition by edition."""
    tallies, spellings, titles = defaultdict(Counter), Counter(), []
    for row in segment.starts.tolist():
        audience, language = _owner(segment, "audience", row), _owner(segment, "language", row)
        words = segment.spellings(row)
        tallies[audience, language].update({FOLDED[word] for word in words})
        spellings.update(words)
        title = segment.card(row)["title"]
        titles.append((fold(title), language, title, audience, row))
    usual = {FOLDED[word]: word for word, _ in sorted(spellings.items(), key=lambda item: (item[1], item[0]))}
    return tallies, usual, sorted(titles)


def _said(segment: Segment) -> tuple[dict, dict, list]:
    own = segment.lexicon
    titles = [
        (folded, own.keys[key][1], title, own.keys[key][0], row)
        for folded, title, (row, key) in zip(own.folded_titles, own.titles, own.places.tolist(), strict=True)
    ]
    return own.tallies(), {word: own.written(word) for word in own.words}, titles


def _segments(index: Index) -> list[Segment]:
    return [leaf.segment for leaf in index.snapshot(is_fresh=True).leaves]


@pytest.fixture
def library(a_document, a_library):
    """Both audiences, both languages, words in several spellings, editions without a word."""
    spelt = [
        a_document(100 + n, title, text, language=language, audience=audience)
        for n, (title, text, language, audience) in enumerate(
            (title, text, language, audience)
            for title in ("Marché", "marche", "", "« Été »")
            for text in TEXTS
            for language in ("fr", "en")
            for audience in ("public", "members")
        )
    ]
    return [*a_library(30), *spelt]


def test_what_is_written_is_what_counting_gives(filled, library):
    (segment,) = _segments(filled(library))
    assert _said(segment) == _counted(segment)
    assert segment.lexicon.written("marche") == "marché"
    assert {key for key, tally in segment.tallies.items() if tally["marche"]} == {
        (audience, language) for audience in EVERYONE for language in ("fr", "en")
    }


def test_after_deletions_and_merges_too(filled, library, a_document):
    index = filled(library)
    for n in range(TIER + 2):
        changes = [(101 + n, a_document(101 + n, "Quai", f"le quai {n}", audience="members")), (110 + n, None)]
        index.apply(changes, cursor=2 + n)
    before = _segments(index)
    assert len(before) == TIER + 3
    assert index.tidy()
    after = _segments(index)
    assert len(after) < len(before)
    for segment in (*before, *after):
        assert _said(segment) == _counted(segment)


@pytest.mark.parametrize("texts", [[], [""], ["…", "— ! —"]])
def test_nothing_is_said_of_no_words(texts: list[str], filled, a_document):
    index = filled([a_document(n, text, text) for n, text in enumerate(texts, 1)])
    for segment in _segments(index):
        assert (list(segment.lexicon.words), len(segment.lexicon.titles)) == ([], len(texts))
        assert _said(segment) == _counted(segment)
    vocabulary = index.snapshot().vocabulary(EVERYONE)
    assert (vocabulary.count("port"), list(vocabulary.stays.words), vocabulary.written("port")) == (0, [], "port")
    assert index.suggest("po", audiences=EVERYONE, language="fr", limit=8) == []


def test_words_of_others_are_not_even_held(filled, a_document):
    index = filled([a_document(1, "Port"), a_document(2, "Secret", "le sceau", audience="members")])
    assert list(index.snapshot().vocabulary({"public"}).stays.words) == ["port"]
    assert list(index.snapshot().vocabulary(EVERYONE).stays.words) == ["le", "port", "sceau", "secret"]


def _place(index: Index) -> tuple[int, int]:
    """Return where the words of its only segment begin in its file, and where they end."""
    (segment,) = _segments(index)
    span = segment._file(lexicon.EXTENSION).file
    return span._start, span._start + span._length


def test_a_flipped_bit_in_the_words_is_noticed_and_repaired(filled, library, root):
    start, end = _place(filled(library))
    (file,) = root.rglob("*.seg")
    whole = file.read_bytes()
    for at in range(start, end, max(1, (end - start) // 20)):
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 16]) + whole[at + 1 :])
        assert Index(root).is_ready() is False, at - start
    index = filled(library)
    assert index.suggest("marc", audiences={"public"}, language="fr", limit=8)[0] == "Marché"


def test_words_cut_under_a_running_process_are_noticed(filled, library, root):
    index = filled(library)
    start, end = _place(index)
    (file,) = root.rglob("*.seg")
    os.truncate(file, (start + end) // 2)
    with pytest.raises(UnavailableError):
        index.suggest("marc", audiences={"public"}, language="fr", limit=8)
    assert index.is_ready() is False


@given(st.sets(st.text(max_size=5), max_size=60), st.text(max_size=5))
def test_every_text_is_where_it_was_put(texts: set[str], other: str):
    ordered = sorted(texts)
    packed = Strings.of(ordered)
    again = Strings(packed.data, packed.starts)
    assert (list(again), again[:], again[1:3]) == (ordered, ordered, ordered[1:3])
    assert [again.place(text) for text in ordered] == list(range(len(ordered)))
    assert again.place(other) == (ordered.index(other) if other in texts else None)
