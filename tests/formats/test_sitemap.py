"""The sitemap, read by an independent parser."""

from datetime import UTC, datetime
from xml.etree import ElementTree

from usp.tree import sitemap_from_str

from academy.formats import sitemap

CHANGED = datetime(2026, 11, 16, 8, 30, tzinfo=UTC)
PLACES = [
    sitemap.Place(group=1, language="fr", path="/cycles/port/", updated_at=CHANGED),
    sitemap.Place(group=1, language="en", path="/en/cycles/port/"),
    sitemap.Place(group=2, language="fr", path="/ressources/?q=a&b=<c>"),
]


def _written() -> str:
    return sitemap.write(PLACES, lambda path: f"https://academie.example{path}")


def test_a_parser_finds_every_page_and_when_it_changed():
    pages = {page.url: page.last_modified for page in sitemap_from_str(_written()).all_pages()}
    assert pages == {
        "https://academie.example/cycles/port/": CHANGED,
        "https://academie.example/en/cycles/port/": None,
        "https://academie.example/ressources/?q=a&b=<c>": None,
    }


def test_twins_name_each_other_and_who_speaks_neither_language_gets_french():
    link = "{http://www.w3.org/1999/xhtml}link"
    twins = [
        {at.attrib["hreflang"]: at.attrib["href"] for at in url.findall(link)}
        for url in ElementTree.fromstring(_written())
    ]
    both = {
        "fr": "https://academie.example/cycles/port/",
        "en": "https://academie.example/en/cycles/port/",
        "x-default": "https://academie.example/cycles/port/",
    }
    assert twins == [both, both, {}]


def test_a_parser_finds_the_maps_of_an_index():
    maps = [("https://academie.example/sitemap-0.xml", None), ("https://academie.example/sitemap-7.xml?a&b", CHANGED)]
    index = sitemap_from_str(sitemap.write_index(maps))
    assert [found.url for found in index.sub_sitemaps] == [address for address, _ in maps]
