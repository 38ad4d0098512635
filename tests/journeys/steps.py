"""What people do in the journeys, at a member's page and at the desk."""

from __future__ import annotations

import re
from datetime import datetime
from time import monotonic

from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Person

REFERENCE = re.compile(r"[0-9A-HJKMNP-TV-Z]{3}-[0-9A-HJKMNP-TV-Z]{4}")
BAKERY = "someone used my card at a bakery"

# ------------------------------------------------------------------------------------------ at a member's page


def find_plan(page: Page, wish: str = BAKERY) -> None:
    """From the home page to the plan of a need."""
    page.get_by_label("Say it in your own words").fill(wish)
    page.get_by_role("button", name="Find help").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Someone else is using my card")


def begin(page: Page, words: str, how: str = "Start a chat") -> str:
    """On a plan: the first words. Returns the reference, which is on the page from then on."""
    page.get_by_label("Tell us what happened").fill(words)
    form = page.locator("form").filter(has=page.get_by_label("Tell us what happened"))
    form.get_by_role("button", name=how).click()
    page.wait_for_url("**/chat/**")
    found = REFERENCE.search(page.url)
    assert found
    expect(page.get_by_text(found[0]).first).to_be_visible()
    return found[0]


def start_chat(member: Person, words: str) -> str:
    """From the home page to a chat. Returns the reference."""
    page = member.open("/")
    find_plan(page)
    return begin(page, words)


def say(page: Page, words: str) -> None:
    page.get_by_label("Your message").fill(words)
    page.get_by_role("button", name="Send").click()


def reload_until_there(wanted: Locator, seconds: float = 20) -> None:
    """For what comes with time and not by a message: the page is loaded again until it shows it."""
    until = monotonic() + seconds
    while not wanted.count() and monotonic() < until:
        wanted.page.reload()
    expect(wanted.first).to_be_visible()


# ------------------------------------------------------------------------------------------------ at the desk


def come_to_the_desk(agent: Person, name: str, view: str = "waiting") -> Page:
    """Sign in and be available."""
    desk = agent.sign_in(name)
    expect(desk).to_have_url(re.compile("/desk"))
    desk.goto(f"{agent.world.address}/desk?view={view}")
    expect(desk.locator(".presence summary")).to_contain_text("Available")
    return desk


def say_whether_there(desk: Page, state: str) -> None:
    presence = desk.locator(".presence")
    presence.locator("summary").click()
    presence.get_by_role("button", name=state, exact=True).click()
    expect(presence.locator("summary")).to_contain_text(state)


def pick_up(desk: Page, words: str) -> None:
    """Open the conversation that began with these words, and take it."""
    desk.locator("#items").get_by_text(words).first.click()
    expect(desk.get_by_role("log").get_by_text(words)).to_be_visible()
    take(desk)


def take(desk: Page) -> None:
    desk.wait_for_load_state("networkidle")  # a key pressed before its script is there is nobody's
    desk.keyboard.press("a")
    expect(desk.get_by_role("button", name="Wrap up")).to_be_visible()
    desk.wait_for_load_state("networkidle")


def out_of_the_fields(desk: Page) -> None:
    """Single letters act outside text fields only."""
    desk.locator("h1").first.click()


def reply(desk: Page, words: str) -> None:
    """A message to the member, by keys."""
    write(desk, "r", words)


def note(desk: Page, words: str) -> None:
    write(desk, "n", words)
    expect(desk.locator(".line.note").get_by_text(words)).to_be_visible()


def write(desk: Page, key: str, words: str) -> None:
    out_of_the_fields(desk)
    desk.keyboard.press(key)
    desk.keyboard.type(words)
    desk.keyboard.press("Control+Enter")


def promise(desk: Page, words: str, by: datetime | None = None) -> None:
    """P opens the maker, Enter keeps it. by: on the issuer's clock; without it, when the maker suggests."""
    out_of_the_fields(desk)
    desk.keyboard.press("p")
    desk.get_by_label("We will").fill(words)
    if by is not None:
        desk.get_by_label("By", exact=True).fill(f"{by:%Y-%m-%dT%H:%M}")
    desk.get_by_label("We will").press("Enter")
    expect(desk.locator("#promises-here").get_by_text(words)).to_be_visible()


def wrap_up(desk: Page, did: str) -> None:
    """The three lines and what the wrap-up asks for, before the member."""
    if not desk.locator("select[name=outcome]").is_visible():
        out_of_the_fields(desk)
        desk.keyboard.press("w")
    desk.locator("select[name=outcome]").select_option(index=1)
    desk.get_by_label("What we did").fill(did)
    desk.get_by_label("What the member needs to do").fill("Nothing for now")
    desk.get_by_label("Next step, for us").fill("Dana calls Maya")
    desk.get_by_role("button", name=re.compile("lines before the member")).click()


def settle(member: Page, desk: Page) -> None:
    """The member says the lines are right; the agent ends the contact."""
    member.get_by_role("button", name="Right", exact=True).click()
    expect(desk.locator("#standing").get_by_text("The member says the lines are right")).to_be_visible()
    end(desk)


def end(desk: Page) -> None:
    desk.get_by_role("button", name="End contact").click()
    expect(desk.locator("#standing").get_by_text("Ended")).to_be_visible()
