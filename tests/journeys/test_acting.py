"""Agata acts for Tomasz with the keyboard alone: chosen, shown on each page, refused by capacity, stopped."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.journeys.conftest import People


def choose(page: Page, whom: str) -> None:
    """From the first choice on: the arrows move, Enter sends."""
    page.get_by_role("radio").first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name=whom)).to_be_checked()
    page.keyboard.press("Enter")


def press_stop(page: Page) -> None:
    """The bar comes before everything but the way to the content."""
    stop = page.get_by_role("button", name="Stop")
    for _ in range(5):
        page.keyboard.press("Tab")
        if stop.evaluate("button => button === document.activeElement"):
            break
    expect(stop).to_be_focused()
    page.keyboard.press("Enter")


def test_somebody_acts_for_another_by_keyboard(people: People) -> None:
    agata = people()
    page = agata.sign_in("Agata")
    agata.open("/acting")
    choose(page, "Tomasz Wilk, as power of attorney")
    bar = page.get_by_role("complementary", name="For whom you act")
    expect(bar).to_contain_text("You are acting for Tomasz Wilk, as power of attorney.")
    agata.open("/profile")
    expect(page.get_by_role("alert")).to_contain_text("This is for Tomasz Wilk alone")
    agata.open("/acting")
    press_stop(page)
    expect(bar).to_have_count(0)
