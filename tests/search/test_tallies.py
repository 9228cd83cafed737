"""Words counted from what stays and what changed are those that a new index counts."""

from collections import Counter

from academy.search.tallies import Stays
from tests.search.engines import each_engine

engine_type = each_engine
WORDS = "port ports marché marche Marche quai gare ville navire région regions".split()


def _counts(index) -> dict[str, tuple[int, str]]:
    vocabulary = index.snapshot(is_fresh=True).vocabulary({"public"})
    words = ("port", "ports", "marche", "quai", "gare", "ville", "navire", "region", "regions", "absent")
    return {word: (vocabulary.count(word), vocabulary.frequency["fr"].get(word, 0)) for word in words}


def test_changes_count_as_a_new_index_does(filled, a_document):
    texts = {n: " ".join(WORDS[n % 5 : n % 5 + 1 + n % 7]) for n in range(1, 60)}
    index = filled([a_document(n, "Titre", text) for n, text in texts.items()])
    _counts(index)
    for cursor, n in enumerate((3, 7, 60, 3, 11), 2):
        texts[n] = " ".join(WORDS[-cursor:])
        index.apply([(n, a_document(n, "Titre", texts[n])), (n + 20, None)], cursor=cursor)
        texts.pop(n + 20, None)
        said = _counts(index)
    anew = filled([a_document(n, "Titre", text) for n, text in texts.items()])
    assert said == _counts(anew)


def test_two_spellings_in_one_edition_are_one_edition(filled, a_document):
    index = filled([a_document(1, "Marché", "La marche du marché."), a_document(2, "Marche")])
    vocabulary = index.snapshot().vocabulary({"public"})
    assert (vocabulary.count("marche"), "marche" in vocabulary.frequency["fr"]) == (2, True)


def test_the_most_frequent_are_found_among_those_that_begin_so():
    stays = Stays(
        {"fr": Counter({"port": 3, "porte": 1, "portail": 9, "gare": 99}), "en": Counter({"porter": 2, "porte": 1})}
    )
    assert sorted(stays.frequent("por", limit=1)) == ["portail"]
    assert sorted(stays.frequent("por", limit=3)) == ["port", "portail", "porte", "porter"]  # two are third
    assert stays.frequent("zz", limit=3) == []
