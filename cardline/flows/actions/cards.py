"""Cards: frozen, given back into use, replaced."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cardline.cards.commands import freeze_card, replace_card, replace_lost_card, unfreeze_card
from cardline.cards.queries import card_of, cards_of
from cardline.flows.doing import does
from cardline.flows.finding import finds
from cardline.flows.here import Here
from cardline.issuer.core import CardState, CoreUnknown
from cardline.kit.actors import Kind

Json = Any
_CARD = {"card": "card_1", "last4": "1005", "case_id": 1, "ref": "7K429QM", "changed": True}
_FROZEN = {**_CARD, "frozen_at": "2026-11-23T17:00:00+00:00", "asked_at": None}
_ASKED = {**_CARD, "frozen_at": None, "asked_at": "2026-11-23T17:00:00+00:00"}
_OF_ANOTHER = {**_FROZEN, "case_id": None, "ref": None, "changed": False}


@does(
    "cards.freeze",
    results=[_FROZEN, _ASKED, _OF_ANOTHER],
    refusals=["card_closed", "too_many", "not_found"],
)
def freeze(here: Here, *, card: str) -> Mapping[str, Json]:
    return freeze_card(by=here.by, now=here.now, card=card, contact_id=here.staff_contact)


@does(
    "cards.unfreeze",
    results=[{**_CARD, "frozen_at": None, "asked_at": None}],
    refusals=["card_closed", "not_yours_to_unfreeze", "too_many", "not_found"],
)
def unfreeze(here: Here, *, card: str) -> Mapping[str, Json]:
    return unfreeze_card(by=here.by, now=here.now, card=card, contact_id=here.staff_contact)


@does(
    "cards.replace_damaged",
    results=[_CARD, {**_CARD, "held": True}],
    refusals=["card_closed", "nothing_to_replace", "too_many", "not_permitted"],
)
def replace_damaged(here: Here, *, card: str) -> Mapping[str, Json]:
    return replace_card(by=here.by, now=here.now, card=card)


@does(
    "cards.replace_gone",
    results=[_CARD, {**_CARD, "held": True}],
    refusals=["card_closed", "too_many", "not_permitted"],
)
def replace_gone(here: Here, *, card: str, stolen: bool) -> Mapping[str, Json]:
    return replace_lost_card(by=here.by, now=here.now, card=card, stolen=stolen)


@finds(
    "speaker",
    samples=[
        {"known": True, "cards": 2, "frozen": 1},
        {"known": True, "cards": 0, "frozen": 0},
        {"known": False, "cards": 0, "frozen": 0},
    ],
)
def speaker(here: Here) -> Json:
    """Whether we know whose things it is about, and how many cards there are that are not closed."""
    if here.member is None or here.actor.kind == Kind.GUEST:
        return {"known": False, "cards": 0, "frozen": 0}
    try:
        cards = [card for card in cards_of(here.actor, here.staff_member) if card.state != CardState.CLOSED]
    except CoreUnknown:  # a freeze must not wait for it (SR-77): they name the card, and the lane asks for it
        return {"known": True, "cards": 1, "frozen": 0}
    return {"known": True, "cards": len(cards), "frozen": sum(card.is_frozen for card in cards)}


@finds("card", samples=[{"last4": "1005", "state": "active"}, {"last4": "1005", "state": "frozen"}])
def one_card(here: Here, *, card: str) -> Json:
    found = card_of(here.actor, card, here.staff_member)
    return {"last4": found.last4, "state": str(found.state)}
