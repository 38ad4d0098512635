"""Proving who one is on a page of one's own, while a colleague waits for it: no reload on either side."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Look, People, Person
from tests.journeys.steps import begin, come_to_the_desk, find_plan, pick_up, say


def ask_from_a_session_that_ended(laptop: Person, phone: Person, name: str, words: str) -> str:
    """A chat whose member is signed in on another device only. Returns the reference."""
    page = laptop.sign_in(name)
    laptop.open("/")
    find_plan(page)
    ref = begin(page, words)
    page.goto("about:blank")
    phone.sign_in(name)
    phone.open("/profile").get_by_role("button", name="Sign out everywhere else").click()
    expect(phone.page.get_by_text("You are signed in nowhere else.")).to_be_visible()
    return ref


def find_out_who_it_is(desk: Page) -> None:
    desk.reload()
    desk.wait_for_load_state("networkidle")
    expect(desk.get_by_text("Not verified")).to_be_visible()
    desk.keyboard.press("v")


def test_a_yes_on_the_phone_verifies_the_chat(people: People, look: Look) -> None:
    agent, laptop, phone = people(), people(), people(phone=True)
    desk = come_to_the_desk(agent, "Dana")
    ask_from_a_session_that_ended(laptop, phone, "Maya", "I lost my bag")
    desk.goto(f"{agent.world.address}/desk?view=waiting")
    pick_up(desk, "I lost my bag")
    phone.open("/cards")
    find_out_who_it_is(desk)
    desk.get_by_role("button", name="Ask in the app").click()
    expect(desk.get_by_text("It waits for five minutes.")).to_be_visible()
    expect(
        phone.page.get_by_role("heading", name=re.compile("Dana from .* asks: is this you"))
    ).to_be_visible()
    look(phone.page, "asked-in-the-app")
    phone.page.get_by_role("button", name="Approve").click()
    expect(phone.page.get_by_text("Our colleague sees that it is you.")).to_be_visible()
    expect(desk.locator("#proof-now").get_by_text("Verified, level 2 of 3")).to_be_visible()
    look(desk, "approved-in-the-app")


def test_a_code_is_entered_on_the_page_and_taken_out_of_the_chat(people: People, look: Look) -> None:
    agent, laptop, phone = people(), people(), people(phone=True)
    desk = come_to_the_desk(agent, "Dana")
    ref = ask_from_a_session_that_ended(laptop, phone, "Maya", "My wallet is gone")
    desk.goto(f"{agent.world.address}/desk?view=waiting")
    pick_up(desk, "My wallet is gone")
    page = phone.open(f"/chat/{ref}-1")
    find_out_who_it_is(desk)
    desk.get_by_role("button", name="Send a code").click()
    expect(page.get_by_role("heading", name=re.compile("had a code sent to your phone"))).to_be_visible()
    found = re.search(
        r"\b(\d{6}) is your", agent.context.new_page().goto(f"{agent.world.address}/demo").text()
    )  # type: ignore[union-attr]
    assert found
    say(page, f"it is {found[1]}")
    expect(page.get_by_role("log").get_by_text("it is [code]")).to_be_visible()
    expect(page.get_by_text("We took a code out of your message")).to_be_visible()
    look(page, "code-taken-out")
    page.get_by_label("The code from the message").fill(found[1])
    page.get_by_role("button", name="Enter the code").click()
    expect(page.get_by_text("Our colleague sees that it matched.")).to_be_visible()
    expect(desk.locator("#proof-now").get_by_text("Verified, level 2 of 3")).to_be_visible()
