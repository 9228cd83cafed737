"""What makes two questions one, and which are never counted."""

import pytest

from academy.search.questions import LONGEST, words_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("métropole", "METROPOLE"),
        ("l’économie bleue", "économies bleues"),
        ("port de Marseille", "marseille ports"),
        ("Où est le port ?", "le port"),
        ('"câbles sous-marins"', "cables sous marins"),
        ("type:note port", "port"),
        ("port -croisière", "-croisieres ports"),
    ],
)
def test_accents_plurals_the_order_and_little_words_make_no_difference(one: str, other: str):
    assert words_of(one, "fr") == words_of(other, "fr") != ""


def test_what_is_left_out_or_cut_short_is_another_question():
    assert len({words_of(text, "fr") for text in ("port", "port -croisière", "croisière", "croi*")}) == 4


def test_little_words_alone_are_a_question_too():
    assert words_of("qui est qui ?", "fr") == "est qui"


def test_each_language_has_its_stems():
    assert words_of("harbours", "en") == words_of("harbour", "en")


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ?! ",
        "type:note",
        "-port",
        "jeanne@example.org",
        "jeanne＠example.org",
        "06 12 34 56 78",
        "appeler le +33 (0)6.12.34.56.78",
        "06-12-34-56-78",
        "٠٦١٢٣٤٥٦٧٨",
        "1 85 05 78 006 084 36",
        "dossier 20260117",
        "je cherche pour ma voisine qui habite au bout de la rue des lilas",
        "\0",
    ],
)
def test_what_says_nothing_or_could_name_somebody_is_not_counted(text: str):
    assert words_of(text, "fr") == ""


@pytest.mark.parametrize("text", ["bilan 2023", "bilan 2023 2024", "2022, 2023 et 2024", "NIS 2", "13001 Marseille"])
def test_years_and_short_numbers_are_counted(text: str):
    assert words_of(text, "fr") != ""


def test_what_is_kept_fits_its_column():
    assert len(words_of(" ".join(f"{letter * 60}" for letter in "abcdefghij"), "fr")) <= LONGEST
