"""Words counted from what stays and what changed are those that a new index counts."""

import random
from collections import Counter

import numpy as np
import pytest

from academy.search.analysis import words
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
    french, english = {"gare": 99, "port": 3, "portail": 9, "porte": 1}, {"porte": 1, "porter": 2, "zzz": 0}
    parts = [(code, tally) for code, tally in (("fr", french), ("en", english))]
    stays = Stays.of((list(tally), [(code, np.array([*tally.values()], "<u4"))]) for code, tally in parts)
    assert sorted(stays.frequent("por", limit=1)) == ["portail"]
    assert sorted(stays.frequent("por", limit=3)) == ["port", "portail", "porte", "porter"]  # two are third
    assert stays.frequent("zz", limit=3) == []
    assert (stays.count("porte"), stays.get("fr", "porte"), stays.count("zzz"), stays.has("zzz")) == (2, 1, 0, False)


@pytest.mark.parametrize("seed", range(4))
def test_any_sequence_of_changes_is_counted_as_its_texts_are(seed: int, filled, a_document):
    dice = random.Random(seed)
    texts = {n: dice.choices(WORDS, k=3) for n in range(1, 30)}
    owners = {n: (dice.choice(["public", "members"]), dice.choice(["fr", "en"])) for n in range(1, 60)}

    def document(n: int):
        return a_document(n, "", " ".join(texts[n]), audience=owners[n][0], language=owners[n][1])

    index = filled(map(document, texts))
    for cursor in range(2, 14):
        changed = dice.sample(range(1, 60), 3)
        for n in changed:
            texts.pop(n, None)
            if dice.random() < 0.7:
                texts[n] = dice.choices(WORDS, k=dice.randint(0, 4))
        index.apply([(n, document(n) if n in texts else None) for n in changed], cursor=cursor)
        if dice.random() < 0.2:
            index.tidy()
        for audiences in ({"public"}, {"public", "members"}):
            vocabulary = index.snapshot(is_fresh=True).vocabulary(audiences)
            for language in ("fr", "en"):
                own = [n for n in texts if owners[n][0] in audiences and owners[n][1] == language]
                expected = Counter(word for n in own for word in set(words(" ".join(texts[n]))))
                counts = vocabulary.frequency[language]
                assert {word: counts.get(word) for word in words(" ".join(WORDS)) if word in counts} == expected
