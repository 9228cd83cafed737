"""Drawings: well-formed, the same for the same slug, one for any slug, nothing foreign inside."""

import hashlib
import json
import math
import os
import random
import subprocess
import sys
from xml.etree import ElementTree

import pytest

from academy.formats import art
from academy.formats.art import chart, coast, covers, flags, marks, patterns

SLUGS = ("economie-bleue", "ia-et-cybersecurite", "port", "innovation-sociale", "un-cinquieme-cycle")
NAMES = ["icon", "chart", "metropolis", *(f"{kind}-{slug}" for kind in ("flag", "cover", "band") for slug in SLUGS)]


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


LATER = [f"{word}-{number}" for word in ("culture", "sport", "energie", "sante", "habitat") for number in range(12)]


def test_a_new_cycle_has_a_pattern_colours_a_flag_and_a_ground_at_once():
    for slug in LATER:
        mark = art.mark_of(slug)
        assert mark.letter in flags._FLAGS
        assert mark.pattern in covers.SPARE
        assert mark.ground in patterns.SCHEMES
        assert f'class="f-{patterns.SCHEMES[mark.ground][0].field}' in covers.field_of(slug, 800)


def test_new_cycles_look_different_from_each_other_and_from_the_founding_four():
    slugs = [*LATER, *art.FOUNDING]
    for kind in ("cover", "band"):
        assert len({art.drawing(f"{kind}-{slug}") for slug in slugs}) == len(slugs)
    taken = {mark.letter for mark in art.FOUNDING.values()} | {"Q"}
    found = [art.mark_of(slug) for slug in LATER]
    assert taken.isdisjoint({mark.letter for mark in found})
    assert {mark.letter for mark in found} == set(marks.LETTERS)
    assert {mark.ground for mark in found} == set(marks.GROUNDS)
    assert {mark.pattern for mark in found} == set(marks.PATTERNS)


def test_no_two_cycles_fly_the_same_flag_as_long_as_there_are_letters():
    slugs = [*art.FOUNDING, *LATER]
    first = art.letters_of(slugs[: 4 + len(marks.LETTERS)])
    assert len(set(first.values())) == len(first) == 4 + len(marks.LETTERS)
    assert art.letters_of(slugs).items() >= first.items()  # those who come change nothing for those before
    assert set(art.letters_of(slugs)) == set(slugs)


def test_every_letter_has_a_flag_of_its_own():
    assert set(flags._FLAGS) == {*"ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
    assert len(set(flags._FLAGS.values())) == 26


_DIGESTS = """
import hashlib, json
from academy.formats import art
names = [f"{kind}-{slug}" for kind in ("flag", "cover", "band") for slug in ("port", "un-cinquieme", "sante")]
print(json.dumps([hashlib.sha256(art.drawing(name).encode()).hexdigest() for name in [*names, "chart", "metropolis"]]))
"""


def test_drawings_are_the_same_in_every_process():
    told = [
        subprocess.run(
            [sys.executable, "-c", _DIGESTS],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("0", "4242")
    ]
    assert told[0] == told[1]
    own = hashlib.sha256((art.drawing("cover-un-cinquieme") or "").encode()).hexdigest()
    assert own in json.loads(told[0])


def test_the_coast_is_a_line_from_west_to_east_with_the_isles_apart():
    assert len(coast.SHORE) > 150
    assert coast.SHORE[0][0] < 4 < 5.9 < coast.SHORE[-1][0]
    assert all(3.8 < lon < 6 and 42.9 < lat < 43.7 for lon, lat in coast.SHORE)
    frioul = [isle for isle in coast.ISLES if any(math.dist(point, (5.30, 43.27)) < 0.02 for point in isle)]
    planier = [isle for isle in coast.ISLES if any(math.dist(point, (5.23, 43.199)) < 0.01 for point in isle)]
    assert frioul
    assert len(planier) == 1
    assert all(len(isle) > 2 for isle in coast.ISLES)


def test_the_towns_on_the_chart_stand_on_land_and_the_isles_in_the_sea():
    def is_land(lon: float, lat: float) -> bool:
        """Whether a line due south meets the shore an odd number of times."""
        crossed = 0
        for (ax, ay), (bx, by) in zip(coast.SHORE, coast.SHORE[1:], strict=False):
            if (ax <= lon) != (bx <= lon):
                crossed += ay + (by - ay) * (lon - ax) / (bx - ax) < lat
        return crossed % 2 == 1

    assert [name for name, lon, lat, *_ in chart.PLACES if name != "La Ciotat" and not is_land(lon, lat)] == []
    assert [isle for isle in coast.ISLES if is_land(*isle[0])] == []


@pytest.mark.parametrize("seed", range(6))
def test_numbers_on_the_map_never_overlap_and_stay_on_it(seed: int):
    dice = random.Random(seed)
    crowd = [(5.37 + dice.gauss(0, 0.02), 43.30 + dice.gauss(0, 0.01)) for _ in range(dice.choice((2, 12, 40)))]
    corners = [(4.801, 43.724), (5.81, 43.724), (5.81, 43.135)]
    places = art.heads([*crowd, (5.37, 43.3), (5.37, 43.3), *corners])
    assert min(math.dist(a, b) for i, a in enumerate(places) for b in places[:i]) >= 66
    assert all(33 <= x <= art.METROPOLIS.width - 33 and 33 <= y <= art.METROPOLIS.height - 33 for x, y in places)


def test_a_number_alone_stands_on_its_place():
    assert art.heads([(5.37, 43.3)]) == [art.METROPOLIS.at(5.37, 43.3)]


def test_a_place_off_the_map_has_no_drawing():
    assert art.venue_svg(2.35, 48.85) is None
    drawn = art.venue_svg(5.37, 43.3) or ""
    assert ElementTree.fromstring(drawn).tag.endswith("svg")
