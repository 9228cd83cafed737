"""Make the files that come with starter texts, out of the words of those texts: write them under content/.

    .venv/bin/python tools/starter_files.py

A deck and a sheet hold the very sentences of their Markdown file, so that they stay true: run this again after a change
of the text. The same texts give the same bytes. Nothing here is needed to run the academy or its tests. The transcript
beside the module on containers is written by hand.
"""

import io
import re
import sys
import zipfile
from datetime import datetime
from pathlib import Path

import typst
from pptx import Presentation
from pptx.util import Pt

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from academy.rendering import frontmatter  # noqa: E402

CONTENT = ROOT / "content"
DECK = ("resources/guide-premiers-reflexes-cyber", "diaporama.fr.pptx")
SHEET = ("resources/guide-rencontre-accessible", "checklist.en.pdf")
NOTES = {  # of the speaker, by the title of the slide: words that stand nowhere else
    "Avant : une heure bien employée": "Distribuez une feuille quadrillée : chacun écrit de mémoire trois numéros de téléphone utiles.",
    "La première heure": "Sortez un chronomètre : en combien de temps la salle trouve-t-elle le câble à débrancher ?",
    "Qui appeler ?": "Faites composer les numéros à voix haute, sans appeler.",
    "Les délais à connaître": "Dessinez un calendrier de trois jours au tableau et placez-y les deux échéances.",
    "S’exercer": "Terminez par un tour de table : un geste que chacun fera demain matin.",
}
MADE_ON = datetime(2026, 11, 16)  # noqa: DTZ001 -- Office has no zones; the day on which the texts were published
LINES = 7  # of a slide
WORDS_OF_LINE = 30


def read(stem: str, language: str) -> tuple[str, str, list[tuple[str, list[str]]]]:
    """Title, summary and sections (heading, plain lines) of a text."""
    source = (CONTENT / f"{stem}.{language}.md").read_text("utf-8")
    front = frontmatter.parse(source)
    sections: list[tuple[str, list[str]]] = []
    for line in front.body.splitlines():
        if line.startswith("## "):
            sections.append((plain(line[3:]), []))
        elif sections and (words := plain(line)):
            sections[-1][1].append(words)
    return str(front.values["title"]), str(front.values["summary"]), sections


def plain(line: str) -> str:
    """A line of Markdown as one reads it; nothing for what is only there for the layout."""
    if re.match(r"\s*(\*\[|```|\[\^)|\s*[-|: ]*$", line):
        return ""
    if line.startswith("|"):
        line = " : ".join(cell.strip() for cell in line.strip("| ").split("|"))
    line = re.sub(r"^\s*(?:!!!|\?\?\?)\s*\w+\s*", "", line)
    line = re.sub(r"^\s*(?:- \[.\]|[-*]|\d+\.|>|#+)\s+", "", line)
    line = re.sub(r"\[\[([^]|]+)\|([^]]+)\]\]", r"\2", line)
    line = re.sub(r"\[([^]]+)\]\([^)]*\)|\[\^\d+\]", r"\1", line)
    return re.sub(r"[*`]", "", line).strip().strip('"')


def opening(line: str) -> str:
    """The first sentences of a line, as many as a slide bears."""
    sentences = re.split(r"(?<=[.!?]) ", line)
    kept = sentences[0]
    for sentence in sentences[1:]:
        if len(f"{kept} {sentence}".split()) > WORDS_OF_LINE:
            break
        kept = f"{kept} {sentence}"
    return kept


def deck(stem: str) -> bytes:
    """A slide for the title, then one or several for each section."""
    title, summary, sections = read(stem, "fr")
    made = Presentation()
    first = made.slides.add_slide(made.slide_layouts[0])
    first.shapes.title.text, first.placeholders[1].text = title, summary
    for heading, lines in sections:
        for start in range(0, len(lines), LINES):
            slide = made.slides.add_slide(made.slide_layouts[1])
            slide.shapes.title.text = heading if start == 0 else f"{heading} (suite)"
            body = slide.placeholders[1].text_frame
            body.text = "\n".join(opening(line) for line in lines[start : start + LINES])
            for paragraph in body.paragraphs:
                paragraph.font.size = Pt(16)
            if note := NOTES.get(" ".join(slide.shapes.title.text.split())):
                slide.notes_slide.notes_text_frame.text = note
    used = {slide.slide_layout.name for slide in made.slides}
    for layout in [layout for layout in made.slide_layouts if layout.name not in used]:
        made.slide_layouts.remove(layout)
    about = made.core_properties
    about.title, about.author, about.language = title, "Académie One Provence (texte de départ)", "fr"
    about.created = about.modified = MADE_ON
    about.last_modified_by = about.author
    held = io.BytesIO()
    made.save(held)
    return repacked(held.getvalue())


def repacked(data: bytes) -> bytes:
    """The same parts without the hour at which they were packed, nor a thumbnail of another file."""
    held = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as parts,
        zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as out,
    ):
        for name in parts.namelist():
            if name.endswith("thumbnail.jpeg"):
                continue
            part = parts.read(name)
            if name == "_rels/.rels":
                part = re.sub(rb"<Relationship [^>]*thumbnail[^>]*/>", b"", part)
            info = zipfile.ZipInfo(name, MADE_ON.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            out.writestr(info, part)
    return held.getvalue()


def sheet(stem: str) -> bytes:
    """The boxes of the text to tick, a page for each section that has some."""
    title, summary, _ = read(stem, "en")
    lines = [
        f'#set document(title: "{title}", author: "One Provence Academy (starter text)", date: none)',
        '#set text(lang: "en", size: 10.5pt, weight: "regular")',
        '#show heading: set text(weight: "regular")',  # one font in the file instead of two
        "#set list(marker: box(width: 8pt, height: 8pt, stroke: 0.8pt))",
        '#set page(paper: "a5", margin: 15mm, numbering: "1")',
        f"#heading(level: 1, {quoted(title)})",
        f"#text({quoted(summary)})",
    ]
    for number, (heading, boxes) in enumerate(boxes_of(stem)):
        lines += ["#pagebreak()"] if number else []
        lines += [f"#heading(level: 2, {quoted(heading)})", *(f"#list.item[#text({quoted(box)})]" for box in boxes)]
    return typst.compile("\n".join(lines).encode(), timestamp=int(MADE_ON.timestamp()))


def boxes_of(stem: str) -> list[tuple[str, list[str]]]:
    """The sections of the English text, with the lines of their lists: what can be ticked off."""
    sections: list[tuple[str, list[str]]] = []
    for line in (CONTENT / f"{stem}.en.md").read_text("utf-8").splitlines():
        if line.startswith("## "):
            sections.append((plain(line[3:]), []))
        elif re.match(r"- |\d+\. ", line) and sections:
            sections[-1][1].append(plain(line))
    return [(heading, boxes) for heading, boxes in sections if boxes]


def quoted(words: str) -> str:
    """A string of Typst."""
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'


def main() -> None:
    """Write the files and say how large they are."""
    for (stem, name), make in ((DECK, deck), (SHEET, sheet)):
        path = CONTENT / stem / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(make(stem))
        sys.stdout.write(f"{path.relative_to(ROOT)}: {path.stat().st_size} bytes\n")


if __name__ == "__main__":
    main()
