"""Passages are safe in HTML, keep their accents and show where the words are."""

import re
from html.parser import HTMLParser

from hypothesis import given, settings, strategies as st

from academy.search.analysis import LANGUAGES, stems, words
from academy.search.snippets import passage


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
