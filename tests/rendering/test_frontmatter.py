"""Front matter is texts and lists of texts; a change leaves every other byte alone."""

import os

import pytest
from hypothesis import given, settings, strategies as st

from academy.rendering.frontmatter import FrontMatterError, Problem, load_list, parse, replace

DOCUMENT = """---
id: eb-cables          # stable
title: "Les câbles : l'infrastructure"
summary: >-
  Une phrase
  sur deux lignes.
topics: [economie-bleue, "numérique"]   # slugs
objectives:
  - "Expliquer : pourquoi"
  # un commentaire
  - Situer            # le second
prerequisites: []
# avant la durée
duration: 1 h 30
starts_at: 2027-02-04 18:00
is_totem: no
code: 012
empty:
---
## Corps

---
"""


def problems(source: str) -> list[tuple[int, str | None, str]]:
    with pytest.raises(FrontMatterError) as error:
        parse(source)
    return [(problem.line, problem.key, problem.code) for problem in error.value.problems]


def test_every_value_is_what_its_author_typed():
    document = parse(DOCUMENT)
    assert document.values == {
        "id": "eb-cables",
        "title": "Les câbles : l'infrastructure",
        "summary": "Une phrase sur deux lignes.",
        "topics": ["economie-bleue", "numérique"],
        "objectives": ["Expliquer : pourquoi", "Situer"],
        "prerequisites": [],
        "duration": "1 h 30",
        "starts_at": "2027-02-04 18:00",
        "is_totem": "no",
        "code": "012",
        "empty": "",
    }
    assert list(document.lines.values()) == [2, 3, 4, 7, 8, 12, 14, 15, 16, 17, 18]
    assert (document.body, document.body_line) == ("## Corps\n\n---\n", 20)


@pytest.mark.parametrize(
    "source",
    ["---\n---\n", "---\n# rien\n---\n", "---\n\n---\n", "\ufeff---\n---\n", "---\r\n---\r\n", "--- \n---\t\n"],
)
def test_front_matter_may_be_empty(source: str):
    document = parse(source)
    assert (document.values, document.body) == ({}, "")


def test_a_body_may_be_missing():
    assert parse("---\na: b\n---").body == ""
    assert parse("---\na: b\n---").body_line == 3


def test_byte_order_mark_and_windows_newlines_do_not_count():
    document = parse("\ufeff---\r\na: b\r\nc:\r\n  - d\r\n---\r\nCorps\r\n")
    assert document.values == {"a": "b", "c": ["d"]}
    assert (document.lines, document.body, document.body_line) == ({"a": 2, "c": 3}, "Corps\r\n", 6)


def header(*lines: str) -> str:
    return "\n".join(["---", *lines, "---", "corps", ""])


MALFORMED = {
    "nothing": ("", [(1, None, "missing_fence")]),
    "no fence": ("# Titre\n", [(1, None, "missing_fence")]),
    "a longer fence": ("----\na: b\n----\n", [(1, None, "missing_fence")]),
    "a blank before the fence": (" ---\na: b\n---\n", [(1, None, "missing_fence")]),
    "a line before the fence": ("\n---\na: b\n---\n", [(1, None, "missing_fence")]),
    "a fence that is not closed": ("---\na: b\n", [(1, None, "unclosed_fence")]),
    "a closing fence that is indented": ("---\na: b\n ---\n", [(1, None, "unclosed_fence")]),
    "a bracket that is not closed": (header("a: b", "c: [d", "e: f"), [(4, None, "bad_yaml")]),
    "a quotation that is not closed": (header("a: b", 'c: "d'), [(4, None, "bad_yaml")]),
    "a colon in a plain value": (header("title: Le port : une histoire"), [(2, None, "bad_yaml")]),
    "a tab for indentation": (header("a:", "\t- b"), [(3, None, "bad_yaml")]),
    "a control character": (header("a: b", "c: d\x07"), [(3, None, "bad_yaml")]),
    "an impossible escape": (header('a: "\\q"'), [(2, None, "bad_yaml")]),
    "a character beyond Unicode": (header("a: b", 'c: "\\U99999999"'), [(3, None, "bad_yaml")]),
    "a reserved sign": (header("a: @b"), [(2, None, "bad_yaml")]),
    "a line that is no key": (header("a: b", "c"), [(4, None, "bad_yaml")]),
    "the end of a document": (header("a: b", "...", "c: d"), [(3, None, "bad_yaml"), (4, None, "bad_yaml")]),
    "a directive": (header("%YAML 1.1", "a: b"), [(3, None, "bad_yaml")]),
    "a text": (header("du texte"), [(2, None, "not_mapping")]),
    "a list": (header("- a", "- b"), [(2, None, "not_mapping")]),
    "braces": (header("{a: b}"), [(2, None, "flow_mapping")]),
    "a key given twice": (
        header("a: b", "c: d", "a: e", "a: f"),
        [(4, "a", "duplicate_key"), (5, "a", "duplicate_key")],
    ),
    "the same key, quoted": (header("a: b", '"a": c'), [(3, "a", "duplicate_key")]),
    "an alias": (header("a: &x b", "c: *x"), [(2, "a", "anchor"), (3, "c", "alias")]),
    "an alias in a list": (header("a: [&x b, *x]"), [(2, "a", "anchor"), (2, "a", "alias")]),
    "a billion laughs": (
        header("a: &a [x, x]", "b: &b [*a, *a]", "c: [*b, *b]"),
        [
            (2, "a", "anchor"),
            (3, "b", "anchor"),
            (3, "b", "alias"),
            (3, "b", "alias"),
            (4, "c", "alias"),
            (4, "c", "alias"),
        ],
    ),
    "a merge key": (header("<<: b"), [(2, None, "merge_key")]),
    "a merge of an alias": (
        header("a: &x b", "<<: *x"),
        [(2, "a", "anchor"), (3, None, "merge_key"), (3, "<<", "alias")],
    ),
    "a tag of Python": (header("a: !!python/object/apply:os.system [ls]"), [(2, "a", "tag")]),
    "a tag of YAML": (header("a: !!int 3", "b: ! c"), [(2, "a", "tag"), (3, "b", "tag")]),
    "a tag on the whole": (header("!!map", "a: b"), [(2, None, "tag")]),
    "a mapping in a value": (header("a:", "  b: c", "d: e"), [(3, "a", "nested_mapping")]),
    "braces in a value": (header("a: {b: {c: d}}"), [(2, "a", "nested_mapping")]),
    "a mapping in a list": (header("a:", "  - b: c", "  - d"), [(3, "a", "nested_mapping")]),
    "a list in a list": (header("a: [b, [c]]"), [(2, "a", "nested_list")]),
    "deep brackets": (header("a: " + "[" * 500 + "]" * 500), [(2, None, "too_deep")]),
    "a list as key": (header("? [a]", ": b"), [(2, None, "bad_key")]),
    "an explicit key": (header("? a", ": b"), [(2, "a", "bad_key")]),
    "an empty key": (header('"": b'), [(2, None, "bad_key")]),
    "a long key": (header("a" * 65 + ": b"), [(2, "a" * 64, "bad_key")]),
    "too much": (header("a: " + "b" * 16_384), [(1, None, "too_large")]),
    "too many keys": (header(*(f"k{n}: v" for n in range(65))), [(2, None, "too_large")]),
    "too many items": (header("a: [" + "b," * 201 + "]"), [(2, "a", "too_large")]),
    "blank lines kept": (header("a: |+", "  b", "", "c: d"), [(2, "a", "kept_breaks")]),
    "three faults at once": (
        header("a: {b: c}", "d: !!int 1", "d: 2"),
        [(2, "a", "nested_mapping"), (3, "d", "tag"), (4, "d", "duplicate_key")],
    ),
    "privileges": (header("role: [[admin]]"), [(2, "role", "nested_list")]),
    "faults after odd line breaks": (header('a: "b\u2028c\x85d"', "a: e"), [(3, "a", "duplicate_key")]),
}


@pytest.mark.parametrize(("source", "expected"), MALFORMED.values(), ids=MALFORMED)
def test_malformed_front_matter_names_line_key_and_code(source: str, expected: list):
    assert problems(source) == expected


def test_a_duplicate_says_where_the_first_one_is():
    with pytest.raises(FrontMatterError) as error:
        parse(header("a: b", "c: d", "a: e"))
    assert error.value.problems == [Problem(4, "a", "duplicate_key", "2")]


EDITS = {
    "a plain value": ({"id": "port"}, "id: eb-cables ", "id: port "),
    "a quoted value stays quoted": ({"title": "Port"}, '"Les câbles : l\'infrastructure"', '"Port"'),
    "a value that now needs quotes": ({"id": "a: b"}, "id: eb-cables ", 'id: "a: b" '),
    "a folded value": ({"summary": "Une seule."}, ">-\n  Une phrase\n  sur deux lignes.\n", "Une seule.\n"),
    "a bracketed list": ({"topics": ["port"]}, '[economie-bleue, "numérique"]', "[port]"),
    "one item of a bracketed list": ({"topics": ["economie-bleue", "ia"]}, '"numérique"', '"ia"'),
    "one item of a list": ({"objectives": ["Expliquer : pourquoi", "Agir"]}, "- Situer ", "- Agir "),
    "an empty list": ({"prerequisites": ["a", "b"]}, "prerequisites: []", "prerequisites: [a, b]"),
    "an empty value": ({"empty": "plein"}, "empty:\n", "empty: plein\n"),
    "a time": ({"starts_at": "2027-02-05 09:30"}, "2027-02-04 18:00", "2027-02-05 09:30"),
    "an empty text": ({"code": ""}, "code: 012", 'code: ""'),
    "a text becomes a list": ({"code": ["a", "b c"]}, "code: 012", "code: [a, b c]"),
    "a list becomes a text": ({"topics": "port"}, '[economie-bleue, "numérique"]', "port"),
    "the same value": ({"summary": "Une phrase sur deux lignes.", "code": "012"}, "", ""),
    "a key goes": ({"duration": None}, "duration: 1 h 30\n", ""),
    "a key that is not there goes": ({"absent": None}, "", ""),
    "a list goes": (
        {"objectives": None},
        'objectives:\n  - "Expliquer : pourquoi"\n  # un commentaire\n  - Situer            # le second\n',
        "",
    ),
    "a list becomes empty": (
        {"objectives": []},
        'objectives:\n  - "Expliquer : pourquoi"\n  # un commentaire\n  - Situer            # le second\n',
        "objectives: []\n",
    ),
    "a longer list": (
        {"objectives": ["Un", "Deux", "Trois"]},
        '- "Expliquer : pourquoi"\n  # un commentaire\n  - Situer ',
        "- Un\n  - Deux\n  - Trois ",
    ),
    "a new key": ({"licence": "cc-by-4.0"}, "empty:\n---", "empty:\nlicence: cc-by-4.0\n---"),
    "a new list": ({"modules": ["a", "b"]}, "empty:\n---", "empty:\nmodules: [a, b]\n---"),
    "a new list of sentences": (
        {"aims": ["Expliquer comment un câble est posé au fond", "b"]},
        "empty:\n---",
        "empty:\naims:\n  - Expliquer comment un câble est posé au fond\n  - b\n---",
    ),
}


@pytest.mark.parametrize(("changes", "old", "new"), EDITS.values(), ids=EDITS)
def test_a_change_touches_its_value_only(changes: dict, old: str, new: str):
    changed = replace(DOCUMENT, changes)
    assert changed == DOCUMENT.replace(old, new, 1)
    kept = parse(DOCUMENT).values
    expected = {key: value for key, value in (kept | changes).items() if value is not None}
    assert parse(changed).values == expected
    windows = "\ufeff" + DOCUMENT.replace("\n", "\r\n")
    assert replace(windows, changes) == "\ufeff" + changed.replace("\n", "\r\n")


def test_replace_refuses_what_parse_refuses():
    for source, changes in [
        ("# x", {"a": "b"}),
        ("---\na: *x\n---\n", {"a": "b"}),
        ("---\n---\n", {"a": "b" * 20_000}),
    ]:
        with pytest.raises(FrontMatterError):
            replace(source, changes)


TEXT = st.text(max_size=30) | st.text(
    st.sampled_from("ab1 :#-'\"[]{},&*!|>%@`?\\\n\t\r\u2028\x85\ufeff\x7féœ’"), max_size=12
)
VALUE = TEXT | st.lists(TEXT, max_size=4)
KEY = st.sampled_from(["a", "id", "title", "topics", "x-1", "clé", "with space", "2"])
STYLES = st.sampled_from(["a", "a   # c", '"a: b"  # c', "'it''s'", "[a, 'b', \"c\"]   # d", "[]", "", " # c", "|\n  x\n  y\n", ">-\n  x\n\n  y\n\n",
                          "\n  - a\n  - 'b'   # c\n  # d\n  - |\n    z\n", "\n- a\n-\n- b", "\n  plain\n  lines", "[a,\n  b]", "\n  # c\n  - x",
                          '"x\n  y"', "|-\n  x\n\n\n"])  # fmt: skip
COMMENTS = st.sampled_from(["", "# c\n", "\n", "\n# é\n\n"])


@st.composite
def documents(draw: st.DrawFn) -> str:
    keys = draw(st.lists(KEY, unique=True, max_size=5))
    lines = "".join(draw(COMMENTS) + f"{key}: {draw(STYLES)}".rstrip(" ") + "\n" for key in keys)
    source = (
        draw(st.sampled_from(["", "\ufeff"]))
        + f"---\n{lines}{draw(COMMENTS)}---\n"
        + draw(st.sampled_from(["", "corps", "é\n---\n"]))
    )
    return source.replace("\n", draw(st.sampled_from(["\n", "\r\n"])))


@settings(max_examples=2_000 if os.environ.get("ACADEMY_DEEP") else 300, deadline=None)
@given(documents(), st.dictionaries(KEY, VALUE | st.none(), max_size=4))
def test_what_is_replaced_is_read_back(source: str, changes: dict):
    before = parse(source)
    changed = replace(source, changes)
    after = parse(changed)
    expected = {key: value for key, value in (before.values | changes).items() if value is not None}
    assert after.values == expected
    assert after.body == before.body
    assert changed.startswith("\ufeff") == source.startswith("\ufeff")
    if "\r\n" in source.partition("---")[2][:2]:
        assert "\n" not in changed[: len(changed) - len(after.body)].replace("\r\n", "")


@settings(max_examples=100, deadline=None)
@given(documents(), KEY, VALUE)
def test_a_change_and_its_undoing_leave_the_other_lines(source: str, key: str, value: str | list):
    others = parse(source).values.keys() - {key}
    changed = replace(source, {key: value})
    for other in others:
        old, new = parse(source).lines[other], parse(changed).lines[other]
        assert source.split("\n")[old - 1] == changed.split("\n")[new - 1]


@settings(max_examples=500, deadline=None)
@given(st.text(st.sampled_from("ab: \n-[]{}#&*!|>'\"%@`?,\\\t\r\u2028.<"), max_size=60))
def test_any_header_is_read_or_refused(text: str):
    for read in (parse, load_list):
        found = []
        try:
            read(f"---\n{text}\n---\n" if read is parse else text)
        except FrontMatterError as error:
            found = error.problems or [Problem(0, None, "refused without a problem")]
        assert all(1 <= problem.line <= text.count("\n") + 3 for problem in found)
