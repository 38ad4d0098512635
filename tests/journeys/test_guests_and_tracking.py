"""Guests have their chat in their own browser and nowhere else; a reference alone tells nobody anything."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from cardline.kit.reference import SYMBOLS, new_reference, show_reference
from tests.journeys.conftest import Look, People
from tests.journeys.steps import begin, come_to_the_desk, find_plan, pick_up, reply, say, start_chat

# What differs on any two loads of a page: its nonce, its keys, and the number under which we find what happened.
OF_THE_MOMENT = re.compile(
    r'((nonce|name="(csrfmiddlewaretoken|key)" value)="|Quote <span class="ref">)[^"<]+'
)


def test_a_guest_comes_back_to_their_chat_and_nobody_else_does(people: People, look: Look) -> None:
    hannah, dana = people(phone=True), people()
    desk = come_to_the_desk(dana, "Dana")
    page = hannah.sign_in("Hannah")  # her sign-in is locked: she goes on as a guest
    expect(page.get_by_text("a guest, because the sign-in is locked")).to_be_visible()
    reference = start_chat(hannah, "I am locked out and my card is gone")
    pick_up(desk, "I am locked out and my card is gone")
    expect(desk.locator("#member").get_by_role("heading", name="Guest", exact=True)).to_be_visible()
    reply(desk, "Tell me what happened.")
    expect(page.get_by_text("Tell me what happened.")).to_be_visible()
    look(page, "chat-guest-phone")

    page = hannah.open("/contacts")
    page.get_by_role("link", name="I am locked out and my card is gone").click()
    page.get_by_role("link", name="Go on with the conversation").click()
    say(page, "I am back")
    expect(desk.get_by_role("log").get_by_text("I am back")).to_be_visible()
    chat = page.url.removeprefix(hannah.world.address)

    stranger, luis = people(), people()
    luis.sign_in("Luis")
    nowhere = show_reference(new_reference())
    for person in (stranger, luis):
        for theirs, nobodys in (
            (f"/contacts/{reference}", f"/contacts/{nowhere}"),
            (chat, f"/chat/{nowhere}-1"),
        ):
            first = answer(person.page, person.world.address, theirs, reference)
            assert first == answer(person.page, person.world.address, nobodys, nowhere)
            assert first[0] in (401, 404) and "locked out" not in first[1]


def answer(page: Page, address: str, path: str, reference: str) -> tuple[int, str]:
    """Status and page, without what is new each time and without the reference that was asked for."""
    response = page.goto(address + path)
    assert response is not None
    return response.status, OF_THE_MOMENT.sub("", response.text()).replace(reference, "REFERENCE")


def test_tracking_says_where_a_case_stands_and_no_more(people: People, look: Look) -> None:
    rosa, visitor = people(), people()
    rosa.sign_in("Rosa")
    find_plan(rosa.open("/"))
    reference = begin(rosa.page, "Somebody took my wallet at the lake", how="Leave a message")

    page = visitor.open("/track")
    typo = reference[:-1] + SYMBOLS[(SYMBOLS.index(reference[-1]) + 1) % len(SYMBOLS)]
    look_up(page, typo, "3390")
    expect(page.get_by_text("Check for 0 and 8").first).to_be_visible()
    look(page, "track-typo")

    told = []
    for typed, fact in ((show_reference(new_reference()), "3390"), (reference, "0001")):
        look_up(page, typed, fact)
        expect(
            page.get_by_text("We can’t find a case with that reference and that detail.").first
        ).to_be_visible()
        told.append(
            OF_THE_MOMENT.sub("", page.locator("main").inner_html()).replace(typed, "TYPED").replace(fact, "")
        )
    assert told[0] == told[1], "an unknown reference and a wrong fact answer alike"

    look_up(page, reference.lower().replace("-", " "), "3390")
    expect(page.get_by_role("heading", name="We’re working on it.")).to_be_visible()
    expect(page.get_by_text("Next date:")).to_be_visible()
    expect(page.get_by_text(re.compile("wallet|Rosa|Someone else"))).to_have_count(0)
    look(page, "track-found")


def look_up(page: Page, reference: str, fact: str) -> None:
    page.get_by_label("Reference number").fill(reference)
    page.get_by_label("Last four digits of your card, or your postal code").fill(fact)
    page.get_by_role("button", name="Show where it stands").click()
    page.wait_for_load_state()
