"""Files made for tests: a deck, a Word file, a PDF, captions, pictures, and hostile ones."""

import io
import zipfile
import zlib

import typst
from docx import Document
from PIL import ExifTags, Image
from pptx import Presentation
from pptx.util import Inches
from pypdf import PdfWriter

CAPTIONS = """WEBVTT

NOTE Une remarque.

00:00:01.000 --> 00:00:04.000
<v Ada>Bonjour &amp; bienvenue.

00:12:30.000 --> 00:12:34.000
On parle ici du palangrier.

01:02:03.000 --> 01:02:05.000
{last}
"""


def deck(*slides: str, title: str = "", notes: str = "") -> bytes:
    """A PowerPoint file: a slide for each text, titled « Titre 1 », « Titre 2 »…"""
    made = Presentation()
    made.core_properties.title = title
    for number, words in enumerate(slides, 1):
        slide = made.slides.add_slide(made.slide_layouts[1])
        slide.shapes.title.text, slide.placeholders[1].text = f"Titre {number}", words
        if notes:
            slide.notes_slide.notes_text_frame.text = notes
    return _saved(made)


def deck_with_table(*cells: str) -> bytes:
    """A slide without a title, with a table of one row."""
    made = Presentation()
    slide = made.slides.add_slide(made.slide_layouts[6])
    table = slide.shapes.add_table(1, len(cells), Inches(1), Inches(1), Inches(4), Inches(1)).table
    for number, words in enumerate(cells):
        table.cell(0, number).text = words
    return _saved(made)


def letter() -> bytes:
    """A Word file: a line before the first heading, two levels of headings, a table."""
    made = Document()
    made.add_paragraph("Une ouverture.")
    made.add_heading("Le quai", 1)
    made.add_paragraph("On y amarre.")
    made.add_heading("Les bollards", 2)
    made.add_paragraph("Ils tiennent.")
    table = made.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Poids", "Lourd"
    return _saved(made)


def pdf(*pages: str, title: str = "") -> bytes:
    """A PDF with a page for each text."""
    source = "\n#pagebreak()\n".join(f'#text(lang: "fr", hyphenate: false)[{words}]' for words in pages)
    return typst.compile(f'#set document(title: "{title}", date: none)\n{source}'.encode())


def locked_pdf(password: str = "secret") -> bytes:
    """A PDF that only its password opens."""
    made = PdfWriter()
    made.add_blank_page(100, 100)
    made.encrypt(password, algorithm="RC4-128")
    return _written(made)


def blank_pdf(pages: int = 1) -> bytes:
    """Pages without a word, as a scanner makes them."""
    made = PdfWriter()
    for _ in range(pages):
        made.add_blank_page(100, 100)
    return _written(made)


def captions(last: str = "Fin.") -> bytes:
    """Captions at 0:01, 12:30 and 1:02:03."""
    return CAPTIONS.format(last=last).encode()


def zipped(parts: dict[str, bytes], *, first: tuple[str, bytes] | None = None) -> bytes:
    """A zip of these parts; *first* is stored uncompressed before them."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as out:
        if first:
            out.writestr(*first, compress_type=zipfile.ZIP_STORED)
        for name, data in parts.items():
            out.writestr(name, data)
    return held.getvalue()


def bomb(size: int = 300 * 1024 * 1024) -> bytes:
    """A small .docx whose main part unpacks to *size* bytes."""
    types = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    return zipped({"[Content_Types].xml": types, "word/document.xml": bytes(size)})


def open_document(media_type: str) -> bytes:
    """A LibreOffice file, as far as its kind can be known."""
    return zipped({"content.xml": b"<x/>"}, first=("mimetype", media_type.encode()))


def _saved(made) -> bytes:
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def _written(made: PdfWriter) -> bytes:
    held = io.BytesIO()
    made.write(held)
    return held.getvalue()


def photo(width: int = 640, height: int = 400, *, form: str = "JPEG", mode: str = "RGB", **options) -> bytes:
    """A picture of one colour, its left half darker."""
    made = Image.new(mode, (width, height), 200 if mode in ("L", "I;16", "1", "P") else "white")
    half = Image.new(mode, (width // 2, height))
    made.paste(half, (0, 0))
    return _picture(made, form, **options)


def tagged_photo(*, orientation: int = 1, width: int = 640, height: int = 400) -> bytes:
    """A photo that says where it was taken, by which camera, and how it was held."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Model] = "CANARI-APPAREIL"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (43.0, 17.0, 42.0)
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "N"
    return photo(width, height, exif=exif, comment="CANARI-REMARQUE")


def animation(form: str = "PNG") -> bytes:
    """Two views, one after the other."""
    views = [Image.new("RGB", (80, 50), colour) for colour in ("white", "black")]
    return _picture(views[0], form, save_all=True, append_images=views[1:], duration=100)


def picture_bomb(side: int = 30_000) -> bytes:
    """A PNG of a few kilobytes that opens to *side* × *side* pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")

    head = side.to_bytes(4, "big") * 2 + b"\x08\x00\x00\x00\x00"
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(side * 20)))
        + chunk(b"IEND", b"")
    )


def _picture(made: Image.Image, form: str, **options) -> bytes:
    held = io.BytesIO()
    made.save(held, form, **options)
    return held.getvalue()
