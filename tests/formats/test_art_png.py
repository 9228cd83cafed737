"""Pictures as PNG: the right size, the same on every machine, words inside their column, a bounded cost."""

import struct
import time
import zlib

import pytest

from academy.formats import art
from academy.formats.art import card, raster

TITLES = [
    "Innovation sociale",
    "IA et cybersécurité",
    "Énergie, hydrogène et décarbonation de l’industrie autour de l’étang de Berre",
    "WWWWWWWWWW MMMMMMMMMM",
    "Anticonstitutionnellement",
    "Œuvres & ŒUVRES — 100 % <b>",
    "漢字とкириллица",
    "mot " * 60,
    "x" * 200,
]


FAMILIES = ("Manrope", "DejaVu Sans", "Nimbus Sans", "Arial")


def _size(png: bytes) -> tuple[int, int]:
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">II", png[16:24])


def _rows(png: bytes) -> list[bytes]:
    """The pixels of an eight-bit RGBA picture, four bytes each, a row after another."""
    width, height = _size(png)
    data, at = b"", 8
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        data += png[at + 8 : at + 8 + length] if kind == b"IDAT" else b""
        at += 12 + length
    raw, size, rows, above = zlib.decompress(data), width * 4, [], bytes(width * 4)
    for y in range(height):
        kind, line = raw[y * (size + 1)], bytearray(raw[y * (size + 1) + 1 : (y + 1) * (size + 1)])
        for x in range(size):
            left, up = line[x - 4] if x >= 4 else 0, above[x]
            corner = above[x - 4] if x >= 4 else 0
            line[x] = (line[x] + (0, left, up, (left + up) // 2, _paeth(left, up, corner))[kind]) & 255
        above = bytes(line)
        rows.append(above)
    return rows


def _paeth(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    return min((left, up, corner), key=lambda value: abs(guess - value))


def test_the_cards_are_1200_by_630():
    for slug, title in (("", ""), ("port", "Le port"), ("un-cinquieme-cycle", "Culture et sport")):
        assert _size(art.png(art.card_svg(academy="Académie", title=title, slug=slug), width=1200)) == (1200, 630)


def test_a_card_shows_the_title_the_name_and_the_flag():
    svg = art.card_svg(academy="Académie One Provence", title="Le port & la mer", slug="port")
    assert "Le port &amp; la" in svg
    assert "Académie One Provence" in svg
    assert "prefers-color-scheme" not in svg
    assert art.card_svg(academy="A", title="Autre", slug="port") != svg


@pytest.mark.parametrize("title", TITLES)
def test_the_words_of_a_card_stay_in_their_column(title: str):
    size, lines = card.lines_of(title)
    assert lines
    assert len(lines) * size * 1.12 < 420, "the title meets the flag"
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 630"><style>{card._STYLE}</style>'
        f"{card._title(title, 'white')}</svg>"
    )
    rows = _rows(raster.png(drawing, width=300))
    reach = max((x for row in rows for x in range(300) if row[4 * x + 3]), default=0)
    assert reach * 4 <= card.LEFT + card.ROOM + 4


def test_the_letters_of_a_card_come_from_our_font_and_none_from_the_machine():
    words = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 99 20"><text y="15" font-family="{}">Ag</text></svg>'
    ink = {family: any(any(row) for row in _rows(raster.png(words.format(family), width=99))) for family in FAMILIES}
    assert ink == {"Manrope": True, "DejaVu Sans": False, "Nimbus Sans": False, "Arial": False}


def test_the_same_drawing_gives_the_same_bytes():
    svg = art.card_svg(academy="Académie", title="Le port", slug="port")
    assert art.png(svg, width=1200) == art.png(svg, width=1200)


def test_icons_are_square_and_opaque():
    png = art.png(art.tile_svg(margin=20), width=64)
    assert _size(png) == (64, 64)
    assert {row[4 * x + 3] for row in _rows(png) for x in range(64)} == {255}


def test_a_maskable_icon_keeps_its_flags_in_the_safe_circle():
    rows = _rows(art.png(art.tile_svg(margin=20), width=100))
    paper = rows[0][:3]
    outside = [
        (x, y)
        for y, row in enumerate(rows)
        for x in range(100)
        if (x - 49.5) ** 2 + (y - 49.5) ** 2 > 41**2 and row[4 * x : 4 * x + 3] != paper
    ]
    assert outside == []


def test_the_icon_file_holds_three_sizes():
    data = art.ico(art.icon_svg())
    assert struct.unpack("<HHH", data[:6]) == (0, 1, 3)
    for entry, side in enumerate((16, 32, 48)):
        width, height, *_, length, start = struct.unpack("<BBBBHHII", data[6 + 16 * entry : 22 + 16 * entry])
        assert (width, height) == (side, side)
        assert _size(data[start : start + length]) == (side, side)


def test_a_card_costs_less_than_two_seconds_of_one_core():
    svg = art.card_svg(academy="Académie", title="Innovation sociale", slug="innovation-sociale")
    before = time.process_time()
    art.png(svg, width=1200)
    assert time.process_time() - before < 2
