"""How well one colour can be read on another (WCAG 2.2, "contrast ratio")."""

from __future__ import annotations

import re

from cardline.issuer.profile.problems import Misread

ENOUGH = 4.5


def contrast(first: str, second: str) -> float:
    """The contrast ratio of two colours written #rrggbb: 1 for equal ones, 21 for black on white.

    Raises Misread for anything that is no such colour.
    """
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance of an sRGB colour, 0 to 1 (WCAG 2.2). Raises Misread."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        raise Misread(f"{colour!r} is no colour.", "Write it as #rrggbb.")
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
