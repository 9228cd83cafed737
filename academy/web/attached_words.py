"""What is said of files: their kinds, their sizes, the places in them."""

from babel.numbers import format_decimal

from academy.web.locale import gettext, language


def _(message: str) -> str:
    """Mark for extraction; translated at use."""
    return message


_KINDS = {
    "pdf": "PDF",
    "pptx": _("Présentation PowerPoint"),
    "docx": _("Document Word"),
    "xlsx": _("Tableur Excel"),
    "odt": _("Texte OpenDocument"),
    "odp": _("Présentation OpenDocument"),
    "ods": _("Tableur OpenDocument"),
    "vtt": _("Transcription horodatée (WebVTT)"),
    "csv": _("Tableau de données (CSV)"),
    "png": _("Image PNG"),
    "jpg": _("Image JPEG"),
    "webp": _("Image WebP"),
}
_UNITS = (
    (1_000_000, {"fr": "Mo", "en": "MB"}),
    (1_000, {"fr": "ko", "en": "kB"}),
    (1, {"fr": "octets", "en": "bytes"}),
)


def kind_label(name: str) -> str:
    """What kind of file it is, as people say it."""
    suffix = name.rpartition(".")[2]
    return gettext(_KINDS.get(suffix, suffix.upper()))


def size_label(size: int) -> str:
    """1,2 Mo · 340 ko, in English 1.2 MB · 340 kB: decimal units, as files are weighed by what people use"""
    unit, names = next((unit, names) for unit, names in _UNITS if size >= unit or unit == 1)
    value = size / unit
    pattern = "0.0" if unit > 1_000 and value < 10 else "#,##0"
    return f"{format_decimal(value, pattern, locale=language())}\u00a0{names[language()]}"


def place_label(anchor: str) -> str:
    """Page 12 · Diapositive 12 · 12:30; "" for a section, whose heading says where it is."""
    kind, _dash, rest = anchor.replace("=", "-", 1).partition("-")
    if kind == "page":
        return gettext("Page %(number)s", number=rest)
    if kind == "slide":
        return gettext("Diapositive %(number)s", number=rest)
    return _clock(rest) if kind == "t" else ""


def place_in_words(name: str, anchor: str, heading: str) -> str:
    """Where a passage stands, said with the name of its file: « slides.pdf, p. 12 », « film.vtt, 12:30 »."""
    kind, _dash, rest = anchor.replace("=", "-", 1).partition("-")
    if kind == "page":
        return gettext("%(file)s, p. %(number)s", file=name, number=rest)
    if kind == "slide":
        return gettext("%(file)s, diapositive %(number)s", file=name, number=rest)
    where = _clock(rest) if kind == "t" else heading
    return f"{name}, {where}" if where else name


def _clock(time: str) -> str:
    """00-12-30 is 12:30, 01-02-03 is 1:02:03."""
    hours, minutes, seconds = time.split("-")
    return f"{int(hours)}:{minutes}:{seconds}" if int(hours) else f"{int(minutes)}:{seconds}"
