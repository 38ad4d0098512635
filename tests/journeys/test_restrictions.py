"""An attorney speaks for Owen: the desk sees it beside his case, and a lock placed there stops him at once."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import People
from tests.journeys.gate import gate, sweep


def restrictions_of_owen(desk: Page, address: str) -> None:
    """To the page, from his case in the list."""
    desk.goto(f"{address}/desk?view=all")
    desk.locator("#items").get_by_text("Owen Achterberg").first.click()
    expect(desk.locator("#restricted")).to_contain_text("Represented by somebody")
    expect(desk.locator("#member")).to_contain_text("Ruth Adeyemi, Adeyemi & Cole")
    gate(desk, "a case with a band")
    desk.get_by_role("link", name="What may not be done").click()


def test_a_lock_placed_at_the_desk_stops_the_next_press_and_never_a_freeze(people: People) -> None:
    ines, owen = people(), people()
    desk, page = ines.sign_in("Ines"), owen.sign_in("Owen")
    restrictions_of_owen(desk, ines.world.address)
    assert not sweep(desk)
    desk.get_by_label("Kind").select_option(label="Fraud lock")
    desk.get_by_label("Who said it").fill("The fraud team")
    desk.get_by_label("Why, for colleagues").fill("Somebody called in his name.")
    desk.get_by_role("button", name="Place the restriction").click()
    expect(desk.get_by_role("heading", name="Fraud lock")).to_be_visible()

    owen.open("/cards")
    page.get_by_role("button", name="Freeze card 6152").click()
    page.get_by_role("button", name=re.compile("Un(do|freeze).*6152")).click()
    expect(page.get_by_text("You can always freeze a card")).to_be_visible()
    expect(page.locator("body")).not_to_contain_text(re.compile("fraud", re.IGNORECASE))

    lock = desk.get_by_role("article", name="Fraud lock")
    lock.locator("summary").click()
    lock.get_by_label("Why it is lifted").fill("It was him.")
    lock.get_by_role("button", name=re.compile("^Lift")).click()
    expect(desk.get_by_role("article", name="Fraud lock").get_by_text("It was him.")).to_be_visible()
    owen.open("/cards")
    page.get_by_role("button", name=re.compile("Un(do|freeze).*6152")).click()
    expect(page.get_by_role("button", name="Freeze card 6152")).to_be_visible()
