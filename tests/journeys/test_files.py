"""A file, from the member's telephone to the agent's screen, and back from an origin that has no cookie."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from cardline.files.tests import made
from tests.journeys.conftest import People
from tests.journeys.gate import sweep
from tests.journeys.steps import come_to_the_desk, pick_up, reload_until_there, start_chat


@pytest.mark.postgres_journey
def test_a_photo_of_the_receipt_is_before_the_agent(people: People) -> None:
    maya, dana = people(phone=True), people()
    desk = come_to_the_desk(dana, "Dana")
    page = maya.sign_in("Maya")
    ref = start_chat(maya, "I have the receipt right here")
    pick_up(desk, "I have the receipt right here")

    maya.open(f"/contacts/{ref[:8]}")
    photo = {"name": "receipt.jpg", "mimeType": "image/jpeg", "buffer": made.picture("JPEG", 900, 700)}
    page.get_by_label("Add a file").set_input_files(photo)  # type: ignore[arg-type]
    page.get_by_role("button", name="Add the file").click()
    mine = page.locator("#files")
    expect(mine.get_by_text("receipt.jpg", exact=True)).to_be_visible()
    expect(mine.get_by_text("We have it.")).to_be_visible()  # by itself, when it was checked
    found = sweep(page)

    expect(desk.get_by_role("log").get_by_text("Maya Okafor added a file")).to_be_visible()
    panel = desk.locator("#files-here")
    expect(panel.get_by_text("Not scanned for viruses")).to_be_visible()
    found += sweep(desk)
    with desk.expect_popup() as opened:
        panel.get_by_role("link", name=re.compile("Look at it")).click()
    expect(opened.value.locator("img")).to_be_visible()
    assert re.match(r"http://127\.0\.0\.1:\d+/f/", opened.value.url)
    assert dana.context.cookies(opened.value.url) == []
    assert not found, "\n".join(found)


def test_it_works_without_script_and_says_what_is_wrong(people: People) -> None:
    luis = people(java_script_enabled=False)
    page = luis.sign_in("Luis")
    ref = start_chat(luis, "Here is the letter")
    luis.open(f"/contacts/{ref[:8]}")
    page.get_by_label("Add a file").set_input_files(
        {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": b"MZ" + bytes(90)}
    )
    page.get_by_role("button", name="Add the file").click()
    expect(page.get_by_text("We can’t take that kind of file.")).to_be_visible()
    page.get_by_role("link", name="Go back").click()
    page.get_by_label("Add a file").set_input_files(
        {"name": "letter.exe", "mimeType": "application/x-msdownload", "buffer": made.PDF}
    )
    page.get_by_role("button", name="Add the file").click()
    reload_until_there(page.locator("#files").get_by_text("We have it."))
    with page.expect_download() as saved:
        page.get_by_role("link", name=re.compile("Save a copy")).click()
    assert saved.value.suggested_filename == "letter.exe.pdf"
    assert saved.value.path().read_bytes() == made.PDF
