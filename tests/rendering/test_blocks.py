"""Tabs, videos, transcripts, credited pictures, attribute lists: exact HTML, nothing lost, remarks with their line."""

import pytest

from academy.rendering.attributes import LICENCES
from academy.rendering.markdown import Lint, RenderingRefused, lint, render
from academy.web.labels import licence_of

BLOCKS = {
    "tabs": (
        ":::: tabs\n::: tab Sous *Linux*\na\n:::\n::: tab\nb\n:::\n::::\n",
        ('<div class="tabs">\n<details class="tab" name="s-tabs-1" open=""><summary>Sous <em>Linux</em></summary>\n<p>a</p>\n'
        '</details>\n<details class="tab" name="s-tabs-1"><summary>Partie 2</summary>\n<p>b</p>\n</details>\n</div>'),
    ),
    "tabs in French, twice": (
        ":::: onglets\n::: onglet A\na\n:::\n::::\n\n:::: onglets\n::: onglet B\n:::\n::::\n",
        ('<div class="tabs">\n<details class="tab" name="s-tabs-1" open=""><summary>A</summary>\n<p>a</p>\n</details>\n</div>\n'
        '<div class="tabs">\n<details class="tab" name="s-tabs-2" open=""><summary>B</summary>\n</details>\n</div>'),
    ),
    "a tab alone is a fold": (
        "::: tab Seul\na\n:::\n",
        '<details class="admonition details"><summary class="admonition-title">Seul</summary>\n<p>a</p>\n</details>',
    ),
    "video": (
        '::: video https://tube.example/w/1 "Le *port*"\n![Affiche](a.jpg)\n\nBonjour.\n:::\n',
        ('<figure class="video"><p><img alt="Affiche" loading="lazy" src="a.jpg"></p>\n<p><a class="video__link" '
        'href="https://tube.example/w/1" rel="noopener noreferrer">Le <em>port</em></a> (tube.example)</p>\n'
        "<details><summary>Transcription</summary>\n<p>Bonjour.</p>\n</details>\n</figure>"),
    ),
    "transcript": (
        ("```vtt\nWEBVTT\n\nNOTE rien\n\n1\n00:00:01.000 --> 00:00:04.000 align:start\n<v Anne>Bonjour & <i>bienvenue</i>.\n"
        "Suite.\n\n01:02:03.500 --> 01:02:04.000\nFin.\n```\n"),
        ('<div class="transcript"><p><span class="cue">0:01</span> Anne&nbsp;: Bonjour &amp; bienvenue. Suite.</p>'
        '<p><span class="cue">1:02:03</span> Fin.</p></div>'),
    ),
    "a fence of no cue is code": ("```vtt\nrien\n```\n", '<pre tabindex="0"><code class="language-vtt">rien\n</code></pre>'),
    "credit": (
        '![Quai](q.jpg "Le quai"){credit="Jeanne D." licence=cc-by-4.0}\n',
        ('<figure><img alt="Quai" loading="lazy" src="q.jpg"><figcaption>Le quai <span class="credit">Crédit&nbsp;: Jeanne D. '
        '<a href="https://creativecommons.org/licenses/by/4.0/" rel="noopener noreferrer">CC BY 4.0</a></span></figcaption></figure>'),
    ),
    "licence alone": (
        "![Quai](q.jpg){licence=tous-droits-reserves}\n",
        ('<figure><img alt="Quai" loading="lazy" src="q.jpg"><figcaption><span class="credit">Tous droits réservés</span>'
        "</figcaption></figure>"),
    ),
    "a term": (
        'Des [*affréteurs*]{.glossaire terme="affréteur"} et un [armateur]{.glossary}',
        ('<p>Des <a class="term" href="/glossaire/#s-affreteur"><em>affréteurs</em></a> et un '
        '<a class="term" href="/glossaire/#s-armateur">armateur</a></p>'),
    ),
    "a term in a link is no link": ("[un [x]{.glossaire}](/a)", '<p><a href="/a">un [x]{.glossaire}</a></p>'),
    "words of another language in a link": ("[un [x]{lang=en}](/a)", '<p><a href="/a">un <span lang="en">x</span></a></p>'),
    "words of another language": ("[smart *grid*]{lang=en}", '<p><span lang="en">smart <em>grid</em></span></p>'),
    "an anchor of one's own": (
        "## Un long titre {#court}\n\n[voir](#court)",
        ('<h2 id="s-court">Un long titre<a aria-hidden="true" class="heading-anchor" href="#s-court" tabindex="-1">#</a></h2>\n'
        '<p><a href="#s-court">voir</a></p>'),
    ),
    "what is on no list stays as typed": (
        "[x]{onclick=a} [y]{.flash} ![z](z.png){style=a} {#z}\n\n## A {.b}",
        ('<p>[x]{onclick=a} [y]{.flash} <img alt="z" loading="lazy" src="z.png">{style=a} {#z}</p>\n'
        '<h2 id="s-a-b">A {.b}<a aria-hidden="true" class="heading-anchor" href="#s-a-b" tabindex="-1">#</a></h2>'),
    ),
    "a defined term has an anchor": ("## Port\n\nPort\n: Lieu\n", None),
}  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), BLOCKS.values(), ids=BLOCKS)
def test_blocks(source: str, expected: str | None):
    html = render(source).html
    assert html == expected if expected else '<dt id="s-port-2">Port</dt>' in html


def test_english_words():
    html = render(
        ":::: tabs\n::: tab\na\n:::\n::::\n\n::: video https://a.fr/b\nc\n:::\n\n![a](b){credit=c}", language="en"
    ).html
    for word in ("<summary>Part 1</summary>", ">Video</a>", "<summary>Transcript</summary>", "Credit: c"):
        assert word in html


@pytest.mark.parametrize(
    "address", ["", "javascript:alert(1)", "data:text/html,x", "http://", "//evil.example/x.mp4", "Titre"]
)
def test_a_video_has_an_address(address: str):
    with pytest.raises(RenderingRefused) as refusal:
        render(f"a\n\n::: video {address}\nb\n:::\n", first_line=5)
    assert (refusal.value.code, refusal.value.line) == ("video_address", 7)


def test_nothing_is_loaded_before_a_click():
    html = render("::: video https://tube.example/w/1 Titre\nmots\n:::\n").html
    assert "src=" not in html
    assert "<iframe" not in html


def test_remarks_say_the_line():
    source = "::: video https://a.fr/b Titre\n:::\n\n[x]{onclick=a}\n\n::: video https://a.fr/b Titre\nmots\n:::\n"
    assert lint(source, first_line=3) == [
        Lint(3, "missing_transcript", "https://a.fr/b"),
        Lint(6, "unread_attributes", "{onclick=a}"),
    ]


def test_braces_that_are_no_list_are_no_fault():
    assert lint("Bonjour {nom}, un ensemble {1, 2}, `[x]{y=z}`") == []


def test_the_words_of_blocks_are_found():
    source = ":::: tabs\n::: tab A\nun\n:::\n::::\n\n::: video https://a.fr/b Titre\n```vtt\n00:01.000 --> 00:02.000\ndeux\n```\n:::\n"
    assert render(source).text.split("\n") == ["A", "un", "Titre", "Transcription", "deux"]


def test_licences_are_those_of_texts():
    for code, (name, address) in LICENCES.items():
        if code not in ("cc0-1.0", "tous-droits-reserves"):
            assert (licence_of(code).name, licence_of(code).url) == (name, address)
