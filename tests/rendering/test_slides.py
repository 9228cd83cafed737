"""A text cut into slides: where its author says, with the words of who speaks, and never inside anything."""

import pytest
from hypothesis import given, strategies as st

from academy.rendering.markdown import render
from academy.rendering.slides import Slide, slides_of


def deck(source: str) -> list[Slide]:
    rendered = render(source)
    return slides_of(rendered.html, rendered.notes)


def shown(source: str) -> list[str]:
    return [slide.html for slide in deck(source)]


def test_a_rule_starts_a_slide_whatever_its_signs():
    assert shown("un\n\n---\n\ndeux\n\n***\n\ntrois\n\n_ _ _\n\nquatre") == [
        "<p>un</p>",
        "<p>deux</p>",
        "<p>trois</p>",
        "<p>quatre</p>",
    ]


def test_a_text_without_a_rule_has_a_slide_for_each_of_its_sections():
    first, second, third = shown("Avant.\n\n## Un\n\n### Détail\n\n## Deux")
    assert first == "<p>Avant.</p>"
    assert second.startswith("<h2")
    assert "<h3" in second
    assert third.startswith("<h2")


def test_with_a_rule_sections_start_nothing():
    assert len(shown("## Un\n\n## Deux\n\n---\n\n## Trois")) == 2


@pytest.mark.parametrize(
    "source",
    [
        "> a\n>\n> ---\n>\n> b",
        "- a\n\n  ---\n\n  b",
        "```\na\n\n---\n\nb\n```",
        '!!! note "Titre"\n    a\n\n    ---\n\n    b',
        "a\n---",  # a heading, in CommonMark
        "",
    ],
)
def test_a_rule_inside_something_is_none(source: str):
    assert len(shown(source)) <= 1


def test_an_empty_slide_is_left_out():
    assert shown("---\n\nun\n\n---\n\n---\n\ndeux\n\n---") == ["<p>un</p>", "<p>deux</p>"]


def test_a_comment_is_for_the_speaker_alone():
    source = "un\n\n<!-- Saluer.\n\nAttendre\nle silence. -->\n\n---\n\ndeux\n\n<!-- Conclure. -->"
    assert deck(source) == [
        Slide("<p>un</p>", ("Saluer.", "Attendre le silence.")),
        Slide("<p>deux</p>", ("Conclure.",)),
    ]
    rendered = render(source)
    assert not any(word in rendered.html + rendered.text for word in ("Saluer", "Conclure"))
    assert all("Saluer" not in passage.text for passage in rendered.passages)


def test_notes_of_an_empty_slide_go_to_the_next_one_else_to_the_last():
    source = "<!-- a -->\n\n---\n\nun\n\n<!-- b -->\n\n---\n\n<!-- c -->"
    assert deck(source) == [Slide("<p>un</p>", ("a", "b", "c"))]


def test_notes_stay_with_their_slide_when_a_rule_or_a_title_is_written_in_html():
    assert [slide.notes for slide in deck("a\n\n<hr>\n\nb\n\n<!-- b -->")] == [(), ("b",)]
    assert [slide.notes for slide in deck("<h2>a</h2>\n\n<h2>b</h2>\n\n<!-- b -->")] == [(), ("b",)]


def test_a_comment_in_a_sentence_or_in_code_is_no_note():
    (slide,) = deck("un <!-- x --> deux\n\n```\n<!-- y -->\n```")
    assert slide.notes == ()


PIECES = st.sampled_from(
    [
        "---",
        "***",
        "## A",
        "### B",
        "texte",
        "<!-- n -->",
        "> ---",
        "- ---",
        "```\n---\n```",
        "| a |\n|---|\n| b |",
        '!!! note "T"\n    x',
        "<div>",
        "</div>",
        "<hr>",
        "[^1]\n\n[^1]: ---",
        "<!--",
        "-->",
        "$$\n---\n$$",
        "![x](y)",
    ]
)


@given(st.lists(PIECES, max_size=12))
def test_the_html_and_the_notes_are_cut_at_the_same_places_and_no_word_is_lost(pieces: list[str]):
    rendered = render("\n\n".join(pieces))
    cut = slides_of(rendered.html)
    bare = "".join(rendered.html.replace("<hr>", "").split())
    assert "".join("".join(slide.html.replace("<hr>", "").split()) for slide in cut) == bare
    told = [note for slide in slides_of(rendered.html, rendered.notes) for note in slide.notes]
    if cut:
        assert told == [" ".join(note.split()) for note in "\n\n".join(rendered.notes).split("\n\n") if note.strip()]
    assert all(slide.html.count("<blockquote>") == slide.html.count("</blockquote>") for slide in cut)
