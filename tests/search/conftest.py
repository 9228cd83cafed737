"""An index in a temporary folder, and editions to put in it."""

import random
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path

import pytest

from academy.search.document import IndexDocument, Passage
from academy.search.engine import Engine
from academy.search.index import Index
from academy.search.query import parse
from academy.search.ranking import Request
from academy.search.results import Results

WORDS = """port ville métropole eau énergie données emploi formation cybersécurité innovation climat mobilité
    logement santé culture quai navire entreprise territoire projet élèves jeunesse transition sobriété budget
    finance marché public citoyen atelier carte réseau capteur forêt littoral plage sable pêche bateau chantier
    usine industrie hydrogène solaire éolien recyclage déchet alimentation agriculture irrigation""".split()


@pytest.fixture
def a_document() -> Callable[..., IndexDocument]:
    """`a_document(3, "Titre", "texte")`: a published edition; passages are cut at blank lines."""

    def make(id: int, title: str = "Titre", text: str = "", **values) -> IndexDocument:
        parts = [part for part in text.split("\n\n") if part]
        passages = tuple(Passage(f"s{i}", (), part) for i, part in enumerate(parts))
        given = {
            "key": f"key-{id}",
            "kind": "resource",
            "type": "note",
            "language": "fr",
            "summary": "",
            "slug": f"d{id}",
        }
        return IndexDocument(id=id, title=title, text=text, **{"passages": passages, **given, **values})

    return make


@pytest.fixture
def a_library(a_document) -> Callable[..., list[IndexDocument]]:
    """`a_library(40)`: editions of invented prose, a third in both languages, always the same."""

    def make(size: int, *, seed: int = 1) -> list[IndexDocument]:
        chance, places = random.Random(seed), random.Random(seed)
        documents = []
        for number in range(1, size + 1):
            is_twin = number % 3 == 0
            text = "\n\n".join(" ".join(chance.choices(WORDS, k=chance.randint(8, 40))) for _ in range(3))
            document = a_document(
                number,
                " ".join(chance.choices(WORDS, k=4)).capitalize(),
                text,
                key=f"key-{number - 1 if is_twin else number}",
                language="en" if is_twin else "fr",
                summary=" ".join(chance.choices(WORDS, k=6)),
                type=chance.choice(["note", "video", "kit"]),
                cycle=chance.choice(["eau", "energie", ""]),
                topics=tuple(chance.sample(["climat", "emploi", "mer"], chance.randint(0, 2))),
                territories=tuple(places.sample(["martigues", "arbois"], places.randint(0, 2))),
                stakeholders=tuple(places.sample(["companies", "students"], places.randint(0, 2))),
                licence=chance.choice(["CC-BY-4.0", "CC0-1.0"]),
                year=chance.randint(2022, 2026),
                audience="members" if number % 7 == 0 else "public",
                published_on=date(2022, 1, 1) + timedelta(days=chance.randint(0, 1500)),
            )
            documents.append(document)
        return documents

    return make


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def engine_type() -> type[Engine]:
    """Whoosh; a module of the contract says otherwise (engines.py)."""
    return Index


@pytest.fixture
def filled(root: Path, engine_type: type[Engine]) -> Callable[[Iterable[IndexDocument]], Engine]:
    """`filled([...])`: an index of these editions."""

    def fill(documents: Iterable[IndexDocument]) -> Engine:
        index = engine_type(root)
        index.rebuild(documents, cursor=1, replacing=index.generation())
        return index

    return fill


@pytest.fixture
def ask() -> Callable[..., Results]:
    """`ask(index, "mots")`: the answer, everything else by its name in `Request`."""

    def search(index: Engine, q: str, **values) -> Results:
        return index.search(Request(typed=parse(q), **values))

    return search


@pytest.fixture
def found(ask) -> Callable[..., list[int]]:
    """`found(index, "mots")`: the editions, best first."""
    return lambda index, q, **values: [hit.edition_id for hit in ask(index, q, per_page=100, **values).hits]
