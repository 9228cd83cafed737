"""The grammar reads anything within its limits, and no query hurts."""

import os
import time

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from academy.search.document import IndexDocument, Passage
from academy.search.query import MAX_CHARACTERS, MAX_WORDS, parse
from tests.search.engines import ENGINES


def _words(query) -> list[str]:
    return [word.folded for word in query.words]


def test_words_phrases_and_minus():
    query = parse('Port "ville de Marseille" -bateau -"à quai" porte-monnaie')
    assert _words(query) == ["port", "porte", "monnaie"]
    assert [[word.folded for word in phrase] for phrase in query.phrases] == [["ville", "de", "marseille"]]
    assert [[word.folded for word in words] for words in query.without] == [["bateau"], ["a", "quai"]]


@pytest.mark.parametrize(("typed", "field", "value"), [
    ("cycle:eau-bleue", "cycle", "eau-bleue"), ("type:Video", "type", "Video"), ("thème:mer", "topic", "mer"),
    ("année:2026", "year", "2026"), ('licence:"cc0-1.0"', "licence", "cc0-1.0"), ("langue:en", "language", "en"),
    ("territoire:Fos-sur-Mer", "territory", "Fos-sur-Mer"), ("territory:arbois", "territory", "arbois"),
    ("public:élus", "stakeholder", "élus"), ("audience:companies", "stakeholder", "companies"),
])  # fmt: skip
def test_fields(typed: str, field: str, value: str):
    assert [(one.name, one.value) for one in parse(f"port {typed}").fields] == [(field, value)]


@pytest.mark.parametrize(("typed", "is_void"), [
    ("🐟", True), ("?", True), ("x" * 200, True), ("", False), ("  ", False), ("🐟 poisson", False), ("-port", False),
    ("type:note", False), ("por*", False), ('"port"', False),
])  # fmt: skip
def test_what_has_no_word_is_void(typed: str, is_void: bool):
    assert parse(typed).is_void == is_void


def test_other_colons_are_words():
    query = parse("note: le port https://example.org 18:30")
    assert query.fields == []
    assert _words(query) == ["note", "le", "port", "https", "example", "org", "18", "30"]


def test_french_quotes_are_quotes():
    assert len(parse("« économie bleue »").phrases) == 1


def test_prefix_from_three_letters_and_one_at_a_time():
    assert (parse("po*").prefix, _words(parse("po*"))) == ("", ["po"])
    assert (parse("Por*").prefix, _words(parse("por*"))) == ("por", [])
    assert (parse("por* vil*").prefix, _words(parse("por* vil*"))) == ("por", ["vil"])


def test_a_question_mark_is_no_wildcard():
    assert _words(parse("où est le port ?")) == ["ou", "est", "le", "port"]


def test_limits_are_told():
    query = parse(" ".join(f"mot{i}" for i in range(20)))
    assert (len(query.words), query.ignored) == (MAX_WORDS, [f"mot{i}" for i in range(12, 20)])
    assert parse("a" * 65 + " port").ignored == ["a" * 64]
    long = parse("port " * 100)
    assert (len(long.text), long.ignored[0]) == (MAX_CHARACTERS, "…")


BOMBS = [
    "[a TO z]", "a* OR b*", "a" * 100_000, "(" * 5000, '"' * 999, "-" * 999, "*" * 200, "a* b* c* d*", "\0\0\0",
    '-"', "cycle:", 'cycle:"', ":::", "-cycle:eau", "~~~", "field:[* TO *]", "\ud800", "port AND NOT (OR)", "\u0301" * 50,
    "é" * 200, "'; drop table edition; --", "%", "_", "🙂" * 60, "\u202eport", "a\u0301" * 90, "-" + "x " * 90, "ﷺ" * 64,
]  # fmt: skip


@pytest.mark.parametrize("bomb", BOMBS)
def test_bombs_do_not_go_off(bomb: str, library, ask):
    began = time.process_time()
    ask(library, bomb)
    assert time.process_time() - began < 0.25


@settings(
    max_examples=10_000 if os.environ.get("ACADEMY_DEEP") else 300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.one_of(st.text(max_size=250), st.text(alphabet='aeport é"-*: ’?', max_size=230), st.binary(max_size=250)))
def test_no_query_raises(library, ask, typed: str | bytes):
    text = typed if isinstance(typed, str) else typed.decode("utf-8", "replace")  # as Werkzeug reads an address
    results = ask(library, text, per_page=3)
    assert len(results.hits) == min(3, results.total)
    assert all("<script" not in hit.passage for hit in results.hits)
    library.suggest(text, audiences={"public"}, language="fr", limit=3)


@pytest.fixture(scope="module", params=ENGINES)
def library(request, tmp_path_factory):
    index = ENGINES[request.param](tmp_path_factory.mktemp("library") / "index")
    text = "Le port de la métropole <script>alert(1)</script> forme les élèves à l’économie bleue et à l’eau."
    editions = (
        IndexDocument(
            i, f"k{i}", "module", "note", "fr en".split()[i % 2], f"Port {i}", "", text, (Passage("", (), text),)
        )
        for i in range(1, 40)
    )
    index.rebuild(editions, cursor=1, replacing=None)
    return index
