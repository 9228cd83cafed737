"""Draw the signal flag of a cycle, and the favicon made of four of them."""

import hashlib

from academy.formats.art.paint import standalone

# Letters of the International Code of Signals, in our own four colours so that the code and the palette are one.
LETTERS = {
    "economie-bleue": "A",
    "ia-et-cybersecurite": "I",
    "port": "P",
    "innovation-sociale": "K",
    "ressources": "Q",
}
SPARE = "DGJLMSX"  # a cycle that the academy adds later hoists one of these

_BOX, _SWALLOWTAIL = "M0 0h60v50H0z", "M0 0h60L46 25l14 25H0z"


def _band(colour: str, path: str) -> str:
    return f'<path class="f-{colour}" d="{path}"/>'


_FLAGS = {
    "A": _band("white", "M0 0h30v50H0z") + _band("blue", "M30 0h30L46 25l14 25H30z"),
    "D": _band("saffron", _BOX) + _band("blue", "M0 12.5h60v25H0z"),
    "G": _band("saffron", _BOX) + _band("blue", "M10 0h10v50H10zM30 0h10v50H30zM50 0h10v50H50z"),
    "I": _band("saffron", _BOX) + '<circle class="f-navy" cx="30" cy="25" r="13"/>',
    "J": _band("blue", _BOX) + _band("white", "M0 16.7h60v16.6H0z"),
    "K": _band("saffron", "M0 0h30v50H0z") + _band("blue", "M30 0h30v50H30z"),
    "L": _band("saffron", _BOX) + _band("navy", "M30 0h30v25H30zM0 25h30v25H0z"),
    "M": _band("blue", _BOX)
    + _band(
        "white",
        "M0 0h9l21 17.5L51 0h9v7.5L39 25l21 17.5V50h-9L30 32.5 9 50H0v-7.5L21 25 0 7.5z",
    ),
    "P": _band("blue", _BOX) + _band("white", "M20 16.5h20v17H20z"),
    "Q": _band("saffron", _BOX),
    "S": _band("white", _BOX) + _band("blue", "M18 15h24v20H18z"),
    "X": _band("white", _BOX) + _band("blue", "M24 0h12v19h24v12H36v19H24V31H0V19h24z"),
}


def letter_of(slug: str) -> str:
    """Choose the letter of a cycle's flag, the same for the same slug on every machine."""
    digest = hashlib.sha256(slug.encode()).digest()
    return LETTERS.get(slug) or SPARE[digest[0] % len(SPARE)]


def cloth(slug: str) -> str:
    """Draw the flag alone, 60 by 50 from the origin."""
    letter = letter_of(slug)
    edge = _SWALLOWTAIL if letter == "A" else _BOX
    return f'{_FLAGS[letter]}<path class="flag__edge" d="{edge}"/>'


def flag_svg(slug: str, *, standalone: bool = False) -> str:
    """Draw a flag to put in a page (its colours come from the style sheet), or as a file of its own."""
    if standalone:
        return _file(cloth(slug), "-1 -1 62 52")
    return f'<svg class="flag" viewBox="-1 -1 62 52" aria-hidden="true" focusable="false">{cloth(slug)}</svg>'


def icon_svg() -> str:
    """Draw the favicon: the four founding flags, hoisted two by two."""
    places = zip(list(LETTERS)[:4], ((0, 0), (62, 0), (0, 52), (62, 52)), strict=True)
    body = "".join(f'<g transform="translate({x} {y})">{cloth(slug)}</g>' for slug, (x, y) in places)
    return _file(body, "-5 -15 132 132")


def _file(body: str, box: str) -> str:
    return standalone(body, box, style=".flag__edge{fill:none;stroke:#0a1836;stroke-width:1.5}")
