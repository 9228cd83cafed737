"""Passages are safe in HTML, keep their accents and show where the words are."""

import re
from html.parser import HTMLParser

from hypothesis import given, settings, strategies as st

from academy.search.analysis import FOLDED, LANGUAGES, STEM, WORD, clean, fold, stems, words
from academy.search.snippets import _spellings, passage


def _asked(q: str) -> set[tuple[str, str]]:
    return {(language, stem) for language in LANGUAGES for stem in stems(words(q), language)}


def test_marks_keep_accents_and_case():
    text = "L’Économie et les ÉCONOMIES d’œuvres"
    assert str(passage(text, _asked("economie oeuvre"), "fr")) == (
        "L’<mark>Économie</mark> et les <mark>ÉCONOMIES</mark> d’<mark>œuvres</mark>"
    )


def test_html_is_escaped():
    found = str(passage('<b onclick="x">port</b> & <script>', _asked("port script"), "fr"))
    assert found == "&lt;b onclick=&#34;x&#34;&gt;<mark>port</mark>&lt;/b&gt; &amp; &lt;<mark>script</mark>&gt;"


def test_the_window_has_most_of_the_words():
    text = "port " + "rien " * 100 + "la transition de l’énergie au port " + "rien " * 100
    found = str(passage(text, _asked("transition énergie port"), "fr"))
    assert found.startswith("… ")
    assert found.endswith(" …")
    assert found.count("<mark>") == 3
    assert len(found) < 320


class _Text(HTMLParser):
    def __init__(self, html: str):
        super().__init__()
        self.tags, self.data = set(), ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add((tag, tuple(attrs)))

    def handle_data(self, data):
        self.data += data


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=600), st.text(max_size=30))
def test_any_text_is_safe_and_nothing_is_invented(text: str, q: str):
    parsed = _Text(str(passage(text, _asked(q), "fr")))
    assert parsed.tags <= {("mark", ())}
    shown = parsed.data.removeprefix("… ").removesuffix(" …")
    assert shown in re.sub(r"[^\S\u00a0\u202f]+", " ", text) or "\r" in text or "\0" in text


_SPELT = st.sampled_from(
    "port Porté PORTÉES œuvre Œuvres cœur poe\u0302te x\u0302y été Étés l’été naïve straße ǽon 42e d 4 Ωmega"
    " po_rt aujourd’hui İle Ångström \u212angström important".split()
)


@given(st.lists(_SPELT, min_size=1, max_size=12), st.lists(_SPELT, max_size=3), st.sampled_from(LANGUAGES))
def test_every_form_of_the_words_asked_is_marked_and_no_other(written: list[str], asked: list[str], language: str):
    text = clean(" ".join(written))
    folded = [FOLDED[word] for typed in asked for word in WORD.findall(typed)]
    wanted = {STEM[language][word] or word for word in folded}
    marked = passage(text, {(language, stem) for stem in wanted}, language, width=1000)
    expected = [
        word for word in WORD.findall(text) if (STEM[language][FOLDED[word]] or FOLDED[word]) in wanted
    ]  # word by word, as the index looks at them
    assert re.findall("<mark>(.*?)</mark>", str(marked)) == expected


def test_all_that_is_compared_as_a_letter_is_known():
    spelt = {character for characters in _spellings().values() for character in characters}
    others = (chr(code) for code in range(0x10000) if not 0xD800 <= code < 0xE000 and chr(code).isalnum())
    assert [one for one in others if one not in spelt and re.match("[a-z0-9]", fold(one))] == []
