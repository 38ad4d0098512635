"""A private note reaches nobody outside: not a page, not a poll, not a file, not a frame of the socket."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import WebSocket, expect

from tests.journeys.conftest import People
from tests.journeys.steps import come_to_the_desk, note, pick_up, promise, reply, settle, start_chat, wrap_up

SECRET = "Quillwort"  # a word that stands nowhere else


def test_what_a_note_says_never_leaves_for_the_member(people: People, tmp_path: Path) -> None:
    record = tmp_path / "everything.har"
    maya, dana = people(record_har_path=record, record_har_content="embed"), people()
    frames: list[str] = []
    maya.page.on("websocket", lambda socket: listen(socket, frames))

    desk = come_to_the_desk(dana, "Dana")
    maya.sign_in("Maya")
    reference = start_chat(maya, "A word about my card")
    pick_up(desk, "A word about my card")
    note(desk, f"{SECRET}: she did not know the address")
    reply(desk, "One moment.")
    expect(maya.page.get_by_text("One moment.")).to_be_visible()
    promise(desk, "Send the form")
    note(desk, f"Colleagues, {SECRET} again")
    wrap_up(desk, did="Looked into it")
    expect(maya.page.get_by_text("Looked into it")).to_be_visible()
    settle(maya.page, desk)
    note(desk, f"After the end, {SECRET}")

    for path in ("/", "/contacts", f"/chat/{reference}-1", "/track", "/contact", f"/contacts/{reference}"):
        maya.open(path)
    file = maya.page.get_by_role("link", name="Add to calendar").first.get_attribute("href")
    for path in (file, f"/chat/{reference}-1/entries?after=0", f"/chat/{reference}-1/summary"):
        got = maya.context.request.get(f"{maya.world.address}{path}")
        assert got.ok and SECRET not in got.text()
    maya.context.close()  # writes the record

    everything = record.read_text()
    assert "One moment." in everything and any("One moment." in frame for frame in frames), (
        "both were read at all"
    )
    assert SECRET in desk.content()
    assert SECRET.lower() not in everything.lower()
    assert not [frame for frame in frames if SECRET.lower() in frame.lower()]


def listen(socket: WebSocket, frames: list[str]) -> None:
    socket.on("framereceived", lambda frame: frames.append(str(frame)))
