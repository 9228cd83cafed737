"""French prose of any length: the words of the starter content and their compounds, as frequent as in a language."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
from sqlalchemy import func, insert, select, text

from academy.extensions import db, transaction
from academy.models import Cycle, Document, Edition, Kind, Rendering, Revision, Topic, edition_topic
from academy.rendering.markdown import RENDERER
from academy.search.analysis import STOP, fold

WORDS_PER_DOCUMENT, PASSAGES = 450, 5
VOCABULARY = 40_000  # written forms, for 10,000 documents; grows with the root of the size
_STARTER = Path(__file__).resolve().parents[2] / "content"
_WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True)
class Corpus:
    """Written forms, the most frequent first, and how likely it is to meet one of those up to each."""

    words: np.ndarray
    chances: np.ndarray  # summed up: `choice` of numpy would sum them again for every text

    @classmethod
    def of_size(cls, documents: int) -> "Corpus":
        text = " ".join(path.read_text("utf-8").split("---", 2)[-1] for path in sorted(_STARTER.rglob("*.fr.md")))
        counts = Counter(_WORD.findall(text.lower()))
        known = sorted(counts, key=lambda word: (-counts[word], word))
        dice = np.random.default_rng(5)
        wanted = int(VOCABULARY * max(0.3, (documents / 10_000) ** 0.5))
        parts = [word for word in known if 3 < len(word) < 9]
        made = dict.fromkeys(known)
        while len(made) < wanted:  # a tail of compounds, as names and terms are in a growing collection
            left, right = dice.integers(len(parts), size=2)
            made[parts[left] + parts[right]] = None
        chances = 1 / (np.arange(len(made)) + 2.7) ** 1.05
        return cls(np.array(list(made)), chances.cumsum() / chances.sum())

    def text(self, number: int, count: int) -> list[str]:
        """Return the same words for the same number."""
        drawn = np.random.default_rng(number).random(count)
        return self.words[np.searchsorted(self.chances[:-1], drawn, "right")].tolist()

    def content_words(self, start: int, stop: int) -> list[str]:
        """Return words of these ranks that are not stop words."""
        return [word for word in self.words[start:stop].tolist() if fold(word) not in STOP["fr"]]


def grow(corpus: Corpus, size: int) -> None:
    """Publish documents straight into the tables (a thousand a transaction) until there are *size*."""
    topics = list(db.session.scalars(select(Topic.id).order_by(Topic.id)))
    cycles = list(db.session.scalars(select(Cycle.id).order_by(Cycle.id)))
    count = db.session.scalar(select(func.count()).select_from(Edition).where(Edition.published_id.is_not(None))) or 0
    tables = Document, Revision, Rendering, Edition
    while count < size:
        first = {
            model: (db.session.scalar(select(func.max(model.id))) or 0) + 1 for model in (Document, Edition, Revision)
        }
        numbers = range(min(1000, size - count))
        made = [_rows(corpus, n, {model: at + n for model, at in first.items()}, topics, cycles) for n in numbers]
        with transaction() as session:
            session.execute(text("PRAGMA defer_foreign_keys = ON"))  # editions and revisions know each other
            for model in tables:
                session.execute(insert(model), [rows[model] for rows in made])
            session.execute(insert(edition_topic), [rows[edition_topic] for rows in made])
        count += len(made)


def _rows(corpus: Corpus, n: int, ids: dict, topics: list[int], cycles: list[int]) -> dict:
    number = ids[Edition]
    words = corpus.text(number, WORDS_PER_DOCUMENT)
    title, summary, body = words[:6], words[6:26], words[26:]
    size = len(body) // PASSAGES
    passages = [
        {
            "anchor": f"partie-{i}",
            "path": [" ".join(corpus.text(number * 10 + i, 3)).capitalize()],
            "text": _sentence(part),
        }
        for i in range(PASSAGES)
        for part in [body[i * size : (i + 1) * size]]
    ]
    at = datetime(2022, 1, 1, tzinfo=UTC) + timedelta(hours=number % 40_000)
    mark = f"banc-{number}"
    return {
        Document: {
            "id": ids[Document], "key": mark, "path": f"resources/{mark}", "kind": Kind.RESOURCE, "slug": mark,
            "cycle_id": cycles[n % len(cycles)],
        },
        Revision: {
            "id": ids[Revision], "edition_id": number, "number": 1, "source": "", "source_hash": mark, "title": mark,
            "created_at": at,
        },
        Rendering: {
            "source_hash": mark, "language": "fr", "renderer": RENDERER, "html": "", "outline": [], "passages": passages,
            "text": "\n\n".join(passage["text"] for passage in passages),
        },
        Edition: {
            "id": number, "document_id": ids[Document], "language": "fr", "head_id": ids[Revision],
            "published_id": ids[Revision], "title": _sentence(title), "summary": _sentence(summary), "year": at.year,
            "type": ("note", "video", "guide", "fiche")[n % 4], "licence": ("cc-by-4.0", "cc0-1.0")[n % 2],
            "published_on": date(at.year, at.month, at.day), "first_published_at": at, "updated_at": at,
        },
        edition_topic: {"edition_id": number, "topic_id": topics[n % len(topics)]},
    }  # fmt: skip


def _sentence(words: list[str]) -> str:
    return f"{' '.join(words).capitalize()}."


def questions(corpus: Corpus, count: int) -> Iterator[str]:
    """Yield questions of six to ten words: two or three frequent ones, stop words, a rarer one."""
    dice = np.random.default_rng(11)
    frequent, middle = corpus.content_words(30, 400), corpus.content_words(400, 5000)
    for n in range(count):
        chosen = [
            *dice.choice(frequent, 2 + n % 2, replace=False).tolist(),
            *dice.choice(middle, 2, replace=False).tolist(),
        ]
        yield f"comment {chosen[0]} les {chosen[1]} de la {' '.join(chosen[2:])}"
