"""What the tests of needs share: both profiles, and instants everybody can picture."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

from cardline.issuer.profile import Profile, load_profile, profiles_folder

# New York is five hours behind UTC on these days, Chicago six.
TUESDAY_NOON = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
TUESDAY_NIGHT = datetime(2026, 11, 25, 4, 30, tzinfo=UTC)  # 11:30 pm in New York
SUNDAY_NOON = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
THANKSGIVING_NOON = datetime(2026, 11, 26, 17, 0, tzinfo=UTC)


@cache
def american_express() -> Profile:
    return load_profile(profiles_folder() / "american-express")


@cache
def fernhill() -> Profile:
    return load_profile(profiles_folder() / "fernhill")
