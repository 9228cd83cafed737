"""PDFs of texts: whatever HTML the renderer stores becomes a paper, and nothing of it becomes code."""

import io
from datetime import UTC, datetime

import pytest
from PIL import Image
from pypdf import PdfReader

from academy.formats import pdf
from academy.formats.pdf import Paper, child
from academy.formats.pdf.tree import DEEPEST, tree_of
from academy.rendering.markdown import render

BASE = "https://academie.example/ressources/1-note/"


def _paper(html: str, **changes) -> Paper:
    known = {
        "title": "Une note",
        "summary": "Un résumé.",
        "authors": ["Ada"],
        "publisher": "Académie One Provence",
        "genre": "Note",
        "language": "fr",
        "licence": "CC BY 4.0",
        "url": BASE,
        "topics": ["Port"],
        "facts": [("Par", "Ada")],
        "objectives": [],
        "credit": "« Une note », Ada.",
        "words": {"address": "Adresse", "contents": "Sommaire", "objectives": "Objectifs", "picture": "Image :"},
        "changed_at": datetime(2026, 11, 16, tzinfo=UTC),
        "html": html,
    }
    return Paper(**(known | changes))


def _words(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def test_the_same_text_gives_the_same_bytes():
    paper = _paper("<h2>Un</h2><p>Deux.</p>")
    assert pdf.write(paper) == pdf.write(paper)


def test_formulas_charts_tabs_and_videos_have_their_words_on_paper():
    source = (
        "Soit $x^2$.\n\n$$\n\\frac{a}{b}\n$$\n\n```chart\ntitle: Escales\n\nAn;Un;Deux\n2025;1;2\n```\n\n"
        ":::: tabs\n::: tab A terre\nquai\n:::\n::::\n\n::: video https://a.fr/b Visite\nparoles\n:::\n"
    )
    words = _words_of(tree_of(render(source).html, base="https://a.fr/"))
    for word in ("x²", "a/b", "Escales", "2025", "A terre", "quai", "Visite", "paroles"):
        assert word in words
    assert words.count("Deux") == 1  # in the table, not in the legend of a drawing that is not there


def _words_of(node: object) -> str:
    if isinstance(node, str):
        return node
    return " ".join(map(_words_of, node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()))


def test_what_looks_like_code_stays_text():
    hostile = '#import "x.typ" #sys.inputs.data @label <label> $x^2$ \\ #eval("1+1") ] } *gras* = Titre'
    words = _words(pdf.write(_paper(render(f"`{hostile}`").html, title=hostile, summary=hostile, credit=hostile)))
    assert words.count('#import "x.typ"') >= 3
    assert "#sys.inputs.data @label <label>" in words


@pytest.mark.parametrize(
    "html",
    [
        "",
        "texte nu",
        "<p>Un <b>gras <p>jamais fermé",
        "<ul><li>" * 40 + "profond" + "</li></ul>" * 40,
        "<table><tr><th>A</th></tr><tr><td>1</td><td>2</td><td>3</td></tr><tr></tr></table>",
        "<table></table><ul></ul><ol start='0'><li></li></ol><dl><dd>Sans terme</dd></dl>",
        '<a href="#nulle-part">vers rien</a> <a href="https://[">adresse fausse</a> <a>sans adresse</a>',
        '<h4 id="s-a">Saut</h4><h2 id="s-b">Retour</h2><h6>Encore</h6><p><a href="#s-a">a</a></p>',
        "<details><summary>Pli</summary><p>Dedans</p></details><div class='admonition'><p>Sans titre</p></div>",
        "<p>🌊 中文 العربية \u202e envers \u0301</p><hr><figure><img alt='Un quai' src='https://x.example/y.png'></figure>",
        "<pre><code>" + "x" * 3000 + "</code></pre>",
        "<p>" + "mot-" * 4000 + "</p>",
    ],
)
def test_any_stored_html_becomes_a_paper(html: str):
    assert pdf.write(_paper(html)).startswith(b"%PDF-")


def test_headings_never_skip_a_level():
    levels = [node["level"] for node in tree_of("<h4>a</h4><h2>b</h2><h6>c</h6><h6>d</h6>", base=BASE) if node != ""]  # pyright: ignore
    assert levels == [2, 1, 2, 3]


def test_links_are_whole_addresses_and_those_to_nothing_are_words():
    html = '<p id="s-x"><a href="/d/autre">un</a><a href="#s-x">deux</a><a href="#rien">trois</a></p><h2 id="s-y">y</h2><p><a href="#s-y">quatre</a></p>'
    [first, _heading, last] = tree_of(html, base=BASE)
    assert [link["to"] for link in first["c"]] == ["https://academie.example/d/autre", "", ""]  # pyright: ignore
    assert last["c"][0]["to"] == "s-y"  # pyright: ignore


def test_words_too_deep_stay_in_the_text():
    nested = tree_of("<blockquote>" * (DEEPEST * 2) + "au fond" + "</blockquote>" * (DEEPEST * 2), base=BASE)
    assert "au fond" in str(nested)


def test_a_text_beyond_its_limits_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pdf, "WALL_SECONDS", 0.01)
    with pytest.raises(pdf.UnsetError):
        pdf.write(_paper("<p>Texte.</p>"))
    assert child.CPU_SECONDS < 30


SEEN = '<figure><img src="fichiers/quai.webp" alt="Un quai" width="400" height="300"><figcaption>Au matin <span class="credit">Crédit : Ada. CC BY 4.0</span></figcaption></figure>'


def _picture(mode: str = "RGB", form: str = "WEBP") -> bytes:
    held = io.BytesIO()
    Image.linear_gradient("L").resize((400, 300)).convert(mode).save(held, form)
    return held.getvalue()


def _images(content: bytes) -> list[tuple[int, int]]:
    return [image.image.size for page in PdfReader(io.BytesIO(content)).pages for image in page.images if image.image]


def _figures(content: bytes) -> list[str]:
    """The words that stand for the figures of a tagged paper."""
    found: list[str] = []

    def walk(node) -> None:
        node = node.get_object()
        for kid in node if isinstance(node, list) else [node]:
            it = kid.get_object()
            if isinstance(it, dict):
                if it.get("/S") == "/Figure":
                    found.append(str(it.get("/Alt", "")))
                if "/K" in it:
                    walk(it["/K"])

    walk(PdfReader(io.BytesIO(content)).trailer["/Root"]["/StructTreeRoot"])  # pyright: ignore
    return found


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_a_picture_stands_on_paper_with_its_words_caption_and_credit(mode: str):
    paper = _paper(SEEN, pictures={"fichiers/quai.webp": "q"})
    made = pdf.write(paper, lambda digest: _picture(mode))
    assert _images(made) == [(400, 300)]
    assert _figures(made) == ["Un quai"]
    words = _words(made)
    assert "Au matin Crédit : Ada. CC BY 4.0" in words
    assert "Image :" not in words
    assert b"pdfuaid:part" in _metadata(made)
    assert pdf.write(paper, lambda digest: _picture(mode)) == made


def _metadata(content: bytes) -> bytes:
    return PdfReader(io.BytesIO(content)).trailer["/Root"]["/Metadata"].get_object().get_data()  # pyright: ignore


def test_the_same_picture_twice_and_among_words_and_in_a_cell():
    shown = '<img src="fichiers/quai.webp" alt="Un quai" width="9000" height="90000">'
    html = f"<p>{shown}</p><p>Vu {shown} ici.</p><table><tr><td>{shown}</td></tr></table><ul><li>{shown}</li></ul>"
    made = pdf.write(_paper(html, pictures={"fichiers/quai.webp": "q"}), lambda digest: _picture())
    assert _figures(made) == ["Un quai"] * 4


def test_a_decorative_picture_is_no_figure_to_a_reader():
    html = '<p><img src="fichiers/quai.webp" alt="" width="400" height="300"></p>'
    made = pdf.write(_paper(html, pictures={"fichiers/quai.webp": "q"}), lambda digest: _picture())
    assert (_images(made), _figures(made)) == ([(400, 300)], [])


@pytest.mark.parametrize("data", [b"", b"RIFF\x10\0\0\0WEBPVP8 rien", _picture()[:500], b"<svg/>"])
def test_a_picture_that_is_lost_or_damaged_is_its_words_and_credit(data: bytes):
    made = pdf.write(_paper(SEEN, pictures={"fichiers/quai.webp": "q"}), lambda digest: data)
    assert _images(made) == []
    assert "Image : Un quai Au matin Crédit : Ada. CC BY 4.0" in _words(made)


def test_no_more_pictures_are_loaded_than_a_paper_takes(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pdf, "MOST_PICTURES", 2)
    asked: list[str] = []
    html = "".join(SEEN.replace("quai.webp", f"{n}.webp") for n in range(3))
    pictures = {f"fichiers/{n}.webp": str(n) for n in range(3)}
    made = pdf.write(_paper(html, pictures=pictures), lambda digest: asked.append(digest) or _picture())
    assert (asked, len(_figures(made))) == (["0", "1"], 2)
