"""A real academy with its demo, a bare one, and a real Chromium to use them."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.nu import find_java
from tests.browser.serving import FLAGS, Academy, find_chromium, served
from tests.browser.tour import Tour


@pytest.fixture(scope="session")
def academy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Academy]:
    with served(tmp_path_factory.mktemp("academy")) as academy:
        yield academy


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Academy]:
    """The same code with people, and not a text or a session."""
    with served(tmp_path_factory.mktemp("bare"), content=tmp_path_factory.mktemp("nothing")) as academy:
        yield academy


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = find_chromium()
    if path is None:
        message = "BROWSER TESTS SKIPPED: Chromium is missing (on Debian: apt install chromium-headless-shell)"
        if os.environ.get("ACADEMY_REQUIRE_BROWSER"):
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def java() -> str:
    """The path of a Java for the Nu checker."""
    if path := find_java():
        return path
    message = "VALIDITY TESTS SKIPPED: `npm install --no-save vnu-jar` and a Java (on Debian: default-jre-headless)"
    if os.environ.get("ACADEMY_REQUIRE_BROWSER"):
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def tour(academy: Academy, bare: Academy, chromium: Browser) -> Iterator[Tour]:
    """All places, in windows that stay open for the whole run."""
    tour = Tour(chromium, academy, bare)
    yield tour
    tour.close()


@pytest.fixture(params=["with-scripts", "without-scripts"])
def context(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[BrowserContext]:
    """A fresh browser profile; each journey runs with and without JavaScript."""
    context = chromium.new_context(java_script_enabled=request.param == "with-scripts", locale="fr-FR")
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def live(chromium: Browser, academy: Academy) -> Iterator[Page]:
    """A visitor's page with scripts; what breaks one, or what the CSP refuses, fails the test."""
    context = _visitor(chromium, academy, permissions=["clipboard-read", "clipboard-write"])
    page, problems = context.new_page(), []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda said: problems.append(said.text) if "Security Policy" in said.text else None)
    yield page
    context.close()
    assert problems == []


@pytest.fixture
def plain(chromium: Browser, academy: Academy) -> Iterator[Page]:
    """A visitor's page in a browser that runs no script."""
    context = _visitor(chromium, academy, java_script_enabled=False)
    yield context.new_page()
    context.close()


def _visitor(chromium: Browser, academy: Academy, **options) -> BrowserContext:
    viewport = {"width": 1440, "height": 900}
    context = chromium.new_context(
        base_url=academy.url, locale="fr-FR", reduced_motion="reduce", viewport=viewport, **options
    )
    context.set_default_timeout(10_000)
    return context
