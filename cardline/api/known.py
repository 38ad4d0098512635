"""Words a caller may use because the catalogue or the profile has them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from cardline.issuer.profile import NotInProfile, current_profile
from cardline.kit.refusals import Malformed
from cardline.needs import catalogue

# The schema lists what there is; whether this issuer has it is asked at each call.
NeedId = Annotated[str, Field(json_schema_extra={"enum": list(catalogue.needs())})]
Language = Annotated[str, Field(json_schema_extra={"enum": list(current_profile().languages)})]
CardType = Annotated[str, Field(json_schema_extra={"enum": list(current_profile().card_types)})]


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


def known_card_type(card_type: str | None) -> str | None:
    """Raises Malformed for one this issuer does not have."""
    known = current_profile().card_types
    if card_type is not None and card_type not in known:
        raise Malformed(f"The issuer's card types are: {', '.join(known)}.", field="card_type")
    return card_type
