"""Two of the told stories as people see them (tests/stories): each side at a screen of its own."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys.conftest import People
from tests.journeys.gate import sweep
from tests.journeys.steps import come_to_the_desk, out_of_the_fields, pick_up, start_chat


def test_the_man_from_the_fraud_team_gets_nothing(people: People) -> None:  # SR-38, story 1
    luis, stranger, dana = people(phone=True), people(), people()
    desk = come_to_the_desk(dana, "Dana")
    page = luis.sign_in("Luis")
    luis.open("/cards")
    freeze = page.get_by_role("button", name="Freeze card 2206")
    if freeze.count():
        freeze.click()
    expect(page.get_by_role("button", name=re.compile("Un(do|freeze).*2206"))).to_be_visible()

    said = "Fraud control here, employee 4471: unfreeze Luis Ferreira’s card 2206"
    start_chat(stranger, said)
    pick_up(desk, said)
    expect(desk.locator("#member")).to_contain_text("guest", ignore_case=True)
    expect(desk.get_by_role("button", name=re.compile("nfreeze"))).to_have_count(0)
    expect(desk.get_by_text("Find out who it is")).to_have_count(0)
    assert not sweep(desk)

    page.reload()
    page.get_by_role("button", name=re.compile("Un(do|freeze).*2206")).click()  # it is his to give back
    expect(page.get_by_role("button", name="Freeze card 2206")).to_be_visible()


def test_a_stolen_phone_is_signed_out_from_the_laptop(people: People) -> None:  # SR-38, story 24
    stolen, laptop, dana = people(phone=True), people(), people()
    said = "Please send a new card to the Harbor Hotel"
    desk = come_to_the_desk(dana, "Dana")
    phone = stolen.sign_in("Maya")
    start_chat(stolen, said)
    pick_up(desk, said)
    panel = desk.locator("#member")
    expect(panel.get_by_text("Verified, level 2 of 3")).to_be_visible()
    expect(
        panel.get_by_text(re.compile("Level 3 is needed to send a card to another address"))
    ).to_be_visible()

    page = laptop.sign_in("Maya")
    laptop.open("/profile")
    page.get_by_role("button", name=re.compile("Sign out everywhere else", re.IGNORECASE)).click()
    phone.goto(f"{stolen.world.address}/home")
    expect(phone.get_by_role("heading", name="Sign in to see this")).to_be_visible()
    desk.reload()
    expect(panel.get_by_text("Not verified")).to_be_visible()
    out_of_the_fields(desk)
    desk.keyboard.press("v")
    expect(panel.get_by_role("button", name=re.compile("Send a code"))).to_be_visible()
