"""Draw the signal flag of a cycle, and the favicon made of four of them."""

from academy.formats.art.marks import FOUNDING, mark_of
from academy.formats.art.paint import standalone

# The International Code of Signals in our own colours, so that the code and the palette are one.
_BOX, _SWALLOWTAIL = "M0 0h60v50H0z", "M0 0h60L46 25l14 25H0z"


def _band(colour: str, path: str) -> str:
    return f'<path class="f-{colour}" d="{path}"/>'


_CROSS = "M25 0h10v20h25v10H35v20H25V30H0V20h25z"
_SALTIRE = "M0 0h9l21 17.5L51 0h9v7.5L39 25l21 17.5V50h-9L30 32.5 9 50H0v-7.5L21 25 0 7.5z"

_FLAGS = {
    "A": _band("white", "M0 0h30v50H0z") + _band("blue", "M30 0h30L46 25l14 25H30z"),
    "B": _band("red", _SWALLOWTAIL),
    "C": _band("blue", _BOX) + _band("white", "M0 10h60v30H0z") + _band("red", "M0 20h60v10H0z"),
    "D": _band("saffron", _BOX) + _band("blue", "M0 12.5h60v25H0z"),
    "E": _band("blue", "M0 0h60v25H0z") + _band("red", "M0 25h60v25H0z"),
    "F": _band("white", _BOX) + _band("red", "M30 0l30 25-30 25L0 25z"),
    "G": _band("saffron", _BOX) + _band("blue", "M10 0h10v50H10zM30 0h10v50H30zM50 0h10v50H50z"),
    "H": _band("white", "M0 0h30v50H0z") + _band("red", "M30 0h30v50H30z"),
    "I": _band("saffron", _BOX) + '<circle class="f-navy" cx="30" cy="25" r="13"/>',
    "J": _band("blue", _BOX) + _band("white", "M0 16.7h60v16.6H0z"),
    "K": _band("saffron", "M0 0h30v50H0z") + _band("blue", "M30 0h30v50H30z"),
    "L": _band("saffron", _BOX) + _band("navy", "M30 0h30v25H30zM0 25h30v25H0z"),
    "M": _band("blue", _BOX) + _band("white", _SALTIRE),
    "N": _band("white", _BOX) + _band("blue", "M0 0h15v12.5H0zM30 0h15v12.5H30zM15 12.5h15V25H15zM45 12.5h15V25H45zM0 25h15v12.5H0zM30 25h15v12.5H30zM15 37.5h15V50H15zM45 37.5h15V50H45z"),
    "O": _band("saffron", "M0 0v50h60z") + _band("red", "M0 0h60v50z"),
    "P": _band("blue", _BOX) + _band("white", "M20 16.5h20v17H20z"),
    "Q": _band("saffron", _BOX),
    "R": _band("red", _BOX) + _band("saffron", _CROSS),
    "S": _band("white", _BOX) + _band("blue", "M18 15h24v20H18z"),
    "T": _band("red", "M0 0h20v50H0z") + _band("white", "M20 0h20v50H20z") + _band("blue", "M40 0h20v50H40z"),
    "U": _band("white", _BOX) + _band("red", "M0 0h30v25H0zM30 25h30v25H30z"),
    "V": _band("white", _BOX) + _band("red", _SALTIRE),
    "W": _band("blue", _BOX) + _band("white", "M12 10h36v30H12z") + _band("red", "M22 18h16v14H22z"),
    "X": _band("white", _BOX) + _band("blue", _CROSS),
    "Y": _band("saffron", _BOX) + _band("red", "M0 10L12 0h12L0 20zM0 30L36 0h12L0 40zM0 50L60 0v10L12 50zM24 50l36-30v10L36 50zM48 50l12-10v10z"),
    "Z": _band("saffron", "M0 0h60L30 25z") + _band("blue", "M60 0v50L30 25z") + _band("red", "M60 50H0l30-25z") + _band("navy", "M0 50V0l30 25z"),
}  # fmt: skip


def letter_of(slug: str) -> str:
    """The letter of a cycle's flag."""
    return mark_of(slug).letter


def cloth(slug: str, letter: str = "") -> str:
    """Draw the flag alone, 60 by 50 from the origin: that of the slug, or of a letter."""
    letter = letter or letter_of(slug)
    edge = _SWALLOWTAIL if letter in "AB" else _BOX
    return f'{_FLAGS[letter]}<path class="flag__edge" d="{edge}"/>'


def flag_svg(slug: str, letter: str = "", *, standalone: bool = False) -> str:
    """Draw the flag of a slug, or of a letter, to put in a page (its colours come from the style sheet), or as a file."""
    if standalone:
        return _file(cloth(slug, letter), "-1 -1 62 52")
    return f'<svg class="flag" viewBox="-1 -1 62 52" aria-hidden="true" focusable="false">{cloth(slug, letter)}</svg>'


def icon_svg() -> str:
    """Draw the favicon: the four founding flags, hoisted two by two."""
    return _file(_hoist(), "-5 -15 132 132")


def tile_svg(*, margin: int) -> str:
    """Draw the icon on paper, for the home screens of telephones; *margin* is its share of the side, in hundredths."""
    side = 122 * 100 // (100 - 2 * margin)
    paper = f"M{61 - side} {51 - side}h{2 * side}v{2 * side}h-{2 * side}z"
    body = f'<path class="f-paper" d="{paper}"/>{_hoist()}'
    box = f"{61 - side / 2:g} {51 - side / 2:g} {side} {side}"
    return standalone(body, box, style=_EDGE, has_night=False)


def _hoist() -> str:
    places = zip(FOUNDING, ((0, 0), (62, 0), (0, 52), (62, 52)), strict=True)
    return "".join(f'<g transform="translate({x} {y})">{cloth(slug)}</g>' for slug, (x, y) in places)


def _file(body: str, box: str) -> str:
    return standalone(body, box, style=_EDGE)


_EDGE = ".flag__edge{fill:none;stroke:#0a1836;stroke-width:1.5}"
