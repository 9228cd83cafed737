"""What makes two questions one, and which questions may be counted at all."""

import re
import unicodedata

from academy.search.analysis import STEM, surfaces
from academy.search.query import MAX_WORDS, parse

LONGEST = 200  # characters of what is kept

# Seven digits and more, whatever stands between them: a telephone, a number of an account. Years in a row are none.
_DIGITS = re.compile(r"\d(?:[\s.,;:/()+_-]*\d){6,}")
_YEARS = re.compile(r"(?:(?:19|20)\d\d\D+)+(?:19|20)\d\d")


def words_of(text: str, language: str) -> str:
    """The stems of a question in alphabetical order, on which accents, plurals and the order of words agree.

    "" for what is not counted: nothing to look for, or what could name somebody (an address, a long number, a story).
    """
    if _is_private(text):
        return ""
    query, stem = parse(text), STEM[language]
    folded = [word.folded for word in query.asked]
    words = {found for word in folded if (found := stem[word])} or set(folded)  # nothing but stop words: as they are
    if query.prefix:
        words.add(f"{query.prefix}*")
    if words:
        words |= {f"-{stem[word.folded] or word.folded}" for phrase in query.without for word in phrase}
    return " ".join(sorted(words))[:LONGEST]


def _is_private(text: str) -> bool:
    plain = unicodedata.normalize("NFKC", text)
    if "@" in plain or len(surfaces(plain)) > MAX_WORDS:
        return True
    return any(not _YEARS.fullmatch(found[0]) for found in _DIGITS.finditer(plain))
