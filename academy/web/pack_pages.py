"""The pages of an offline pack: contents, texts, what to know of it, and the words that its search looks through."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from flask import current_app

from academy.files.store import LostFile, store
from academy.formats import art
from academy.formats.pack import Entry, UnmadeError, search_script
from academy.web.assets import stylesheet
from academy.web.attached_words import place_in_words
from academy.web.glossary import by_letter
from academy.web.labels import licence_of
from academy.web.links import absolute
from academy.web.locale import language
from academy.web.pack_texts import CONTENTS, GLOSSARY, Packed, PackedFile, PackedText
from academy.web.reuse import attribution, page_of, version_day
from academy.web.texts import is_fallback

ABOUT = {"fr": "lisez-moi.html", "en": "readme.html"}
STYLE, SCRIPT, WORDS, COVER = "academie.css", "recherche.js", "textes.js", "couverture.svg"


def entries_of(packed: Packed, *, day: date) -> list[Entry]:
    """Every file of the pack; *day* is that of its newest text."""
    made = {
        STYLE: stylesheet()[0],
        SCRIPT: search_script().encode(),
        WORDS: f"const TEXTES = {_words(packed)};\n".encode(),
        COVER: (art.drawing(f"cover-{_slug(packed)}") or "").encode(),
        CONTENTS: _page("contents", packed, text=packed.cycle, **_reading(packed.cycle)),
    }
    for texts in (packed.modules, packed.resources):
        made |= {text.name: _text_page(packed, texts, at) for at, text in enumerate(texts)}
    if packed.terms:
        made[GLOSSARY[language()]] = _page("glossary", packed, letters=by_letter(packed.terms))
    entries = [_made(name, content) for name, content in made.items()]
    entries += [_stored(file) for text in packed.texts for file in text.files if file.name]
    about = _page("about", packed, day=day, version=digest_of(entries)[:12], texts=_credits(packed))
    return [*entries, _made(ABOUT[language()], about)]


def digest_of(entries: Iterable[Entry]) -> str:
    """One name for all of these files."""
    what = sorted((entry.name, entry.digest) for entry in entries)
    return hashlib.sha256(repr(what).encode()).hexdigest()


def day_of_pack(packed: Packed) -> date:
    """The day of the newest of its texts."""
    days = [day for text in packed.texts if (day := version_day(text.edition))]
    return max(days, default=date(2024, 1, 25))  # the first day of the academy: for rows that nobody dated


def _page(template: str, packed: Packed, **context: object) -> bytes:
    known = {
        "language": language(),
        "pack": packed,
        "about": ABOUT[language()],
        "glossary": GLOSSARY[language()] if packed.terms else "",
        "cycle_slug": _slug(packed),
        "left_out": [file for text in packed.texts for file in text.files if not file.name],
        "address": absolute,
    }
    return current_app.jinja_env.get_template(f"pack/{template}.html").render(known | context).encode()


def _text_page(packed: Packed, texts: Sequence[PackedText], at: int) -> bytes:
    text, is_module = texts[at], texts is packed.modules
    return _page(
        "text",
        packed,
        text=text,
        position=at + 1 if is_module else 0,
        previous=texts[at - 1].card if is_module and at else None,
        next=texts[at + 1].card if is_module and at + 1 < len(texts) else None,
        **_reading(text),
    )


def _reading(text: PackedText) -> dict[str, object]:
    edition = text.edition
    return {
        "edition": edition,
        "body": text.html,
        "is_fallback": is_fallback(edition),
        "licence": licence_of(edition.licence),
        "updated_on": version_day(edition),
        "credit": attribution(edition, path=page_of(edition)),
        "files": [file.card for file in text.files],
    }


def _credits(packed: Packed) -> list[dict[str, object]]:
    """Title, page, authors and licence of each text."""
    return [
        {"card": text.card, "authors": text.edition.authors, "licence": licence_of(text.edition.licence)}
        for text in packed.texts
    ]


def _words(packed: Packed) -> str:
    """What the search looks through, as JavaScript reads it: see search.js."""
    texts = [
        {"title": text.edition.title, "lang": text.edition.language, "parts": list(_parts(text))}
        for text in packed.texts
    ]
    return json.dumps(texts, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")


def _parts(text: PackedText) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    summary = text.edition.summary
    is_shown = text.name != CONTENTS  # the presentation of a cycle does not show them
    objectives = [(f"{text.name}#objectifs", it) for it in text.edition.objectives if is_shown]
    yield "", [(text.name, summary or text.edition.title), *objectives]
    for section in text.sections:
        yield section.heading, [(f"{text.name}#{anchor}", words) for anchor, words in section.paragraphs]
    for file in text.files:
        if file.name:
            yield from _parts_of_file(text, file)


def _parts_of_file(text: PackedText, file: PackedFile) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Each place of a file: a PDF opens there, for the others the list of files is shown."""
    for item in file.row.passages:
        anchor, path = item["anchor"], item["path"]
        where = place_in_words(file.row.name, anchor, path[-1] if path else "")
        link = f"{file.name}#{anchor}" if anchor.startswith("page=") else f"{text.name}#fichiers"
        yield where, [(link, " ".join(item["text"].split()))]


def _slug(packed: Packed) -> str:
    return packed.cycle.card.cycle_slug


def _made(name: str, content: bytes) -> Entry:
    return Entry(name=name, digest=hashlib.sha256(content).hexdigest(), parts=lambda: [content])


def _stored(file: PackedFile) -> Entry:
    digest, size = file.row.digest, file.row.size

    def parts() -> Iterable[bytes]:
        try:
            yield from store().opened(digest, size)
        except LostFile as lost:
            raise UnmadeError(f"{file.name}: its bytes are not in the store") from lost

    return Entry(name=file.name, digest=digest, parts=parts)
