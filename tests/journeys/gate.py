"""The gate of DESIGN 7: no violation of axe, no contrast under 4.5 that axe filed as incomplete, no sideways scroll."""

from __future__ import annotations

import re
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

AXE = Axe()
RATIO = re.compile(r"contrast of ([\d.]+)")


def gate(page: Page, name: str) -> None:
    """Raises AssertionError with every finding on this page."""
    found = [*accessibility(page), *sideways(page)]
    assert not found, f"{name} ({page.url}):\n" + "\n".join(found)


def accessibility(page: Page) -> list[str]:
    results: dict[str, Any] = AXE.run(page, options={"resultTypes": ["violations", "incomplete"]}).response
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
