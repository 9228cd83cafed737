"""Open a ZIP that somebody sends: nothing in it is believed, and nothing is written outside one folder."""

import re
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

MAX_BYTES = 32 * 1024 * 1024  # of the archive
MAX_UNPACKED = 128 * 1024 * 1024  # bytes of all its files together
MAX_FILES = 2_000
MAX_RATIO = 200  # unpacked bytes for one packed byte; text is packed at most some twenty times
SMALL = 64 * 1024  # bytes below which the ratio says nothing: a short file of blank lines is no bomb
MAX_DEPTH = 10  # folders in each other
MAX_PATH = 240  # characters
MAX_DIRECTORY = 1024 * 1024  # bytes of the list of files
PART = 256 * 1024  # bytes read at a time
_END, _ZIP64 = b"PK\x05\x06", b"PK\x06\x07"
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_NESTED = re.compile(r"\.(zip|jar|tar|gz|tgz|bz2|xz|zst|7z|rar|cab|iso)$", re.IGNORECASE)
# Names that Windows keeps for devices, with any suffix.
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
# What Windows refuses in a name: an archive opens the same everywhere, or not at all.
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\]')
_LITTER = {"__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini"}


@dataclass(frozen=True, slots=True)
class Fault:
    """Why an archive is refused: the file to blame ("" for the archive itself), a code, the limit it breaks."""

    path: str
    code: str
    limit: int = 0


class WrongArchive(ValueError):
    """An archive that is not opened, with every reason that its list of files gives."""

    def __init__(self, faults: list[Fault]):
        super().__init__(", ".join(f"{fault.path}:{fault.code}" for fault in faults))
        self.faults = faults


def unpack(source: BinaryIO, target: Path) -> list[str]:
    """Write the files of a ZIP below *target*, an empty folder; give their paths.

    Raise WrongArchive with a code archive_… when one is hostile or damaged: nobody is to believe the others then.
    Hidden files and what systems leave behind are not written. Sizes are counted as they are read, never believed.
    """
    _refuse_at_sight(source)
    try:
        with zipfile.ZipFile(source) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_FILES:
                raise WrongArchive([Fault("", "archive_too_many", MAX_FILES)])
            named = [(name_of(entry), entry) for entry in entries]
            if faults := [*_faults_of(named)]:
                raise WrongArchive(faults)
            return list(_written(archive, named, target))
    except WrongArchive:
        raise
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OverflowError, ValueError):
        raise WrongArchive([Fault("", "archive_unreadable")]) from None


def name_of(entry: zipfile.ZipInfo) -> str:
    """The path of an entry; some programs write UTF-8 and do not say so."""
    if entry.flag_bits & 0x800:
        return entry.orig_filename
    try:
        return entry.orig_filename.encode("cp437").decode()
    except UnicodeError:
        return entry.orig_filename


def _refuse_at_sight(source: BinaryIO) -> None:
    """Look at the size and at the end of the file: a list that costs too much to read is not read."""
    size = source.seek(0, 2)
    if size > MAX_BYTES:
        raise WrongArchive([Fault("", "archive_too_big", MAX_BYTES >> 20)])
    source.seek(max(size - 65_600, 0))
    tail = source.read()
    end = tail.rfind(_END)
    if end < 0 or _ZIP64 in tail:
        raise WrongArchive([Fault("", "archive_unreadable")])
    if int.from_bytes(tail[end + 12 : end + 16], "little") > MAX_DIRECTORY:
        raise WrongArchive([Fault("", "archive_too_many", MAX_FILES)])
    source.seek(0)


def _faults_of(named: list[tuple[str, zipfile.ZipInfo]]) -> Iterator[Fault]:
    """Everything that the list of files says of itself; each file is blamed once."""
    seen: dict[str, str] = {}
    files = {_folded(name) for name, entry in named if not entry.is_dir()}
    for name, entry in named:
        code, limit = _fault_of(name, entry)
        key = _folded(name.rstrip("/"))
        parents = (key[:at] for at in range(len(key)) if key[at] == "/")
        is_taken = key in files if entry.is_dir() else key in seen or any(parent in files for parent in parents)
        code = code or ("archive_twice" if is_taken else "")
        if not entry.is_dir():
            seen[key] = name
        if code:
            yield Fault(name, code, limit)
    if sum(entry.file_size for _, entry in named) > MAX_UNPACKED:
        yield Fault("", "archive_unpacks_too_big", MAX_UNPACKED >> 20)


def _fault_of(name: str, entry: zipfile.ZipInfo) -> tuple[str, int]:
    """The code and the limit of what is wrong with one entry; "" when nothing is."""
    mode = entry.external_attr >> 16
    parts = name.rstrip("/").split("/")
    if name.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", name) or ".." in re.split(r"[/\\]", name):
        return "archive_leads_out", 0
    if not name.strip("/") or _FORBIDDEN.search(name) or any(part in ("", ".") for part in parts):
        return "archive_name", 0
    if any(_DEVICE.fullmatch(part) or part.endswith((" ", ".")) for part in parts):
        return "archive_device", 0
    if len(name) > MAX_PATH or len(parts) > MAX_DEPTH + 1 or len(name.encode("utf-8", "replace")) > 2 * MAX_PATH:
        return "archive_too_deep", MAX_PATH
    if mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "archive_link", 0
    if entry.flag_bits & 0x41:
        return "archive_encrypted", 0
    if entry.compress_type not in _METHODS:
        return "archive_method", 0
    if _NESTED.search(name):
        return "archive_nested", 0
    if entry.file_size > SMALL and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
        return "archive_bomb", MAX_RATIO
    return "", 0


def _folded(name: str) -> str:
    """The name as a disk may see it that knows neither case nor the two ways to write an accent."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _is_left_out(name: str) -> bool:
    return any(part in _LITTER or part.startswith(".") for part in name.split("/"))


def _written(archive: zipfile.ZipFile, named: list[tuple[str, zipfile.ZipInfo]], target: Path) -> Iterator[str]:
    left = MAX_UNPACKED
    for written, entry in named:
        if entry.is_dir() or _is_left_out(written):
            continue
        name = unicodedata.normalize("NFC", written)
        file = target / name
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            left -= _copied(archive, entry, name, file, left)
        except WrongArchive:
            raise
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError):
            raise WrongArchive([Fault(name, "archive_damaged")]) from None
        yield name


def _copied(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, file: Path, left: int) -> int:
    """Copy one file; return its bytes. Reading to the end compares its CRC."""
    most = MAX_RATIO * max(entry.compress_size, 1)
    count = 0
    with archive.open(entry) as packed, file.open("xb") as plain:
        while part := packed.read(PART):
            count += len(part)
            if count > left:
                raise WrongArchive([Fault("", "archive_unpacks_too_big", MAX_UNPACKED >> 20)])
            if count > SMALL and count > most:
                raise WrongArchive([Fault(name, "archive_bomb", MAX_RATIO)])
            plain.write(part)
    return count
