"""Moving house: the new address is told to the old one, whose answer lets a card leave, or takes it all back."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Look, People, Person, Served, World
from tests.journeys.gate import sweep
from tests.journeys.steps import come_to_the_desk, out_of_the_fields, pick_up, reload_until_there, start_chat


@pytest.fixture(scope="module")
def world(serve_world: Served) -> Iterator[World]:
    """One of its own: a card that somebody else's journey asked for makes a new address wait."""
    yield from serve_world()


def ask_for_address(page: Page, street: str, road: str) -> None:
    page.goto(f"{page.url.partition('/home')[0]}/profile/contact/address")
    page.get_by_label("Street and number").fill(street)
    page.get_by_label("Town or city").fill("Round Rock")
    page.get_by_label("State").fill("TX")
    page.get_by_label("Postal code").fill("78664")
    page.get_by_role("button", name=road).click()


def confirm(member: Person) -> None:
    """With the code that the demo shows where a phone would."""
    page = member.page
    page.get_by_role("button", name="Send the code").click()
    expect(page.get_by_text("We sent six digits")).to_be_visible()
    phone = member.context.new_page()
    phone.goto(f"{member.world.address}/demo")
    code = re.search(r"\b(\d{6}) is your code to change your postal address", phone.inner_text("body"))
    assert code
    phone.close()
    page.get_by_label("Code").fill(code[1])
    page.get_by_role("button", name="Confirm").click()


def link_in_letter_to(person: Person, name: str, street: str) -> str:
    """The link of the letter that went to this street, as its reader types it."""
    page = person.open("/demo/outbox")
    letter = (
        page.locator("section, article, li")
        .filter(has_text=f"{name} · To {street}")
        .filter(has_text="/not-me/")
        .last
    )
    reload_until_there(letter)
    found = re.search(r"/not-me/\S+", letter.inner_text())
    assert found
    return found[0]


def test_the_old_address_answers_and_the_card_leaves(people: People) -> None:
    tomasz, neighbour = people(), people(phone=True, dark=True)
    page = tomasz.sign_in("Tomasz")
    ask_for_address(page, "1 New Street", "Save it now")
    expect(page.get_by_text("1 New Street, Round Rock, TX 78664")).to_be_visible()
    confirm(tomasz)
    expect(page.get_by_text("Done. We told your old and your new contacts")).to_be_visible()
    tomasz.open("/cards")
    page.get_by_role("link", name=re.compile("7725")).first.click()
    page.goto(f"{page.url}/replacement?why=damaged")
    page.get_by_role("button", name="Send a new card").click()
    expect(page.get_by_text("Your card waits until we are sure of your new address")).to_be_visible()
    answer = neighbour.open(link_in_letter_to(tomasz, "Tomasz Wilk", "5 Juniper Road"))
    expect(answer.get_by_role("heading", name="Was it you?")).to_be_visible()
    found = sweep(answer)
    answer.get_by_role("button", name="It was me").click()
    expect(answer.get_by_text("Thank you. You said that it was you.")).to_be_visible()
    tomasz.open("/cards")
    expect(page.get_by_text("Not activated").first).to_be_visible()
    tomasz.open("/profile/contact")
    expect(page.get_by_text("Your new card for")).to_have_count(0)
    assert not found, "\n".join(found)


def test_one_press_takes_it_back_and_a_person_sees_who_it_was(people: People) -> None:
    agata, stranger, dana = people(), people(phone=True), people()
    page = agata.sign_in("Agata")
    ask_for_address(page, "2 New Street", "Ask for it without a code")
    expect(page.get_by_text("unless somebody says it was not you")).to_be_visible()
    link = link_in_letter_to(agata, "Agata Wilk", "5 Juniper Road")
    pressed = stranger.open(link)
    pressed.get_by_role("button", name="It was not me").click()
    expect(pressed.get_by_text("What was changed is as it was before")).to_be_visible()
    agata.open("/profile/contact")
    expect(page.get_by_role("heading", name=re.compile("Sign in", re.IGNORECASE)).first).to_be_visible()

    desk = come_to_the_desk(dana, "Dana")
    desk.goto(f"{dana.world.address}/desk?view=all")
    desk.get_by_text("Somebody changed your details, and it was not you").first.click()
    desk.get_by_role("link", name="Contact data").click()
    expect(desk.get_by_text("taken back after “not me”")).to_be_visible()
    desk.keyboard.press("y")
    desk.get_by_label("How you know").fill("Called the number on file")
    found = sweep(desk)
    desk.get_by_role("button", name="It was not: leave it as it was").click()
    expect(desk.get_by_text("Nothing waits for you here.")).to_be_visible()
    assert not found, "\n".join(found)


def test_what_needs_level_3_is_approved_in_the_app_and_then_made(people: People) -> None:
    luis, laptop, dana = people(phone=True), people(), people()
    said = "My number is a new one"
    desk = come_to_the_desk(dana, "Dana")
    luis.sign_in("Luis")
    start_chat(luis, said)
    pick_up(desk, said)
    desk.get_by_role("link", name="Contact data").click()
    out_of_the_fields(desk)
    desk.keyboard.press("1")
    desk.get_by_label("The number they say").fill("518 555 0177")
    desk.get_by_role("button", name="Ask in the app first").locator("visible=true").click()
    make_it = desk.get_by_role("button", name="They said yes: make it")
    make_it.click()
    expect(desk.get_by_role("alert")).to_contain_text("This needs level 3, and level 2 was reached.")
    found = sweep(desk)
    asked = laptop.sign_in("Luis")
    laptop.open("/approve")
    expect(asked.get_by_text("+15185550177")).to_be_visible()
    asked.get_by_role("button", name="Approve").click()
    asked.wait_for_load_state()
    make_it.click()
    expect(desk.get_by_text("•••• 0177").first).to_be_visible()
    expect(desk.get_by_text("Nothing waits for you here.")).to_be_visible()
    assert not found, "\n".join(found)


def test_an_address_changed_yesterday_and_a_replacement_asked_today(people: People, look: Look) -> None:
    """DOMAIN 10: the card goes to the new address, and not before a person was sure of it. Last: time passes here."""
    maya, jonah = people(phone=True), people()
    page = maya.sign_in("Maya")
    ask_for_address(page, "3 New Street", "Save it now")
    confirm(maya)
    expect(page.get_by_text("Done. We told your old and your new contacts")).to_be_visible()
    maya.world.pass_time("+1d")

    maya.open("/do/card-access-replace-damaged")
    page.get_by_role("button", name=re.compile("Card ending 4471")).click()
    page.get_by_role("button", name="Yes, it only does not work any more").click()
    page.get_by_role("button", name="To the address where our letters go").click()
    expect(page.get_by_text("so a person makes sure of it before the card leaves")).to_be_visible()
    look(page, "held-card-phone")
    maya.open("/cards")
    expect(page.get_by_text("Not activated")).to_have_count(0)
    maya.open("/do/card-access-delivery")
    expect(page.get_by_text("A card waits here until we are sure of your new address")).to_be_visible()

    desk = come_to_the_desk(jonah, "Jonah", "all")
    desk.get_by_text("Card ending 4471 damaged").first.click()
    desk.get_by_role("link", name="Contact data").click()
    desk.get_by_text("We are sure of it").click()
    desk.get_by_label("How you know").fill("Called the number she has had for years")
    desk.get_by_role("button", name="Note it, and send what waits").click()
    expect(desk.get_by_text("Nothing waits for you here.")).to_be_visible()
    maya.open("/do/card-access-delivery")
    expect(page.get_by_text("A card waits here")).to_have_count(0)
    look(page, "sent-card-phone")
