"""Turn a formula in TeX into MathML, and into one line of plain text.

latex2mathml does the reading. It lets a formula define macros, carry links and styles, and write text unescaped:
hence a list of commands, a list of elements and attributes, and trees instead of its strings.
"""

import re
from functools import cache
from html import unescape
from xml.etree.ElementTree import Element

from academy.rendering.results import RenderingRefused

MAX_FORMULA = 1_000  # characters
MAX_FORMULAS = 20_000  # characters of all the formulas of a page
MAX_DEPTH = 16  # of braces, brackets of \left and environments
COMMAND = re.compile(r"\\(?:[a-zA-Z]+\*?|.)", re.DOTALL)
NESTING = re.compile(r"\\(?:[{}]|left\b|right\b|begin\b|end\b|.)|[{}]", re.DOTALL)
DECIMAL_COMMA = re.compile(r"(?<=[0-9]),(?=[0-9])")
# Commands that could define, style, move or link, or that need elements which browsers do not draw.
REFUSED = frozenset(
    "\\" + name
    for name in "DeclareMathOperator above abovewithdelims atopwithdelims bcancel boxed cancel class color colorbox def fbox "
    "fcolorbox genfrac hbox href hskip hspace kern leftroot lower mathchoice mkern movleft moveleft moveright mskip mspace "
    "newcommand newenvironment raise rule shoveleft shoveright sideset skew smash sout style tag tag* textcolor unicode "
    "uproot verb vcenter xcancel".split()
)
EXTRA = frozenset(("\\begin", "\\end", "\\tag", "\\ ", "\\\n", "\\{", "\\}", "\\%", "\\#", "\\$", "\\&", "\\_", "\\|"))
MATHML = frozenset(
    "math mfrac mi mn mo mover mpadded mphantom mroot mrow mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr "
    "munder munderover".split()
)
ATTRIBUTES = frozenset(
    "accent columnalign display displaystyle fence form largeop linethickness mathvariant maxsize minsize movablelimits "
    "scriptlevel separator stretchy width".split()
)
VALUE = re.compile(r"[a-z0-9.+ -]{1,40}")
SUPERSCRIPTS = str.maketrans("0123456789+−-=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ")
SUBSCRIPTS = str.maketrans("0123456789+−-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
# Elements whose parts have a place each, with the number of the parts.
_JOINED = {
    "mfrac": 2,
    "msqrt": 1,
    "mroot": 2,
    "msup": 2,
    "mover": 2,
    "msub": 2,
    "munder": 2,
    "msubsup": 3,
    "munderover": 3,
}
SPACED = frozenset("=+−×÷·±<>≤≥≠≈∼∝→←↔⇒⇔∈∉⊂⊆∪∩∧∨∣")


class Unreadable(Exception):
    """Say why a formula is none; `args` holds the code of the refusal and its limit."""


def mathml(tex: str, *, block: bool) -> Element:
    """Read a formula. Raise `Unreadable` with math_too_long, math_too_deep, math_command or math_unreadable."""
    _check(tex)
    from latex2mathml.converter import Converter  # only for the texts that have formulas: a tenth of a second

    source = DECIMAL_COMMA.sub(r"\\text{,}", tex)
    try:
        tree = Converter(display="block" if block else "inline").convert_to_element(source)
        clean = _copied(tree)
    except (MemoryError, RenderingRefused):
        raise
    except Exception as error:  # each of its errors is a class of its own, without a common one
        raise Unreadable("math_unreadable", None) from error
    clean.set("alttext", plain(clean))
    return clean


def _check(tex: str) -> None:
    if len(tex) > MAX_FORMULA:
        raise Unreadable("math_too_long", MAX_FORMULA)
    depth = 0
    for match in NESTING.finditer(tex):
        depth += {"{": 1, "\\left": 1, "\\begin": 1, "}": -1, "\\right": -1, "\\end": -1}.get(match[0], 0)
        if depth > MAX_DEPTH:
            raise Unreadable("math_too_deep", MAX_DEPTH)
    if depth:
        raise Unreadable("math_unreadable", None)
    for command in COMMAND.findall(tex):
        if command.rstrip("*") in REFUSED or not (command in _known() or command.rstrip("*") in _known()):
            raise Unreadable("math_command", None)


@cache
def _known() -> frozenset[str]:
    from latex2mathml import commands, symbols_parser

    found: set[str] = set(symbols_parser.SYMBOLS) | EXTRA
    for value in vars(commands).values():
        if isinstance(value, str):
            found.add(value)
        elif isinstance(value, (tuple, dict)):
            found.update(item for item in value if isinstance(item, str))
    return frozenset(name for name in found if name.startswith("\\"))


def _copied(element: Element) -> Element:
    """Copy the elements and attributes of the lists; any other element is an error."""
    if element.tag not in MATHML:
        raise ValueError(element.tag)
    attrs = {name: value for name, value in element.attrib.items() if name in ATTRIBUTES and VALUE.fullmatch(value)}
    copy = Element(element.tag, attrs)
    copy.text = unescape(element.text or "") or None
    copy.extend(_copied(child) for child in element)
    return copy


def plain(element: Element) -> str:
    """Write a formula on one line, for the index, the paper and whoever has no MathML: `(a + b)/2`, `x²`, `√(x)`."""
    return re.sub(r"[ \u00a0]+", " ", _plain(element)).strip()


def _plain(element: Element) -> str:
    parts = [_plain(child) for child in element]
    if element.tag in _JOINED and len(parts) == _JOINED[element.tag]:
        return _joined(element.tag, *parts)
    if element.tag == "mtable":
        return "[" + "; ".join(parts) + "]"
    if element.tag == "mtr":
        return ", ".join(part.strip() for part in parts)
    if len(element) > 1:  # beside something else, a fraction needs its brackets
        parts = [f"({part})" if child.tag == "mfrac" else part for child, part in zip(element, parts, strict=True)]
    text = " " if element.tag == "mspace" else element.text or ""
    return f" {text} " if element.tag == "mo" and text in SPACED else text + "".join(parts)


def _joined(tag: str, main: str, other: str = "", above: str = "") -> str:
    match tag:
        case "mfrac":
            return f"{_grouped(main)}/{_grouped(other)}"
        case "msqrt":
            return f"√{_grouped(main)}"
        case "mroot":
            return f"{_script(other, SUPERSCRIPTS, '')}√{_grouped(main)}"
        case "msup":
            return main + _script(other, SUPERSCRIPTS, "^")
        case "mover":
            return main + other
    return main + _script(other, SUBSCRIPTS, "_") + _script(above, SUPERSCRIPTS, "^")


def _grouped(text: str) -> str:
    text = text.strip()
    return text if len(text) < 2 or text.isalnum() else f"({text})"


def _script(text: str, signs: dict[int, int], mark: str) -> str:
    text = text.strip()
    small = text.replace(" ", "")
    if small and all(ord(sign) in signs for sign in small):
        return small.translate(signs)
    return f"{mark}{_grouped(text)}" if text else ""
