"""The story of the product: in their own words, a plan, a chat, a reference, a promise, a receipt; and when the promise
is not kept, time alone escalates it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.request import Request, urlopen

import icalendar
import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import People, Person

Look = Callable[[Page, str], None]
REFERENCE = re.compile(r"[0-9A-HJKMNP-TV-Z]{3}-[0-9A-HJKMNP-TV-Z]{4}")


def start_chat(member: Person, words: str) -> str:
    """From the home page to a chat. Returns the reference, which is on the page from the first word."""
    page = member.open("/")
    page.get_by_label("Say it in your own words").fill("someone used my card at a bakery")
    page.get_by_role("button", name="Find help").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Someone else is using my card")
    page.get_by_label("Tell us what happened").fill(words)
    form = page.locator("form").filter(has=page.get_by_label("Tell us what happened"))
    form.get_by_role("button", name="Start a chat").click()
    page.wait_for_url("**/chat/**")
    found = REFERENCE.search(page.url)
    assert found
    expect(page.get_by_text(found[0]).first).to_be_visible()
    return found[0]


def say(page: Page, words: str) -> None:
    page.get_by_label("Your message").fill(words)
    page.get_by_role("button", name="Send").click()


def take(agent: Page) -> None:
    agent.keyboard.press("a")
    expect(agent.get_by_role("button", name="Wrap up")).to_be_visible()
    agent.wait_for_load_state("networkidle")


@pytest.mark.postgres_journey
def test_from_first_word_to_a_promise_that_time_escalates(people: People, look: Look) -> None:
    dana, maya = people(), people()
    desk = dana.sign_in("Dana")
    expect(desk).to_have_url(re.compile("/desk"))
    desk.goto(dana.world.address + "/desk?view=waiting")
    maya.sign_in("Maya")
    look(maya.open("/"), "home-signed-in")

    # A plan, then a chat; the desk hears of it within a second, without a reload.
    reference = start_chat(maya, "I left it at Bright Loaf Bakery. The number is 3782 822463 10005")
    look(maya.page, "chat-waiting")
    row = desk.get_by_text("I left it at Bright Loaf Bakery").first
    expect(row).to_be_visible(timeout=3_000)
    row.click()
    expect(desk.get_by_text(reference).first).to_be_visible()
    expect(desk.locator(".talk").get_by_text("Someone else is using my card")).to_be_visible()
    expect(desk.get_by_text("[card ••0005]").first).to_be_visible()
    desk.wait_for_load_state("networkidle")
    take(desk)
    look(desk, "desk-conversation")

    # Both write; the member reloads and misses nothing.
    desk.keyboard.press("r")
    desk.keyboard.type("Hello Maya, I see the charge.")
    desk.keyboard.press("Control+Enter")
    expect(maya.page.get_by_text("Hello Maya, I see the charge.")).to_be_visible()
    say(maya.page, "Thank you, Dana")
    expect(desk.get_by_text("Thank you, Dana")).to_be_visible()
    maya.page.reload()
    expect(maya.page.get_by_text("Hello Maya, I see the charge.")).to_have_count(1)
    expect(maya.page.get_by_text("Thank you, Dana")).to_have_count(1)

    # A private note stays private; a promise is kept by a key press.
    desk.locator("h1").first.click()
    desk.keyboard.press("n")
    desk.keyboard.type("Sounds worried; be quick")
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_text("Sounds worried; be quick").first).to_be_visible()
    desk.locator("h1").first.click()
    desk.keyboard.press("p")
    desk.get_by_label("We will").fill("Call you back about the bakery")
    desk.get_by_label("We will").press("Enter")
    expect(maya.page.get_by_text("call you back about the bakery").first).to_be_visible()
    assert "Sounds worried" not in maya.page.content()

    # The same three lines on both sides; the end waits for them.
    expect(desk.get_by_role("button", name="End contact")).to_have_count(0)
    wrap_up(desk, did="Froze nothing yet")
    expect(maya.page.get_by_text("Froze nothing yet")).to_be_visible()
    look(maya.page, "chat-three-lines")
    maya.page.get_by_text("Not quite").click()
    maya.page.get_by_label(re.compile("quite|right|wrong|change", re.IGNORECASE)).last.fill(
        "You looked at the charge too"
    )
    maya.page.get_by_role("button", name="Send").first.click()
    expect(desk.get_by_text("You looked at the charge too").first).to_be_visible()
    wrap_up(desk, did="Looked at the bakery charge")
    expect(maya.page.get_by_text("Looked at the bakery charge")).to_be_visible()
    maya.page.get_by_role("button", name="Right", exact=True).click()
    expect(desk.get_by_text("The member says the lines are right").first).to_be_visible()
    look(desk, "desk-wrap-up")
    desk.get_by_role("button", name="End contact").click()
    expect(maya.page.get_by_text(re.compile("ended", re.IGNORECASE)).first).to_be_visible()

    receipt(maya, reference, look)
    late_and_done(people, maya, reference, look)


def wrap_up(desk: Page, did: str) -> None:
    if not desk.locator("select[name=outcome]").is_visible():
        desk.locator("h1").first.click()
        desk.keyboard.press("w")
    desk.locator("select[name=outcome]").select_option(index=1)
    desk.locator("[name=did]").fill(did)
    desk.locator("[name=you]").fill("Nothing for now")
    desk.locator("[name=next_step]").fill("Dana calls Maya")
    desk.get_by_role("button", name=re.compile("lines before the member")).click()


def receipt(maya: Person, reference: str, look: Look) -> None:
    page = maya.open(f"/contacts/{reference}")
    for words in (
        "Dana Whitfield",
        reference,
        "Call you back about the bakery",
        "Looked at the bakery charge",
    ):
        expect(page.get_by_text(words).first).to_be_visible()
    look(page, "receipt")
    link = page.get_by_role("link", name="Add to calendar").first.get_attribute("href")
    assert link
    cookies = "; ".join(f"{c['name']}={c['value']}" for c in maya.context.cookies())
    with urlopen(Request(maya.world.address + link, headers={"Cookie": cookies})) as answer:
        calendar = icalendar.Calendar.from_ical(answer.read())
    events = calendar.walk("VEVENT")
    assert len(events) == 1 and "bakery" in str(events[0]["SUMMARY"]) and events[0].walk("VALARM")


def late_and_done(people: People, maya: Person, reference: str, look: Look) -> None:
    late = re.compile(r"We said .+ and missed it\.")
    maya.world.pass_time("+2d")
    page = maya.open(f"/contacts/{reference}")
    for _ in range(20):
        if page.get_by_text(late).count():
            break
        page.wait_for_timeout(500)
        page.reload()
    expect(page.get_by_text(late)).to_have_count(1)
    look(page, "late")

    supervisor = people()
    board = supervisor.sign_in(SUPERVISOR)
    board.goto(supervisor.world.address + "/desk?view=late")
    row = board.get_by_text("Call you back about the bakery").first
    expect(row).to_be_visible()
    look(board, "desk-late")
    board.goto(supervisor.world.address + f"/desk/cases/{reference}")
    expect(board.get_by_text(re.compile("supervisors|head of service", re.IGNORECASE)).first).to_be_visible()
    do_it(board)
    page.reload()
    expect(page.get_by_text(re.compile(r"Done .+ late", re.IGNORECASE)).first).to_be_visible()
    expect(page.get_by_text("Called Maya at noon").first).to_be_visible()
    look(page, "done-late")
    with urlopen(maya.world.address + "/metrics") as answer:
        figures = answer.read().decode()
    assert "cardline_promises_missed_total 1" in figures


SUPERVISOR = "Ines"


def do_it(board: Page) -> None:
    board.get_by_role("button", name=re.compile("Take")).first.click()
    board.wait_for_load_state("networkidle")
    evidence = board.get_by_label(re.compile("What was done|evidence|Done", re.IGNORECASE)).first
    if not evidence.is_visible():
        board.get_by_text(re.compile("^(Done|Do it|Mark)", re.IGNORECASE)).first.click()
    evidence.fill("Called Maya at noon")
    evidence.press("Enter")
    board.wait_for_load_state("networkidle")
