"""Nobody is at the desk: what was to be a chat is a message with a promised answer time, never a waiting screen."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Look, People, Person, Served, World
from tests.journeys.steps import (
    begin,
    come_to_the_desk,
    find_plan,
    pick_up,
    reload_until_there,
    reply,
    say_whether_there,
)

FIRST_WORDS = "My card is gone and there is a charge of $48.20"
ANSWER = "We will answer your message"
# Whatever hour the test runs at: "today, Tue, Nov 24, by 6 pm", "by 12:03 am tomorrow".
A_TIME = re.compile(r"^(by|today, .+, by) \d{1,2}(:\d\d)? (am|pm)( tomorrow)?$")


@pytest.fixture(scope="module")
def world(serve_world: Served) -> Iterator[World]:
    """One of its own: nobody else's journey may bring an agent to the desk."""
    yield from serve_world()


@pytest.mark.postgres_journey
def test_a_chat_with_nobody_there_is_a_message_and_the_answer_keeps_its_promise(
    people: People, look: Look
) -> None:
    dana, maya = people(), people()
    desk = come_to_the_desk(dana, "Dana")
    maya.sign_in("Maya")
    page = maya.open("/")
    find_plan(page)
    expect(page.get_by_role("heading", name="Write to us now")).to_be_visible()

    # Dana leaves after the plan was drawn; the press of "Start a chat" comes a moment too late.
    say_whether_there(desk, "Away")
    reference = begin(page, FIRST_WORDS)
    promised(page)
    look(page, "written")
    page.reload()
    promised(page)

    # Who comes now is not offered a chat at all.
    other = people()
    find_plan(other.open("/"))
    expect(other.page.get_by_role("heading", name="Write to us", exact=True)).to_be_visible()
    expect(other.page.get_by_text("Nobody is at the desk right now.")).to_be_visible()
    expect(other.page.get_by_role("button", name="Start a chat")).to_have_count(0)
    look(other.page, "plan-nobody")

    # Somebody comes back, sees by when an answer is owed, and gives it: the promise is kept.
    say_whether_there(desk, "Available")
    row = desk.locator("#items li").filter(has_text=FIRST_WORDS)
    expect(row.locator(".due")).to_have_class(re.compile("promise-due|soon"))
    pick_up(desk, FIRST_WORDS)
    reply(desk, "I have closed your card; a new one is on its way.")
    expect(page.get_by_text("I have closed your card; a new one is on its way.")).to_be_visible()
    answered(maya, reference)
    look(page, "answered")


def promised(page: Page) -> None:
    """A sentence with a time, and no line to wait in."""
    standing = page.locator("#standing")
    expect(standing.get_by_role("heading", name="Your message is with us.")).to_be_visible()
    expect(standing.locator(".promise b")).to_have_text(ANSWER)
    expect(standing.locator(".promise .by")).to_have_text(A_TIME)
    expect(standing.get_by_text(re.compile("in line|Wait:|next"))).to_have_count(0)


def answered(maya: Person, reference: str) -> None:
    page = maya.open(f"/contacts/{reference}")
    kept = page.locator(".promises .promise.kept")
    reload_until_there(kept)
    expect(kept).to_contain_text("Answer your message")
    expect(kept.locator(".by")).to_contain_text("Kept")
