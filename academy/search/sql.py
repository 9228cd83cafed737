"""The answer from the database alone, slower and simpler, while the index is away."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_

from academy.extensions import db
from academy.models import Document, Edition, Rendering
from academy.search import analysis, fields
from academy.search.document import IndexDocument, Passage, documents, published, values_of
from academy.search.facets import ordered
from academy.search.query import Query
from academy.search.ranking import Request, chosen_values
from academy.search.results import FACETS, Hit, Results
from academy.search.snippets import passage

NOTICE = "index_unavailable"
MAX_ROWS = 500  # editions read for one query, newest first


@dataclass(frozen=True, slots=True)
class Wanted:
    """Folded words and phrases that must, and must not, be there."""

    present: tuple[str, ...]
    absent: tuple[str, ...]

    def is_in(self, text: str) -> bool:
        folded = f" {' '.join(analysis.words(text))} "
        return all(f" {part}" in folded for part in self.present) and not any(f" {p} " in folded for p in self.absent)


def answer(request: Request) -> Results:
    """Answer a request with LIKE: every word must begin a word of the title, summary or text."""
    wanted = _wanted(request.typed)
    found = [d for d in documents(_candidates(request, wanted)) if wanted.is_in(_text(d))]
    typed = fields.read(request.typed.fields, _known(request, found), request.labels)
    chosen = chosen_values(request, typed)
    matches = _one_each([d for d in found if _passes(d, chosen)], request.language)
    matches.sort(key=lambda d: _place(d, wanted, request))
    start = (request.page - 1) * request.per_page
    stems = {
        (code, stem) for code in analysis.LANGUAGES for stem in analysis.stems(" ".join(wanted.present).split(), code)
    }
    return Results(
        query=request.typed.text,
        total=len(matches),
        hits=[_hit(document, stems) for document in matches[start : start + request.per_page]],
        facets={name: _facet(name, found, chosen) for name in FACETS},
        notice=NOTICE,
        ignored=tuple(request.typed.ignored),
        searched=request.typed.searched,
        typed=typed,
        page=request.page,
        per_page=request.per_page,
    )


def _wanted(query: Query) -> Wanted:
    words = [word.folded for word in query.words]
    kept = [word for word in words if not analysis.is_stop(word)] or words
    phrases = [" ".join(word.folded for word in phrase) for phrase in query.phrases]
    absent = [" ".join(word.folded for word in phrase) for phrase in query.without]
    return Wanted((*kept, *phrases, *([query.prefix] if query.prefix else [])), tuple(absent))


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
    for part in wanted.present:
        for word in part.split():
            query = query.where(or_(*(column.ilike(_pattern(word), escape="\\") for column in _columns())))
    query = query.group_by(Edition.id, Edition.published_on)
    return db.session.scalars(query.order_by(Edition.published_on.desc(), Edition.id).limit(MAX_ROWS)).all()


def _columns() -> Iterable[Any]:
    return Edition.title, Edition.summary, Rendering.text


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
    """Return how many of the words stand in the title."""
    if request.sort == "newest":
        return 0
    title = analysis.words(document.title)
    return sum(part in title for part in wanted.present)


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
