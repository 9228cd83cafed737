"""In a real browser: the roll of the door works while the network is away, and the screen of the room goes on by itself."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from academy.extensions import db
from academy.models import Attendance, AuditEntry
from tests.browser.serving import Academy

pytestmark = pytest.mark.browser
ROUNDS = 5  # taps on everybody: the last one says that they are there


def _marks(academy: Academy) -> tuple[int, int]:
    """How many are marked, and how often somebody was."""
    with academy.app.app_context():
        marks = select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "attendance.mark")
        return (
            db.session.scalar(select(func.count()).select_from(Attendance)) or 0,
            db.session.scalar(marks) or 0,
        )


def test_taps_wait_for_the_network_and_arrive_once(live: Page, academy: Academy):
    live.goto(academy.url + academy.names["door"])
    buttons = live.locator(".presence-roll button")
    count = buttons.count()
    assert ROUNDS * count >= 50
    before = _marks(academy)
    live.context.set_offline(True)
    for _round in range(ROUNDS):  # there, gone, there again
        for number in range(count):
            buttons.nth(number).click()
    expect(live.locator("[data-waiting]")).to_contain_text(str(ROUNDS * count))
    expect(live.locator("[data-count]")).to_have_text(str(count))
    assert _marks(academy) == before
    live.context.set_offline(False)
    expect(live.locator("[data-waiting]")).to_be_hidden(timeout=30_000)
    present, marked = _marks(academy)
    assert (present - before[0], marked - before[1]) == (count, (ROUNDS + 1) // 2 * count)
    live.reload()
    assert {it.get_attribute("aria-pressed") for it in buttons.all()} == {"true"}
    for number in range(count):
        buttons.nth(number).click()
    expect(live.locator("[data-waiting]")).to_be_hidden(timeout=30_000)
    assert _marks(academy)[0] == before[0]


def test_taps_survive_a_reload_without_network(live: Page, academy: Academy):
    live.goto(academy.url + academy.names["door"])
    live.context.set_offline(True)
    live.locator(".presence-roll button").first.click()
    kept = live.evaluate("Object.values(localStorage).join()")
    live.context.set_offline(False)
    live.goto(academy.url + academy.names["door"])
    expect(live.locator("[data-waiting]")).to_be_hidden(timeout=30_000)
    assert "nonce" in kept
    live.reload()
    expect(live.locator(".presence-roll button").first).to_have_attribute("aria-pressed", "true")
    live.locator(".presence-roll button").first.click()
    expect(live.locator("[data-waiting]")).to_be_hidden(timeout=30_000)


def test_the_list_is_searched_while_one_types(live: Page, academy: Academy):
    live.goto(academy.url + academy.names["door"])
    names = live.locator(".presence-roll li")
    total = names.count()
    name = live.locator(".presence-roll span").first.evaluate("it => it.firstChild.textContent")
    live.locator("#q").fill(name.upper())
    expect(live.locator(".presence-roll li:visible")).not_to_have_count(total)
    expect(live.locator(".presence-roll li:visible").first).to_contain_text(name)


def test_the_screen_of_the_room_shows_the_next_code_by_itself(live: Page, academy: Academy):
    academy.sign_in(live, "organiser")
    live.goto(f"{academy.url}{academy.names['desk_open']}salle/")
    code = live.locator(".room__code")
    first = code.text_content()
    expect(code).not_to_have_text(first or "", timeout=45_000)
