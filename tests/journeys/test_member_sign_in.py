"""A member's passkey is made once, signs in without a name and approves; without scripts a code to the phone does."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Look, People
from tests.journeys.steps import reload_until_there
from tests.journeys.test_staff_sign_in import carry_a_key

MAYAS_PHONE = "(212) 555-0142"


def newest_code(people: People, words: str) -> str:
    """Of the texts the demo shows."""
    page = people().open("/demo")
    said = page.get_by_text(re.compile(rf"\d{{6}} is your code to {words}"))
    reload_until_there(said)
    found = re.search(r"\d{6}", said.first.inner_text())
    assert found
    return found[0]


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out", exact=True).first.click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()


def test_a_passkey_from_its_making_to_its_going(people: People, look: Look) -> None:
    maya = people()
    carry_a_key(maya)
    page = maya.sign_in("Maya")
    maya.open("/home")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Is it you?")).to_be_visible()
    page.get_by_role("button", name="Send the code").click()
    page.get_by_label("Code").fill(newest_code(people, "add a passkey"))
    page.get_by_role("button", name="Confirm").click()
    look(page, "member-new-passkey")
    page.get_by_label("What to call it").fill("The laptop at home")
    page.get_by_role("button", name="Set up the passkey").click()
    expect(page.get_by_text("From now on you can sign in with it")).to_be_visible()
    look(page, "member-sign-in-own")

    sign_out(page)
    maya.open("/sign-in?next=/profile/sign-in")
    look(page, "member-sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("The laptop at home").first).to_be_visible()
    expect(page.get_by_text("last used").first).to_be_visible()
    page.get_by_text("Rename or remove").click()
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_role("heading", name="Remove a passkey")).to_be_visible()
    look(page, "member-approve-by-passkey")
    page.get_by_role("button", name="Approve with your passkey").click()
    expect(page.get_by_text("It signs nobody in any more")).to_be_visible()


def test_without_scripts_a_code_to_the_phone_signs_in(people: People, look: Look) -> None:
    someone = people(java_script_enabled=False, phone=True)
    page = someone.open("/sign-in?next=/cards")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_have_count(0)
    page.get_by_role("link", name="With a code to your phone").click()
    page.get_by_label("Your phone number").fill(MAYAS_PHONE)
    page.get_by_role("button", name="Send the code").click()
    page.get_by_label("Code").fill(newest_code(people, "sign in"))
    page.get_by_role("button", name="Sign in").last.click()
    expect(page).to_have_url(re.compile("/cards$"))
