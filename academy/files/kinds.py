"""Which files may come with a text: known by their content, never by their name alone."""

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

MAX_BYTES = 25 * 1024 * 1024  # of one file
MAX_FILES = 20  # of one text
MAX_NAME = 100  # characters
MAX_DIRECTORY = 1024 * 1024  # bytes of a zip's list of parts: some ten thousand parts
NAME = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*\.[a-z0-9]+")
CREDITS = "credits.yml"  # says of the pictures beside it what they show, whose they are and how they may be reused
LANGUAGE = re.compile(r"\.(fr|en)\.[a-z0-9]+$")
_END_OF_ZIP, _ZIP64 = b"PK\x05\x06", b"PK\x06\x07"


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file; `is_read` says whether its words are found by the search."""

    suffix: str
    media_type: str
    is_right: Callable[[bytes], bool]
    is_read: bool = False


class WrongFile(ValueError):
    """A file that is not taken.

    `code` says why: file_empty, file_too_big, file_kind, file_svg, file_content, file_macros, or one of
    `pictures.picture_of`.
    """

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


def check(name: str, data: bytes) -> FileKind:
    """Give the kind of a file; raise WrongFile when its content is not what its name says."""
    if not data:
        raise WrongFile("file_empty")
    if len(data) > MAX_BYTES:
        raise WrongFile("file_too_big")
    kind = kind_of(name)
    if kind is None:
        raise WrongFile("file_svg" if name.endswith((".svg", ".svgz")) else "file_kind")
    if not kind.is_right(data):
        raise WrongFile("file_content")
    return kind


def kind_of(name: str) -> FileKind | None:
    """The kind that a name announces, None when there is no such kind."""
    return _CREDITS if name == CREDITS else KINDS.get(name.rpartition(".")[2])


def picture_suffix(data: bytes) -> str:
    """The suffix of the picture that bytes begin as, whatever their name; "" for anything else."""
    return next((it for it in ("png", "jpg", "webp") if KINDS[it].is_right(data)), "")


def is_name(name: str) -> bool:
    """Whether a file may be called so: lower case without accents, so that addresses and folders agree everywhere."""
    return len(name) <= MAX_NAME and NAME.fullmatch(name) is not None


def language_of(name: str) -> str:
    """The language that a name states (`slides.fr.pdf`), "" when the file is for readers of both."""
    found = LANGUAGE.search(name)
    return found[1] if found else ""


def _begins(*heads: bytes) -> Callable[[bytes], bool]:
    return lambda data: data.startswith(heads)


def _is_pdf(data: bytes) -> bool:
    """Whether it begins as a PDF, and does not end as a zip as well: what is two things at once is neither."""
    end = data.rfind(_END_OF_ZIP)
    is_zip = end >= 0 and end + 22 + int.from_bytes(data[end + 20 : end + 22], "little") == len(data)
    return data.startswith(b"%PDF-") and not is_zip


def _is_webp(data: bytes) -> bool:
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP"


def _is_captions(data: bytes) -> bool:
    words = data.removeprefix(b"\xef\xbb\xbf")
    return re.match(rb"WEBVTT(?:[ \t\r\n]|$)", words) is not None and _is_text(data)


def _is_text(data: bytes) -> bool:
    try:
        return "\0" not in data.decode()
    except UnicodeDecodeError:
        return False


def _office(part: str) -> Callable[[bytes], bool]:
    """Whether a zip is an Office Open XML file whose main part is *part*; one with macros is refused."""

    def is_right(data: bytes) -> bool:
        names = _parts(data) if data.startswith(b"PK\x03\x04") else []  # nothing stands before it
        if any(name.lower().endswith("vbaproject.bin") for name in names):
            raise WrongFile("file_macros")
        return {"[Content_Types].xml", part} <= set(names)

    return is_right


def _open_document(media_type: str) -> Callable[[bytes], bool]:
    """Whether a zip begins, as the standard wants, with a part that states its media type uncompressed."""
    head = re.compile(rb"PK\x03\x04.{22}\x08\0..mimetype" + re.escape(media_type).encode() + rb"PK", re.DOTALL)
    return lambda data: head.match(data) is not None and bool(_parts(data))


def _parts(data: bytes) -> list[str]:
    """Name the parts of a zip; nothing for what is no zip, or one whose list would cost too much to read."""
    end = data.rfind(_END_OF_ZIP)
    if end < 0 or _ZIP64 in data[-65_600:] or int.from_bytes(data[end + 12 : end + 16], "little") > MAX_DIRECTORY:
        return []
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            return parts.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError, UnicodeDecodeError):
        return []


_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
KINDS = {
    kind.suffix: kind
    for kind in (
        FileKind("pdf", "application/pdf", _is_pdf, is_read=True),
        FileKind("pptx", f"{_OFFICE}presentationml.presentation", _office("ppt/presentation.xml"), is_read=True),
        FileKind("docx", f"{_OFFICE}wordprocessingml.document", _office("word/document.xml"), is_read=True),
        FileKind("xlsx", f"{_OFFICE}spreadsheetml.sheet", _office("xl/workbook.xml")),
        FileKind("odt", f"{_OPEN}text", _open_document(f"{_OPEN}text")),
        FileKind("odp", f"{_OPEN}presentation", _open_document(f"{_OPEN}presentation")),
        FileKind("ods", f"{_OPEN}spreadsheet", _open_document(f"{_OPEN}spreadsheet")),
        FileKind("vtt", "text/vtt", _is_captions, is_read=True),
        FileKind("csv", "text/csv", _is_text),
        FileKind("png", "image/png", _begins(b"\x89PNG\r\n\x1a\n")),
        FileKind("jpg", "image/jpeg", _begins(b"\xff\xd8\xff")),
        FileKind("webp", "image/webp", _is_webp),
    )
}
_CREDITS = FileKind("yml", "application/yaml", _is_text)
