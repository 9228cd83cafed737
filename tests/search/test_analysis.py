"""Words meet whatever their accents, capitals, quotes and endings."""

import unicodedata

import pytest

from academy.search.analysis import FOLDED, STEM, clean, fold, stems, words

PAIRS = """électricité/electricite, métropole/metropole, économie bleue/economie bleue, cybersécurité/cybersecurite,
    attractivité/attractivite, territoires/territoire, portuaire/portuaires, innovations sociales/innovation sociale,
    l'économie/économie, l’économie/économie, enquêtes/enquete, métiers/metier, compétitivité/competitivite,
    hôpital/hopitaux, évènement/evenement, formées/formee, Cœur/coeur, œuvre/oeuvre, accélérateur/accelerateurs,
    régénération/regeneration"""


def _pairs() -> list[tuple[str, ...]]:
    return [tuple(" ".join(pair.split()).split("/")) for pair in PAIRS.split(",")]


def _stems(text: str) -> list[str]:
    return stems(words(text), "fr")


def test_there_are_twenty_pairs():
    assert len(_pairs()) == 20


@pytest.mark.parametrize(("written", "typed"), _pairs())
def test_pairs_meet(written: str, typed: str):
    assert _stems(written) == _stems(typed) != []


@pytest.mark.parametrize(("written", "typed"), _pairs())
def test_pairs_meet_in_an_index(written: str, typed: str, filled, found, a_document):
    index = filled([a_document(1, "Un titre", f"Voici {written} pour tous."), a_document(2, "Autre", "Rien ici.")])
    assert found(index, typed) == found(index, written) == [1]


def test_decomposed_text_and_invisible_characters_change_nothing():
    written = unicodedata.normalize("NFD", "éco\u00adno\u200bmie")
    assert clean(f"\ufeff{written}") == "économie"
    assert words(written) == ["economie"]


def test_a_base_letter_keeps_its_odd_accents():
    assert words("x\u0301y z") == ["xy", "z"]


def test_ligatures_fold():
    assert fold("ŒUVRE Æther straße") == "oeuvre aether strasse"


def test_lowered_and_raised_signs_are_those_of_the_keyboard():
    assert words("CO₂ : 3 m³, H₂O, 10⁶ €") == ["co2", "3", "m3", "h2o", "106"]
    assert words("½") == ["½"]


def test_stop_words_have_no_stem():
    assert [STEM["fr"][FOLDED[word]] for word in ("être", "où", "l", "à")] == [None] * 4
    assert stems(words("Comment faire une enquête ?"), "fr") == stems(words("enquêtes"), "fr")


def test_a_letter_storm_is_cut():
    assert words("a" * 100_000) == ["a" * 64]


@pytest.mark.parametrize("written", [
    "l’eau", "L'EAU", "d’eau", "qu’eau", "jusqu’eau", "lorsqu’eau", "puisqu’eau", "quoiqu’eau", "n’eau", "s’eau", "lʼeau", "l`eau",
])  # fmt: skip
def test_elisions_leave_the_word(written: str):
    assert stems(words(written), "fr") == ["eau"]


@pytest.mark.parametrize(("question", "language", "kept"), [
    ("Quelles sont les aides pour une association ?", "fr", "aides association"),
    ("Comment peut-on faire une enquête ?", "fr", "enquête"),
    ("Pourquoi et quand doit-il y avoir des dockers ?", "fr", "dockers"),
    ("Où faut-il s’adresser, et à qui ?", "fr", "adresser"),
    ("What should we do about the harbour?", "en", "harbour"),
    ("Why does it matter, and who can help?", "en", "matter help"),
])  # fmt: skip
def test_question_words_are_no_words_to_look_for(question: str, language: str, kept: str):
    assert stems(words(question), language) == stems(words(kept), language)
