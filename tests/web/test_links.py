"""The address of a text is the one that the routes give, however it is made."""

import pytest
from flask import url_for

from academy.models import Kind
from academy.web.links import document_url


@pytest.mark.parametrize(
    "slug", ["port-de-marseille", "2024", "-", "été", "a b", "a/b", "x%2Fy", "Ünï", "a?b#c", "a_b"]
)
@pytest.mark.parametrize(("kind", "endpoint"), [(Kind.RESOURCE, "resources.show"), (Kind.SESSION, "sessions.show")])
@pytest.mark.parametrize("root", ["", "/academie"])
def test_the_address_of_a_text_is_that_of_its_route(app, slug: str, kind: Kind, endpoint: str, root: str):
    with app.test_request_context("/", base_url=f"http://localhost{root}"):
        expected = url_for(endpoint, id=12, slug=slug)
        assert document_url(kind, id=12, slug=slug) == expected
        assert document_url(kind, id=12, slug=slug, language="en") == expected.replace(root, f"{root}/en", 1)
