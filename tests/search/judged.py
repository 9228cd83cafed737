"""The judged questions of gold.yml, the starter texts they are asked of, and nDCG."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log2
from pathlib import Path

from academy.domain import contract
from academy.domain.content import lists as content_lists
from academy.domain.content.files import read_folder
from academy.rendering import frontmatter, markdown
from academy.search.document import IndexDocument, Passage
from academy.search.rules import Rules, rules_of

CONTENT = Path(__file__).resolve().parents[2] / "content"
KINDS = ("cycle", "module", "resource", "session")


@dataclass(frozen=True, eq=False)
class Judged:
    """A question, and the texts that answer it by key: 3 answers, 2 has a section on it, 1 a useful mention."""

    question: str
    language: str
    kind: str
    answers: dict[str, int]


def judged() -> list[Judged]:
    rows = frontmatter.load_list(Path(__file__).with_name("gold.yml").read_text("utf-8"))
    return [Judged(row["question"], row["language"], row["kind"], _grades(row["answers"])) for row in rows]


def _grades(text: str) -> dict[str, int]:
    pairs = [answer.split() for answer in text.split(",")]
    return {key: int(grade) for key, grade in pairs}


def starter_texts() -> list[IndexDocument]:
    """The published texts of content/ as the index sees them, without a database."""
    texts = []
    for number, file in enumerate(read_folder(CONTENT).texts.values(), 1):
        facts, front = contract.read(file.source, kind=file.place.kind), contract.parse(file.path, file.source)
        assert facts is not None, file.path
        assert facts.is_published, file.path
        rendered = markdown.render(front.body, language=file.place.language)
        document = IndexDocument(
            id=number,
            key=facts.id,
            kind=str(file.place.kind),
            type=facts.type or str(file.place.kind),
            language=file.place.language,
            title=facts.title,
            summary=facts.summary,
            text=rendered.text,
            passages=tuple(Passage(p.anchor, tuple(p.path), p.text) for p in rendered.passages),
            cycle=file.place.cycle,
            topics=facts.topics,
            licence=facts.licence,
            authors=facts.authors,
            published_on=facts.published_on,
            slug=file.place.slug,
        )
        texts.append(document)
    return texts


def starter_rules() -> Rules:
    entries, _ = content_lists.read("synonyms.yml", (CONTENT / "synonyms.yml").read_text("utf-8"))
    return rules_of([(e["language"], e["term"], e["meanings"], e["is_mutual"]) for e in entries], [])


def ndcg(found: Sequence[str], answers: dict[str, int], *, depth: int = 10) -> float:
    """Normalised discounted cumulative gain with gains 2^grade - 1 (Burges and others, 2005)."""
    ideal = sorted(answers.values(), reverse=True)
    return _dcg([answers.get(key, 0) for key in found[:depth]]) / _dcg(ideal[:depth])


def _dcg(grades: Iterable[int]) -> float:
    return sum((2**grade - 1) / log2(place + 2) for place, grade in enumerate(grades))
