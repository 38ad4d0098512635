"""Greta runs her company's cards without script, by keyboard, on a narrow phone; Samir reads what she did."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.conftest import People

NARROW = 320


def test_a_card_is_limited_by_keyboard_and_its_holder_leaves(people: People) -> None:
    greta, samir = people(java_script_enabled=False), people()
    page = greta.sign_in("Greta")
    page.set_viewport_size({"width": NARROW, "height": 700})
    greta.open("/home")
    page.get_by_role("link", name="Company cards").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Company cards")
    page.get_by_label("Name or last four digits").fill("haddad")
    page.keyboard.press("Enter")
    expect(page.get_by_role("row")).to_have_count(2)
    page.get_by_role("link", name="Samir Haddad").focus()
    page.keyboard.press("Enter")

    page.get_by_label("Limit for a cycle").fill("90,000")
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("the company’s account has $60,000.00")
    page.get_by_label("Limit for a cycle").fill("3,000")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("From $2,500.00 to $3,000.00 a cycle?")
    page.get_by_role("button", name="Set it to $3,000.00").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("The limit is $3,000.00 a cycle now.")

    page.get_by_role("link", name="Samir Haddad has left").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW
    page.get_by_role("button", name="Close the card and end it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Samir Haddad is no longer in the program")
    reference = page.locator(".ref").inner_text()

    samir.sign_in("Samir")
    told = samir.open(f"/contacts/{reference}")
    expect(told.get_by_role("main")).to_contain_text(
        "Greta Solberg (program administrator, for Northgate Survey LLC) closed card ending 8119 for good"
    )
