"""What trainers write comes out as they meant it: the constructs of the dialect, compared exactly."""

import pytest

from academy.rendering.markdown import RenderingRefused, render

ANCHOR = '<a aria-hidden="true" class="heading-anchor" href="#{0}" tabindex="-1">#</a>'
REGION = '<div aria-label="Tableau {0}" class="table-scroll" role="region" tabindex="0"><table>'

HABITS = {
    "a list straight after a paragraph": (
        "Nous verrons :\n- le port\n- les câbles\n",
        "<p>Nous verrons&nbsp;:</p>\n<ul>\n<li>le port</li>\n<li>les câbles</li>\n</ul>",
    ),
    "an ordered list straight after a paragraph": (
        "Étapes :\n1. lire\n2. agir\n",
        "<p>Étapes&nbsp;:</p>\n<ol>\n<li>lire</li>\n<li>agir</li>\n</ol>",
    ),
    "two-space nesting": (
        "- port\n  - quai\n    - poste\n- mer\n",
        "<ul>\n<li>port\n<ul>\n<li>quai\n<ul>\n<li>poste</li>\n</ul>\n</li>\n</ul>\n</li>\n<li>mer</li>\n</ul>",
    ),
    "four-space nesting": (
        "- port\n    - quai\n",
        "<ul>\n<li>port\n<ul>\n<li>quai</li>\n</ul>\n</li>\n</ul>",
    ),
    "a fence inside a list item": (
        "1. Lancez :\n   ```\n   make run\n   ```\n2. Ouvrez\n",
        '<ol>\n<li>Lancez&nbsp;:\n<pre tabindex="0"><code>make run\n</code></pre>\n</li>\n<li>Ouvrez</li>\n</ol>',
    ),
    "a second paragraph in a list item": (
        "- premier\n\n  suite\n\n- second\n",
        "<ul>\n<li><p>premier</p>\n<p>suite</p>\n</li>\n<li><p>second</p>\n</li>\n</ul>",
    ),
    "numbers with a bracket": ("1) un\n2) deux\n", "<ol>\n<li>un</li>\n<li>deux</li>\n</ol>"),
    "a list that starts at three": (
        "3. trois\n4. quatre\n",
        '<ol start="3">\n<li>trois</li>\n<li>quatre</li>\n</ol>',
    ),
    "a loose list": ("1. un\n\n2. deux\n", "<ol>\n<li><p>un</p>\n</li>\n<li><p>deux</p>\n</li>\n</ol>"),
    "a lazy continuation": ("- un\n suite\n", "<ul>\n<li>un\nsuite</li>\n</ul>"),
    "another bullet is another list": ("* a\n+ b\n", "<ul>\n<li>a</li>\n</ul>\n<ul>\n<li>b</li>\n</ul>"),
    "a table without a blank line": (
        "Voici :\n| Quai | Long |\n|:-----|-----:|\n| A | 100 |\n",
        (
            f"<p>Voici&nbsp;:</p>\n{REGION.format(1)}\n<thead>\n<tr>\n"
            '<th class="align-left" scope="col">Quai</th>\n<th class="align-right" scope="col">Long</th>\n</tr>\n</thead>\n'
            '<tbody>\n<tr>\n<td class="align-left">A</td>\n<td class="align-right">100</td>\n</tr>\n</tbody>\n</table></div>'
        ),
    ),
    "a bar inside a cell": (
        "| a |\n|:-:|\n| x \\| y |\n",
        (
            f'{REGION.format(1)}\n<thead>\n<tr>\n<th class="align-center" scope="col">a</th>\n</tr>\n</thead>\n'
            '<tbody>\n<tr>\n<td class="align-center">x | y</td>\n</tr>\n</tbody>\n</table></div>'
        ),
    ),
    "a fence straight after a paragraph": (
        "Code :\n```\nls\n```\nsuite",
        '<p>Code&nbsp;:</p>\n<pre tabindex="0"><code>ls\n</code></pre>\n<p>suite</p>',
    ),
    "a heading straight after a paragraph": (
        "Texte\n## Titre\nSuite",
        f'<p>Texte</p>\n<h2 id="s-titre">Titre{ANCHOR.format("s-titre")}</h2>\n<p>Suite</p>',
    ),
    "a quotation straight after a paragraph": (
        "Il dit :\n> oui\n> - a\n",
        "<p>Il dit&nbsp;:</p>\n<blockquote>\n<p>oui</p>\n<ul>\n<li>a</li>\n</ul>\n</blockquote>",
    ),
    "hard breaks": ("un  \ndeux\\\ntrois", "<p>un<br>\ndeux<br>\ntrois</p>"),
    "strikethrough": ("~~faux~~ vrai", "<p><del>faux</del> vrai</p>"),
    "underscores within a word": ("nom_de_fichier et __fort__", "<p>nom_de_fichier et <strong>fort</strong></p>"),
    "bold French quotation": (
        "**« Port »** et *l’eau*.",
        "<p><strong>«\u202fPort\u202f»</strong> et <em>l’eau</em>.</p>",
    ),
    "bold before a colon": ("**Objectif :** lire", "<p><strong>Objectif&nbsp;:</strong> lire</p>"),
    "harmless raw HTML": ("a<br>b <kbd>Ctrl</kbd>", "<p>a<br>b <kbd>Ctrl</kbd></p>"),
    "a rule": ("a\n\n---\n\nb", "<p>a</p>\n<hr>\n<p>b</p>"),
    "indented code": ("    code & <b>\n", '<pre tabindex="0"><code>code &amp; &lt;b&gt;\n</code></pre>'),
    "Windows line endings": ("- a\r\n- b\r\n\r\nc\r\n", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n<p>c</p>"),
    "nothing": ("", ""),
    "only blanks": (" \n\n\t\n", ""),
}

CONSTRUCTS = {
    "task list": (
        "- [x] un\n  - [ ] deux\n- trois\n",
        (
            '<ul class="task-list">\n<li class="task-list-item">'
            '<input aria-label="Fait" checked="" disabled="" type="checkbox"> un\n<ul class="task-list">\n'
            '<li class="task-list-item"><input aria-label="À faire" disabled="" type="checkbox"> deux</li>\n</ul>\n</li>\n'
            "<li>trois</li>\n</ul>"
        ),
    ),
    "footnotes": (
        "Un[^a] deux[^b] un[^a].\n\n[^a]: Première.\n[^b]: Deuxième.\n\n    Suite.\n",
        (
            '<p>Un<sup id="fnref-1"><a class="footnote-ref" href="#fn-1">1</a></sup> '
            'deux<sup id="fnref-2"><a class="footnote-ref" href="#fn-2">2</a></sup> '
            'un<sup id="fnref-1-2"><a class="footnote-ref" href="#fn-1">1</a></sup>.</p>\n'
            '<section aria-label="Notes" class="footnotes" role="doc-endnotes"><ol><li id="fn-1"><p>Première. '
            '<a aria-label="Retour au texte, note 1" class="footnote-backref" href="#fnref-1">↩\ufe0e</a> '
            '<a aria-label="Retour au texte, note 1 (2)" class="footnote-backref" href="#fnref-1-2">↩\ufe0e</a></p>\n</li>'
            '<li id="fn-2"><p>Deuxième.</p>\n<p>Suite. '
            '<a aria-label="Retour au texte, note 2" class="footnote-backref" href="#fnref-2">↩\ufe0e</a></p>\n'
            "</li></ol></section>"
        ),
    ),
    "definition list": (
        "Port\n: Lieu *abrité*\n: Ordinateur\n",
        '<dl>\n<dt id="s-port">Port</dt>\n<dd>Lieu <em>abrité</em></dd>\n<dd>Ordinateur</dd>\n</dl>',
    ),
    "admonition with two paragraphs": (
        '!!! note "Titre"\n    Un\n\n    Deux\n\nDehors',
        '<div class="admonition note">\n<p class="admonition-title">Titre</p>\n<p>Un</p>\n<p>Deux</p>\n</div>\n<p>Dehors</p>',
    ),
    "admonition with its own name": (
        "!!! warning\n    Corps\n",
        '<div class="admonition warning">\n<p class="admonition-title">Attention</p>\n<p>Corps</p>\n</div>',
    ),
    "admonition without a title": (
        '!!! tip ""\n    Corps\n',
        '<div class="admonition tip">\n<p>Corps</p>\n</div>',
    ),
    "admonition named in French": (
        "!!! exercice\n    Corps\n",
        '<div class="admonition exercise">\n<p class="admonition-title">Exercice</p>\n<p>Corps</p>\n</div>',
    ),
    "admonition of no known kind keeps its words": (
        "!!! Départ du quai\n    Corps\n",
        '<div class="admonition note">\n<p class="admonition-title">Départ du quai</p>\n<p>Corps</p>\n</div>',
    ),
    "admonition that folds": (
        '??? example "Le **corrigé**"\n    Corps\n',
        (
            '<details class="admonition example"><summary class="admonition-title">Le <strong>corrigé</strong></summary>\n'
            "<p>Corps</p>\n</details>"
        ),
    ),
    "admonition that folds, open at first": (
        "???+ example\n    Corps\n",
        (
            '<details class="admonition example" open=""><summary class="admonition-title">Exemple</summary>\n'
            "<p>Corps</p>\n</details>"
        ),
    ),
    "GitHub's alert": (
        "> [!CAUTION]\n> Corps\n",
        '<div class="admonition caution">\n<p class="admonition-title">Prudence</p>\n<p>Corps</p>\n</div>',
    ),
    "container": (
        "::: tip Un *titre*\n- a\n:::\nb",
        (
            '<div class="admonition tip">\n<p class="admonition-title">Un <em>titre</em></p>\n<ul>\n<li>a</li>\n</ul>\n'
            "</div>\n<p>b</p>"
        ),
    ),
    "callouts in callouts": (
        "::: note\n!!! tip\n    a\n\n    > [!NOTE]\n    > b\n:::\n",
        (
            '<div class="admonition note">\n<p class="admonition-title">Note</p>\n<div class="admonition tip">\n'
            '<p class="admonition-title">Astuce</p>\n<p>a</p>\n<div class="admonition note">\n'
            '<p class="admonition-title">Note</p>\n<p>b</p>\n</div>\n</div>\n</div>'
        ),
    ),
    "bare addresses": (
        "Voir https://exemple.fr/a_(b), www.port.fr ; écrire à a.b@port.fr !",
        (
            '<p>Voir <a href="https://exemple.fr/a_(b)" rel="noopener noreferrer">https://exemple.fr/a_(b)</a>, '
            '<a href="http://www.port.fr" rel="noopener noreferrer">www.port.fr</a>\u202f; écrire à '
            '<a href="mailto:a.b@port.fr" rel="noopener noreferrer">a.b@port.fr</a>\u202f!</p>'
        ),
    ),
    "an address is not linked twice, nor in code": (
        "[https://a.fr](/b) `https://a.fr`",
        '<p><a href="/b">https://a.fr</a> <code>https://a.fr</code></p>',
    ),
    "abbreviation": (
        "*[BMM]: Bassin & *mer*\n\nLe BMM, BMMs, `BMM`",
        '<p>Le <abbr title="Bassin &amp; *mer*">BMM</abbr>, BMMs, <code>BMM</code></p>',
    ),
    "abbreviations: the longest wins, the first definition stays": (
        "*[AB]: un\n*[AB CD]: deux\n*[AB]: trois\n\nAB AB CD",
        '<p><abbr title="un">AB</abbr> <abbr title="deux">AB CD</abbr></p>',
    ),
    "wiki links": (
        "[[eb-cables]] et [[port|le *port*]] et [[Pas un id]]",
        (
            '<p><a class="wiki" href="/d/eb-cables">eb-cables</a> et '
            '<a class="wiki" href="/d/port">le <em>port</em></a> et [[Pas un id]]</p>'
        ),
    ),
    "figure": (
        '![Le quai](q.png "Le quai en 1900")\n',
        '<figure><img alt="Le quai" loading="lazy" src="q.png"><figcaption>Le quai en 1900</figcaption></figure>',
    ),
    "an image in a sentence is no figure": (
        'Vu : ![Le quai](q.png "1900")\n',
        '<p>Vu&nbsp;: <img alt="Le quai" loading="lazy" src="q.png" title="1900"></p>',
    ),
    "coloured code": (
        "```py\nx = 1  # é\n```\n",
        (
            '<pre class="highlight" tabindex="0"><code class="language-py"><span class="n">x</span> '
            '<span class="o">=</span> <span class="mi">1</span>  <span class="c1"># é</span>\n</code></pre>'
        ),
    ),
    "code in an unknown language": (
        "```klingon\nx = 1\n```\n",
        '<pre tabindex="0"><code class="language-klingon">x = 1\n</code></pre>',
    ),
    "headings keep unique ids": (
        "## A\n## A\n## A 2\n## A",
        "\n".join(
            f'<h2 id="{anchor}">{title}{ANCHOR.format(anchor)}</h2>'
            for anchor, title in [("s-a", "A"), ("s-a-2", "A"), ("s-a-2-2", "A 2"), ("s-a-3", "A")]
        ),
    ),
    "a first-level heading leaves the h1 to the page": (
        "# Un\n\n## Deux",
        f'<h2 id="s-un">Un{ANCHOR.format("s-un")}</h2>\n<h3 id="s-deux">Deux{ANCHOR.format("s-deux")}</h3>',
    ),
    "a link to a heading": (
        "## Œuvre d’été\n\n[voir](#oeuvre-d-ete) [non](#absent)",
        (
            f'<h2 id="s-oeuvre-d-ete">Œuvre d’été{ANCHOR.format("s-oeuvre-d-ete")}</h2>\n'
            '<p><a href="#s-oeuvre-d-ete">voir</a> <a href="#absent">non</a></p>'
        ),
    ),
    "an empty heading has no link": ("##\n", '<h2 id="s-texte"></h2>'),
    "an empty corner heads nothing, and rows get headers": (
        "| | a |\n|-|-|\n| b | 1 |\n",
        (
            f'{REGION.format(1)}\n<thead>\n<tr>\n<td></td>\n<th scope="col">a</th>\n</tr>\n</thead>\n'
            '<tbody>\n<tr>\n<th scope="row">b</th>\n<td>1</td>\n</tr>\n</tbody>\n</table></div>'
        ),
    ),
    "tables are numbered": (
        "|a|\n|-|\n\n|b|\n|-|\n",
        "\n".join(
            f'{REGION.format(number)}\n<thead>\n<tr>\n<th scope="col">{name}</th>\n</tr>\n</thead>\n</table></div>'
            for number, name in [(1, "a"), (2, "b")]
        ),
    ),
}


@pytest.mark.parametrize(("source", "expected"), HABITS.values(), ids=HABITS)
def test_habits_of_trainers(source: str, expected: str):
    assert render(source).html == expected


@pytest.mark.parametrize(("source", "expected"), CONSTRUCTS.values(), ids=CONSTRUCTS)
def test_constructs_of_the_dialect(source: str, expected: str):
    assert render(source).html == expected


def test_english_pages_get_english_words():
    html = render("!!! warning\n    Body\n\n- [x] a[^1]\n\n|a|\n|-|\n\n[^1]: n\n", language="en").html
    for word in ('admonition-title">Warning<', 'aria-label="Done"', 'aria-label="Table 1"', "Back to the text, note 1"):
        assert word in html


def test_wiki_links_are_listed_once_in_order_and_take_the_prefix():
    rendered = render("[[b]] [[a]] [[b|x]]\n\n[^1] \n\n[^1]: [[c]]", link_prefix="/en/d/")
    assert [(link.kind, link.target, link.line) for link in rendered.links] == [
        ("title", "b", 1),
        ("title", "a", 1),
        ("link", "b", 1),
        ("title", "c", 5),
    ]
    assert '<a class="wiki" href="/en/d/a">' in rendered.html


def test_one_rendering_leaves_nothing_to_the_next():
    render("*[AB]: un\n\n# A\n\n[a]: /b\n\nx[^1]\n\n[^1]: n\n\n[[z]]")
    with pytest.raises(RenderingRefused):
        render("a" * 200_000)
    rendered = render("AB\n\n## A\n\n[a] [^1]")
    assert rendered.html == f'<p>AB</p>\n<h2 id="s-a">A{ANCHOR.format("s-a")}</h2>\n<p>[a] [^1]</p>'
    assert rendered.links == ()
    assert render("").text == ""
