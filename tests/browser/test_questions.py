"""In a real browser: what is asked and opened is counted once, and the browser keeps nothing of it."""

import time

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from academy.extensions import db
from academy.models import Question
from tests.browser.serving import Academy

pytestmark = pytest.mark.browser


def _counts(academy: Academy, typed: str) -> tuple[int, int]:
    """How often a question was asked and opened."""
    with academy.app.app_context():
        row = db.session.execute(select(Question.asked, Question.opened).where(Question.typed == typed)).first()
    return tuple(row) if row else (0, 0)


def _wait_for(academy: Academy, typed: str, counts: tuple[int, int]) -> None:
    for _ in range(150):
        if _counts(academy, typed) == counts:
            return
        time.sleep(0.1)
    assert _counts(academy, typed) == counts


def test_a_question_is_counted_once_whatever_is_done_with_its_answer(live: Page, academy: Academy):
    live.goto("/ressources/?q=marins")
    heading = live.locator("#resultats")
    expect(heading).to_contain_text("marins")
    live.locator("#tri").select_option("date")
    live.wait_for_url("**tri=date**")
    with live.expect_request("**/ressources/ouvert") as sent:
        live.locator(".hit h3 a").first.click()
    assert (sent.value.method, sent.value.post_data) == ("POST", "q=marins")
    live.wait_for_url(lambda url: "/ressources/?" not in url)
    _wait_for(academy, "marins", (1, 1))
    live.go_back()
    expect(heading).to_contain_text("marins")
    live.locator(".hit h3 a").last.click()
    live.wait_for_url(lambda url: "q=marins" not in url)
    assert live.context.cookies() == []
    assert live.evaluate("localStorage.length + sessionStorage.length") == 0
    assert _counts(academy, "marins")[0] == 1


def test_another_question_asked_in_place_is_told_with_its_own_words(live: Page, academy: Academy):
    live.goto("/ressources/?q=escales")
    live.locator("#q").fill("navires")
    live.locator("#q").press("Enter")
    live.wait_for_url("**q=navires**")
    expect(live.locator("[data-question]")).to_have_attribute("data-question", "navires")
    live.evaluate("document.addEventListener('click', event => event.preventDefault())")
    sent: list[str] = []
    live.on("request", lambda request: sent.append(request.post_data or "") if "ouvert" in request.url else None)
    for _ in range(3):  # stays on the page: one question, one count
        live.locator(".hit h3 a").first.click()
    _wait_for(academy, "navires", (1, 1))
    assert sent == ["q=navires"]


def test_browsing_and_private_questions_send_nothing(live: Page):
    sent: list[str] = []
    live.on("request", lambda request: sent.append(request.url) if "ouvert" in request.url else None)
    for path in ("/ressources/", "/ressources/?q=port+jeanne%40example.org"):
        live.goto(path)
        live.evaluate("document.addEventListener('click', event => event.preventDefault())")
        live.locator(".hit h3 a").first.click()
    assert sent == []


def test_without_scripts_the_results_lead_on_all_the_same(plain: Page, academy: Academy):
    plain.goto("/ressources/?q=quais")
    plain.locator(".hit h3 a").first.click()
    expect(plain.locator("h1")).to_be_visible()
    _wait_for(academy, "quais", (1, 0))


def test_a_resource_that_is_missing_is_asked_for(page: Page, academy: Academy):
    page.goto(f"{academy.url}/ressources/?q=zzzzzz")
    page.get_by_role("link", name="Demander cette ressource").click()
    expect(page.get_by_label("Ce que vous cherchez")).to_have_value("zzzzzz")
    page.get_by_label("Votre adresse électronique").fill("camille@")
    page.get_by_role("button", name="Envoyer la demande").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Votre adresse électronique").fill("camille@example.org")
    page.get_by_role("button", name="Envoyer la demande").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Merci")
