"""Cards: frozen, given back into use, replaced."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cardline.cards.commands import (
    activate_card,
    freeze_card,
    renew_card,
    replace_card,
    replace_lost_card,
    unfreeze_card,
)
from cardline.cards.declined import declined_lately
from cardline.cards.delivery.queries import cards_coming
from cardline.cards.queries import card_in_place_of, card_of, cards_of, cards_to_renew, waiting_holds
from cardline.cards.subscriptions import allow_merchant
from cardline.flows.doing import does
from cardline.flows.finding import finds
from cardline.flows.here import Here
from cardline.issuer.core import CardState, CoreUnknown, Decline
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
    results=[_CARD, {**_CARD, "changed": False}, {**_CARD, "held": True}],
    refusals=["card_closed", "nothing_to_replace", "too_many", "not_permitted"],
)
def replace_damaged(here: Here, *, card: str) -> Mapping[str, Json]:
    return replace_card(by=here.by, now=here.now, card=card, contact_id=here.staff_contact)


@does(
    "cards.replace_gone",
    results=[_CARD, {**_CARD, "held": True}],
    refusals=["card_closed", "too_many", "not_permitted"],
)
def replace_gone(here: Here, *, card: str, stolen: bool) -> Mapping[str, Json]:
    return replace_lost_card(
        by=here.by, now=here.now, card=card, stolen=stolen, contact_id=here.staff_contact
    )


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


@does(
    "cards.renew",
    results=[_CARD, {**_CARD, "changed": False}, {**_CARD, "held": True}],
    refusals=["good_for_longer", "card_closed", "too_many", "not_permitted"],
)
def renew(here: Here, *, card: str) -> Mapping[str, Json]:
    return renew_card(by=here.by, now=here.now, card=card, contact_id=here.staff_contact)


@does(
    "cards.activate",
    results=[_CARD, {**_CARD, "case_id": None, "ref": None, "changed": False}],
    refusals=["card_closed", "not_yours_to_activate", "too_many", "not_permitted", "not_found"],
)
def activate(here: Here, *, card: str) -> Mapping[str, Json]:
    return activate_card(by=here.by, now=here.now, card=card)


@does(
    "subscriptions.allow",
    results=[{"merchant": "Gym", "case_id": 1, "ref": "7K429QM", "changed": True}],
    refusals=["not_found", "not_offered", "too_many", "not_permitted"],
)
def allow(here: Here, *, card: str, merchant: str) -> Mapping[str, Json]:
    return allow_merchant(by=here.by, now=here.now, card=card, merchant=merchant)


_DECLINED = {
    "token": "auth_1", "card": "card_1", "last4": "1005", "merchant": "Corner Shop", "amount_minor": 1200,
    "currency": "USD", "day": "2026-11-23", "state": "active", "blocked": False,
}  # fmt: skip


@finds(
    "cards.declined",
    samples=[
        [],
        *([{**_DECLINED, "reason": str(reason)}] for reason in Decline),
        [{**_DECLINED, "reason": "frozen", "state": "frozen"}],
        [{**_DECLINED, "reason": "inactive", "state": "inactive"}],
        [{**_DECLINED, "reason": "closed", "state": "closed"}],
        [{**_DECLINED, "reason": "other"}, {**_DECLINED, "reason": "over_limit", "token": "auth_2"}],
    ],
)
def declined(here: Here) -> Json:
    """The newest purchases that were declined lately, one for each merchant and reason."""
    return [
        {
            "token": one.asked.token,
            "card": one.asked.card,
            "last4": one.asked.last4,
            "merchant": one.asked.merchant,
            "amount_minor": one.asked.amount.amount_minor,
            "currency": one.asked.amount.currency,
            "day": one.asked.at.date().isoformat(),
            "reason": str(one.asked.decline),
            "state": str(one.card.state),
            "blocked": one.card.blocked_at is not None,
        }
        for one in declined_lately(here.actor, here.now, here.staff_member)
    ]


_NO_OTHER = {"token": ""}
_OTHER = {"token": "card_2", "last4": "1005", "state": "inactive"}


@finds("cards.successor", samples=[_NO_OTHER, _OTHER, {**_OTHER, "state": "active"}])
def successor(here: Here, *, card: str) -> Json:
    """The card that came, or comes, in its place."""
    found = card_in_place_of(here.actor, card, here.staff_member)
    return {"token": found.token, "last4": found.last4, "state": str(found.state)} if found else _NO_OTHER


_COMING = {
    "token": "card_2", "last4": "1005", "step": "sent", "carrier": "Parcel Post", "tracking": "PP123",
    "expected": "2026-12-03", "look_by": "2026-12-08T22:00:00+00:00", "is_late": False,
}  # fmt: skip


@finds(
    "cards.coming",
    samples=[
        {"cards": [], "held": False},
        {"cards": [], "held": True},
        {"cards": [_COMING], "held": False},
        {"cards": [{**_COMING, "is_late": True}], "held": False},
        {
            "cards": [{**_COMING, "step": "ordered", "carrier": "", "tracking": "", "look_by": None}],
            "held": False,
        },
        {"cards": [{**_COMING, "step": "delivered", "expected": None}], "held": False},
        {"cards": [{**_COMING, "step": "returned", "expected": None}], "held": False},
        {"cards": [_COMING, {**_COMING, "token": "card_3"}], "held": False},
    ],
)
def coming(here: Here) -> Json:
    """The cards on their way to them, and whether one waits until we are sure of their address or name."""
    if here.member is None:
        return {"cards": [], "held": False}
    found = cards_coming(here.actor, here.now, here.staff_member)
    return {
        "cards": [
            {
                "token": one.token,
                "last4": one.last4,
                "step": str(one.step),
                "carrier": one.carrier,
                "tracking": one.tracking,
                "expected": one.expected.isoformat() if one.expected else None,
                "look_by": one.look_by.isoformat() if one.look_by else None,
                "is_late": one.is_late,
            }
            for one in found
        ],
        "held": bool(waiting_holds(here.actor, here.staff_member)),
    }


@finds("cards.expiring", samples=[[], ["card_1"]])
def expiring(here: Here) -> Json:
    """The tokens of those that run out within weeks, or did, and for which nothing came yet."""
    return cards_to_renew(here.actor, here.now, here.staff_member)


@finds("card", samples=[{"last4": "1005", "state": "active"}, {"last4": "1005", "state": "frozen"}])
def one_card(here: Here, *, card: str) -> Json:
    found = card_of(here.actor, card, here.staff_member)
    return {"last4": found.last4, "state": str(found.state)}
