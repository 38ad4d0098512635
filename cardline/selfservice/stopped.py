"""A purchase that waits for the member's word, as their pages put the question."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from cardline.flows.library.fraud import answers_about
from cardline.flows.registry import flow_called
from cardline.fraud.queries import open_alerts
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor, Kind
from cardline.kit.dates import say_when
from cardline.kit.money import Money, format_money

FLOW = "fraud.alert"


@dataclass(frozen=True, slots=True)
class StoppedPurchase:
    """url: where either answer goes; yes, no: what they are called there. more: how many wait besides."""

    merchant: str
    place: str
    amount: str
    when: str
    last4: str
    url: str
    yes: str
    no: str
    more: int


def stopped_purchase(actor: Actor, now: datetime, language: str, *, card: str = "") -> StoppedPurchase | None:
    """The oldest nobody answered, of any card or of one; None for a guest and a colleague."""
    if actor.kind != Kind.MEMBER:
        return None
    waiting = open_alerts(actor)
    if not waiting or (card and waiting[0].card != card):
        return None
    one = waiting[0]
    yes, no = answers_about(one.token)
    return StoppedPurchase(
        merchant=one.merchant,
        place=one.place,
        amount=format_money(Money(one.amount_minor, one.currency), language),
        when=say_when(one.charged_at, current_profile().zone, language, now),
        last4=one.last4,
        url=flow_url(),
        yes=yes,
        no=no,
        more=len(waiting) - 1,
    )


def flow_url() -> str:
    return reverse("flow", args=[flow_called(FLOW).slug])
