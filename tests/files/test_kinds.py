"""What may come with a text is known by its content."""

import pytest

from academy.files import kinds
from tests.files import made

OPEN = "application/vnd.oasis.opendocument."
RIGHT = {
    "a.pdf": made.blank_pdf(),
    "a.pptx": made.deck("Un"),
    "a.docx": made.letter(),
    "a.xlsx": made.zipped({"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"}),
    "a.odt": made.open_document(f"{OPEN}text"),
    "a.odp": made.open_document(f"{OPEN}presentation"),
    "a.ods": made.open_document(f"{OPEN}spreadsheet"),
    "a.vtt": b"\xef\xbb\xbfWEBVTT\n",
    "a.csv": "a;b\né;2\n".encode(),
    "a.png": b"\x89PNG\r\n\x1a\n",
    "a.jpg": b"\xff\xd8\xff\xe0",
    "a.webp": b"RIFF\0\0\0\0WEBPVP8 ",
}


def code_of(name: str, data: bytes) -> str:
    """Why a file is not taken; "" when it is."""
    try:
        kinds.check(name, data)
    except kinds.WrongFile as wrong:
        return wrong.code
    return ""


def test_every_kind_has_a_right_file_here():
    assert {name.rpartition(".")[2] for name in RIGHT} == set(kinds.KINDS)


@pytest.mark.parametrize("name", RIGHT)
def test_a_file_is_what_its_name_says(name: str):
    assert code_of(name, RIGHT[name]) == ""
    assert kinds.check(name, RIGHT[name]).suffix == name[2:]


@pytest.mark.parametrize("name", RIGHT)
def test_no_other_content_passes_under_a_name(name: str):
    """A CSV is whatever text; nothing else is taken for another kind."""
    wrong = {other for other, data in RIGHT.items() if other != name and code_of(name, data) == ""}
    assert wrong == ({"a.vtt"} if name == "a.csv" else set())


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.pdf", b"", "file_empty"),
        ("a.pdf", b"<html><script>alert(1)</script>", "file_content"),
        ("a.pdf", b"\n%PDF-1.7", "file_content"),
        ("a.html", b"<html>", "file_kind"),
        ("a.svg", b"<svg/>", "file_svg"),
        ("a.zip", made.zipped({"a": b"b"}), "file_kind"),
        ("a.pptm", made.deck("Un"), "file_kind"),
        ("a.docx", made.zipped({"a": b"b"}), "file_content"),
        ("a.docx", b"PK\x03\x04" + bytes(99), "file_content"),
        ("a.docx", b"PK\x05\x06" + b"\xff" * 18, "file_content"),
        ("a.docx", made.letter()[:-40], "file_content"),
        ("a.odt", made.zipped({"mimetype": f"{OPEN}text".encode()}), "file_content"),
        ("a.vtt", b"WEBVTTX\n", "file_content"),
        ("a.vtt", b"WEBVTT\n\xff\xfe", "file_content"),
        ("a.vtt", b"WEBVTT\n\0", "file_content"),
        ("a.csv", b"MZ\x90\0\x03", "file_content"),
        ("a.png", b"GIF89a", "file_content"),
    ],
)
def test_what_is_refused(name: str, data: bytes, code: str):
    assert code_of(name, data) == code


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.pdf", made.blank_pdf() + made.zipped({"a.js": b"alert(1)"})),
        ("a.docx", b"%PDF-1.7\n" + made.letter()),
        ("a.docx", b"<script>alert(1)</script>" + made.letter()),
        ("a.odt", b"%PDF-1.7\n" + made.open_document(f"{OPEN}text")),
        ("a.vtt", b"WEBVTT\n\n" + made.zipped({"a.js": b"alert(1)"})),
        ("a.csv", b"a;b\n" + made.blank_pdf() + b"\0"),
    ],
)
def test_what_is_two_kinds_at_once_is_refused(name: str, data: bytes):
    assert code_of(name, data) == "file_content"


def test_macros_are_refused():
    parts = {"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>", "word/vbaProject.bin": b"x"}
    assert code_of("a.docx", made.zipped(parts)) == "file_macros"


def test_a_file_that_is_too_big_is_refused():
    assert code_of("a.csv", b"a" * (kinds.MAX_BYTES + 1)) == "file_too_big"


def test_a_zip_with_an_endless_list_of_parts_is_not_opened():
    many = made.zipped({"[Content_Types].xml": b"", "word/document.xml": b"", **{f"x/{n}": b"" for n in range(25_000)}})
    assert code_of("a.docx", many) == "file_content"


@pytest.mark.parametrize("name", ["a.pdf", "mon-support_2026.fr.pptx", "1.2.csv"])
def test_right_names(name: str):
    assert kinds.is_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "A.pdf",
        "é.pdf",
        "a b.pdf",
        "../a.pdf",
        "a/b.pdf",
        "a",
        ".a",
        "a.",
        "a..pdf",
        "a.pdf\n",
        "-a.pdf",
        "\u202efdp.exe",
        "a" * 97 + ".pdf",
    ],
)
def test_wrong_names(name: str):
    assert not kinds.is_name(name)


def test_a_name_may_state_the_language():
    assert [kinds.language_of(name) for name in ("a.fr.pdf", "a.en.vtt", "a.pdf", "en.pdf")] == ["fr", "en", "", ""]
