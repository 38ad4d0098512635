"""Every pair of colours that text is set in can be read, light and dark (WCAG 2.2, 1.4.3 and 1.4.11)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SOURCE = (Path(__file__).parents[2] / "static" / "css" / "tokens.css").read_text()
HEX = r"(#[0-9a-f]{6})"
TOKENS = {
    **{name: (one, one) for name, one in re.findall(rf"--([a-z0-9-]+):\s*{HEX};", SOURCE)},
    **{
        name: (light, dark)
        for name, light, dark in re.findall(rf"--([a-z0-9-]+):\s*light-dark\({HEX}, {HEX}\)", SOURCE)
    },
}
PAPERS = ("paper", "surface", "sunken", "raised")
TEXT = [
    *((ink, paper) for ink in ("ink", "ink-2", "ink-3") for paper in ("paper", "surface")),
    *((ink, paper) for ink in ("ink", "ink-2") for paper in PAPERS),
    *(("ink", f"{tone}-wash") for tone in ("good", "warn", "bad", "promise", "brand")),
    *(("ink-2", f"{tone}-wash") for tone in ("warn", "bad", "promise")),
    *((tone, f"{tone}-wash") for tone in ("good", "warn", "bad", "promise", "brand")),
    *((tone, paper) for tone in ("good", "warn", "bad", "promise", "brand") for paper in PAPERS),
    ("on-brand", "brand"),
    ("on-brand", "brand-strong"),
    ("on-bad", "bad-solid"),
    ("on-bad", "bad-press"),
    ("paper", "ink"),
    ("paper", "promise"),
]


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_measured_as_the_guidelines_do() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "paper"), TEXT)
def test_text_can_be_read(ink: str, paper: str, theme: int) -> None:
    assert contrast(TOKENS[ink][theme], TOKENS[paper][theme]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("paper", ["paper", "surface"])
def test_outlines_of_controls_can_be_seen(paper: str, theme: int) -> None:
    assert contrast(TOKENS["line-strong"][theme], TOKENS[paper][theme]) >= 3
