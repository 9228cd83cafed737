"""The words inside files: by page, slide, heading and time; hostile files cost nothing but their words."""

import io
import zipfile

import pytest
from pypdf import PdfReader, PdfWriter

from academy.files import reading, words
from academy.files.cutting import MAX_WORDS, clean, cut
from academy.files.kinds import KINDS
from academy.files.readers import pdf
from academy.files.readers.captions import anchor
from academy.files.words import FileWords, words_of
from academy.web.file_words import WORDS
from tests.files import made


def read(suffix: str, data: bytes) -> FileWords:
    return words_of(KINDS[suffix], data)


def places(found: FileWords) -> dict[str, tuple[list[str], str]]:
    return {item["anchor"]: (item["path"], item["text"]) for item in found.passages}


def test_a_deck_is_read_by_slide_with_its_notes():
    found = read("pptx", made.deck(*["Rien"] * 11, "Le palangrier", title="Un titre", notes="À dire."))
    assert (found.title, found.fault, len(found.passages)) == ("Un titre", "", 12)
    assert places(found)["slide-12"] == (["Titre 12"], "Le palangrier\nÀ dire.")


def test_tables_of_slides_are_read():
    assert places(read("pptx", made.deck_with_table("Vent", "Mer"))) == {"slide-1": ([], "Vent | Mer")}


def test_a_slide_that_is_only_a_title_is_found_by_it():
    assert places(read("pptx", made.deck("")))["slide-1"] == (["Titre 1"], "Titre 1")


def test_a_word_file_is_read_by_heading():
    assert places(read("docx", made.letter())) == {
        "section-1": ([], "Une ouverture."),
        "section-2": (["Le quai"], "On y amarre."),
        "section-3": (["Le quai", "Les bollards"], "Ils tiennent.\nPoids | Lourd"),
    }


def test_a_pdf_is_read_by_page():
    found = read("pdf", made.pdf("Un quai.", "Un môle.", title="Le port"))
    assert found.title == "Le port"
    assert places(found) == {"page=1": ([], "Un quai."), "page=2": ([], "Un môle.")}


def test_captions_are_read_by_time():
    found = read("vtt", made.captions(" ".join(["mot"] * 150)))
    assert places(found)["t-00-00-01"] == ([], "Bonjour & bienvenue. On parle ici du palangrier.")
    assert list(places(found)) == ["t-00-00-01", "t-01-02-03"]
    assert anchor(3723) == "t-01-02-03"


def test_rolling_captions_are_said_once():
    cues = "".join(f"\n00:00:0{n}.000 --> 00:00:0{n + 1}.000\nligne {n}\nligne {n + 1}\n" for n in range(1, 4))
    assert [item["text"] for item in read("vtt", f"WEBVTT\n{cues}".encode()).passages] == [
        "ligne 1 ligne 2 ligne 3 ligne 4"
    ]


def test_kinds_without_a_reader_have_no_words_and_no_fault():
    assert read("csv", b"a;b\n") == FileWords()


@pytest.mark.parametrize(
    ("suffix", "data", "fault"),
    [
        ("pdf", made.locked_pdf(), "encrypted"),
        ("pdf", made.blank_pdf(), "no_words"),
        ("pdf", b"%PDF-1.7\nrien", "broken"),
        ("pdf", made.pdf("Un quai.")[:400], "broken"),
        ("pptx", made.zipped({"[Content_Types].xml": b"<x/>", "ppt/presentation.xml": b"<x/>"}), "broken"),
        ("docx", made.letter()[:200], "broken"),
        ("vtt", b"WEBVTT\n", "no_words"),
        ("vtt", b"WEBVTT\n\n00:00:01.000 --> pas une heure\nx\n", "no_words"),
    ],
)
def test_a_hostile_file_has_a_fault_instead_of_words(suffix: str, data: bytes, fault: str):
    found = read(suffix, data)
    assert (found.passages, found.fault) == ([], fault)


def test_a_bomb_does_not_go_off():
    found = read("docx", made.bomb())
    assert (found.passages, found.fault) == ([], "too_big")


def test_entities_of_xml_are_not_expanded():
    """A billion laughs, inside a Word file."""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(10))
    document = made.letter()
    source = io.BytesIO(document)
    with zipfile.ZipFile(source) as parts:
        held = {name: parts.read(name) for name in parts.namelist()}
    body = held["word/document.xml"].decode()
    start = body.index("<w:document")
    held["word/document.xml"] = (
        body[:start] + f"<!DOCTYPE x [{laughs}]>" + body[start:].replace("On y amarre.", "&l9;")
    ).encode()
    found = read("docx", made.zipped(held))
    assert sum(len(item["text"]) for item in found.passages) < 1000


def test_a_pdf_that_is_only_locked_against_printing_is_read():
    held, out = PdfWriter(clone_from=PdfReader(io.BytesIO(made.pdf("Un quai.")))), io.BytesIO()
    held.encrypt(user_password="", owner_password="secret", algorithm="RC4-128")
    held.write(out)
    assert read("pdf", out.getvalue()).fault == ""


def test_a_long_file_is_known_by_its_beginning():
    cue = "\n{0:02d}:00:00.000 --> {0:02d}:59:00.000\n{1}\n"
    cues = (cue.format(n % 99, f"{n} " + "mot " * 149) for n in range(reading.MAX_PASSAGES + 5))
    found = read("vtt", f"WEBVTT\n{''.join(cues)}".encode())
    assert found.fault == "too_long"
    assert 0 < len(found.passages) <= reading.MAX_PASSAGES


def test_ten_thousand_pages_are_not_too_much():
    found = read("pdf", made.blank_pdf(10_000))
    assert (found.passages, found.fault) == ([], "too_long")


def test_a_reader_that_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path):
    script = tmp_path / "child.py"
    script.write_text("import time\ntime.sleep(600)\n")
    monkeypatch.setattr(words, "WALL_SECONDS", 0.2)
    monkeypatch.setattr(words, "COMMAND", [*words.COMMAND[:-1], str(script)])
    assert read("pdf", made.blank_pdf()) == FileWords(fault="too_slow")


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("import os; os._exit(77)", "too_big"),
        ("import os; os.abort()", "too_big"),
        ("raise SystemExit(3)", "failed"),
        ("import resource, signal, os; os.kill(os.getpid(), signal.SIGXCPU)", "too_slow"),
    ],
)
def test_a_child_that_dies_is_a_fault_of_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path, code: str, fault: str):
    script = tmp_path / "child.py"
    script.write_text(code)
    monkeypatch.setattr(words, "COMMAND", [*words.COMMAND[:-1], str(script)])
    assert read("pdf", made.blank_pdf()) == FileWords(fault=fault)


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch, tmp_path):
    script = tmp_path / "child.py"
    script.write_text(
        f"import sys; sys.path.insert(0, {str(words.Path(words.__file__).parent)!r}); import child\n"
        "child._set_limits(1000)\n"
        "import os\n"
        "try:\n    bytes(2_000_000_000)\nexcept MemoryError:\n    os._exit(77)\n"
    )
    monkeypatch.setattr(words, "COMMAND", [*words.COMMAND[:-1], str(script)])
    assert read("pdf", made.blank_pdf()).fault == "too_big"


def test_every_fault_has_its_words():
    assert {code.removeprefix("lint_file_") for code in WORDS if code.startswith("lint_file_")} == set(words.FAULTS)


@pytest.mark.parametrize("count", [1, 59, 150, 151, 400, 1000])
def test_no_passage_is_too_long_and_no_word_is_lost(count: int):
    text = " ".join(f"mot{n}" for n in range(count))
    pieces = list(cut(text))
    assert " ".join(pieces) == text
    assert max(len(piece.split()) for piece in pieces) <= MAX_WORDS


def test_what_nobody_sees_or_can_store_is_left_out():
    assert clean("e\u0301co\u00adno\u200bmie\0 bleue\ud800\n\n \n\u202efin") == "économie bleue\nfin"


def test_runs_of_letters_that_are_no_words_are_left_out():
    assert list(cut("a " + "x" * 5000 + " b")) == ["a b"]


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [
        ("Avant la réunion\nVisiter le lieu avec une personne \nconcernée.\nOuvrir la porte.\n7", 3),  # spaces say it
        ("Le titre\n" + "Une ligne qui va jusqu’au bord de la page et\n" * 2 + "finit ici.\nUne autre commence.", 3),
        ("Une seule ligne", 1),
        ("", 0),
    ],
)
def test_headings_and_paragraphs_of_a_page_stand_apart_without_its_number(text, paragraphs):
    said = pdf._paragraphs(text, 7, is_marked=" \n" in text)
    assert len(said.splitlines()) == paragraphs
    assert said.split() == text.removesuffix("7").split()
