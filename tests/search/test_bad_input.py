"""Whatever is in the address, the page of the search answers: with an index, without one, with a broken one."""

import os
from urllib.parse import quote_from_bytes

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from academy import search
from academy.models import Kind
from tests.factories import a_document

LIMITS = settings(
    max_examples=3_000 if os.environ.get("ACADEMY_DEEP") else 40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
anything = st.one_of(
    st.binary(max_size=260),
    st.text(max_size=260).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.text(alphabet='port é"-*:’?%_()[]', max_size=230).map(str.encode),
)


@pytest.fixture(params=["whole", "missing", "corrupt"])
def academy(request, app, client):
    with app.app_context():
        a_document(kind=Kind.RESOURCE, title="Le port de Marseille")
        search.sync()
        for path in search.engine().root.rglob("*.seg"):
            if request.param == "missing":
                path.unlink()
            elif request.param == "corrupt":
                path.write_bytes(path.read_bytes()[:50] + b"?" * 50)
        if request.param != "whole":
            search.init_app(app)  # as another process finds it
    return client, request.param


@LIMITS
@given(q=anything, page=st.one_of(st.integers(-5, 10**20).map(str), st.text(max_size=5)), year=st.text(max_size=6))
def test_any_address_is_a_page(academy, q: bytes, page: str, year: str):
    client, state = academy
    address = "&".join(
        f"{name}={quote_from_bytes(value)}"
        for name, value in (
            ("q", q),
            ("page", page.encode("utf-8", "replace")),
            ("annee", year.encode("utf-8", "replace")),
        )
    )
    answer = client.get(f"/ressources/?{address}")
    assert answer.status_code == 200, (state, q)
    assert b"<h1" in answer.data
    assert client.get(f"/ressources/suggestions?q={quote_from_bytes(q)}").status_code < 500


def test_a_missing_or_broken_index_is_said(academy):
    client, state = academy
    text = client.get("/ressources/?q=port").get_data(as_text=True)
    assert "Le port de Marseille" in text
    assert ("L’index se reconstruit" in text) == (state != "whole")
