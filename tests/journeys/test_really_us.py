"""A member tells our call from somebody else's, and reads who of us looked at their data."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.conftest import Look, People
from tests.journeys.steps import come_to_the_desk, out_of_the_fields, pick_up, start_chat


def test_the_code_an_agent_reads_out_stands_on_the_members_page(people: People, look: Look) -> None:
    maya, dana = people(phone=True), people()
    desk = come_to_the_desk(dana, "Dana")
    maya.sign_in("Maya")
    start_chat(maya, "Somebody rang me about my card")
    desk.reload()
    pick_up(desk, "Somebody rang me")

    page = maya.open("/verify-us")
    expect(page.get_by_text("is talking with you now.")).to_be_visible()
    out_of_the_fields(desk)
    desk.keyboard.press("l")
    read_out = desk.locator(".call-code b").inner_text()
    look(desk, "desk-calling")
    page.reload()
    expect(page.get_by_text("Dana from Card protection is calling you now.")).to_be_visible()
    expect(page.get_by_text(read_out)).to_be_visible()

    guest = people(phone=True, java_script_enabled=False).open("/verify-us")
    guest.get_by_label("The code").fill(read_out.lower().replace("-", " "))
    guest.get_by_role("button", name="Check the code").click()
    expect(guest.get_by_role("heading", name="This is ours.")).to_be_visible()
    out_of_the_fields(desk)
    desk.keyboard.press("l")
    expect(desk.get_by_role("button", name="I am calling them now")).to_be_visible()
    guest.get_by_role("button", name="Check the code").click()
    expect(guest.get_by_role("heading", name="Not ours. Hang up.")).to_be_visible()
    look(page, "verify-us")

    page = maya.open("/profile/views")
    expect(page.get_by_text("Dana, Card protection").first).to_be_visible()
    expect(page.get_by_text("For your chat of").first).to_be_visible()
    look(page, "profile-views")
