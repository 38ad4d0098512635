"""The story of the product: in their own words, a plan, a chat, a reference, a promise, a receipt; and when the promise
is not kept, time alone escalates it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.request import Request, urlopen
from zoneinfo import ZoneInfo

import icalendar
import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Look, People, Person, Served, World
from tests.journeys.steps import (
    come_to_the_desk,
    note,
    promise,
    reload_until_there,
    reply,
    say,
    settle,
    start_chat,
    take,
    wrap_up,
)

NEW_YORK = ZoneInfo("America/New_York")
PROMISED = "Call you back about the bakery"
LATE = re.compile(r"We said .+ and missed it\. .+ supervisors have it now and will write to you by .+\.")


@pytest.fixture(scope="module")
def world(serve_world: Served) -> Iterator[World]:
    """One of its own: time passes in it."""
    yield from serve_world()


@pytest.mark.postgres_journey
def test_from_first_word_to_a_promise_that_time_escalates(people: People, look: Look) -> None:
    dana, maya = people(), people()
    desk = come_to_the_desk(dana, "Dana")
    maya.sign_in("Maya")
    look(maya.open("/"), "home-signed-in")

    reference = conversation(maya, desk, look)
    agreement(maya.page, desk, look)
    receipt(maya, reference, look)
    late(people, maya, reference, look)


def conversation(maya: Person, desk: Page, look: Look) -> str:
    """A plan, then a chat; the desk hears of it within a second, without a reload. Returns the reference."""
    reference = start_chat(maya, "I left it at Bright Loaf Bakery. The number is 3782 822463 10005")
    row = desk.locator("#items").get_by_text("I left it at Bright Loaf Bakery").first
    expect(row).to_be_visible(timeout=3_000)  # a second, and the slowness of a busy machine
    look(maya.page, "chat-waiting")
    row.click()
    expect(desk.get_by_text(reference).first).to_be_visible()
    expect(desk.locator(".talk").get_by_text("Someone else is using my card")).to_be_visible()
    expect(desk.get_by_role("log").get_by_text("[card ••0005]")).to_be_visible()
    desk.wait_for_load_state("networkidle")
    take(desk)
    look(desk, "desk-conversation")

    # Both write; the member reloads and misses nothing.
    reply(desk, "Hello Maya, I see the charge.")
    expect(maya.page.get_by_text("Hello Maya, I see the charge.")).to_be_visible()
    say(maya.page, "Thank you, Dana")
    expect(desk.get_by_role("log").get_by_text("Thank you, Dana")).to_be_visible()
    maya.page.reload()
    expect(maya.page.get_by_text("Hello Maya, I see the charge.")).to_have_count(1)
    expect(maya.page.get_by_text("Thank you, Dana")).to_have_count(1)
    look(maya.page, "chat-talking")

    # A private note stays private; a promise is kept by a key press.
    note(desk, "Sounds worried; be quick")
    # By the same time tomorrow and a little: two days on, it is late, and the first ones up the ladder still have it.
    promise(desk, PROMISED, by=datetime.now(NEW_YORK) + timedelta(days=1, hours=2))
    expect(maya.page.get_by_role("log").get_by_text("call you back about the bakery")).to_be_visible()
    assert "Sounds worried" not in maya.page.content()
    return reference


def agreement(member: Page, desk: Page, look: Look) -> None:
    """The same three lines on both sides; the end waits for them."""
    expect(desk.get_by_role("button", name="End contact")).to_have_count(0)
    wrap_up(desk, did="Froze nothing yet")
    expect(member.get_by_text("Froze nothing yet")).to_be_visible()
    look(member, "chat-three-lines")
    member.get_by_text("Not quite", exact=True).click()
    member.get_by_label("What should they say?").fill("You looked at the charge too")
    member.get_by_role("button", name="Send what is not right").click()
    expect(desk.get_by_text("You looked at the charge too").first).to_be_visible()
    look(desk, "desk-not-quite")
    wrap_up(desk, did="Looked at the bakery charge")
    for page in (member, desk):
        lines = page.locator("#standing" if page is member else ".wrap-up")
        expect(lines.get_by_text(f"{PROMISED}, by ")).to_be_visible()
    expect(member.locator("#standing").get_by_text("Looked at the bakery charge")).to_be_visible()
    settle(member, desk)
    look(desk, "desk-ended")
    expect(member.get_by_role("heading", name="This conversation has ended.")).to_be_visible()
    look(member, "chat-ended")


def receipt(maya: Person, reference: str, look: Look) -> None:
    """Who, when, the reference, what was agreed, what happens next and by when; and a calendar file that is one."""
    page = maya.open(f"/contacts/{reference}")
    for words in ("Dana Whitfield", reference, PROMISED, "Looked at the bakery charge", f"{PROMISED}, by "):
        expect(page.locator(".receipt").get_by_text(words).first).to_be_visible()
    look(page, "receipt")
    link = page.get_by_role("link", name="Add to calendar").first.get_attribute("href")
    assert link
    cookies = "; ".join(f"{c['name']}={c['value']}" for c in maya.context.cookies())
    with urlopen(Request(maya.world.address + link, headers={"Cookie": cookies})) as answer:
        calendar = icalendar.Calendar.from_ical(answer.read())
    events = calendar.walk("VEVENT")
    assert len(events) == 1 and "bakery" in str(events[0]["SUMMARY"]) and events[0].walk("VALARM")


def late(people: People, maya: Person, reference: str, look: Look) -> None:
    """Time passes: it is late, and the supervisors have it; one of them does it, and a miss stays a miss."""
    before = figures(maya.world)
    maya.world.pass_time("+2d")
    page = maya.open(f"/contacts/{reference}")
    reload_until_there(page.get_by_text(LATE))
    expect(page.get_by_text(LATE)).to_have_count(1)
    expect(page.get_by_text("missed it")).to_have_count(1)
    look(page, "late")
    missed = figures(maya.world)
    assert missed["missed"] > before["missed"]

    supervisor = people()
    board = supervisor.sign_in("Ines")
    board.goto(supervisor.world.address + "/desk?view=late")
    row = board.locator("#items").get_by_text(PROMISED).first
    expect(row).to_be_visible()
    look(board, "desk-late")
    row.click()
    owed = board.locator("#promises-here")
    expect(owed.get_by_text("The card protection supervisors")).to_be_visible()
    owed.get_by_role("button", name="Take it on").click()
    expect(owed.get_by_text("Yours")).to_be_visible()
    look(board, "desk-late-case")
    owed.locator("summary").filter(has_text="Done").click()
    owed.get_by_label("What was done, so that anybody can check it").fill("Called Maya at noon")
    owed.get_by_role("button", name="It is done").click()
    expect(owed.get_by_text(re.compile("Done .+ late"))).to_be_visible()

    page.reload()
    expect(page.get_by_text(re.compile("Done .+ late")).first).to_be_visible()
    expect(page.get_by_text("Called Maya at noon").first).to_be_visible()
    look(page, "done-late")
    assert figures(maya.world) == missed, "what is done late was missed all the same"


def figures(world: World) -> dict[str, float]:
    """How many promises were kept, and how many missed."""
    with urlopen(f"{world.address}/metrics") as answer:
        said = dict(
            re.findall(r"^cardline_promises_(kept|missed)_total ([0-9.]+)$", answer.read().decode(), re.M)
        )
    return {name: float(said[name]) for name in ("kept", "missed")}
