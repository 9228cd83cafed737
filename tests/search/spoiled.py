"""Ways to write a question badly, always the same for the same question and seed."""

import random
import re
import unicodedata

from academy.search.analysis import is_stop, words

WORD = re.compile(r"[^\W\d_]+")
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def without_accents(question: str, _seed: int) -> str:
    """Without accents, with straight apostrophes."""
    bare = "".join(c for c in unicodedata.normalize("NFD", question) if not unicodedata.combining(c))
    return bare.replace("’", "'")


def in_capitals(question: str, _seed: int) -> str:
    return question.upper()


def of_other_number(question: str, _seed: int) -> str:
    """Singulars as plurals and the other way round."""
    return WORD.sub(lambda found: _other_number(found[0]), question)


def with_one_typo(question: str, seed: int) -> str:
    chance = random.Random(f"{question}{seed}")
    long = [found for found in WORD.finditer(question) if len(found[0]) >= 5 and not _is_stop(found[0])]
    if not long:
        return question
    found = chance.choice(long)
    return question[: found.start()] + _misspelt(found[0], chance) + question[found.end() :]


def with_a_typo_in_every_word(question: str, seed: int) -> str:
    chance = random.Random(f"{question}{seed}")
    return WORD.sub(lambda found: found[0] if len(found[0]) < 5 else _misspelt(found[0], chance), question)


def split(question: str, seed: int) -> str:
    """The longest word in two."""
    chance = random.Random(f"{question}{seed}")
    word = max(WORD.findall(question), key=len)
    cut = chance.randint(3, len(word) - 3) if len(word) >= 8 else 0
    return question.replace(word, f"{word[:cut]} {word[cut:]}", 1) if cut else question


def joined(question: str, seed: int) -> str:
    """Two neighbouring words that count, as one."""
    pairs = [
        found
        for found in re.finditer(r"(?=\b([^\W\d_]{3,}) ([^\W\d_]{3,})\b)", question)
        if not (_is_stop(found[1]) or _is_stop(found[2]))
    ]
    if not pairs:
        return question
    found = random.Random(f"{question}{seed}").choice(pairs)
    return question[: found.end(1)] + question[found.start(2) :]


def _is_stop(word: str) -> bool:
    return all(map(is_stop, words(word)))


def _other_number(word: str) -> str:
    if len(word) < 4 or _is_stop(word) or word.isupper():
        return word
    return word[:-1] if word.endswith("s") else word if word[-1] in "xz" else f"{word}s"


def _misspelt(word: str, chance: random.Random) -> str:
    """One edit past the first letter: drop, double, swap or replace."""
    at = chance.randint(1, len(word) - 2)
    kind = chance.choice(("drop", "double", "swap", "replace"))
    if kind == "drop":
        return word[:at] + word[at + 1 :]
    if kind == "double":
        return word[:at] + word[at] + word[at:]
    if kind == "swap":
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + chance.choice([c for c in LETTERS if c != word[at]]) + word[at + 1 :]
