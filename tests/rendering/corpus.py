"""Course files as trainers write them, in French and in English: 240 texts made from habits seen in real files.

Each text is a list of blocks. Those of plain Markdown may be read by any CommonMark parser; the others are ours.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass

FILES = 240
WORDS = {
    "fr": (
        "le port de commerce accueille des navires ; la rade abrite les câbles sous-marins et l’énergie du large : "
        "une escale, un quai, un pilote, des données, la cybersécurité d’une entreprise, l’innovation « sociale », "
        "les habitants & les élus, 12 % d’aides, 3,5 km de digue"
    ).split(" "),
    "en": (
        "the trading port welcomes ships; the roadstead shelters submarine cables and energy from the open sea: "
        "a call, a quay, a pilot, some data, the cybersecurity of a company, “social” innovation, "
        "residents & elected people, 12% of aid, 3.5 km of breakwater"
    ).split(" "),
}


@dataclass(frozen=True)
class Block:
    """A piece of a text; `is_plain` if any CommonMark parser reads it as ours does."""

    text: str
    is_plain: bool = True
    joins: bool = False  # it follows the piece before without a blank line, as people do


@dataclass(frozen=True)
class Course:
    """One file."""

    language: str
    blocks: tuple[Block, ...]

    def source(self, *, plain: bool) -> str:
        """The whole file, or the pieces of plain Markdown alone."""
        kept = [block for block in self.blocks if block.is_plain or not plain]
        return "".join(("\n" if block.joins else "\n\n") + block.text for block in kept).lstrip("\n") + "\n"


def courses() -> list[Course]:
    """The same files on every machine."""
    return [_course(number) for number in range(FILES)]


def _course(number: int) -> Course:
    language = ("fr", "en")[number % 2]
    writer = _Writer(random.Random(number), language)
    blocks = [Block(writer.sentences(2))]
    for section in range(writer.dice.randint(3, 6)):
        blocks.append(Block(f"{'##' if section % 3 else '###' if section else '##'} {writer.words(4)}"))
        for _ in range(writer.dice.randint(2, 5)):
            makers = PLAIN if writer.dice.random() < 0.7 else OURS
            blocks += writer.dice.choice(makers)(writer)
    return Course(language, tuple(blocks))


class _Writer:
    """Draws words and marks."""

    def __init__(self, dice: random.Random, language: str) -> None:
        self.dice, self.language = dice, language

    def words(self, count: int) -> str:
        return " ".join(self.dice.choices(WORDS[self.language], k=count)).strip(" ;:,.")

    def phrase(self) -> str:
        mark = self.dice.choice(["", "", "", "**{}**", "*{}*", "`{}`", "[{}](/cycles/)", "***{}***", "__{}__"])
        return mark.format(self.words(2)) if mark else self.words(self.dice.randint(2, 6))

    def sentences(self, count: int) -> str:
        return " ".join(f"{self.words(2)} {self.phrase()} {self.words(3)}." for _ in range(count))

    def lines(self) -> str:
        """A paragraph over several lines, with or without hard breaks."""
        return self.dice.choice(["\n", "  \n", "\\\n"]).join(self.sentences(1) for _ in range(self.dice.randint(1, 3)))


def _paragraph(it: _Writer) -> list[Block]:
    return [Block(it.lines())]


def _listed(it: _Writer) -> list[Block]:
    """A list straight after a paragraph, with items of one or several lines."""
    mark = it.dice.choice(["-", "*", "+"])
    items = "\n".join(f"{mark} {it.phrase()}" + ("\n  " + it.words(3)) * it.dice.randint(0, 1) for _ in range(3))
    return [Block(it.words(3) + " :"), Block(items, joins=True)]


def _numbered(it: _Writer) -> list[Block]:
    sign = it.dice.choice([".", ")"])
    return [Block("\n".join(f"{number}{sign} {it.phrase()}" for number in range(1, 5)))]


def _started(it: _Writer) -> list[Block]:
    first = it.dice.randint(2, 9)
    return [Block("\n".join(f"{first + number}. {it.phrase()}" for number in range(3)))]


def _nested(it: _Writer) -> list[Block]:
    step = it.dice.choice(["  ", "    "])
    lines = [f"{step * (depth % 3)}- {it.phrase()}" for depth in range(it.dice.randint(3, 7))]
    return [Block("\n".join(lines))]


def _loose(it: _Writer) -> list[Block]:
    return [Block("\n\n".join(f"- {it.sentences(1)}\n\n  {it.sentences(1)}" for _ in range(2)))]


def _steps(it: _Writer) -> list[Block]:
    """Numbered steps, with code and a list inside."""
    inside = f"```bash\nmake {it.dice.choice(['run', 'test'])}\n```"
    steps = [f"1. {it.phrase()} :", *("   " + line for line in inside.split("\n"))]
    steps += [f"2. {it.phrase()}", f"   - {it.phrase()}", f"   - {it.phrase()}", f"3. {it.phrase()}"]
    return [Block("\n".join(steps))]


def _quoted(it: _Writer) -> list[Block]:
    lines = [f"> {it.sentences(1)}", it.dice.choice([">", ">  "]), f"> - {it.phrase()}", f"> - {it.phrase()}"]
    if it.dice.random() < 0.5:
        lines.append(it.words(4))  # a lazy line
    return [Block("\n".join(lines))]


def _coded(it: _Writer) -> list[Block]:
    fence = it.dice.choice(["```", "~~~", "````"])
    return [Block(it.words(3) + " :"), Block(f"{fence}python\nx = 1  # {it.words(2)}\n\n  y = 2\n{fence}", joins=True)]


def _indented(it: _Writer) -> list[Block]:
    return [Block(it.lines()), Block(f"    flask {it.dice.choice(['run', 'db'])}\n\n    ls -l")]


def _headed(it: _Writer) -> list[Block]:
    """A heading straight after a paragraph, and one underlined."""
    return [Block(it.lines()), Block(f"#### {it.words(3)}", joins=True), Block(it.words(4) + "\n---")]


def _ruled(it: _Writer) -> list[Block]:
    return [Block(it.dice.choice(["---", "***", "* * *", "_____"]))]


def _referred(it: _Writer) -> list[Block]:
    name = f"r{it.dice.randint(0, 999)}"
    return [
        Block(f"{it.words(2)} [{it.words(2)}][{name}] {it.words(2)}."),
        Block(f"[{name}]: /ressources/ '{it.words(2)}'"),
    ]


def _pictured(it: _Writer) -> list[Block]:
    return [Block(f"{it.words(2)} ![{it.words(2)}](fichiers/quai.png) {it.words(2)}")]


def _marked(it: _Writer) -> list[Block]:
    """Raw HTML and signs that must stay as they are."""
    return [
        Block(f"{it.words(2)}<br>\n{it.words(2)} \\*{it.words(1)}\\* 3 < 4 &amp; nom_de_fichier_long {it.words(2)}")
    ]


def ours(text: Callable[[_Writer], str]) -> Callable[[_Writer], list[Block]]:
    return lambda it: [Block(text(it), is_plain=False)]


def _chart(it: _Writer) -> str:
    rows = "\n".join(f"{2020 + row};{it.dice.randint(0, 5000)};{it.dice.randint(0, 99)}" for row in range(4))
    kind = it.dice.choice(["bar", "line", "stacked"])
    return f"```chart\ntype: {kind}\ntitle: {it.words(3)}\n\nX;Un;Deux\n{rows}\n```"


PLAIN = [
    _paragraph, _listed, _numbered, _started, _nested, _loose, _steps, _quoted, _coded, _indented, _headed, _ruled,
    _referred, _pictured, _marked,
]  # fmt: skip
OURS = [
    ours(lambda it: f"!!! note \"{it.words(2)}\"\n    {it.sentences(1)}\n\n    - {it.phrase()}"),
    ours(lambda it: f"??? solution\n    {it.sentences(1)}"),
    ours(lambda it: f"> [!TIP]\n> {it.sentences(1)}"),
    ours(lambda it: f"::: warning {it.words(2)}\n{it.sentences(1)}\n:::"),
    ours(lambda it: f":::: tabs\n::: tab {it.words(1)}\n{it.sentences(1)}\n:::\n::: tab {it.words(1)}\n{it.phrase()}\n:::\n::::"),
    ours(lambda it: f"::: video https://tube.example/w/1 {it.words(3)}\n{it.sentences(2)}\n:::"),
    ours(lambda it: f"| {it.words(1)} | {it.words(1)} |\n|---|--:|\n| {it.words(2)} | 12 |\n| {it.phrase()} | 3 |"),
    ours(lambda it: f"- [ ] {it.phrase()}\n- [x] {it.phrase()}"),
    ours(lambda it: f"{it.words(3)}[^n{it.dice.random()}]\n\n[^n]: {it.words(3)}"),
    ours(lambda it: f"{it.words(2)}\n: {it.sentences(1)}"),
    ours(lambda it: f"{it.words(2)} $E = mc^{it.dice.randint(2, 9)}$ {it.words(2)}, 5 $ et 10 $.\n\n$$\n\\frac{{a}}{{b}}\n$$"),
    ours(_chart),
    ours(lambda it: f"![{it.words(2)}](q.jpg \"{it.words(3)}\"){{credit=\"{it.words(2)}\" licence=cc-by-4.0}}"),
    ours(lambda it: f"{it.words(2)} [armateur]{{.glossaire}} [smart grid]{{lang=en}} [[pt-escale|{it.words(2)}]] www.port.fr ~~faux~~"),
]  # fmt: skip
