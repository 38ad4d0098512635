"""Every component in every state, as axe and a ruler see it (DESIGN 7)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import RequestFactory, override_settings
from playwright.sync_api import Browser, Page

from cardline.ui import gallery, look
from cardline.ui.tests.browser import AS_IN_THE_TREE, Site, chromium
from cardline.ui.theme import COOKIE

pytestmark = pytest.mark.browser

Theme = Literal["light", "dark"]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
SIZES = {"phone": (390, 844), "desktop": (1440, 900)}
TOO_SMALL = """smallest => [...document.querySelectorAll("a, button, input, select, textarea")]
  .filter((one) => getComputedStyle(one).display !== "inline" && !one.matches(".skip"))
  .map((one) => [one.outerHTML.slice(0, 90), one.getBoundingClientRect()])
  .filter(([, { width, height }]) => width > 2 && Math.min(width, height) < smallest)
  .map(([html]) => html)"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def open_gallery(browser: Browser, surface: str, theme: Theme, width: int, height: int) -> Page:
    page = browser.new_page(
        viewport={"width": width, "height": height}, color_scheme=theme, reduced_motion="reduce"
    )
    request = RequestFactory().get("/demo/components", {"surface": surface})
    request.COOKIES[COOKIE] = theme
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": {"BACKEND": AS_IN_THE_TREE}}):
        html = gallery.components(request).content.decode()
    site = Site(page)
    site.pages.update({"/demo/components": html, "/look.css": look.sheet()})
    site.open("/demo/components")
    page.wait_for_load_state("load")
    return page


def too_wide(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("surface", ["member", "desk"])
def test_axe_finds_nothing_and_no_contrast_hides_among_the_unsure(
    browser: Browser, surface: str, theme: Theme, size: str
) -> None:
    page = open_gallery(browser, surface, theme, *SIZES[size])
    # The whole page at once: a sticky bar covers different things at each scroll position.
    page.set_viewport_size({"width": SIZES[size][0], "height": page.evaluate("document.body.scrollHeight")})
    found = Axe().run(page, options=RULES).response
    assert not [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in found["violations"]]
    assert not list(measured_too_low(found["incomplete"]))
    assert too_wide(page) <= 0
    assert not page.evaluate(TOO_SMALL, 24)
    page.close()


def measured_too_low(incomplete: list[dict[str, Any]]) -> Iterator[tuple[Any, float]]:
    """Axe files some true contrast failures as unsure, with the ratio it measured."""
    for rule in incomplete:
        for node in rule["nodes"]:
            ratio = ((node["any"] or [{}])[0].get("data") or {}).get("contrastRatio")
            if rule["id"] == "color-contrast" and ratio and ratio < 4.5:
                yield node["target"], ratio


@pytest.mark.parametrize("surface", ["member", "desk"])
def test_nothing_scrolls_sideways_on_a_small_phone_or_with_large_text(browser: Browser, surface: str) -> None:
    page = open_gallery(browser, surface, "light", 320, 640)
    assert too_wide(page) <= 0
    page.set_viewport_size({"width": 390, "height": 844})
    page.evaluate("document.documentElement.style.fontSize = '150%'")
    assert too_wide(page) <= 0
    page.close()
