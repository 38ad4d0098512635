"""The gate of DESIGN 7: no violation of axe, no contrast under 4.5 that axe filed as incomplete, no sideways scroll,
no target under 24 px. `sweep` looks at a page in both themes, on desktop and phone, and for reflow.
"""

from __future__ import annotations

import os
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

DESKTOP = (1440, 900)
PHONE = (390, 844)
SMALL_PHONE = (320, 640)

AXE = Axe()
COLOURS = ["color-contrast", "link-in-text-block"]  # the rules that a theme can change the answer to
Theme = Literal["light", "dark"]
WAYS: list[tuple[tuple[int, int], Theme, list[str] | None]] = [
    (DESKTOP, "light", None),
    (PHONE, "dark", None),
    (DESKTOP, "dark", COLOURS),
    (PHONE, "light", COLOURS),
]
SMALLEST = 24
TOO_SMALL = """smallest => {
  const size = (one) => {
    const { width, height } = one?.getBoundingClientRect() ?? { width: 0, height: 0 };
    return Math.min(width, height);
  };
  return [...document.querySelectorAll("a, button, input, select, textarea, summary")]
    .filter((one) => getComputedStyle(one).display !== "inline" && !one.matches(".skip") && one.offsetWidth > 2)
    .filter((one) => Math.max(size(one), size(one.closest("label"))) < smallest) // a label is pressed, too
    .map((one) => one.outerHTML.slice(0, 90));
}"""


def gate(page: Page, name: str) -> None:
    """Raises AssertionError with every finding on this page, as it stands now."""
    found = findings(page)
    assert not found, f"{name} ({page.url}):\n" + "\n".join(found)


def findings(page: Page, rules: list[str] | None = None) -> list[str]:
    return [*accessibility(page, rules), *sideways(page), *small_targets(page)]


def sweep(page: Page) -> list[str]:
    """Everything found on this page in light and dark, on desktop and phone, at 320 px and with 150 % text.

    Light on the desktop and dark on the phone; with CARDLINE_LONG=1 the other way round, too, which is asked only what
    colours decide. Leaves the page light, on a desktop.
    """
    found: list[str] = []
    for size, theme, rules in WAYS if os.environ.get("CARDLINE_LONG") else WAYS[:2]:
        show(page, size, theme)
        found += [f"{size[0]} {theme}: {one}" for one in findings(page, rules)]
    show(page, SMALL_PHONE, "light")
    found += [f"320: {one}" for one in sideways(page)]
    show(page, PHONE, "light")
    page.evaluate("document.documentElement.style.fontSize = '150%'")
    found += [f"390 with large text: {one}" for one in sideways(page)]
    page.evaluate("document.documentElement.style.fontSize = ''")
    show(page, DESKTOP, "light")
    return [f"{page.url} {one}" for one in found]


def show(page: Page, size: tuple[int, int], theme: Theme) -> None:
    """Members follow their device; the desk has a theme of its own, which its agent chose."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=theme)
    page.evaluate(
        "theme => { if (document.documentElement.dataset.theme) document.documentElement.dataset.theme = theme }",
        theme,
    )


def accessibility(page: Page, rules: list[str] | None = None) -> list[str]:
    """What axe is sure of, and the contrasts it measured as too low but was not sure of. rules: only these."""
    options: dict[str, Any] = {"resultTypes": ["violations", "incomplete"]}
    if rules is not None:
        options["runOnly"] = rules
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.axe_script)
    results: dict[str, Any] = page.evaluate("options => axe.run(document, options)", options)
    found = [
        f"{rule['id']}: {node['target']} {node.get('failureSummary', '')[:200]}"
        for rule in results["violations"]
        for node in rule["nodes"]
    ]
    for rule in results["incomplete"]:
        if rule["id"] != "color-contrast":
            continue
        for node in rule["nodes"]:
            ratio = measured_ratio(node)
            if ratio is not None and ratio < 4.5:
                found.append(f"color-contrast {ratio} (filed as incomplete): {node['target']}")
    return found


def measured_ratio(node: dict[str, Any]) -> float | None:
    """The ratio axe measured; None where it measured none, or where large text needs less and has it."""
    for check in node.get("any", []):
        data = check.get("data") or {}
        if isinstance(data, dict) and data.get("contrastRatio"):
            ratio = float(data["contrastRatio"])
            wanted = float(str(data.get("expectedContrastRatio", "4.5:1")).split(":")[0])
            return None if wanted < 4.5 and ratio >= wanted else ratio
    return None


def sideways(page: Page) -> list[str]:
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"the page is {wide} px wider than the screen"] if wide > 1 else []


def small_targets(page: Page) -> list[str]:
    return [f"under {SMALLEST} px: {one}" for one in page.evaluate(TOO_SMALL, SMALLEST)]
