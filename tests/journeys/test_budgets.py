"""What a member's pages may weigh and how many taps they may take (DESIGN 9), measured in a browser.

Served as an installation serves them: files hashed and compressed, pages compressed on their way.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page, expect

from benchmarks import bench
from tests.journeys.conftest import People, Served, World

# In bytes as they come over the wire.
FIRST_VISIT = 60 * 1024
LATER_VISIT = 10 * 1024
SCRIPTS = 20 * 1024
MOST_TAPS_TO_FREEZE = 2
MOST_TAPS_TO_DISPUTE = 2

# Pages of a member; each new one joins here.
PAGES = (
    "/", "/home", "/cards", "/transactions", "/payments", "/autopay", "/statements", "/rewards", "/benefits", "/alerts",
    "/profile", "/apply", "/apply/status", "/contacts", "/contact",
)  # fmt: skip


@pytest.fixture(scope="module")
def world(serve_world: Served) -> Iterator[World]:
    """One of its own: its lists are as long as the demo's, whatever other journeys did."""
    done = subprocess.run(
        [sys.executable, "-m", "cardline.config.cli", "prepare"],
        cwd=bench.ROOT, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    yield from serve_world(static="collected")


@dataclass
class Weight:
    """What came over the wire for one visit."""

    files: dict[str, int] = field(default_factory=dict)
    scripts: int = 0

    @property
    def bytes(self) -> int:
        return sum(self.files.values())


def weigh(page: Page) -> Callable[[str], Weight]:
    """weigh(page)(address): visit it, and say what that cost."""
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    asked: dict[str, tuple[str, str]] = {}
    came: dict[str, int] = {}
    wire.on(
        "Network.responseReceived",
        lambda said: asked.update({said["requestId"]: (said["response"]["url"], said["type"])}),
    )
    wire.on(
        "Network.loadingFinished", lambda said: came.update({said["requestId"]: said["encodedDataLength"]})
    )

    def visit(address: str) -> Weight:
        asked.clear()
        came.clear()
        page.goto(address, wait_until="networkidle")
        weight = Weight()
        for request, length in came.items():
            url, kind = asked.get(request, ("?", ""))
            weight.files[url] = int(length)
            weight.scripts += int(length) if kind == "Script" else 0
        return weight

    return visit


def test_pages_weigh_no_more_than_a_phone_should_carry(
    people: People, world: World, record_property: Callable[[str, object], None]
) -> None:
    signed_in = people()
    signed_in.sign_in("Maya")
    cookies = signed_in.context.storage_state()
    for path in PAGES:
        # The worker fetches what it keeps by itself, afterwards, mostly from what this visit brought.
        fresh = people(phone=True, storage_state=cookies, service_workers="block")
        visit = weigh(fresh.page)
        first, later = visit(world.address + path), visit(world.address + path)
        figures = f"{first.bytes} then {later.bytes} bytes, of scripts {first.scripts}"
        record_property(path, figures)
        assert len(first.files) > 5, first.files
        assert first.bytes <= FIRST_VISIT, (path, figures, first.files)
        assert first.scripts <= SCRIPTS, (path, figures, first.files)
        assert later.bytes <= LATER_VISIT, (path, figures, later.files)


def test_a_card_is_frozen_in_two_taps_from_opening_the_app(people: People) -> None:
    rosa = people(phone=True)
    page = rosa.sign_in("Rosa")
    expect(page).to_have_url(re.compile("/home$"))  # where the app opens, too
    taps = count_taps(page)
    page.locator(".urgent").get_by_role("button", name=re.compile("^Freeze card")).first.click()
    expect(page.locator(".urgent").get_by_text(re.compile("frozen at"))).to_be_visible()
    expect(page).to_have_url(re.compile("/home$"))
    assert taps() <= MOST_TAPS_TO_FREEZE
    page.locator(".urgent").get_by_role("button", name=re.compile("^Undo")).first.click()
    expect(page.locator(".urgent").get_by_text(re.compile("frozen at"))).to_have_count(0)


def test_a_dispute_begins_two_taps_from_its_charge(people: People) -> None:
    owen = people(phone=True)
    page = owen.sign_in("Owen")
    page.locator(".txns li").filter(has_not_text="Pending").get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="Dispute this")).to_be_visible()
    taps = count_taps(page)
    page.get_by_role("main").get_by_role("link", name=re.compile("charged twice|twice")).first.click()
    expect(page.get_by_label("Tell us what happened")).to_be_visible()
    assert taps() <= MOST_TAPS_TO_DISPUTE


def test_every_page_of_ones_own_is_two_taps_away_on_a_phone(people: People) -> None:
    """From any page: Home in the bar, then the list."""
    agata = people(phone=True)
    page = agata.sign_in("Agata")
    listed = page.get_by_role("navigation", name="Your account").get_by_role("link")
    urls = [own.get_attribute("href") for own in listed.all()]
    assert {"/cards", "/transactions", "/contacts", "/contact", "/"} <= set(urls)
    for url in urls:
        agata.open("/contact")
        taps = count_taps(page)
        page.get_by_role("navigation", name="Sections").get_by_role("link", name="Home").click()
        page.get_by_role("navigation", name="Your account").locator(f'a[href="{url}"]').click()
        expect(page).to_have_url(re.compile(re.escape(str(url)) + "$"))
        assert taps() == 2


def count_taps(page: Page) -> Callable[[], int]:
    """How often the person pressed something since, on whatever page they are."""
    page.evaluate("sessionStorage.setItem('taps', 0)")
    one_more = "() => sessionStorage.setItem('taps', +sessionStorage.getItem('taps') + 1)"
    counting = (
        f"if (!window.counting) {{ window.counting = true; addEventListener('click', {one_more}, true) }}"
    )
    page.evaluate(counting)
    page.context.add_init_script(counting)
    return lambda: int(page.evaluate("sessionStorage.getItem('taps')"))
