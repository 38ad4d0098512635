"""A member's profile: what they say there is before the agent at once, and is theirs on every device."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys.conftest import People
from tests.journeys.gate import sweep
from tests.journeys.steps import begin, come_to_the_desk, find_plan, pick_up, start_chat

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/18.0 Mobile/15E148 Safari/604.1"
)


def test_what_to_mind_is_before_the_agent_while_they_speak(people: People) -> None:
    owen, dana = people(), people()
    desk = come_to_the_desk(dana, "Dana")
    owen.sign_in("Owen")
    start_chat(owen, "I read your lips, not your mail")
    pick_up(desk, "I read your lips, not your mail")
    panel = desk.locator("#member")
    expect(panel.get_by_role("heading", name="Owen Achterberg")).to_be_visible()

    page = owen.context.new_page()
    page.goto(f"{owen.world.address}/profile")
    page.get_by_label("Preferred name").fill("Wen")
    page.get_by_role("button", name="Save the name").click()
    expect(page.get_by_text("Saved. We call you Wen.")).to_be_visible()
    page.get_by_text("Tell us: large print").click()
    page.get_by_label("I need an interpreter").check()
    page.get_by_label("Anything else, in a line").fill("Face me when you speak")
    page.get_by_role("button", name="Save this").click()
    expect(page.get_by_role("alert")).to_contain_text("Write the language the interpreter should speak.")
    found = sweep(page)  # as it stands with something to mend
    page.get_by_label("Interpreter for which language").fill("American Sign Language")
    page.get_by_role("button", name="Save this").click()
    expect(page.get_by_text("Whoever speaks with you sees it from now on.")).to_be_visible()

    expect(panel.get_by_text("Get an interpreter: American Sign Language.")).to_be_visible()
    expect(panel.get_by_text("“Face me when you speak”")).to_be_visible()
    expect(panel.get_by_role("heading", name="Wen", exact=True)).to_be_visible()
    expect(panel.get_by_text("Legal name: Owen Achterberg")).to_be_visible()
    found += sweep(desk)
    assert not found, "\n".join(found)


def test_a_device_is_signed_out_from_another_one(people: People) -> None:
    """The conversation that stands open there hears it from the server, and keeps what was typed."""
    computer, phone = people(), people(phone=True, dark=True, user_agent=IPHONE)
    phone.sign_in("Ida")
    find_plan(phone.open("/"))
    begin(phone.page, "I am on my phone", how="Leave a message")
    phone.page.get_by_role("textbox", name="Your message").fill("Half a sen")

    page = computer.sign_in("Ida")
    computer.open("/profile")
    row = page.locator("#devices li").filter(has_text="Safari, iPhone")
    row.get_by_role("button", name=re.compile("^Sign out there")).click()
    expect(page.get_by_text("Done. That device has to sign in again.")).to_be_visible()
    expect(row).to_have_count(0)
    found = sweep(page)

    line = phone.page.locator('[data-chat="line"]')
    expect(line.get_by_role("link", name=re.compile("Sign in"))).to_be_visible(timeout=30_000)
    expect(phone.page.get_by_role("textbox", name="Your message")).to_have_value("Half a sen")
    phone.open("/profile")
    expect(phone.page.get_by_role("heading", name="Sign in to see this")).to_be_visible()
    assert not found, "\n".join(found)


def test_ones_own_language_comes_along_without_scripts(people: People) -> None:
    here, there = people(java_script_enabled=False), people(phone=True, java_script_enabled=False)
    for device in (here, there):
        device.open("/demo")
        device.page.get_by_role("button", name="Be Nils", exact=True).click()
    page = here.open("/profile")
    page.get_by_label("Español").check()
    page.get_by_role("button", name="Save the language").click()
    expect(
        page.get_by_text("Guardado. Sus páginas y lo que le escribimos están en este idioma")
    ).to_be_visible()
    for path in ("/", "/profile", "/nothing-here"):
        expect(there.open(path).locator("html")).to_have_attribute("lang", "es")
    there.open("/profile").get_by_role("button", name="English").click()  # at the foot, as on every page
    expect(there.page.locator("html")).to_have_attribute("lang", "en")
    expect(here.open("/profile").locator("html")).to_have_attribute("lang", "en")
