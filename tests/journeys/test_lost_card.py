"""A card that is gone, far from home and at night; and one that is found again."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Look, People, Served, World
from tests.journeys.steps import REFERENCE, reload_until_there

pytestmark = pytest.mark.postgres_journey
MOST_REQUESTS = 8  # issue 5, figures: pages and forms of the journey


@pytest.fixture(scope="module")
def world(serve_world: Served) -> Iterator[World]:
    """One of its own: the last charges of a card are read back, whatever other journeys did with it."""
    yield from serve_world()


def test_a_stolen_wallet_abroad_at_night(people: People, look: Look) -> None:
    """A borrowed phone, no sign-in: the card is frozen at once. Later they sign in there and finish it themselves."""
    luis = people(phone=True)
    page = luis.open("/lost-card")
    look(page, "lost-card-stranger")
    page.get_by_label("What is your name").fill("Luis Ferreira")
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("One thing that is yours").fill("it ends in 2206")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("If this points to one card of ours, it is frozen now")).to_be_visible()
    first = REFERENCE.search(page.locator("main").inner_text())
    assert first
    look(page, "lost-card-sign-in")

    page.get_by_role("button", name="Sign in and go on").click()
    page.locator("a[href^='/demo?next=']").first.click()
    page.get_by_role("button", name="Be Luis", exact=True).click()
    page.get_by_role("button", name=re.compile("Card ending 2206")).click()
    expect(page.get_by_text("Card ending 2206 is frozen.")).to_be_visible()
    expect(page.get_by_text(first[0]).first).to_be_visible()  # the reference of the first word is the case's
    page.locator("input[type=checkbox]").first.check()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="My phone or my identity papers are gone, too").click()
    page.get_by_role("button", name="Both", exact=True).click()
    expect(page.get_by_text("fraud alert")).to_be_visible()
    page.get_by_role("button", name="Yes", exact=True).click()
    page.get_by_role("button", name="Yes", exact=True).click()  # away from home, with no other way to pay
    expect(page.get_by_text("emergency card where you are")).to_be_visible()
    luis.open(f"/contacts/{first[0]}")
    page.get_by_role("link", name="Report of card 2206").click()
    expect(page.get_by_text("New card ordered").first).to_be_visible()
    look(page, "lost-card-report-phone")


def test_a_lost_card_found_again(people: People, look: Look) -> None:
    owen = people()
    page = owen.sign_in("Owen")
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if one.is_navigation_request() else None)
    owen.open("/lost-card")
    page.get_by_role("button", name=re.compile("Card ending 6152")).click()
    expect(page.get_by_text("Card ending 6152 is frozen.")).to_be_visible()
    page.get_by_role("button", name="Go on").click()  # every charge is theirs
    page.get_by_role("button", name="I may find it again").click()
    expect(page.get_by_text("When you find it, unfreeze it under Cards")).to_be_visible()
    assert len(asked) <= MOST_REQUESTS, asked
    page.get_by_role("link", name="See your receipt").click()
    page.get_by_role("link", name="Report of card 6152").click()
    look(page, "lost-card-report")
    page.get_by_role("link", name="I found it again").click()
    page.get_by_role("button", name=re.compile("Card ending 6152")).click()
    page.get_by_role("button", name="No", exact=True).click()
    expect(page.get_by_text("Tick each one you did not make").first).to_be_visible()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("Card ending 6152 works again.")).to_be_visible()


def test_a_stranger_finds_a_card_and_its_member_is_told(people: People, look: Look) -> None:
    """Nothing of the member comes back to whoever found it; the member reads where the card is."""
    finder, nils = people(phone=True), people()
    page = finder.open("/lost-card")
    page.get_by_role("link", name="found").click()
    page.get_by_label("What are the last four digits").fill("3408")
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Which name stands on it").fill("Nils Lindqvist")
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Where is the card now").fill("At the desk of the library")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("its holder is told where it is")).to_be_visible()
    said = page.locator("main").inner_text()
    assert "3408" not in said and "Lindqvist" not in said and "frozen" not in said
    look(page, "found-card-phone")

    member = nils.sign_in("Nils")
    nils.open("/cards")
    reload_until_there(member.get_by_text("Frozen since"))
    nils.open("/")
    member.get_by_role("link", name="Card ending 3408 lost or stolen").click()
    expect(member.get_by_text("At the desk of the library")).to_be_visible()
    look(member, "found-card-case")
