"""The answer from the database alone, slower and simpler, while the index is away."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, or_

from academy.extensions import db
from academy.models import Document, Edition, Rendering
from academy.search import analysis, fields, meanings
from academy.search.document import IndexDocument, Passage, documents, published, values_of
from academy.search.facets import ordered
from academy.search.query import Query
from academy.search.ranking import Request, chosen_values
from academy.search.results import FACETS, Hit, Results
from academy.search.rules import NO_RULES, Meaning, Rules
from academy.search.snippets import passage

NOTICE = "index_unavailable"
MAX_ROWS = 500  # editions read for one query, newest first


Ways = tuple[tuple[str, ...], ...]  # of saying one thing: in each, folded words and phrases that must all be there


@dataclass(frozen=True, slots=True)
class Wanted:
    """What must be there, in one of its ways, and folded words and phrases that must not."""

    present: tuple[Ways, ...]
    absent: tuple[str, ...]
    also: tuple[Meaning, ...] = ()  # synonyms, as organisers wrote them

    @property
    def words(self) -> list[str]:
        return [word for ways in self.present for way in ways for part in way for word in part.split()]

    def is_in(self, text: str) -> bool:
        folded = f" {' '.join(analysis.words(text))} "
        has_all = all(any(all(f" {part}" in folded for part in way) for way in ways) for ways in self.present)
        return has_all and not any(f" {part} " in folded for part in self.absent)


def answer(request: Request) -> Results:
    """Answer a request with LIKE: every word, or a synonym of it, must begin a word of the title, summary or text.

    What the index does and this does not: endings and plurals, typing errors, the best first, the insides of files.
    """
    wanted = _wanted(request.typed, NO_RULES if request.is_verbatim else request.rules)
    found = [d for d in documents(_candidates(request, wanted)) if wanted.is_in(_text(d))]
    typed = fields.read(request.typed.fields, _known(request, found), request.labels)
    chosen = chosen_values(request, typed)
    matches = _one_each([d for d in found if _passes(d, chosen)], request.language)
    matches.sort(key=lambda d: _place(d, wanted, request))
    start = (request.page - 1) * request.per_page
    stems = {(code, stem) for code in analysis.LANGUAGES for stem in analysis.stems(wanted.words, code)}
    return Results(
        query=request.typed.text,
        total=len(matches),
        hits=[_hit(document, stems) for document in matches[start : start + request.per_page]],
        facets={name: _facet(name, found, chosen) for name in FACETS},
        notice=NOTICE,
        ignored=tuple(request.typed.ignored),
        searched=request.typed.searched,
        typed=typed,
        also=wanted.also,
        page=request.page,
        per_page=request.per_page,
    )


def _wanted(query: Query, rules: Rules) -> Wanted:
    words = [word.folded for word in query.words]
    said: dict[str, Meaning] = {}
    asked: list[Ways] = []
    at = 0
    for place, found in meanings.found_in(words, rules):
        asked += [((word,),) for word in words[at : place.start]]
        typed = tuple(word for word in words[place] if not analysis.is_stop(word)) or tuple(words[place])
        asked.append((typed, *((" ".join(meaning.words),) for meaning in found)))
        said |= {meaning.text: meaning for meaning in found}
        at = place.stop
    asked += [((word,),) for word in words[at:]]
    kept = [ways for ways in asked if not all(map(analysis.is_stop, ways[0]))] or asked
    phrases = [" ".join(word.folded for word in phrase) for phrase in query.phrases]
    absent = [" ".join(word.folded for word in phrase) for phrase in query.without]
    strict = [((part,),) for part in (*phrases, *([query.prefix] if query.prefix else []))]
    return Wanted((*kept, *strict), tuple(absent), tuple(said.values()))


def _known(request: Request, found: list[IndexDocument]) -> dict[str, list[str]]:
    """Return the values of the filters that were typed: what was typed, which may be right unless it is a word for
    another value, and those found, which come last and win.
    """
    asked = request.typed.fields
    counts = {one.name: Counter(value for d in found for value in values_of(d, one.name)) for one in asked}
    words = {name: set(map(fields.compared, request.labels.get(name, ()))) for name in counts}
    typed = [(one.name, one.value.lower()) for one in asked if fields.compared(one.value) not in words[one.name]]
    return {name: [*(value for of, value in typed if of == name), *count] for name, count in counts.items()}


def _candidates(request: Request, wanted: Wanted) -> Sequence[int]:
    query = published().with_only_columns(Edition.id).where(Document.audience.in_(list(request.audiences)))
    if request.kinds:
        query = query.where(Document.kind.in_(request.kinds))
    if request.only is not None:
        query = query.where(Edition.id.in_(request.only))
    for ways in wanted.present:
        query = query.where(or_(*(and_(*map(_met, " ".join(way).split())) for way in ways)))
    query = query.group_by(Edition.id, Edition.published_on)
    return db.session.scalars(query.order_by(Edition.published_on.desc(), Edition.id).limit(MAX_ROWS)).all()


def _met(word: str) -> ColumnElement[bool]:
    columns = Edition.title, Edition.summary, Rendering.text
    return or_(*(column.ilike(_pattern(word), escape="\\") for column in columns))


def _pattern(word: str) -> str:
    """Return a LIKE pattern that also meets accents; what it meets in excess is sifted afterwards."""
    for pair in ("oe", "ae", "ss"):
        word = word.replace(pair, "%")
    return f"%{''.join('_' if letter in 'aceinouy' else letter for letter in word)}%"


def _text(document: IndexDocument) -> str:
    return f"{document.title}\n{document.summary}\n{document.text}"


def _passes(document: IndexDocument, chosen: dict[str, tuple[str, ...]], *, but: str = "") -> bool:
    return all(set(values) & set(values_of(document, facet)) for facet, values in chosen.items() if facet != but)


def _facet(name: str, found: list[IndexDocument], chosen: dict[str, tuple[str, ...]]) -> list[tuple[str, int]]:
    pairs = {(d.key, value) for d in found if _passes(d, chosen, but=name) for value in values_of(d, name)}
    return ordered(name, Counter(value for _, value in pairs), chosen.get(name, ()))


def _one_each(found: list[IndexDocument], language: str) -> list[IndexDocument]:
    best: dict[str, IndexDocument] = {}
    for document in found:
        if document.key not in best or document.language == language:
            best[document.key] = document
    return list(best.values())


def _place(document: IndexDocument, wanted: Wanted, request: Request) -> tuple[Any, ...]:
    """Return what orders the answers."""
    if request.sort == "title":
        return document.language != request.language, " ".join(analysis.words(document.title)), document.id
    day = document.published_on.toordinal() if document.published_on else 0
    return -_rank(document, wanted, request), -day, document.id


def _rank(document: IndexDocument, wanted: Wanted, request: Request) -> int:
    """Return how many of the things asked stand in the title."""
    if request.sort == "newest":
        return 0
    title = set(analysis.words(document.title))
    return sum(any(title.issuperset(" ".join(way).split()) for way in ways) for ways in wanted.present)


def _hit(document: IndexDocument, stems: set[tuple[str, str]]) -> Hit:
    best = _best_passage(document, {stem for code, stem in stems if code == document.language})
    text = best.text if best else document.summary or document.text
    names = (
        "key",
        "kind",
        "type",
        "language",
        "title",
        "slug",
        "cycle",
        "summary",
        "licence",
        "topics",
        "published_on",
    )
    return Hit(
        edition_id=document.id,
        passage=passage(analysis.clean(text), stems, document.language),
        anchor=best.anchor if best else "",
        heading=" › ".join(best.path) if best else "",
        score=0.0,
        **{name: getattr(document, name) for name in names},
    )


def _best_passage(document: IndexDocument, wanted: set[str]) -> Passage | None:
    """Return the passage with most of the stems asked, None when none has any."""

    def met(unit: Passage) -> int:
        return len(wanted.intersection(analysis.stems(analysis.words(unit.text), document.language)))

    best = max(document.passages, key=met, default=None)
    return best if best and met(best) else None
