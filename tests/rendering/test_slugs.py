"""Slugs are what addresses may hold, and never empty."""

import pytest
from hypothesis import given, settings, strategies as st

from academy.rendering.slugs import is_slug, slugify

CASES = {
    "L’Économie bleue": "l-economie-bleue",
    "Œuvres, Ænigma & cœur": "oeuvres-aenigma-coeur",
    "  --Port__de  Marseille!  ": "port-de-marseille",
    "e\u0301te\u0301": "ete",
    "Straße Łódź Ørsted İzmir": "strasse-lodz-orsted-izmir",
    "10 % en ½ h": "10-en-1-2-h",
    "ﬁn №5": "fin-no5",
    "": "texte",
    "!!!": "texte",
    "日本": "texte",
    "\u202eadmin\u200b": "admin",
}


@pytest.mark.parametrize(("text", "slug"), CASES.items())
def test_slugify(text: str, slug: str):
    assert slugify(text) == slug


def test_a_long_title_is_cut_between_words():
    assert slugify("un deux trois", max_length=9) == "un-deux"
    assert slugify("un deux trois", max_length=7) == "un-deux"
    assert slugify("anticonstitutionnellement", max_length=4) == "anti"


@settings(max_examples=1_000, deadline=None)
@given(st.text(max_size=120), st.integers(5, 80))
def test_slugs_are_slugs_and_stay(text: str, length: int):
    slug = slugify(text, length)
    assert is_slug(slug, length)
    assert slugify(slug, length) == slug


@pytest.mark.parametrize("text", ["", "-", "a-", "-a", "a--b", "É", "a b", "a\n", "A", "a_b", "a" * 81])
def test_not_a_slug(text: str):
    assert not is_slug(text)
