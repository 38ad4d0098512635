"""A charge somebody suspects: what waits for the member's word, and that word."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cardline.flows.doing import does
from cardline.flows.finding import finds
from cardline.flows.here import Here
from cardline.fraud.commands import confirm_charge, deny_charge
from cardline.fraud.models import FraudAlert
from cardline.fraud.queries import alert_about, alert_settled_last, open_alerts

Json = Any
_NOTHING = {"token": ""}
_WAITS = {
    "token": "a1b2c3d4e5f6", "state": "asked", "card": "card_1", "last4": "1005", "merchant": "Corner Shop",
    "amount_minor": 1200, "currency": "USD", "day": "2026-11-23", "more": 0,
}  # fmt: skip
_DENIED = {**_WAITS, "state": "answered_no"}
_LIFTED = {
    "alert": "a1b2c3d4e5f6", "card": "card_1", "last4": "1005", "effect": "lift", "blocked": False, "frozen": False,
    "closed": False, "more": 0, "case_id": 1, "ref": "7K429QM",
}  # fmt: skip
_FROZEN = {**_LIFTED, "effect": "freeze", "blocked": True, "frozen": True}


@finds("fraud.waiting", samples=[_NOTHING, _WAITS, {**_WAITS, "more": 1}, _DENIED])
def waiting(here: Here) -> Json:
    """The oldest charge nobody answered; else the newest they said no to, while that card is theirs to give free."""
    if here.member is None:
        return _NOTHING
    found = open_alerts(here.actor, here.member.pk)
    if found:
        return _told(found[0], more=len(found) - 1)
    denied = alert_settled_last(here.actor, here.member.pk, here.now)
    return _told(denied) if denied else _NOTHING


@finds("fraud.about_card", samples=[_NOTHING, _WAITS, _DENIED])
def about_card(here: Here, *, card: str) -> Json:
    found = alert_about(here.actor, card, here.member.pk if here.member else None)
    return _told(found) if found else _NOTHING


@does(
    "fraud.yes",
    results=[
        _LIFTED,
        {**_LIFTED, "blocked": True, "more": 1},
        {**_LIFTED, "blocked": True},
        {**_LIFTED, "more": 1},
        {**_LIFTED, "frozen": True},
        {**_LIFTED, "closed": True},
        {**_LIFTED, "effect": "same"},
    ],
    refusals=["not_found", "too_many"],
)
def yes(here: Here, *, alert: str) -> Mapping[str, Json]:
    return confirm_charge(
        by=here.by, now=here.now, alert=alert, way=_way(here), contact_id=here.staff_contact
    )


@does(
    "fraud.no",
    results=[_FROZEN, {**_FROZEN, "frozen": False}, {**_FROZEN, "frozen": False, "closed": True}],
    refusals=["not_found", "too_many"],
)
def no(here: Here, *, alert: str) -> Mapping[str, Json]:
    return deny_charge(by=here.by, now=here.now, alert=alert, way=_way(here), contact_id=here.staff_contact)


def _way(here: Here) -> str:
    if here.actor.is_staff:
        return "desk"
    return "chat" if here.contact_id is not None else "page"


def _told(row: FraudAlert, *, more: int = 0) -> Json:
    return {
        "token": row.token,
        "state": str(row.state),
        "card": row.card,
        "last4": row.last4,
        "merchant": row.merchant,
        "amount_minor": row.amount_minor,
        "currency": row.currency,
        "day": row.charged_at.date().isoformat(),
        "more": more,
    }
