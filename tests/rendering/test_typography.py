"""French and English typography: right by construction, once and for all, and never outside words."""

import re
import time
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import example, given, settings, strategies as st

from academy.rendering import frontmatter, typography
from academy.rendering.markdown import render
from academy.rendering.slugs import slugify
from academy.rendering.typography import typeset
from academy.search import analysis

CONTENT = sorted((Path(__file__).parents[2] / "content").rglob("*.md"))
N, W = "\u202f", "\u00a0"  # narrow, wide

FRENCH = [
    # signs
    ("Que cherchez-vous ?", f"Que cherchez-vous{N}?"),
    ("Attention : lisez ; merci !", f"Attention{W}: lisez{N}; merci{N}!"),
    ("Attention: lisez; merci! Vraiment?!", f"Attention{W}: lisez{N}; merci{N}! Vraiment{N}?!"),
    ("Quoi ?!", f"Quoi{N}?!"),
    ("Quoi...? (Si !)", f"Quoi…{N}? (Si{N}!)"),
    ("Il dit:", f"Il dit{W}:"),
    (f"Déjà{W}? bien{N}: oui", f"Déjà{N}? bien{W}: oui"),
    ("10:30, a:b, c;d, x?y", "10:30, a:b, c;d, x?y"),
    ("&lt; et &amp;", "&lt; et &amp;"),
    # quotation marks
    ("« bonjour »", f"«{N}bonjour{N}»"),
    ("«bonjour»", f"«{N}bonjour{N}»"),
    ('Il dit "oui", puis "non" ?', f"Il dit «{N}oui{N}», puis «{N}non{N}»{N}?"),
    ('« il a dit "non" »', f"«{N}il a dit “non”{N}»"),
    ('l\'"Académie"', f"l’«{N}Académie{N}»"),
    ('un écran de 24" et un "petit"', 'un écran de 24" et un "petit"'),
    ('une clé title: "Mon titre', 'une clé title: "Mon titre'.replace(": ", f"{W}: ")),
    # apostrophes, ellipses
    ("l'eau, aujourd'hui, qu'il", "l’eau, aujourd’hui, qu’il"),
    ("5' 30\" et print('x')", "5' 30\" et print('x')"),
    ("et caetera... ../..", "et caetera… ../.."),
    ("....", "...."),
    # figures
    ("1 500 mots", f"1{N}500{W}mots"),
    ("14 000 000 m²", f"14{N}000{N}000{W}m²"),
    ("12 %, 25 €, 3 kWh", f"12{N}%, 25{W}€, 3{W}kWh"),
    ("20 h 30, 18 h", f"20{W}h{W}30, 18{W}h"),
    ("le 1er janvier 2027 et le 4 août", f"le 1er{W}janvier 2027 et le 4{W}août"),
    ("n° 14, p. 3, art. 6", f"n°{W}14, p.{W}3, art.{W}6"),
    ("M. Paul et Mme Ève", f"M.{W}Paul et Mme{W}Ève"),
    ("04 91 13 90 00", f"04{W}91{W}13{W}90{W}00"),
    ("en 2024 les ports ; 2025 320", f"en 2024 les ports{N}; 2025 320"),
    ("le 2e et le XXIe siècle", "le 2e et le XXIe siècle"),
    # addresses
    ("https://a.fr/l'eau?x=1;y...z ?", f"https://a.fr/l'eau?x=1;y...z{N}?"),
    ("", ""),
]
ENGLISH = [
    ('"Yes", she said...', "“Yes”, she said…"),
    ("it's the trainers' guide", "it’s the trainers’ guide"),
    ("'quoted' words", "‘quoted’ words"),
    ("the '90s", "the ’90s"),
    ("5' 10\" tall", "5' 10\" tall"),
    ("What is it: this; or that?", "What is it: this; or that?"),
    ("1 500 words, 12 %", "1 500 words, 12 %"),
]


@pytest.mark.parametrize(("typed", "wanted"), FRENCH)
def test_french(typed: str, wanted: str):
    assert typeset(typed, "fr") == wanted


@pytest.mark.parametrize(("typed", "wanted"), ENGLISH)
def test_english(typed: str, wanted: str):
    assert typeset(typed, "en") == wanted


def test_straight_quotation_marks_may_be_left_alone():
    assert typeset('Écrivez title: "Mon titre".', "fr", quotes=False) == f'Écrivez title{W}: "Mon titre".'


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("Vous *venez* ?", f"<p>Vous <em>venez</em>{N}?</p>"),
        ("**Note:** oui", f"<p><strong>Note{W}:</strong> oui</p>"),
        ("l'*eau* et l'`id`", "<p>l’<em>eau</em> et l’<code>id</code></p>"),
        ('"du **texte**"', f"<p>«{N}du <strong>texte</strong>{N}»</p>"),
        ("`a ? b`, `l'x...`", "<p><code>a ? b</code>, <code>l'x...</code></p>"),
        ("Vraiment\n? Oui\n: non", f"<p>Vraiment{N}? Oui{W}: non</p>"),
        ("mot[^1] ?\n\n[^1]: Oui !", None),
        (
            "<https://a.fr/l'eau> ?",
            f'<p><a href="https://a.fr/l\'eau" rel="noopener noreferrer">https://a.fr/l\'eau</a>{N}?</p>',
        ),
        (
            "voir https://a.fr/l'eau ?",
            f'<p>voir <a href="https://a.fr/l\'eau" rel="noopener noreferrer">https://a.fr/l\'eau</a>{N}?</p>',
        ),
        ("[l'eau](/l'eau \"l'eau ?\")", '<p><a href="/l\'eau" title="l\'eau ?">l’eau</a></p>'),
        ("<kbd>a ?</kbd> b ?", f"<p><kbd>a ?</kbd> b{N}?</p>"),
        ("[[port-1]] ?", f'<p><a class="wiki" href="/d/port-1">port-1</a>{N}?</p>'),
        ("    x = 'a' ?\n", "<pre tabindex=\"0\"><code>x = 'a' ?\n</code></pre>"),
        ("## L'eau ?", None),
    ],
)
def test_only_the_words_of_a_text_change(source: str, html: str | None):
    found = render(source, language="fr").html.replace("&nbsp;", W)
    if html is None:
        assert " ?" not in found
        assert " !" not in found
    else:
        assert found == html


def test_anchors_do_not_change_with_the_typography():
    rendered = render('## L\'eau : "claire" ? Oui...\n', language="fr")
    assert rendered.outline[0].anchor == "s-l-eau-claire-oui"
    assert rendered.outline[0].title == f"L’eau{W}: «{N}claire{N}»{N}? Oui…"


PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            ["mot", "l'", "Voir", " ", " ", " ", N, W, "\n", "«", "»", '"', '"', "'", "“", "”", "’", "...", "…"]
        ),
        st.sampled_from(
            [
                ":",
                ";",
                "!",
                "?",
                ".",
                ",",
                "(",
                ")",
                "-",
                "–",
                "%",
                "€",
                "h",
                "min",
                "janvier",
                "n°",
                "p.",
                "M.",
                "§",
                "&lt",
            ]
        ),
        st.sampled_from(
            [
                "1",
                "04",
                "12",
                "30",
                "500",
                "000",
                "2027",
                "1er",
                "A",
                "é",
                "_",
                "\ufffc",
                "/",
                "http://",
                "www.",
                "a.fr",
            ]
        ),
        st.text(max_size=3),
    ),
    max_size=14,
).map("".join)


@settings(deadline=None)
@given(PIECES, st.sampled_from(["fr", "en"]), st.booleans())
@example('"a" "', "fr", True)
def test_the_second_time_changes_nothing(text: str, language: str, quotes: bool):
    once = typeset(text, language, quotes=quotes)
    assert typeset(once, language, quotes=quotes) == once


def bare(text: str) -> str:
    """The text without what typography may change."""
    return re.sub(r"[\s«»“”\"'‘’…]|\.\.\.", "", text)


@settings(deadline=None)
@given(PIECES, st.sampled_from(["fr", "en"]))
def test_no_word_and_no_sign_is_lost(text: str, language: str):
    assert bare(typeset(text, language)) == bare(text)


@settings(deadline=None)
@given(PIECES, st.sampled_from(["fr", "en"]))
def test_addresses_and_searches_see_no_difference(text: str, language: str):
    assert slugify(typeset(text, language)) == slugify(text)
    assert analysis.words(typeset(text, language)) == analysis.words(text)


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(["`l'x ?`", "*gras*", "mot ?", "l'", '"', "<b>", "[a'b](/l'x)", "https://a.fr/l'x", "\n", " "])
    )
)
def test_no_change_outside_text(pieces: list[str]):
    source = "".join(pieces)

    def outside(language: str) -> list[str]:
        html = render(source, language=language).html
        return re.findall(r"<code>.*?</code>|<[^>]*>", html)

    assert outside("fr") == outside("en")


@pytest.mark.parametrize(
    "unit",
    [
        " ",
        "« ",
        "»",
        '"',
        "'",
        "...",
        "1 000 ",
        "1 ",
        "?!",
        "?.",
        "a ?",
        "04 91 ",
        "&",
        "www.",
        "https://a ",
        "«»",
        "a'",
        "M. ",
        "\n",
    ],
)
def test_time_grows_with_the_length(unit: str):
    def seconds(count: int) -> float:
        text = unit * count
        best = 1e9
        for language in ("fr", "en", "fr"):
            typography.typeset.cache_clear()
            start = time.process_time()
            typeset(text, language)
            best = min(best, time.process_time() - start) if language == "fr" else best
        return best

    assert seconds(40_000) < 0.5 + 20 * seconds(4_000)


class _Words(HTMLParser):
    """The text of a page, without code."""

    def __init__(self) -> None:
        super().__init__()
        self.depth, self.text = 0, ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.depth += tag in {"code", "pre"}
        self.text += "\n" if tag in {"p", "li", "td", "th", "dt", "dd", "pre"} else ""

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag in {"code", "pre"}

    def handle_data(self, data: str) -> None:
        self.text += "\ufffc" if self.depth else data


WRONG = {
    "fr": re.compile(
        r"[ \n](?=[;!?»])| :(?=\s|$)|«(?=[^\u202f])|[^\u202f]»|(?<=[^\W\d_])'(?=\w)|(?<!\.)\.{3}(?!\.)|\w[;!?](?=\s|$)"
    ),
    "en": re.compile(r"[\u00a0\u202f](?=[;:!?])|[^\W\d_]'[^\W\d_]|(?<!\.)\.{3}(?!\.)"),
}


@pytest.mark.parametrize("path", CONTENT, ids=lambda path: path.name)
def test_every_text_that_ships_is_well_set(path: Path):
    language = path.suffixes[0][1:]
    front = frontmatter.parse(path.read_text("utf-8"))
    words = _Words()
    words.feed(render(front.body, language=language).html)
    titles = [typeset(str(front.values.get(key, "")), language) for key in ("title", "summary")]
    said = "\n".join([words.text, *titles])
    assert [said[max(0, m.start() - 20) : m.end() + 10] for m in WRONG[language].finditer(said)] == []
