"""The engines that stand behind the same five calls. A test module runs on all of them with `engine_type = each_engine`."""

import pytest

from academy.search.engine import Engine
from academy.search.index import Index
from academy.search.on_tantivy.index import TantivyIndex
from academy.search.query import parse
from academy.search.ranking import Request

ENGINES: dict[str, type[Engine]] = {"whoosh": Index, "tantivy": TantivyIndex}


@pytest.fixture(params=ENGINES)
def each_engine(request: pytest.FixtureRequest) -> type[Engine]:
    return ENGINES[request.param]


QUERIES = [
    "",
    "port",
    "énergie ville données",
    "hydrogene",
    '"eau"',
    "port -ville",
    "cyber sécurité",
    "por*",
    "type:note mer",
]


def answers(index: Engine, *, audiences=("public", "members")) -> list:
    """Return the answers to all of QUERIES."""
    asked = [Request(typed=parse(q), per_page=50, audiences=frozenset(audiences)) for q in QUERIES]
    return [index.search(request) for request in asked]


def similar(left: list, right: list) -> bool:
    """Tell whether two indexes answer alike, but for the last digits of a score."""
    return all(
        (a.total, a.facets, a.suggestion, [h.edition_id for h in a.hits], [h.passage for h in a.hits])
        == (b.total, b.facets, b.suggestion, [h.edition_id for h in b.hits], [h.passage for h in b.hits])
        and [h.score for h in a.hits] == pytest.approx([h.score for h in b.hits], rel=1e-4)
        for a, b in zip(left, right, strict=True)
    )
