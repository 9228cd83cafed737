"""What a first visit costs on every public page: bytes, requests, style, scripts, HTML, and not one shift of the layout."""

import gzip
import os

import pytest
from playwright.sync_api import Browser, Response

from tests.browser.places import VISITOR, Place
from tests.browser.serving import Academy
from tests.browser.tour import LANGUAGES

pytestmark = pytest.mark.browser

PUBLIC = [it for it in VISITOR if it.status == 200 and not it.form and it.name != "visitor-styles"]
LOOKS = [("fr", 360), ("en", 1440)]
if os.environ.get("ACADEMY_DEEP"):
    LOOKS += [("fr", 1440), ("en", 360)]
MOST = {"bytes": 60_000, "requests": 5, "css": 12_000, "js": 10_000, "html": 10_000, "shift": 0.01, "cookies": 0}
SETTLED = 150  # ms after the load event for what a script may ask or move
KINDS = {"stylesheet": "css", "script": "js", "document": "html"}
OBSERVE = """window.shift = 0;
new PerformanceObserver(list => { for (const it of list.getEntries()) shift += it.value })
  .observe({type: "layout-shift", buffered: true})"""


@pytest.mark.parametrize("place", PUBLIC, ids=lambda place: place.name)
def test_a_first_visit_stays_within_the_budgets(academy: Academy, chromium: Browser, place: Place):
    problems = []
    for language, width in LOOKS:
        cost, said = _visit(chromium, academy, LANGUAGES[language] + place.path.format_map(academy.names), width)
        problems += [f"{language} {width}: {name} {cost[name]}" for name in MOST if cost[name] > MOST[name]]
        problems += [f"{language} {width}: {words}" for words in said]
    assert problems == []


def test_the_second_page_asks_for_no_style_and_no_script_again(academy: Academy, chromium: Browser):
    context = chromium.new_context()
    page = context.new_page()
    for path in ("/", "/cycles/"):
        page.goto(academy.url + path, wait_until="networkidle")
    sent = dict(page.evaluate("performance.getEntriesByType('resource').map(it => [it.name, it.transferSize])"))
    context.close()
    assets = {name.rpartition(".")[2]: size for name, size in sent.items() if "/assets/" in name}
    assert assets == {"css": 0, "js": 0}


def _visit(chromium: Browser, academy: Academy, path: str, width: int) -> tuple[dict[str, float], list[str]]:
    """The cost of a page for a browser that has never been here, and what its console said."""
    context = chromium.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda it: said.append(it.text) if it.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    responses: list[Response] = []
    page.on("response", lambda it: responses.append(it) if not it.url.startswith("data:") else None)
    page.add_init_script(OBSERVE)
    page.goto(academy.url + path, wait_until="load")
    page.wait_for_timeout(SETTLED)
    cost = _cost(responses) | {"cookies": len(context.cookies()), "shift": page.evaluate("shift")}
    context.close()
    return cost, said


def _cost(responses: list[Response]) -> dict[str, float]:
    """Bytes on the wire with their headers; style, scripts and HTML as gzip's best, those of a frame not twice."""
    cost, seen = dict.fromkeys(MOST, 0.0), set()
    for response in responses:
        if response.url in seen:
            continue
        seen.add(response.url)
        sizes = response.request.sizes()
        cost["bytes"] += sizes["responseBodySize"] + sizes["responseHeadersSize"]
        cost["requests"] += 1
        if kind := KINDS.get(response.request.resource_type):
            cost[kind] += len(gzip.compress(response.body(), 9))
    return cost
