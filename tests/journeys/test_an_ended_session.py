"""The session ends in the middle of a chat: what was typed is kept, and the way back is offered."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys.conftest import Look, People, Person
from tests.journeys.steps import begin, come_to_the_desk, find_plan, pick_up, reply, say, start_chat

FORGET = "from django.contrib.sessions.models import Session; Session.objects.filter(pk={key!r}).delete()"


def expire_session(person: Person) -> None:
    """What expiry does: the server knows the session no longer, while the browser still has its cookie."""
    key = next(c["value"] for c in person.context.cookies() if c["name"].endswith("cardline_session"))
    done = person.world.cardline("shell", "-v", "0", "-c", FORGET.format(key=key))
    assert done.returncode == 0, done.stderr


def test_a_session_that_ends_in_a_chat_loses_no_word(people: People, look: Look) -> None:
    """Signed out in another tab: the chat's tab hears it from the server alone."""
    maya, dana = people(), people()
    desk = come_to_the_desk(dana, "Dana")
    maya.sign_in("Maya")
    start_chat(maya, "This will take longer than my session")
    pick_up(desk, "This will take longer than my session")
    page, address = maya.page, maya.page.url
    page.get_by_label("Your message").fill("And half a sen")

    other_tab = maya.context.new_page()
    other_tab.goto(f"{maya.world.address}/")
    other_tab.get_by_role("button", name="Sign out").click()
    expect(other_tab.get_by_role("link", name="Sign in")).to_be_visible()
    reply(desk, "Not for the next person at this computer")

    line = page.locator('[data-chat="line"]')
    way_back = line.get_by_role("link", name=re.compile("Sign in"))
    expect(way_back).to_be_visible(timeout=30_000)  # after three tries at a socket it asks by a plain request
    say(page, "Sent after the end")
    expect(page.locator('[data-chat="waiting"] li')).to_contain_text("Sent after the end")
    page.get_by_label("Your message").fill("And half a sen")
    expect(way_back).to_be_visible()
    look(page, "chat-session-ended")
    expect(page.get_by_text("Not for the next person")).to_have_count(0)

    way_back.click()
    page.get_by_role("link", name="Choose who you are").click()
    page.get_by_role("button", name="Be Maya", exact=True).click()
    expect(page).to_have_url(address)
    expect(page.get_by_label("Your message")).to_have_value("And half a sen")
    for side in (page, desk):
        expect(side.get_by_role("log").get_by_text("Sent after the end")).to_be_visible()
        expect(side.get_by_role("log").get_by_text("Sent after the end")).to_have_count(1)
    expect(page.locator('[data-chat="waiting"] li')).to_have_count(0)


def test_first_words_outlive_a_session_that_expired_before_they_were_sent(people: People, look: Look) -> None:
    maya = people()
    maya.sign_in("Maya")
    page = maya.open("/")
    find_plan(page)
    plan = page.url
    page.get_by_label("Tell us what happened").fill("A long story, typed slowly")
    expire_session(maya)
    page.get_by_role("button", name="Leave a message").click()
    expect(page.get_by_role("heading", name="Sign in to go on")).to_be_visible()
    expect(page.get_by_label("Your text")).to_have_value("A long story, typed slowly")
    look(page, "sign-in-to-go-on")

    page.get_by_role("link", name="Choose who you are").click()
    page.get_by_role("button", name="Be Maya", exact=True).click()
    expect(page).to_have_url(plan)
    expect(page.get_by_label("Tell us what happened")).to_have_value("A long story, typed slowly")
    reference = begin(page, "A long story, typed slowly", how="Leave a message")
    expect(
        maya.open(f"/contacts/{reference}").get_by_text("A long story, typed slowly").first
    ).to_be_visible()
