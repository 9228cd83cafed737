"""Formulas become MathML; prices stay prices; hostile TeX is refused with its line."""

import pytest

from academy.rendering.formulas import MAX_DEPTH, MAX_FORMULA, MAX_FORMULAS
from academy.rendering.markdown import RenderingRefused, render

FORMULAS = {
    "E = mc^2": "E = mc²",
    r"\frac{a+b}{2}": "(a + b)/2",
    r"P = \frac{1}{2} \rho v^3": "P = (1/2)ρv³",
    r"\sqrt{x+1}": "√(x + 1)",
    r"\sqrt[3]{8}": "³√8",
    r"x_1^2 + x_{ij}": "x₁² + x_ij",
    r"\sum_{i=1}^{n} i": "∑_(i = 1)ⁿi",
    r"3,5 \times 10^{-3}": "3,5 × 10⁻³",
    r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}": "([1, 2; 3, 4])",
    r"\text{si } x > 0": "si x > 0",
    r"x \in \mathbb{R}, \alpha \leq \beta": "x ∈ ℝ,α ≤ β",
    r"12\,\%": "12 %",
}
MONEY = [
    "Un billet à 5 $ et un autre à 10 $.",
    "It costs $5 and then $10.",
    "Entre 5$ et 10$.",
    "Un budget de 3$US, puis 4$CA.",
    "Le prix : $5. Le total : $10.",
    r"Un dollar \$x\$ écrit tel quel.",
    "Le code `$x$` reste du code.",
    "Un $ seul.",
    "$ x $ entre des espaces.",
    "$$",
]
REFUSED = {
    "an unknown command": (r"\fooo x", "math_command", None),
    "a macro": (r"\newcommand{\a}{b}\a", "math_command", None),
    "another macro": (r"\def\a{b}", "math_command", None),
    "a link": (r"\href{javascript:alert(1)}{x}", "math_command", None),
    "a style": (r"\style{position:fixed}{x}", "math_command", None),
    "a class": (r"\class{flash}{x}", "math_command", None),
    "a colour": (r"\color{red}{x}", "math_command", None),
    "any sign by its number": (r"\unicode{60}", "math_command", None),
    "an open brace": ("x^{2", "math_unreadable", None),
    "a missing exponent": ("x^", "math_unreadable", None),
    "a missing right": (r"\left( x", "math_unreadable", None),
    "a closed brace": ("x}", "math_unreadable", None),
    "depth": ("{" * (MAX_DEPTH + 1) + "x" + "}" * (MAX_DEPTH + 1), "math_too_deep", MAX_DEPTH),
    "length": ("x+" * MAX_FORMULA + "x", "math_too_long", MAX_FORMULA),
}


@pytest.mark.parametrize(("tex", "plain"), FORMULAS.items())
def test_a_formula_is_mathml_and_has_a_line_of_text(tex: str, plain: str):
    rendered = render(f"Soit ${tex}$ ici.\n\n$$\n{tex}\n$$\n", language="en")
    assert rendered.text.split("\n")[1] == plain
    assert f'<math display="inline" alttext="{plain.replace(">", "&gt;")}">' in rendered.html
    assert '<math display="block" alttext="' in rendered.html


def test_a_formula_comes_out_whole():
    assert render("$x^2$").html == (
        '<p><math display="inline" alttext="x²"><mrow><msup><mi>x</mi><mn>2</mn></msup></mrow></math></p>'
    )


def test_a_block_scrolls_and_says_what_it_is():
    html = render("$$ x $$\n").html
    assert html.startswith('<div aria-label="Formule" class="formula" role="group" tabindex="0"><math display="block"')
    assert 'aria-label="Formula"' in render("$$x$$", language="en").html


@pytest.mark.parametrize("source", MONEY)
def test_money_is_no_formula(source: str):
    assert "<math" not in render(source).html


@pytest.mark.parametrize(("tex", "code", "limit"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_read_is_refused_with_its_line(tex: str, code: str, limit: int | None):
    for source in (f"a\n\nb\nc ${tex}$", f"a\n\nb\n$$\n{tex}\n$$"):
        with pytest.raises(RenderingRefused) as refusal:
            render(source, first_line=10)
        assert (refusal.value.code, refusal.value.line, refusal.value.limit) == (code, 13, limit)


def test_a_page_may_hold_so_many_formulas():
    formula = "$" + "x" * 999 + "$\n\n"
    assert render(formula * (MAX_FORMULAS // 999)).html
    with pytest.raises(RenderingRefused, match="too_many_formulas"):
        render(formula * (MAX_FORMULAS // 999 + 1))


def test_text_in_a_formula_stays_text():
    html = render(r"$\text{&lt;script&gt;alert(1)&lt;/script&gt;}$ $a < b$ $\text{<b>}$").html
    assert "<script" not in html
    assert "<b>" not in html
    assert "&lt;" in html


def test_a_formula_may_stand_in_a_heading_a_list_a_table_and_a_note():
    source = "## Soit $x^2$\n\n- $y$\n\n| $z$ |\n|---|\n| $t$ |\n\nn[^1]\n\n[^1]: $u$\n\n> $$\n> v\n> $$\n"
    rendered = render(source)
    assert rendered.html.count("<math") == 6
    assert rendered.outline[0].title == "Soit x²"
    assert rendered.outline[0].anchor == "s-soit-x2"


def test_an_author_cannot_write_mathml_or_call_a_drawing():
    rendered = render("<math><mi>x</mi></math> $x$ <svg><circle/></svg> 0123-0. &#2;0&#3;")
    assert rendered.html.count("<math") == 1
    assert "<svg" not in rendered.html
