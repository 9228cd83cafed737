"""Drawings: well-formed, the same for the same slug, one for any slug, nothing foreign inside."""

from xml.etree import ElementTree

import pytest

from academy.formats import art

SLUGS = ("economie-bleue", "ia-et-cybersecurite", "port", "innovation-sociale", "un-cinquieme-cycle")
NAMES = ["icon", "chart", *(f"{kind}-{slug}" for kind in ("flag", "cover", "band") for slug in SLUGS)]


@pytest.mark.parametrize("name", NAMES)
def test_a_drawing_is_well_formed_and_always_the_same(name: str):
    drawn = art.drawing(name)
    assert drawn is not None
    assert ElementTree.fromstring(drawn).tag == "{http://www.w3.org/2000/svg}svg"
    assert art.drawing(name) == drawn


@pytest.mark.parametrize("name", NAMES)
def test_a_drawing_runs_nothing_and_fetches_nothing(name: str):
    drawn = art.drawing(name) or ""
    assert "<script" not in drawn
    assert 'href="http' not in drawn
    assert not {
        attribute
        for node in ElementTree.fromstring(drawn).iter()
        for attribute in node.attrib
        if attribute.startswith("on")
    }


def test_cycles_have_drawings_of_their_own():
    for kind in ("flag", "cover"):
        assert len({art.drawing(f"{kind}-{slug}") for slug in SLUGS}) == len(SLUGS)


def test_a_slug_cannot_break_out_of_its_drawing():
    for slug in ('"><script>alert(1)</script>', "a&b", "é" * 50):
        ElementTree.fromstring(art.drawing(f"cover-{slug}") or "<svg/>")
