"""Citations: what others read back is what the text says, however its title is made."""

import json
import re
from datetime import date

import pytest
import rispy
from pybtex.database import parse_string

from academy.formats import citations
from academy.formats.citations import Work

TITLES = [
    "Le port et la mer",
    "IA, CYBERsécurité et l’EDF",
    "Accolades {ouvertes et } fermées } {",
    r"Antislash \ \\ \emph{x} \textbf",
    "100 % de $x_1^2 ~ #2 & plus",
    "Guillemets \"droits\", « français », ``TeX''",
    "Une ligne\nune autre\r\nTY  - JOUR\rER  - ",
    "Émoji 🌊🇫🇷, 中文, Ελληνικά",
    "@article{faux, title = {x}}",
    "Fin par une accolade }",
    "<i>balise</i> &amp; <script>alert(1)</script>",
    "et alii and others, and {more}",
    "{",
]


def _work(**changes) -> Work:
    known = {
        "key": "escale-pas-a-pas",
        "title": "Une escale",
        "publisher": "Académie One Provence",
        "authors": ["Ada Exemple", "Équipe, du port"],
        "issued_on": date(2026, 11, 6),
        "url": "https://academie.example/ressources/1-escale/",
        "language": "fr",
        "topics": ["Port", "Mer"],
        "licence": "CC BY 4.0",
    }
    return Work(**(known | changes))


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


_COMMANDS = {
    "textbackslash": "\\",
    "textbraceleft": "{",
    "textbraceright": "}",
    "textasciicircum": "^",
    "textasciitilde": "~",
}


def _from_tex(text: str) -> str:
    """As LaTeX prints it: a brace that groups is not printed, one that is printed is a command."""
    return re.sub(r"\\(?:([a-z]+)\{\}|([%&#$_]))|[{}]", lambda m: _COMMANDS[m[1]] if m[1] else m[2] or "", text)


@pytest.mark.parametrize("title", TITLES)
def test_a_title_comes_back_equal_from_bibtex(title: str):
    written = citations.bibtex(_work(title=title, authors=[title, "Ada"]))
    [(key, entry)] = parse_string(written, "bibtex").entries.items()
    assert key == "escale-pas-a-pas"
    assert _from_tex(entry.fields["title"]) == _on_one_line(title)
    assert len(entry.persons["author"]) == 2
    assert entry.fields["url"] == "https://academie.example/ressources/1-escale/"
    assert (entry.fields["year"], entry.fields["month"]) == ("2026", "November")


@pytest.mark.parametrize("title", TITLES)
def test_braces_of_an_entry_always_balance(title: str):
    written = citations.bibtex(_work(title=title, summary=title, topics=[title], licence=title, authors=[title]))
    depth = 0
    for sign in written:  # BibTeX counts them all, escaped or not
        depth += {"{": 1, "}": -1}.get(sign, 0)
        assert depth >= 0
    assert depth == 0


@pytest.mark.parametrize("title", TITLES)
def test_a_title_comes_back_equal_from_ris(title: str):
    [record] = rispy.loads(citations.ris(_work(title=title, authors=[title, "Ada"], summary=title)))
    assert record["title"] == _on_one_line(title)
    assert record["authors"] == [_on_one_line(title), "Ada"]
    assert record["urls"] == ["https://academie.example/ressources/1-escale/"]
    assert (record["type_of_reference"], record["year"], record["keywords"]) == ("ELEC", "2026", ["Port", "Mer"])


@pytest.mark.parametrize("title", TITLES)
def test_a_title_comes_back_equal_from_csl_json(title: str):
    [item] = json.loads(citations.csl_json(_work(title=title)))
    assert item["title"] == _on_one_line(title)
    assert item["issued"] == {"date-parts": [[2026, 11, 6]]}


@pytest.mark.parametrize("title", TITLES)
def test_the_line_of_the_apa_holds_the_title_and_the_address(title: str):
    line = citations.apa(_work(title=title), language="fr")
    assert _on_one_line(title) in line
    assert line.endswith("https://academie.example/ressources/1-escale/")
    assert "\n" not in line


def test_the_line_of_the_apa_speaks_the_language_of_the_page():
    french, english = (citations.apa(_work(), language=language) for language in ("fr", "en"))
    place = "Une escale. Académie One Provence. https://academie.example/ressources/1-escale/"
    assert french == f"Ada Exemple, & Équipe, du port. (2026, 6 novembre). {place}"
    assert english == f"Ada Exemple, & Équipe, du port. (2026, November 6). {place}"


def test_a_question_takes_no_full_stop_and_a_text_without_author_is_the_academy_s():
    asked = citations.apa(_work(title="Qui fait quoi ?"), language="fr")
    assert "Qui fait quoi ? Académie" in asked
    alone = citations.apa(_work(authors=[]), language="en")
    assert (
        alone == "Académie One Provence. (2026, November 6). Une escale. https://academie.example/ressources/1-escale/"
    )
