"""The gate itself: it lets a plain page through, and finds each fault that was put there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.gate import findings, sweep

SOUND = """<!doctype html><html lang=en><title>Sound</title>
<style>button, input { min-block-size: 30px; font-size: 20px }</style><main><h1>A page</h1>
<p style="color:#333">Words <a href="#x" style="color:#004">and a link</a></p></main>"""
FAULTS = {
    "label": ("<label>Name <input></label>", '<input style="width: 100px">'),
    "color-contrast": ('<p style="color:#333">grey</p>', '<p style="color:#bbb">grey</p>'),
    "wider than the screen": ("<p>short</p>", '<p style="width:200vw">short</p>'),
    "under 24 px": (
        "<button>Go on</button>",
        '<button style="min-block-size:0;height:12px;padding:0;font-size:8px">Go</button>',
    ),
}
# Words in the colour of their ground: axe measures 1:1 and is not sure whether that is meant.
UNSURE = '<p style="background: #fff; color: #fff">Nothing to see</p>'


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page()
    yield page
    page.close()


def test_a_sound_page_passes_everywhere(page: Page) -> None:
    page.set_content(SOUND)
    assert sweep(page) == []


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_found(page: Page, fault: str) -> None:
    sound, broken = FAULTS[fault]
    page.set_content(SOUND.replace("</main>", f"{sound}</main>"))
    assert findings(page) == []
    page.set_content(SOUND.replace("</main>", f"{broken}</main>"))
    assert any(fault in one for one in findings(page))


def test_what_axe_measured_too_low_and_was_not_sure_of_is_found(page: Page) -> None:
    page.set_content(SOUND.replace("</main>", f"{UNSURE}</main>"))
    assert [one for one in findings(page) if "filed as incomplete" in one]


def test_a_fault_of_one_theme_alone_is_found(page: Page) -> None:
    page.set_content(
        SOUND.replace(
            "<main>", "<style>@media (prefers-color-scheme: dark) {p {background: #000}}</style><main>"
        )
    )
    assert any("dark: color-contrast" in one for one in sweep(page))


def test_large_text_that_does_not_fit_is_found(page: Page) -> None:
    page.set_content(SOUND.replace("<h1>", '<h1 style="min-width: 20rem">'))
    assert [one for one in sweep(page) if "390 with large text" in one]
