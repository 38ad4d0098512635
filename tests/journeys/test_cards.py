"""A member's cards: frozen in at most two taps, replaced after one more question, used once activated."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import People
from tests.journeys.gate import sweep

SPANISH = "es-US"
MOST_TAPS_TO_FREEZE = 2  # DESIGN 9


@pytest.fixture
def swept() -> Callable[[Page], None]:
    """Look at a page in every way; what was found anywhere is told together at the end."""
    found: list[str] = []
    yield lambda page: found.extend(sweep(page))  # type: ignore[misc]
    assert not found, "\n".join(found)


def count_taps(page: Page) -> Callable[[], int]:
    """How often the person pressed something since, on whatever page they are."""
    page.evaluate("sessionStorage.setItem('taps', 0)")
    one_more = "() => sessionStorage.setItem('taps', +sessionStorage.getItem('taps') + 1)"
    counting = f"addEventListener('click', {one_more}, true)"
    page.evaluate(counting)
    page.context.add_init_script(counting)
    return lambda: int(page.evaluate("sessionStorage.getItem('taps')"))


def test_a_card_is_frozen_in_two_taps_from_the_first_page(people: People) -> None:
    tomasz = people(phone=True)
    page = tomasz.sign_in("Tomasz")
    tomasz.open("/")
    taps = count_taps(page)
    page.locator(".urgent").get_by_role("button", name=re.compile("^Freeze card")).first.click()
    expect(page.locator(".urgent").get_by_text(re.compile("frozen at"))).to_be_visible()
    assert taps() == 1
    page.locator(".urgent").get_by_role("button", name=re.compile("^Undo")).first.click()
    expect(page.locator(".urgent").get_by_text(re.compile("frozen at"))).to_have_count(0)

    tomasz.open("/")
    page.evaluate("sessionStorage.setItem('taps', 0)")
    page.get_by_role("navigation").get_by_role("link", name="Cards").locator("visible=true").click()
    page.get_by_role("button", name=re.compile("^Freeze card")).first.click()
    expect(page.get_by_text(re.compile("^Frozen since .* until it is undone")).first).to_be_visible()
    assert taps() == MOST_TAPS_TO_FREEZE
    page.get_by_role("button", name=re.compile("^Undo")).first.click()
    expect(page.get_by_text("Frozen since")).to_have_count(0)


def test_a_freeze_for_a_week_says_what_still_works_and_until_when(
    people: People, swept: Callable[[Page], None]
) -> None:
    maya = people()
    page = maya.sign_in("Maya")
    maya.open("/cards")
    swept(page)
    page.get_by_role("main").get_by_role("link", name=re.compile("^Card ending")).first.click()
    expect(page.get_by_role("heading", name="What works now")).to_be_visible()
    swept(page)
    page.get_by_label(re.compile("For a week")).check()
    page.get_by_role("button", name=re.compile("^Freeze card")).click()
    expect(page.get_by_text(re.compile(r"Frozen since .+, until .+\."))).to_be_visible()
    expect(page.locator(".uses .stopped").get_by_text("New purchases will be declined.")).to_be_visible()
    expect(page.locator(".uses li:not(.stopped)").get_by_text("Refunds still reach you.")).to_be_visible()
    swept(page)
    page.get_by_role("button", name="Undo the freeze").click()
    expect(page.locator(".uses .stopped")).to_have_count(0)


def test_a_damaged_card_works_until_the_new_one_is_activated(people: People) -> None:
    """Without scripts, like every need."""
    luis = people(language=SPANISH, java_script_enabled=False)
    page = luis.open("/demo")
    page.get_by_role("button", name=re.compile("Luis")).click()
    luis.open("/cards")
    page.get_by_role("main").get_by_role("link", name=re.compile("2206")).click()
    old = page.url
    page.get_by_role("link", name=re.compile("Está dañada")).click()
    page.get_by_role("button", name="Enviar una tarjeta nueva").click()
    expect(page.get_by_text("Debería llegar a más tardar")).to_be_visible()
    new = page.url
    page.goto(old)
    expect(page.locator(".uses .stopped")).to_have_count(0)
    page.get_by_role("link", name="Ver la tarjeta nueva").click()
    page.get_by_role("button", name="Activar esta tarjeta").click()
    expect(page).to_have_url(new)
    expect(page.locator(".uses .stopped")).to_have_count(0)
    page.goto(old)
    expect(page.get_by_text("Cerrada definitivamente: estaba dañada")).to_be_visible()


def test_a_stolen_card_is_closed_after_one_more_question(
    people: People, swept: Callable[[Page], None]
) -> None:
    agata = people(phone=True)
    page = agata.sign_in("Agata")
    agata.open("/cards")
    page.get_by_role("main").get_by_role("link", name=re.compile("^Card ending")).first.click()
    old = page.url
    page.get_by_role("link", name=re.compile("It was stolen")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("for good?")
    swept(page)
    page.get_by_role("button", name="Close it and send a new one").click()
    expect(page.get_by_text("It should arrive by")).to_be_visible()
    swept(page)
    reference = page.locator(".facts .ref").inner_text()
    page.goto(old)
    expect(page.get_by_text("Closed for good: it was stolen.")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Freeze"))).to_have_count(0)
    swept(page)
    agata.open(f"/contacts/{reference}")
    expect(page.get_by_text(re.compile("You told us that card ending .* was stolen")).first).to_be_visible()
