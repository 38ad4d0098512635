"""Words a caller may use because the catalogue or the profile has them."""

from __future__ import annotations

from cardline.issuer.profile import NotInProfile, current_profile
from cardline.kit.refusals import Malformed
from cardline.needs import catalogue


def known_need(need: str) -> str:
    """Raises Malformed for a need the catalogue or this issuer does not have."""
    try:
        catalogue.need(need)
        current_profile().need_family(need)
    except (catalogue.UnknownNeed, NotInProfile) as error:
        raise Malformed(
            "There is no such need. POST /api/v1/plan with a text finds one.", field="need"
        ) from error
    return need


def known_language(language: str | None) -> str:
    """The issuer's first language when none is asked for. Raises Malformed for one it does not speak."""
    spoken = current_profile().languages
    if language is None:
        return spoken[0]
    if language not in spoken:
        raise Malformed(f"The issuer speaks: {', '.join(spoken)}.", field="language")
    return language
