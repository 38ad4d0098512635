"""Colleagues sign in the real way, by password and code or a passkey; a screen left alone falls shut (SR-36, SR-37)."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from cardline.staff.tests.conftest import code_now
from tests.journeys.conftest import Look, People, Person, World

# As if a quarter of an hour had gone by in which nobody touched Theo's screen.
LEAVE_ALONE = """
from datetime import timedelta
from django.db.models import F
from cardline.staff.models import StaffSession
theos = StaffSession.objects.filter(agent__given_name="Theo")
print(theos.update(seen_at=F("seen_at") - timedelta(minutes=15)))
"""


def kept(world: World, username: str) -> dict[str, str]:
    """Password and secret of a colleague, which the demo keeps in its own folder."""
    found: dict[str, Any] = json.loads(
        (Path(world.env["CARDLINE_DATA"]) / "demo-colleagues.json").read_text()
    )
    return found[username]


def code_of(world: World, username: str) -> str:
    return code_now(kept(world, username)["secret"])


def fill_in(page: Page, username: str, password: str) -> None:
    page.get_by_label("User name").fill(username)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in with a password").click()


def carry_a_key(person: Person) -> None:
    """A device with a fingerprint reader, as far as the browser can tell."""
    line = person.context.new_cdp_session(person.page)
    line.send("WebAuthn.enable")
    device = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    line.send("WebAuthn.addVirtualAuthenticator", {"options": device})


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_with_password_and_code(people: People, world: World, look: Look, phone: bool) -> None:
    username = "ines.galvão" if phone else "priya.raman"
    someone = people(phone=phone)
    page = someone.open("/desk/promises")
    expect(page.get_by_role("heading", name="Sign in to the desk")).to_be_visible()
    size = "phone" if phone else "desktop"
    look(page, f"staff-sign-in-{size}")
    page.get_by_role("button", name="Change between light and dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    page.reload()  # and it stays so
    look(page, f"staff-sign-in-{size}-light")

    fill_in(page, username, "not my password")
    expect(page.get_by_role("alert")).to_contain_text("belong together")
    expect(page.get_by_label("User name")).to_have_value(username)
    look(page, f"staff-sign-in-wrong-{size}")
    fill_in(page, username, kept(world, username)["password"])
    expect(page.get_by_role("heading", name="Your second factor")).to_be_visible()
    look(page, f"staff-code-{size}")
    page.get_by_label("Code").fill(code_of(world, username))
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(re.compile("/desk/promises$"))


def test_with_a_passkey(people: People, look: Look) -> None:
    jonah = people()
    carry_a_key(jonah)
    jonah.sign_in("Jonah")
    page = jonah.open("/staff/security")
    look(page, "staff-security")
    page.get_by_role("link", name="Add a passkey").click()
    look(page, "staff-passkey")
    page.get_by_label("What to call it").fill("The laptop at home")
    page.get_by_role("button", name="Set up the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    expect(page.get_by_role("main").get_by_role("listitem")).to_have_count(10)
    look(page, "staff-recovery-codes")
    page.get_by_role("link", name="on to the desk").click()

    jonah.open("/staff/security")
    expect(page.get_by_text("The laptop at home").first).to_be_visible()
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_role("heading", name="Sign in to the desk")).to_be_visible()
    jonah.open("/desk/promises")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(re.compile("/desk/promises$"))


def test_without_a_key_at_hand_one_is_told_so(people: People) -> None:
    """The browser asks for a passkey; there is none. The other way stays open."""
    somebody = people()
    page = somebody.open("/staff/login/")
    line = somebody.context.new_cdp_session(page)
    line.send("WebAuthn.enable")
    device = {"protocol": "ctap2", "transport": "usb", "hasUserVerification": False}
    line.send("WebAuthn.addVirtualAuthenticator", {"options": device})
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("The passkey was not used")).to_be_visible(timeout=90_000)
    expect(page.get_by_label("User name")).to_be_visible()


def test_a_screen_left_alone_falls_shut(people: People, world: World, look: Look) -> None:
    theo = people()
    page = theo.sign_in("Theo")
    look(theo.open("/staff/people"), "staff-people")
    page.get_by_role("link", name="Change Dana Whitfield").click()
    look(page, "staff-person")
    theo.open("/desk?view=all")
    left_alone = world.cardline("shell", "-v", "0", "-c", LEAVE_ALONE)
    assert left_alone.returncode == 0 and left_alone.stdout.strip() != "0", left_alone.stderr
    # Nobody touches it. What the screen asks for by itself is refused, and says so where it stands.
    expect(page.get_by_text("Your session ended.")).to_be_visible(timeout=60_000)
    page.get_by_role("link", name="Sign in again").click()
    expect(page.get_by_role("heading", name="Sign in to the desk")).to_be_visible()
    assert "next=/desk" in page.url
