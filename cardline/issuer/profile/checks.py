"""Checks that need the whole profile: ids that must exist, numbers, colours, and nobody left without a way to us."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardline.issuer.profile.reading import Reading

if TYPE_CHECKING:
    from cardline.issuer.profile.profile import Profile


def check(profile: Profile, sections: object, reading: Reading) -> None:
    """Note every mistake that shows only when all has been read."""
