"""Ways between texts: by id, by path, to sections, and texts within texts; each knows its line."""

import pytest

from academy.rendering.markdown import render
from academy.rendering.results import Lent, Link, LinkKind, RenderingRefused

LENT = Lent(
    own="own",
    base="cycles/port/modules/01-own.fr.md",
    titles={"quai": ("Le quai & l’eau", "fr"), "ship": ("The ship", "en")},
    paths={"cycles/port/modules/02-quai": "quai", "resources/guide": "guide"},
    texts={
        "avis": (
            "Avis.[^a]\n\n## Un\n\nPremier.\n\n### Sous\n\nTexte.\n\n## Deux\n\nSecond.[^b]\n\n[^a]: na\n\n[^b]: nb\n",
            "",
        ),
        "nid": ("![[avis#un]]\n", ""),
        "boucle": ("![[own]]", ""),
        "relatif": ("[q](../cycles/port/modules/02-quai.fr.md)", "resources/relatif.fr.md"),
    },
)


def page(source: str, *, first_line: int = 1, lent: Lent = LENT):
    return render(source, lent=lent, first_line=first_line)


def ways(source: str) -> list[tuple[str, str, str, int]]:
    return [(link.kind, link.target, link.anchor, link.line) for link in page(source).links]


def test_an_id_alone_shows_the_title_of_its_text():
    assert '<a class="wiki" href="/d/quai">Le quai &amp; l’eau</a>' in page("[[quai]]").html
    assert '<a class="wiki" href="/d/ship" lang="en">The ship</a>' in page("[[ship]]").html
    assert ">loin</a>" in page("[[loin]]").html
    assert page("[[quai]]").text == "Le quai & l’eau"


@pytest.mark.parametrize("section", ["Deux quais", "deux-quais", "s-deux-quais", " Deux quais "])
def test_a_section_is_named_by_its_words_or_its_address(section: str):
    assert 'href="/d/quai#s-deux-quais">x<' in page(f"[[quai#{section}|x]]").html


def test_a_relative_link_finds_its_text_and_any_other_file_is_dead():
    html = page("[a](02-quai.fr.md#Titre) [b](../../../resources/guide.en.md) [c](fichiers/a.png)").html
    assert '<a class="wiki" href="/d/quai#s-titre">a</a>' in html
    assert '<a class="wiki" href="/d/guide">b</a>' in html
    assert '<a href="fichiers/a.png">c</a>' in html
    assert ways("a\n\n[x](03-rien.fr.md) [y](README.md)\n[z](https://example.org/a.md) [w](/a.md)")[:-1] == [
        ("dead_path", "03-rien.fr.md", "", 3),
        ("dead_path", "README.md", "", 3),
    ]


def test_an_anchor_of_the_page_itself_is_dead_only_when_nothing_has_it():
    source = "## Ici\n\n[a](#ici) [b](#s-ici) [c](#)\n[d](#ailleurs)[^1]\n\n[^1]: n [e](#fn-1)\n"
    assert ways(source) == [("dead_anchor", "", "ailleurs", 4)]


def test_lines_count_in_the_file():
    assert page("a\nb [[quai]]\n\n- c\n- [[x|y]]", first_line=10).links == (
        Link(LinkKind.TITLE, "quai", "", 11),
        Link(LinkKind.LINK, "x", "", 14),
    )


def test_an_included_text_takes_its_place_below_the_heading():
    rendered = page("Hôte.[^h]\n\n## Ici\n\n![[avis]]\n\n## Fin\n\n[^h]: nh\n")
    assert [(heading.level, heading.title) for heading in rendered.outline] == [
        (2, "Ici"),
        (3, "Un"),
        (4, "Sous"),
        (3, "Deux"),
        (2, "Fin"),
    ]
    assert [f'id="fn-{n}"' in rendered.html for n in (1, 2, 3, 4)] == [True, True, True, False]
    assert rendered.html.count("footnotes") == 1
    assert "Second." in rendered.text
    assert rendered.lints == ()
    assert rendered.links == (Link(LinkKind.INCLUDE, "avis", "", 5),)


def test_an_included_section_leaves_its_heading_and_the_other_notes_at_home():
    rendered = page("![[avis#Deux]]")
    assert rendered.text == "Second.\nnb"
    assert [f'id="fn-{n}"' in rendered.html for n in (1, 2)] == [True, False]
    assert page("![[avis#un]]\n").text == "Premier.\nSous\nTexte."


def test_a_text_in_a_text_in_a_list():
    rendered = page("- un\n\n  ![[nid]]\n")
    assert "Premier." in rendered.html
    assert ways("![[nid]]") == [("include", "nid", "", 1), ("include", "avis", "s-un", 1)]


def test_relative_links_of_an_included_text_are_its_own():
    assert 'href="/d/quai"' in page("![[relatif]]").html


def test_what_cannot_be_included_is_said_with_its_line():
    assert ways("a\n\n![[rien]]\n\n![[avis#zut]]") == [
        ("include", "rien", "", 3),
        ("include", "avis", "s-zut", 5),
        ("dead_section", "avis", "s-zut", 5),
    ]
    assert 'href="/d/rien"' in page("![[rien]]").html
    for source, code in (("\n![[own]]", "include_loop"), ("\n![[boucle]]", "include_loop")):
        with pytest.raises(RenderingRefused) as refused:
            page(source, first_line=5)
        assert (refused.value.code, refused.value.line) == (code, 6)


def test_includes_are_few_shallow_and_small():
    texts = {f"t{n}": (f"![[t{n + 1}]]", "") for n in range(6)} | {"gros": ("a " * 40_000, "")}
    lent = Lent(texts=texts)
    for source, code in (
        ("![[t0]]", "includes_deep"),
        ("![[t5]]\n" * 21, "includes_many"),
        ("![[gros]]\n\n![[gros]]", "includes_big"),
    ):
        with pytest.raises(RenderingRefused) as refused:
            page(source, lent=lent)
        assert refused.value.code == code


def test_an_include_inside_a_sentence_or_code_is_none():
    assert page("voir\u00a0![[avis]] là").html == '<p>voir\u202f!<a class="wiki" href="/d/avis">avis</a> là</p>'
    assert "![[avis]]" in page("    ![[avis]]").html
    assert "![[avis]]" in page("```\n![[avis]]\n```").html


def test_hostile_titles_are_text():
    html = page("[[x]]", lent=Lent(titles={"x": ("<script>alert(1)</script>", "fr")})).html
    assert "<script" not in html


def test_addresses_of_the_site_and_terms_are_told_with_their_line():
    source = "[a](/ressources/3-guide/#s-un)\n[b](//ailleurs.org/x) [c](/a%20b)\n\nUn [quai]{.glossaire}\nou [mâts]{.glossaire terme=mât}.\n"
    assert ways(source) == [
        (LinkKind.ADDRESS, "/ressources/3-guide/", "s-un", 1),
        (LinkKind.ADDRESS, "/a b", "", 2),
        (LinkKind.TERM, "quai", "s-quai", 4),
        (LinkKind.TERM, "mât", "s-mat", 5),
    ]
