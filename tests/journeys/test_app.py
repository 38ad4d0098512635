"""The pages as an app: put on a phone's first screen, opened without a line, and nothing left after signing out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import CHROMIUM, PATIENCE, People, Person, World, chromium_path
from tests.journeys.gate import sweep
from tests.journeys.test_an_ended_session import expire_session

KEPT = """async () => {
  const found = {};
  for (const name of await caches.keys()) {
    for (const request of await (await caches.open(name)).keys()) {
      const answer = await caches.match(request, { cacheName: name });
      found[new URL(request.url).pathname] = await answer.text();
    }
  }
  return found;
}"""
# Nothing with one of these in its address is ever kept, nor its words.
NEVER = re.compile(r"^/(home|cards|transactions|payments|statements|rewards|profile|chat|get-help)\b")
COPY = "/contacts"


def kept(page: Page) -> dict[str, str]:
    """What lies in the browser's Cache Storage, by address."""
    found: dict[str, str] = page.evaluate(KEPT)
    assert not [address for address in found if NEVER.match(address)]
    return found


def ready(person: Person) -> None:
    """The worker is at work, as it is some moments after a first visit."""
    person.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    comes_true(person.page, "async () => (await caches.keys()).some((name) => name.startsWith('shell'))")
    comes_true(person.page, "async () => (await navigator.serviceWorker.ready).active.state === 'activated'")


def has_a_copy(page: Page) -> None:
    comes_true(page, "() => caches.has('contacts')")


def has_no_copy(page: Page) -> None:
    comes_true(page, "async () => !(await caches.has('contacts'))")


def comes_true(page: Page, question: str) -> None:
    """What happens in the background a moment after a page is shown."""
    until = monotonic() + PATIENCE / 1000
    while not page.evaluate(question):
        assert monotonic() < until, question
        page.wait_for_timeout(50)


def with_a_copy(person: Person, name: str) -> None:
    """Signed in, around in the account, and a look at My contacts, of which the browser keeps a copy."""
    person.sign_in(name)
    ready(person)
    for path in ("/home", "/cards", "/transactions"):
        person.open(path)
        kept(person.page)
    person.page.get_by_role("main").locator('a[href^="/transactions/"]').first.click()
    person.open("/contacts")
    has_a_copy(person.page)


def freeze_and_undo(page: Page) -> None:
    page.locator(".urgent").get_by_role("button", name=re.compile("^Freeze card")).first.click()
    page.locator(".urgent").get_by_role("button", name=re.compile("^Undo")).first.click()
    expect(page.locator(".urgent").get_by_text(re.compile("frozen at"))).to_have_count(0)


def test_it_can_be_put_on_a_phones_first_screen(chromium: Browser, world: World, tmp_path: Path) -> None:
    """Chromium itself says what it would miss. In a profile that lasts, since a private one installs nothing."""
    context = chromium.browser_type.launch_persistent_context(
        tmp_path, executable_path=chromium_path(), args=CHROMIUM
    )
    try:
        page = context.pages[0]
        page.goto(f"{world.address}/")
        wire = context.new_cdp_session(page)
        manifest = wire.send("Page.getAppManifest")
        assert manifest["errors"] == [] and '"start_url": "/home"' in manifest["data"]
        assert wire.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
    finally:
        context.close()


def test_without_a_line_there_are_the_numbers_and_the_last_copy_of_my_contacts(
    people: People, swept: Any
) -> None:
    tomasz = people(phone=True)
    freeze_and_undo(tomasz.sign_in("Tomasz"))  # so that a case is called by a card
    with_a_copy(tomasz, "Tomasz")
    page, case = tomasz.page, tomasz.page.get_by_role("main").locator("article").first.inner_text()
    assert set(kept(page)) >= {COPY, "/offline"}
    for private in (r"\b7725\b", "Harborlight", "csrf", "Tomasz"):
        assert not re.search(private, kept(page)[COPY])
    assert "ending ••••" in kept(page)[COPY]
    case = re.sub(r"(?<=ending )\d{4}", "••••", case)

    tomasz.context.set_offline(True)
    for path in ("/contacts", "/home", "/cards"):
        tomasz.open(path)
        expect(page.get_by_role("heading", level=1)).to_have_text("No connection right now")
        expect(page.get_by_text("Freezing it here needs a connection.")).to_be_visible()
        expect(page.locator('.urgent a[href^="tel:"]').first).to_be_visible()
        expect(page.get_by_text(re.compile(r"A copy as you last saw it, \w+, \w+ \d+, "))).to_be_visible()
        assert page.locator("article").first.inner_text() == case
    assert page.evaluate("getComputedStyle(document.querySelector('.urgent')).borderRadius") != "0px"
    swept(page)
    tomasz.context.set_offline(False)
    page.get_by_role("link", name="Try again").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Cards")

    # Without a line the button is not heard by the server; the copy goes all the same.
    tomasz.open("/contacts")
    tomasz.context.set_offline(True)
    page.get_by_role("button", name="Sign out").click()
    tomasz.context.set_offline(False)
    tomasz.open("/offline")
    assert COPY not in kept(page)


def test_nothing_stays_after_signing_out_or_after_the_session(people: People) -> None:
    tomasz = people()
    page = tomasz.page
    with_a_copy(tomasz, "Tomasz")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    assert COPY not in kept(page)

    with_a_copy(tomasz, "Tomasz")
    expire_session(tomasz)
    tomasz.open("/cards")  # which asks to sign in
    expect(page.get_by_role("heading", name="Sign in to see this")).to_be_visible()
    has_no_copy(page)

    with_a_copy(tomasz, "Tomasz")
    tomasz.sign_in("Maya")  # who sits down at the same computer
    has_no_copy(page)
    tomasz.context.set_offline(True)
    tomasz.open("/contacts")
    expect(page.get_by_role("heading", level=1)).to_have_text("No connection right now")
    expect(page.locator("article")).to_have_count(0)


@pytest.fixture
def swept() -> Iterator[Any]:
    found: list[str] = []
    yield lambda page: found.extend(sweep(page))
    assert not found, "\n".join(found)
