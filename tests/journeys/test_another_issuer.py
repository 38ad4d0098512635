"""The second profile is another house: its own colours, numbers and hours, and on Sundays nobody chats."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import People, Served, World
from tests.journeys.gate import sweep
from tests.journeys.steps import begin, reload_until_there

CHICAGO = ZoneInfo("America/Chicago")
SUNDAY = 6


@pytest.fixture(scope="module")
def world(serve_world: Served) -> Iterator[World]:
    yield from serve_world("fernhill")


def hours_to_sunday_noon() -> int:
    now = datetime.now(CHICAGO)
    noon = (now + timedelta(days=(SUNDAY - now.weekday()) % 7)).replace(hour=12, minute=0)
    wait = noon - now if noon > now else noon + timedelta(days=7) - now
    return int(wait.total_seconds() // 3600) + 1


def test_on_a_sunday_chat_is_closed_and_a_lost_card_is_not(people: People, world: World) -> None:
    world.pass_time(f"+{hours_to_sunday_noon()}h")
    visitor, jonah = people(), people()
    jonah.sign_in("Jonah")  # somebody sits there on a Sunday; their queues are closed all the same
    page = visitor.open("/demo")
    reload_until_there(
        page.get_by_text(re.compile(r"^Here it is Sun, .+, 12(:\d\d)? pm|^Here it is Sun, .+, 1(:\d\d)? pm"))
    )

    page = visitor.open("/")
    expect(page).to_have_title(re.compile("Fernhill"))
    expect(page.get_by_text("American Express")).to_have_count(0)
    chat = page.locator("li.channel").filter(has=page.get_by_text("Chat", exact=True))
    expect(chat).to_have_class(re.compile("closed"))
    expect(chat).to_contain_text(re.compile("Opens .+ am"))
    found = sweep(page)

    page = visitor.open("/contact")
    line = (
        page.locator("#numbers ~ ul > li")
        .filter(has_text="Weekdays 8 am to 8 pm, Saturdays 9 am to 2 pm")
        .first
    )
    expect(line.get_by_text(re.compile("^Opens .+ am"))).to_be_visible()
    found += sweep(page)

    page = visitor.open("/get-help/lost_stolen.report")
    expect(page.locator(".number").first).to_be_visible()
    expect(page.get_by_text("Day and night").first.or_(page.get_by_text("Open now").first)).to_be_visible()
    found += sweep(page)

    page = visitor.open("/get-help/rewards.missing")
    expect(page.get_by_text("Nobody is at the desk right now.")).to_be_visible()
    expect(page.get_by_role("button", name="Start a chat")).to_have_count(0)
    found += sweep(page)
    begin(page, "My points have not arrived", how="Leave a message")
    expect(page.locator("#standing .promise .by")).to_contain_text(re.compile("by .+ pm"))
    found += sweep(page)
    assert not found, "\n".join(found)
