"""Tables that people send and take away: CSV and XLSX, in every encoding that spreadsheets write, hostile ones too."""

import io
import zipfile
from datetime import datetime

import pytest

from academy.formats import csv, tables, xlsx
from academy.formats.tables import BadTable

WHEN = datetime(2027, 2, 4, 18, 30)  # noqa: DTZ001 -- spreadsheets know no zones
PEOPLE = [(1, ["Nom", "E-mail"]), (2, ["Élodie", "e@example.org"])]


def refused(data: bytes) -> tuple[str, int]:
    with pytest.raises(BadTable) as caught:
        tables.read(data)
    return caught.value.code, caught.value.line


def workbook(rows, **parts: bytes) -> bytes:
    """A workbook of rows as Excel would send it; *parts* are added to its archive."""
    from openpyxl import Workbook

    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(out)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize(
    ("codec", "told"), [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("utf-16", "utf-16"), ("cp1252", "windows-1252")]
)
def test_every_separator_in_every_encoding(separator, codec, told):
    text = f"Nom{separator}E-mail\r\nÉlodie{separator}e@example.org\r\n"
    table = tables.read(text.encode(codec))
    assert (table.rows, table.encoding) == (PEOPLE, told)


def test_a_workbook_is_read_with_its_lines():
    table = tables.read(workbook([["Nom", "E-mail"], [], ["Élodie", "e@example.org", 3, WHEN]]))
    assert table.rows == [(1, ["Nom", "E-mail"]), (3, ["Élodie", "e@example.org", "3", "2027-02-04 18:30"])]
    assert table.encoding == "xlsx"


def test_quotes_breaks_and_empty_lines_keep_the_line_numbers():
    table = tables.read(b'sep=;\n"Nom";"E-mail"\n\n"Ana\nRossi";a@example.org\nBo;b@example.org\n')
    assert [(line, cells[0]) for line, cells in table.rows] == [(2, "Nom"), (4, "Ana\nRossi"), (6, "Bo")]


def test_a_formula_is_shown_and_never_computed():
    assert tables.read(workbook([["Nom"], ["=1+1"]])).rows[1] == (2, ["=1+1"])


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (b"", "empty", 0),
        (b"\xef\xbb\xbf\r\n ", "empty", 0),
        (b"a;b\n" * 200_000, "heavy", 0),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 500, "old_excel", 0),
        (b"\x89PNG\r\n\x1a\n\0\0", "kind", 3),
        (b"Nom;E-mail\nA\x01;b", "kind", 2),
        ("Nom".encode("utf-16-le"), "kind", 1),
        (b"\xff\xfeN", "encoding", 0),
        (b"Nom;E-mail\nA\x81\xe9;b", "encoding", 2),
        (b'Nom;E-mail\n"A;b\n', "broken", 2),
        (b"Nom\n" + b"x" * 301, "long_cell", 2),
        (b"Nom\n" + b"x;" * 61, "many_columns", 2),
        (b"Nom\n" + b"x\n" * 2001, "many_rows", 2002),
        (b"PK\x03\x04" + b"\0" * 40, "broken", 0),
    ],
)
def test_what_is_no_table_is_refused_with_its_line(data, code, line):
    assert refused(data) == (code, line)


def test_hostile_workbooks_are_refused():
    assert refused(workbook([["Nom"]], **{"xl/media/a.bin": b"\0" * 9_000_000})) == ("bomb", 0)
    assert refused(workbook([["Nom"]], **{"xl/a.xml": b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"})) == ("bomb", 0)
    assert refused(workbook([["Nom"]], **{f"xl/{n}.xml": b"" for n in range(80)})) == ("bomb", 0)
    assert refused(workbook([["Nom"], *[["x"]] * 2001])) == ("many_rows", 2002)
    whole = workbook([["Nom"]])
    assert refused(whole[:-200])[0] == "broken"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    assert refused(out.getvalue()) == ("kind", 0)


def test_a_sheet_with_rubbish_inside_is_refused():
    source = workbook([["Nom"], ["Ana"]])
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(source)) as there, zipfile.ZipFile(out, "w") as here:
        for part in there.infolist():
            data = there.read(part)
            here.writestr(part.filename, data[:-30] if part.filename.startswith("xl/worksheets") else data)
    assert refused(out.getvalue())[0] == "broken"


def test_a_workbook_that_is_taken_away():
    from openpyxl import load_workbook

    data = xlsx.table(
        ["Nom", "Le"], [["=1+1", WHEN], ["Ana\x0b\x00", None], ["＝x", 3]], title="Inscriptions: [a]/b " * 3
    )
    book = load_workbook(io.BytesIO(data))
    sheet = book.worksheets[0]
    assert sheet.freeze_panes == "A2"
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["Nom", "Le"],
        ["'=1+1", WHEN],
        ["Ana", None],
        ["'＝x", 3],
    ]
    assert (sheet["A2"].data_type, sheet["B2"].is_date, sheet["A1"].font.bold) == ("s", True, True)


def test_csv_writes_dates_in_one_spelling():
    assert csv.table(["Le"], [[WHEN]]).endswith("Le\r\n2027-02-04 18:30\r\n")
