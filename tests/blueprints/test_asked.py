"""The addresses of the finder: what asks for other hits begins at their first page, what orders them keeps the rest."""

from urllib.parse import parse_qs

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from academy.blueprints.resources.asked import Asked, asked_in


@pytest.fixture
def asked() -> Asked:
    return asked_in(
        MultiDict([(k, v[0]) for k, v in parse_qs("q=port&cycle=a&theme=b&tri=titre&nombre=20&page=3").items()])
    )


def test_an_address_is_read_and_written_the_same_way(asked: Asked, app: Flask):
    with app.test_request_context():
        assert asked.url() == "/ressources/?q=port&cycle=a&theme=b&tri=titre&nombre=20&page=3"


@pytest.mark.parametrize("change", [
    lambda asked: asked.without("cycle", "a"), lambda asked: asked.only("theme", "c"), Asked.without_filters, Asked.exactly,
])  # fmt: skip
def test_other_hits_begin_at_their_first_page_in_the_same_order(asked: Asked, change):
    changed = change(asked)
    assert (changed.page, changed.sort, changed.size, changed.q) == (1, "titre", 20, "port")


def test_what_is_followed_knows_neither_order_nor_page(asked: Asked, app: Flask):
    with app.test_request_context():
        assert asked.canonical().url() == "/ressources/?q=port&cycle=a&theme=b"
        assert asked.feed_url() == "/ressources/flux.atom?q=port&cycle=a&theme=b"
    assert asked.followed() == {"q": "port", "chosen": {"cycle": ["a"], "theme": ["b"]}, "is_exact": False}
