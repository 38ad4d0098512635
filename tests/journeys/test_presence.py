"""Supervisors see who is there: available, busy, away, and whose connection was lost."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.conftest import People
from tests.journeys.steps import come_to_the_desk, say_whether_there


def test_a_supervisor_sees_who_is_there_without_a_reload(people: People) -> None:
    dana, ines = people(), people()
    desk = come_to_the_desk(dana, "Dana")
    board = come_to_the_desk(ines, "Ines", view="all")
    board.locator(".presence summary").click()
    row = board.locator("#people li").filter(has_text="Dana Whitfield")
    for state in ("Available", "Busy", "Away"):
        say_whether_there(desk, state)
        expect(row).to_contain_text(state)
    say_whether_there(desk, "Available")
    expect(row).to_contain_text("Available")

    dana.context.close()  # the laptop is shut: nobody said goodbye
    expect(row).to_contain_text("Connection lost", timeout=60_000)
    wall = people()
    wall.sign_in("Ines")
    expect(wall.open("/floor").locator(".agents li").filter(has_text="Dana Whitfield")).to_contain_text(
        "Connection lost"
    )
