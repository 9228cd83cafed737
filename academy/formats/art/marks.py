"""Know what a cycle flies: its letter, the ground of its pages, the pattern of its cover."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mark:
    """What tells a cycle from the others at a glance."""

    letter: str  # of the International Code of Signals
    ground: str  # of the class `ground--…`
    pattern: str  # a name in covers.PATTERNS


FOUNDING = {
    "economie-bleue": Mark("A", "blue", "isobaths"),
    "ia-et-cybersecurite": Mark("I", "ink", "lattice"),
    "port": Mark("P", "saffron", "harbour"),
    "innovation-sociale": Mark("K", "green", "woven"),
}
RESOURCES = "ressources"  # the resource centre hoists Q; it is no cycle

# A cycle that the academy adds later takes one of each, drawn from its slug.
LETTERS = "BCDEFGHJLMNORSTUVWXYZ"
GROUNDS = ("blue", "green", "saffron", "ink")
PATTERNS = ("beams", "bunting", "compass", "sails", "swell")


def mark_of(slug: str) -> Mark:
    """Choose the mark of a slug, the same on every machine and in every process."""
    if slug in FOUNDING:
        return FOUNDING[slug]
    if slug == RESOURCES:
        return Mark("Q", "blue", "compass")
    digest = hashlib.sha256(slug.encode()).digest()
    letter, ground, pattern = (
        choices[byte % len(choices)] for choices, byte in zip((LETTERS, GROUNDS, PATTERNS), digest, strict=False)
    )
    return Mark(letter, ground, pattern)


def letters_of(slugs: Iterable[str]) -> dict[str, str]:
    """Give each cycle a letter of its own, in the order in which they came: the later one of two takes the next free.

    A cycle that comes changes nothing for those before it. When all letters are taken, cycles share.
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    for slug in slugs:
        letter = mark_of(slug).letter
        if slug not in FOUNDING:
            start = LETTERS.index(letter)
            free = (other for other in LETTERS[start:] + LETTERS[:start] if other not in taken)
            letter = next(free, letter)
            taken.add(letter)
        found[slug] = letter
    return found


def ground_of(slug: str) -> str:
    """The flat colour under the head of a cycle's pages."""
    return mark_of(slug).ground
