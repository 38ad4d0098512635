"""Every page there is passes the gate of DESIGN 7, in both themes, on desktop and phone, small and with large text."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import People
from tests.journeys.gate import DESKTOP, PHONE, show, sweep
from tests.journeys.steps import (
    come_to_the_desk,
    note,
    out_of_the_fields,
    pick_up,
    promise,
    reply,
    settle,
    start_chat,
    wrap_up,
)

OPEN_TO_ALL = (
    "/",
    "/?hint=words",
    "/contact",
    "/get-help?q=card",
    "/get-help?q=someone+used+my+card+at+a+bakery",
    "/get-help/dispute",
    "/get-help/lost_stolen.report",
    "/get-help/dispute.duplicate_charge",
    "/get-help/payment.make",
    "/get-help/rewards.missing",
    "/get-help/info.contact_details",
    "/get-help/complaint.formal",
    "/get-help/contact.human",
    "/track",
    "/verify-us",
    "/sign-in?next=/contacts",
    "/sign-in/code",
    "/sign-in/password",
    "/sign-in/recovery",
    "/sign-in/stop/1-0",
    "/contacts",
    "/contacts/7K4-29QM",
    "/demo",
    "/nothing-here",
    "/offline",
    "/staff/login/",
    "/demo/components",
)
OF_A_MEMBER = (
    "/",
    "/home",
    "/contacts",
    "/contacts?ref=7K4-29QN",
    "/get-help/lost_stolen.report",
    "/profile/sign-in",
    "/profile/sign-in/password",
    "/profile/views",
    "/verify-us",
    "/nothing-here",
)
OF_AN_AGENT = (
    "/desk",
    "/desk?view=waiting",
    "/desk?view=promises",
    "/desk?view=all",
    "/desk/find?ref=7K4-29QN",
    "/desk/promises",
    "/desk/promises?whose=team",
    "/desk/promises?whose=late",
)
OF_AN_ADMINISTRATOR = ("/staff/people", "/staff/security", "/staff/security/password/")
OF_A_SUPERVISOR = ("/desk?view=late", "/desk?view=all", "/desk/promises?whose=late", "/floor", "/floor/views")


@pytest.fixture
def swept() -> Callable[[Page, str], None]:
    """Look at a page in every way; what was found anywhere is told together at the end."""
    found: list[str] = []

    def look_everywhere(page: Page, name: str) -> None:
        picture(page, name)
        found.extend(sweep(page))

    yield look_everywhere  # type: ignore[misc]
    assert not found, "\n".join(found)


def picture(page: Page, name: str) -> None:
    folder = os.environ.get("CARDLINE_SHOTS")
    if not folder:
        return
    for size, theme in ((DESKTOP, "light"), (PHONE, "dark")):
        show(page, size, theme)  # type: ignore[arg-type]
        path = Path(folder) / f"{name}-{size[0]}-{theme}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=path, full_page=True, caret="initial")


def named(path: str) -> str:
    return path.strip("/").replace("/", "-").replace("?", "-").replace("=", "-")[:50] or "home"


def test_pages_open_to_all(people: People, swept: Callable[[Page, str], None]) -> None:
    visitor = people()
    for path in OPEN_TO_ALL:
        swept(visitor.open(path), f"open-{named(path)}")
    page = visitor.open("/track")
    page.get_by_label("Reference number").fill("7K4-29QN")
    page.get_by_label("Last four digits").fill("4471")
    page.get_by_role("button", name="Show where it stands").click()
    expect(page.get_by_text("Check for 0 and 8").first).to_be_visible()
    swept(page, "open-track-errors")


def test_pages_of_a_member_and_the_desk(people: People, swept: Callable[[Page, str], None]) -> None:
    maya, dana, ines = people(), people(), people()
    desk = come_to_the_desk(dana, "Dana")
    board = come_to_the_desk(ines, "Ines", view="all")
    maya.sign_in("Maya")

    reference = start_chat(maya, "Every page is looked at with this chat open")
    swept(maya.page, "member-chat-waiting")
    desk.locator("#items").get_by_text("Every page is looked at").first.click()
    expect(desk.get_by_role("button", name="Take it")).to_be_visible()
    swept(desk, "desk-case-waiting")
    desk.goto(f"{dana.world.address}/desk?view=waiting")
    pick_up(desk, "Every page is looked at")
    reply(desk, "Hello, I see the charge. Give me a minute to look at the other ones as well.")
    note(desk, "Sounds worried; be quick")
    promise(desk, "Call you back about the bakery")
    expect(maya.page.get_by_text("We will call you back")).to_be_visible()
    swept(maya.page, "member-chat-talking")
    modes_of(desk, swept)
    for path in OF_A_MEMBER:
        swept(maya.open(path), f"member-{named(path)}")
    for path in OF_AN_AGENT:
        swept(dana.open(path), f"desk-{named(path)}")
    for path in OF_A_SUPERVISOR:
        swept(ines.open(path), f"supervisor-{named(path)}")
    swept(ines.open(f"/desk/cases/{reference}"), "supervisor-case")
    assert board is ines.page

    maya.open(f"/chat/{reference}-1")
    dana.open(f"/desk/cases/{reference}")
    wrap_up(desk, did="Looked at the bakery charge")
    expect(maya.page.get_by_role("heading", name="Are these lines right?")).to_be_visible()
    maya.page.get_by_text("Not quite", exact=True).click()
    swept(maya.page, "member-chat-lines")
    maya.page.get_by_text("Not quite", exact=True).click()
    settle(maya.page, desk)
    swept(desk, "desk-case-ended")
    expect(maya.page.get_by_role("heading", name="This conversation has ended.")).to_be_visible()
    swept(maya.page, "member-chat-ended")
    swept(maya.open(f"/contacts/{reference}"), "member-case")


def modes_of(desk: Page, swept: Callable[[Page, str], None]) -> None:
    """The conversation with each of its panels open."""
    for key, name in (("r", "message"), ("n", "note"), ("p", "promise"), ("w", "wrap-up")):
        out_of_the_fields(desk)
        desk.keyboard.press(key)
        swept(desk, f"desk-case-{name}")
    out_of_the_fields(desk)
    desk.keyboard.press("1")  # the first action asks for one more Enter
    swept(desk, "desk-case-confirm")
    desk.locator(".confirm[open]").get_by_role("button", name="No").click()
    desk.locator(".presence summary").click()
    swept(desk, "desk-presence")
    desk.locator(".presence summary").click()
    out_of_the_fields(desk)
    desk.keyboard.press("?")
    expect(desk.get_by_role("dialog", name="All keys")).to_be_visible()
    swept(desk, "desk-keys")
    desk.get_by_role("dialog").get_by_role("button", name="Close").click()


def test_pages_of_an_administrator(people: People, swept: Callable[[Page, str], None]) -> None:
    theo = people()
    theo.sign_in("Theo")
    for path in OF_AN_ADMINISTRATOR:
        swept(theo.open(path), f"administrator-{named(path)}")
