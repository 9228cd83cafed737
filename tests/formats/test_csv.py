"""CSV that opens in a French spreadsheet and runs nothing there."""

import csv
import io

import pytest
from hypothesis import given, strategies as st

from academy.formats.csv import BYTE_ORDER_MARK, SEPARATOR, safe, table

EVIL = ["=1+1", "+33 6", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "=cmd|' /C calc'!A0", "＝1+1", "＋1", "－1", "＠A1"]


def read(text: str) -> list[list[str]]:
    assert text.startswith(BYTE_ORDER_MARK)
    return list(csv.reader(io.StringIO(text.removeprefix(BYTE_ORDER_MARK), newline=""), delimiter=SEPARATOR))


@pytest.mark.parametrize("cell", EVIL)
def test_no_cell_is_a_formula(cell: str):
    assert safe(cell) == f"'{cell}"
    assert read(table([cell], [[cell]])) == [[f"'{cell}"], [f"'{cell}"]]


def test_a_nul_before_a_formula_hides_nothing():
    assert safe("\0=1+1") == "'=1+1"


@pytest.mark.parametrize("cell", ["Léa", "", "a=b", "1+1", "O’Neil", "nom@structure.fr", 0, -3, None])
def test_other_cells_stay_as_they_are(cell: object):
    assert safe(cell) == cell


def test_the_file_is_what_excel_in_france_opens_by_itself():
    assert table(["Nom", "Place"], [["Léa ; Noé", None], ['dit "le Gros"', 2]]) == (
        '\ufeffNom;Place\r\n"Léa ; Noé";\r\n"dit ""le Gros""";2\r\n'
    )


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=2, max_size=2), max_size=5))
def test_every_text_comes_back_behind_its_apostrophe(rows: list[list[str]]):
    assert read(table(["a", "b"], rows)) == [["a", "b"], *[[str(safe(cell)) for cell in row] for row in rows]]
