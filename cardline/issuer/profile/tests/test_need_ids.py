"""The profile and the catalogue of needs speak of the same needs and details."""

from __future__ import annotations

import pytest

from cardline.issuer.profile import load_profile, profiles_folder
from cardline.issuer.profile.checks import need_ids
from cardline.needs.catalogue import details, needs


def test_a_profile_may_name_exactly_the_needs_of_the_catalogue() -> None:
    assert set(need_ids()) == set(needs())


@pytest.mark.parametrize("profile_id", ["american-express", "fernhill"])
def test_a_detail_the_issuer_describes_is_one_of_the_catalogue(profile_id: str) -> None:
    assert set(load_profile(profiles_folder() / profile_id).details) <= set(details())
