"""A ZIP that somebody sends: whatever it claims, nothing leaves its folder, nothing costs more than the caps."""

import io
import struct
import unicodedata
import zipfile
from pathlib import Path

import pytest

from academy.files import archives
from academy.files.archives import WrongArchive, unpack


def a_zip(*files: tuple[str | zipfile.ZipInfo, bytes], pressed: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP of these names and bytes, in this order, whatever they are."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", pressed) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return kept.getvalue()


def renamed(data: bytes, old: str, new: str | bytes) -> bytes:
    """The same archive with a name of the same length that no program would write."""
    new = new.encode() if isinstance(new, str) else new
    assert len(old) == len(new)
    return data.replace(old.encode(), new)


def with_mode(name: str, mode: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, mode << 16
    return info


def encrypted() -> bytes:
    data = bytearray(a_zip(("note.md", b"secret"), pressed=zipfile.ZIP_STORED))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.find(mark) + offset] |= 1
    return bytes(data)


def a_lie_about_its_size() -> bytes:
    """A bomb whose list of files says that it is small."""
    data = bytearray(a_zip(("note.md", bytes(8 * 1024 * 1024))))
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.find(mark) + offset
        data[at : at + 4] = struct.pack("<I", 1000)
    return bytes(data)


def overlapping() -> bytes:
    """Two files of the list that are the same bytes of the archive."""
    data = a_zip(("a.md", b"x" * 100), ("b.md", b"y" * 100), pressed=zipfile.ZIP_STORED)
    at = data.rfind(b"PK\x01\x02")
    return data[: at + 42] + struct.pack("<I", 0) + data[at + 46 :]


def wrong_crc() -> bytes:
    return a_zip(("note.md", b"Bonjour le port"), pressed=zipfile.ZIP_STORED).replace(b"Bonjour", b"Bonsoir")


def cut_short() -> bytes:
    data = a_zip(("note.md", bytes(range(256)) * 50))
    return data[:200] + data[data.find(b"PK\x01\x02") :]


COMPOSED, DECOMPOSED = (unicodedata.normalize(form, "été.md") for form in ("NFC", "NFD"))
HOSTILE = {
    "no zip at all": (b"Bonjour", "", "archive_unreadable"),
    "nothing": (b"", "", "archive_unreadable"),
    "half a zip": (a_zip(("note.md", b"x"))[:30], "", "archive_unreadable"),
    "zip64": (a_zip(("note.md", b"x")) + b"PK\x06\x07" + bytes(16), "", "archive_unreadable"),
    "climbing out": (a_zip(("../../etc/passwd", b"x")), "../../etc/passwd", "archive_leads_out"),
    "climbing inside": (a_zip(("cycles/../../x.md", b"x")), "cycles/../../x.md", "archive_leads_out"),
    "climbing with backslashes": (a_zip((r"..\..\x.md", b"x")), r"..\..\x.md", "archive_leads_out"),
    "absolute": (a_zip(("/etc/passwd", b"x")), "/etc/passwd", "archive_leads_out"),
    "a drive": (a_zip(("C:/x.md", b"x")), "C:/x.md", "archive_leads_out"),
    "a share": (a_zip((r"\\server\x.md", b"x")), r"\\server\x.md", "archive_leads_out"),
    "backslashes": (a_zip((r"cycles\port\x.md", b"x")), r"cycles\port\x.md", "archive_name"),
    "an empty folder name": (a_zip(("cycles//x.md", b"x")), "cycles//x.md", "archive_name"),
    "a dot as folder": (a_zip(("cycles/./x.md", b"x")), "cycles/./x.md", "archive_name"),
    "a nul in the name": (renamed(a_zip(("noXe.md", b"x")), "noXe.md", b"no\0e.md"), "no\0e.md", "archive_name"),
    "a newline in the name": (a_zip(("no\ne.md", b"x")), "no\ne.md", "archive_name"),
    "a device": (a_zip(("resources/NUL.md", b"x")), "resources/NUL.md", "archive_device"),
    "a device as folder": (a_zip(("com1/x.md", b"x")), "com1/x.md", "archive_device"),
    "a dot at the end": (a_zip(("note.", b"x")), "note.", "archive_device"),
    "a symbolic link": (a_zip((with_mode("x.md", 0o120777), b"/etc/passwd")), "x.md", "archive_link"),
    "a pipe": (a_zip((with_mode("x.md", 0o010644), b"")), "x.md", "archive_link"),
    "encrypted": (encrypted(), "note.md", "archive_encrypted"),
    "a rare method": (a_zip(("x.md", b"x" * 99), pressed=zipfile.ZIP_LZMA), "x.md", "archive_method"),
    "a zip in the zip": (a_zip(("x.zip", a_zip(("y.md", b"y")))), "x.zip", "archive_nested"),
    "a tar in the zip": (a_zip(("x.TAR.GZ", b"x")), "x.TAR.GZ", "archive_nested"),
    "twice the same name": (renamed(a_zip(("a.md", b"1"), ("b.md", b"2")), "b.md", "a.md"), "a.md", "archive_twice"),
    "twice but for capitals": (a_zip(("a.md", b"1"), ("A.md", b"2")), "A.md", "archive_twice"),
    "twice but for accents": (a_zip((COMPOSED, b"1"), (DECOMPOSED, b"2")), DECOMPOSED, "archive_twice"),
    "a file as folder": (a_zip(("a", b"1"), ("a/b.md", b"2")), "a/b.md", "archive_twice"),
    "a bomb": (a_zip(("x.md", bytes(8 * 1024 * 1024))), "x.md", "archive_bomb"),
    "a bomb that lies": (a_lie_about_its_size(), "note.md", "archive_damaged"),
    "overlapping files": (overlapping(), "b.md", "archive_damaged"),
    "a wrong checksum": (wrong_crc(), "note.md", "archive_damaged"),
    "cut short": (cut_short(), "note.md", "archive_damaged"),
    "too deep": (a_zip(("a/" * 12 + "x.md", b"x")), "a/" * 12 + "x.md", "archive_too_deep"),
    "a long name": (a_zip(("x" * 300 + ".md", b"x")), "x" * 300 + ".md", "archive_too_deep"),
    "too many files": (a_zip(*((f"{n}.md", b"") for n in range(2_001))), "", "archive_too_many"),
}


def test_there_are_enough_of_them():
    assert len(HOSTILE) >= 20


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_archive_is_refused_and_leaves_its_folder_alone(name: str, tmp_path: Path):
    data, path, code = HOSTILE[name]
    target = tmp_path / "inside"
    target.mkdir()
    with pytest.raises(WrongArchive) as refused:
        unpack(io.BytesIO(data), target)
    assert [(fault.path, fault.code) for fault in refused.value.faults] == [(path, code)]
    assert [file.name for file in tmp_path.iterdir()] == ["inside"]


def test_every_fault_is_told_at_once(tmp_path: Path):
    with pytest.raises(WrongArchive) as refused:
        unpack(io.BytesIO(a_zip(("../a.md", b""), ("ok.md", b""), ("con", b""))), tmp_path)
    assert [fault.code for fault in refused.value.faults] == ["archive_leads_out", "archive_device"]
    assert list(tmp_path.iterdir()) == []


def test_an_archive_that_is_too_big_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(archives, "MAX_BYTES", 50)
    with pytest.raises(WrongArchive, match="archive_too_big"):
        unpack(io.BytesIO(a_zip(("note.md", b"x"))), tmp_path)


def test_all_files_together_have_a_cap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(archives, "MAX_UNPACKED", 150)
    with pytest.raises(WrongArchive, match="archive_unpacks_too_big"):
        unpack(io.BytesIO(a_zip(("a.md", b"x" * 100), ("b.md", b"y" * 100))), tmp_path)


def test_files_come_out_byte_for_byte_and_litter_stays_behind(tmp_path: Path):
    data = a_zip(("cycles/", b""), ("cycles/é.md", b"\xef\xbb\xbfa\r\n "), ("__MACOSX/x", b"x"), (".git/config", b"x"))
    assert unpack(io.BytesIO(data), tmp_path) == ["cycles/é.md"]
    assert (tmp_path / "cycles/é.md").read_bytes() == b"\xef\xbb\xbfa\r\n "
    assert [file.name for file in tmp_path.iterdir()] == ["cycles"]


def test_utf8_names_are_read_even_when_they_do_not_say_so(tmp_path: Path):
    data = renamed(a_zip(("XXte.md", b"x")), "XXte.md", "été.md".encode()[:2] + b"te.md")
    assert unpack(io.BytesIO(data), tmp_path) == ["éte.md"]
