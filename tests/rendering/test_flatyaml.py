"""List files are lists of flat records, every value a text."""

import pytest

from academy.rendering.frontmatter import FrontMatterError, load_list


def test_a_list_file_is_read():
    source = "# lieux\n- slug: mucem\n  is_totem: yes\n  name: \"J4 : le quai\"\n\n- slug: 'b'\n  name:\n"
    assert load_list(source) == [
        {"slug": "mucem", "is_totem": "yes", "name": "J4 : le quai"},
        {"slug": "b", "name": ""},
    ]
    assert load_list("") == load_list("# rien\n") == load_list("[]") == []
    assert load_list("\ufeff- a: b\r\n- a: c\r\n") == [{"a": "b"}, {"a": "c"}]


LISTS = {
    "a mapping": ("a: b\n", [(1, None, "not_list")]),
    "texts": ("- a\n- b: c\n", [(1, None, "not_mapping")]),
    "a list in a record": ("- a: b\n  c: [d]\n", [(2, "c", "not_text")]),
    "braces": ("- a: b\n- {a: c}\n", [(2, None, "flow_mapping")]),
    "a key given twice": ("- a: b\n  a: c\n", [(2, "a", "duplicate_key")]),
    "aliases": ("- &x\n  a: b\n- *x\n", [(1, None, "anchor"), (3, None, "alias"), (3, None, "not_mapping")]),
    "too long": ("- a: " + "b" * 131_072, [(1, None, "too_large")]),
    "too many": ("- a: b\n" * 2_001, [(1, None, "too_large")]),
    "two documents": ("- a: b\n---\n- a: c\n", [(2, None, "bad_yaml")]),
}


@pytest.mark.parametrize(("source", "expected"), LISTS.values(), ids=LISTS)
def test_malformed_list_files(source: str, expected: list):
    with pytest.raises(FrontMatterError) as error:
        load_list(source)
    assert [(problem.line, problem.key, problem.code) for problem in error.value.problems] == expected
