"""What organisers teach the search: words that mean the same, and documents that stand first for a question."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import current_app
from sqlalchemy import select

from academy.extensions import db
from academy.models import Edition, Pin, Synonym
from academy.search import analysis

Words = tuple[str, ...]  # folded
SHORTEST = 4  # letters of a word that may be a plural


@dataclass(frozen=True, slots=True)
class Meaning:
    """Another way to say what was asked."""

    text: str  # as an organiser wrote it
    language: str
    words: Words


@dataclass(frozen=True, slots=True)
class Rules:
    """Synonyms by their language and the stems of what they stand for, and pinned editions by the folded words of a question."""

    synonyms: Mapping[tuple[str, Words], tuple[Meaning, ...]] = field(default_factory=dict)
    pins: Mapping[Words, tuple[frozenset[int], ...]] = field(default_factory=dict)  # one set a document, in order
    longest: int = 0  # words of the longest synonym


NO_RULES = Rules()


def rules_of(synonyms: Sequence[tuple[str, str, Sequence[str], bool]], pins: Sequence[tuple[str, int, int]]) -> Rules:
    """Return rules from (language, term, meanings, is mutual), and from (question, document, edition) in order."""
    meant: defaultdict[tuple[str, Words], dict[Words, Meaning]] = defaultdict(dict)
    for language, term, meanings, is_mutual in synonyms:
        ways = [Meaning(text, language, tuple(analysis.words(text))) for text in (term, *meanings)]
        first, others = ways[0], ways[1:]
        for key, targets in ((first, others), *(((way, [first]) for way in others) if is_mutual else ())):
            known = meant[language, key_of(key.words, language)]
            known.update({way.words: way for way in targets if way.words and way.words != key.words})
    pinned: defaultdict[Words, dict[int, set[int]]] = defaultdict(dict)
    for question, document, edition in pins:
        pinned[tuple(analysis.words(question))].setdefault(document, set()).add(edition)
    found = {key: tuple(ways.values()) for key, ways in meant.items() if key[1] and ways}
    return Rules(
        synonyms=found,
        pins={key: tuple(map(frozenset, of.values())) for key, of in pinned.items() if key},
        longest=max((len(words) for _, words in found), default=0),
    )


def key_of(words: Sequence[str], language: str) -> Words:
    """Return the stems of folded words, stop words and the shortest as they are: plurals meet, AI and AIS do not."""
    return tuple(word if len(word) < SHORTEST else analysis.STEM[language][word] or word for word in words)


class RuleBook:
    """The rules of the database, read again when the version of everything public changes."""

    def __init__(self):
        self._kept: tuple[str, Rules] | None = None

    def __call__(self, version: str) -> Rules:
        kept = self._kept
        if kept is None or kept[0] != version:
            kept = self._kept = version, _read()
        return kept[1]


def current() -> Rules:
    """Return the rules in force; whoever changes one takes the next number of the change log."""
    version = current_app.extensions["content_version"]  # read by `web` every 0.2 s at most, whoever asks
    return current_app.extensions["search_rules"](version())


def _read() -> Rules:
    synonyms = select(Synonym.language, Synonym.term, Synonym.meanings, Synonym.is_mutual).order_by(Synonym.id)
    pins = (
        select(Pin.question, Pin.document_id, Edition.id)
        .join(Edition, Edition.document_id == Pin.document_id)
        .where(Edition.published_id.is_not(None))
        .order_by(Pin.rank, Pin.id, Edition.id)
    )
    with db.engine.connect() as connection:  # a session may have begun to read before the version that is kept
        return rules_of(
            [(row.language, row.term, row.meanings, row.is_mutual) for row in connection.execute(synonyms)],
            [(row.question, row.document_id, row.id) for row in connection.execute(pins)],
        )
