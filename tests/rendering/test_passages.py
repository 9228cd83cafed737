"""Passages are units of 60 to 150 words that lose no word and know their heading."""

from hypothesis import given, settings, strategies as st

from academy.rendering.markdown import Passage, render

WORDS = ["mot", "quai", "mer.", "Le", "port", "?", "été", "(vent)"]


def prose(count: int) -> str:
    return " ".join(f"mot{number}" for number in range(count))


def sizes(source: str) -> list[int]:
    return [len(passage.text.split()) for passage in render(source).passages]


def test_passages_follow_the_headings():
    assert render(
        "Avant\n\n## Port\n\nUn\n\n### Quai\n\nDeux\n\n- trois\n\n## Mer\n\n### Vide\n\n## Fin\n\nQuatre"
    ).passages == (
        Passage("", (), "Avant"),
        Passage("s-port", ("Port",), "Un"),
        Passage("s-quai", ("Port", "Quai"), "Deux\ntrois"),
        Passage("s-fin", ("Fin",), "Quatre"),
    )


def test_a_heading_in_a_quotation_cuts_nothing():
    assert render("## A\n\n> ## B\n>\n> c").passages == (Passage("s-a", ("A",), "B\nc"),)


def test_footnotes_are_a_passage_of_their_own():
    assert render("## A\n\nb[^1]\n\n[^1]: c").passages == (Passage("s-a", ("A",), "b"), Passage("", (), "c"))


def test_paragraphs_are_put_together_up_to_the_limit():
    assert sizes("\n\n".join([prose(50)] * 6)) == [150, 150]
    assert sizes("\n\n".join([prose(40)] * 4)) == [80, 80]
    assert sizes(prose(30)) == [30]


def test_a_long_paragraph_is_cut_between_sentences():
    sentence = "Le port de Marseille accueille chaque année des navires venus de loin."
    passages = render(" ".join([sentence] * 30)).passages
    assert len(passages) > 1
    assert all(passage.text.endswith("loin.") for passage in passages)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=260).map(" ".join), min_size=1, max_size=8))
def test_no_word_is_lost_and_no_unit_is_out_of_bounds(paragraphs: list[str]):
    rendered = render("\n\n".join(paragraphs))
    assert " ".join(passage.text for passage in rendered.passages).split() == rendered.text.split()
    lengths = [len(passage.text.split()) for passage in rendered.passages]
    assert all(length <= 150 for length in lengths)
    assert all(length >= 60 for length in lengths[:-1])
