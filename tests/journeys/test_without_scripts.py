"""A member whose browser runs no scripts gets the whole way: from the home page to a receipt, by plain forms."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.conftest import People
from tests.journeys.steps import come_to_the_desk, pick_up, promise, reply, say, start_chat, wrap_up

LOOK_AGAIN = "noscript a:text-is('Look for answers')"


def test_plain_forms_lead_from_the_home_page_to_a_receipt(people: People) -> None:
    dana, maya = people(), people(java_script_enabled=False)
    desk = come_to_the_desk(dana, "Dana")
    maya.sign_in("Maya")
    page = maya.page

    reference = start_chat(maya, "My browser is an old one")
    expect(page.locator(LOOK_AGAIN)).to_be_visible()
    pick_up(desk, "My browser is an old one")
    reply(desk, "That is fine with us.")
    expect(desk.get_by_role("log").get_by_text("That is fine with us.")).to_be_visible()
    page.locator(LOOK_AGAIN).click()
    expect(page.get_by_text("That is fine with us.")).to_be_visible()

    say(page, "Good. Please close my card.")
    expect(page.get_by_role("log").get_by_text("Good. Please close my card.")).to_have_count(1)
    expect(page.get_by_label("Your message")).to_have_value("")
    expect(desk.get_by_role("log").get_by_text("Good. Please close my card.")).to_be_visible()

    promise(desk, "Send you a new card")
    wrap_up(desk, did="Closed the card")
    expect(desk.locator("#standing").get_by_text("The three lines are before the member")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Are these lines right?")).to_be_visible()
    page.get_by_role("button", name="Right", exact=True).click()
    expect(page.get_by_role("heading", name="You said these lines are right.")).to_be_visible()
    expect(desk.locator("#standing").get_by_text("The member says the lines are right")).to_be_visible()
    desk.get_by_role("button", name="End contact").click()
    expect(desk.locator("#standing").get_by_text("Ended")).to_be_visible()

    page.reload()
    page.get_by_role("link", name="See your receipt").click()
    receipt = page.locator(".receipt")
    for words in (reference, "Dana Whitfield", "Closed the card", "Send you a new card"):
        expect(receipt.get_by_text(words).first).to_be_visible()
    expect(page.get_by_role("link", name="Add to calendar").first).to_be_visible()
