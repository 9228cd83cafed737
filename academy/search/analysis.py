"""How text becomes words and stems: fold first, then stem, the same for texts and queries."""

import re
import unicodedata
import zlib
from collections.abc import Callable, Iterable

from whoosh.lang.snowball.english import EnglishStemmer
from whoosh.lang.snowball.french import FrenchStemmer
from whoosh.lang.stopwords import stoplists

LANGUAGES = ("fr", "en")
LONGEST_WORD = 64
WORD = re.compile(r"[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*")

# What Unicode takes for a part of words, and readers do not.
_MISLEADING = {"\u00ad": "", "\u200b": "", "\ufeff": "", "\u02bc": "\u2019"}
_MEMO_SIZE = 200_000


def _fold_table() -> dict[int, str | None]:
    table: dict[int, str | None] = dict.fromkeys(range(0x300, 0x370))
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        if unicodedata.decomposition(chr(code)):
            table[code] = unicodedata.normalize("NFD", chr(code))[0]
    for code in (0xB2, 0xB3, 0xB9, *range(0x2070, 0x20A0)):  # CO₂, m³
        if (plain := unicodedata.normalize("NFKC", chr(code))).isalnum():
            table[code] = plain
    return table | {0x153: "oe", 0xE6: "ae", 0xDF: "ss", 0xF8: "o", 0x142: "l", 0x2019: "'", 0x2BC: "'"}


_FOLDS = _fold_table()

# People type questions: interrogatives, modals and single-letter elisions only add noise.
_QUESTIONS = {
    "fr": """quel quelle quels quelles lequel laquelle comment combien pourquoi quand dont ou où qui que quoi est-ce
        faire fait faut peut peuvent peux pouvez pouvoir doit doivent devoir avoir avez être afin ainsi alors
        aussi car ce cela ces cet cette ceux ci comme donc entre et etc il ils elle elles je leur leurs lui
        mais me mes moi mon ne ni nos notre nous on par pas plus pour sa sans se sera ses si son sont sous sur ta te tes
        toi ton tous tout toute toutes très tu un une vers vos votre vous y a à au aux avec c d de des du en
        est l la le les s n m t j qu jusqu lorsqu puisqu quoiqu""",
    "en": """what which who whom whose how when where why does do did can could may might must shall should will would
        a an the s t""",
}


def _kept(language: str) -> frozenset[str]:
    words = [*stoplists[language], *_QUESTIONS[language].split()]
    return frozenset(fold(word) for word in words)


def clean(text: str) -> str:
    """Return the text composed (NFC), without invisible characters, with one curly apostrophe."""
    text = unicodedata.normalize("NFC", text)
    for character, instead in _MISLEADING.items():  # `in` is ten times faster than a translation that finds nothing
        if character in text:
            text = text.replace(character, instead)
    return text


def fold(text: str) -> str:
    """Return the text in lower case, without accents or ligatures, raised and lowered signs on the line."""
    return clean(text).lower().translate(_FOLDS)


class Memo(dict):
    """A function remembered word by word; forgets everything when full."""

    def __init__(self, function: Callable):
        super().__init__()
        self._function = function

    def __missing__(self, word):
        if len(self) >= _MEMO_SIZE:
            self.clear()
        value = self[word] = self._function(word)
        return value


STOP = {language: _kept(language) for language in LANGUAGES}
_SNOWBALL = {"fr": FrenchStemmer().stem, "en": EnglishStemmer().stem}


def _stemmer(language: str) -> Callable[[str], str | None]:
    stop, stem = STOP[language], _SNOWBALL[language]
    return lambda word: None if word in stop else stem(word)


FOLDED = Memo(lambda word: fold(word)[:LONGEST_WORD])  # a written word -> how it is compared
STEM = {language: Memo(_stemmer(language)) for language in LANGUAGES}  # a folded word -> its stem, None to skip
HASH = Memo(lambda word: zlib.crc32(word.encode()))  # a folded word or stem -> what positions are stored as


def surfaces(text: str) -> list[str]:
    """Return the words of a text as written, in lower case."""
    return WORD.findall(clean(text).lower())


def words(text: str) -> list[str]:
    """Return the folded words of a text, stop words included."""
    folded = FOLDED
    return [folded[word] for word in surfaces(text)]


def stems(folded: Iterable[str], language: str) -> list[str]:
    """Return the stems of folded words, stop words left out."""
    stem = STEM[language]
    return [found for word in folded if (found := stem[word])]


def is_stop(word: str) -> bool:
    """Tell whether a folded word is a stop word of some language."""
    return any(word in stop for stop in STOP.values())
