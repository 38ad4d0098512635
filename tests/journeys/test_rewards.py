"""A member's points: used within four taps from home, and missed ones asked after with the charge named."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from benchmarks import bench
from tests.journeys.conftest import People, World
from tests.journeys.gate import sweep
from tests.journeys.test_cards import SPANISH, count_taps

MOST_TAPS_TO_REDEEM = 4  # DESIGN 9, counted from home, whose link to this page is one of them

GIVE_POINTS = """
import django
django.setup()
from cardline.config.plugs import plug_in
plug_in()
from cardline.demo.people import member_of
from cardline.kit import clock
from cardline.rewards.tests.points import give
for key in ("maya", "rosa"):
    give(member_of(key), 5_200, clock.now())
"""


@pytest.fixture(scope="module", autouse=True)
def points(world: World) -> None:
    """Charges of a demo without a history bring none: somebody at the issuer gives them, beside the server."""
    env = {**world.env, "DJANGO_SETTINGS_MODULE": "cardline.config.settings"}
    subprocess.run([sys.executable, "-c", GIVE_POINTS], env=env, cwd=bench.ROOT, check=True, timeout=60)


@pytest.fixture
def swept() -> Callable[[Page], None]:
    """Look at a page in every way; what was found anywhere is told together at the end."""
    found: list[str] = []
    yield lambda page: found.extend(sweep(page))  # type: ignore[misc]
    assert not found, "\n".join(found)


def row(page: Page, words: str) -> None:
    page.get_by_role("main").get_by_role("link", name=re.compile(words)).first.click()


def test_points_are_used_in_four_taps_from_home(people: People, swept: Callable[[Page], None]) -> None:
    maya = people(phone=True)
    page = maya.sign_in("Maya")
    maya.open("/rewards")
    before = page.locator(".points").inner_text()
    taps = count_taps(page)
    row(page, "^Credit on the account")
    row(page, "^The least: 1,000 points")
    page.get_by_role("button", name="Use 1,000 points").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Done: 1,000 points used")
    assert taps() == MOST_TAPS_TO_REDEEM - 1
    reference = page.locator(".refline .ref").inner_text()
    swept(page)
    page.get_by_role("link", name="Rewards").click()
    expect(page.locator(".points")).not_to_have_text(before)
    expect(page.get_by_text("Used: Credit on the account")).to_be_visible()
    swept(page)
    maya.open(f"/contacts/{reference}")
    used = page.get_by_text("You used 1,000 points for a credit of $6.00 on the account")
    expect(used.first).to_be_visible()


def test_a_number_that_does_not_do_is_mended_before_anything_is_used(
    people: People, swept: Callable[[Page], None]
) -> None:
    rosa = people()
    page = rosa.sign_in("Rosa")
    rosa.open("/rewards")
    row(page, "^Credit on the account")
    page.get_by_label("Number of points").fill("1,234")
    page.get_by_label("Number of points").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("write 1,000 or 1,500")
    expect(page.get_by_label("Number of points")).to_have_value("1,234")
    swept(page)
    page.get_by_label("Number of points").fill("1500")
    page.get_by_role("button", name="Show what it is worth").click()
    expect(page.get_by_text("For 1,500 points you get a credit of $9.00")).to_be_visible()
    swept(page)
    nils = people(phone=True)
    page = nils.sign_in("Nils")
    nils.open("/rewards")
    expect(page.get_by_text("they belong to the account")).to_be_visible()
    swept(page)


def test_missing_points_become_a_case_with_the_charge_named(
    people: People, swept: Callable[[Page], None]
) -> None:
    """In Spanish, and without scripts but for the looking."""
    agata = people(language=SPANISH, java_script_enabled=False)
    page = agata.open("/demo")
    page.get_by_role("button", name=re.compile("Agata")).click()
    agata.open("/rewards")
    row(page, "Buscar puntos que faltan")
    page.locator(".txns li", has_not_text="Pendiente").last.get_by_role("link").click()
    expect(page.get_by_text("no encontramos puntos por ella")).to_be_visible()
    address = page.url
    page.get_by_role("main").get_by_role("link", name="Cuéntenos").click()
    page.get_by_label(re.compile("Díganos|Cuéntenos|Qué")).first.fill(
        "No han llegado los puntos de esta compra."
    )
    page.get_by_role("button", name=re.compile("Dejar un mensaje|Empezar|Chat|Escribir")).first.click()
    expect(page.locator(".ref").first).to_be_visible()
    page.goto(address)
    expect(page.get_by_text("Ya en marcha")).to_be_visible()

    with_scripts = people(language=SPANISH)
    page = with_scripts.open("/demo")
    page.get_by_role("button", name=re.compile("Agata")).click()
    page.goto(address)
    swept(page)
    with_scripts.open("/rewards/missing")
    swept(page)
