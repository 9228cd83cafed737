"""What a template shows is escaped as Markup escapes it."""

import pytest
from hypothesis import given, strategies as st
from jinja2 import Environment, Undefined
from markupsafe import Markup, escape

from academy.web.application import Templates
from academy.web.spoken import Spoken

HOSTILE = "<script>alert(\"1\")</script> & 'x'"


class _Marked:
    def __html__(self) -> str:
        return "<b>ours</b>"


@given(st.text())
def test_texts_are_escaped(text: str):
    assert Templates.as_html(text) == str(escape(text))


@pytest.mark.parametrize(
    "value", [HOSTILE, Spoken(HOSTILE, "fr"), Markup("<i>"), _Marked(), [HOSTILE], 7, -1, 1.5, True, None, Undefined()]
)
def test_other_values_too(value: object):
    assert Templates.as_html(value) == str(escape(value))


@pytest.mark.parametrize(
    "source",
    [
        "<p title='{{ x }}'>{{ x }}{{ x|safe }}{{ x|upper }}{{ x ~ x }}{{ nobody }}{{ 1 + 1 }}</p>",
        "{% macro m(y) %}<b>{{ y }}</b>{% endmacro %}{{ m(x) }}{{ m(m(x)) }}",
        "{% set s %}<i>{{ x }}</i>{% endset %}{{ s }}{% for c in x %}{{ c }}{{ loop.index }}{% endfor %}",
        "{% autoescape false %}{{ x }}{% endautoescape %}{% filter upper %}{{ x }}{% endfilter %}",
        "{% macro m() %}{{ caller(x) }}{% endmacro %}{% call(y) m() %}<u>{{ y }}</u>{{ x }}{% endcall %}",
    ],
)
def test_a_page_reads_as_that_of_jinja_itself(source: str, app):
    theirs = Environment(autoescape=True).from_string(source)
    assert app.jinja_env.from_string(source).render(x=HOSTILE) == theirs.render(x=HOSTILE)


def test_a_mail_in_plain_text_is_not_escaped(app):
    assert app.jinja_env.from_string("{{ x }}").render(x=HOSTILE) == str(escape(HOSTILE))
    assert app.jinja_env.overlay(autoescape=False).from_string("{{ x }}").render(x=HOSTILE) == HOSTILE
