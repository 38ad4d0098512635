"""What went wrong or was out of the ordinary in two years: each told by the core's own functions, at its own time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cardline.issuer.core import (
    CloseReason,
    Kind,
    ShippingStep,
    TransactionState,
    Which,
    current_core,
)
from cardline.issuer.embedded import network
from cardline.issuer.embedded.issuing import advance_shipping

DAY = timedelta(days=1)
USED_POINTS = 2_000
CARRIER = "Northline Post"


@dataclass(frozen=True, slots=True)
class Person:
    """One of the cast to whom something happens: their number in the core, their account and their card by token."""

    customer: str
    account: str
    card: str
    town: str


@dataclass(frozen=True, slots=True)
class Incident:
    """days_ago: when it happened. happens: given the person and the moment."""

    key: str
    days_ago: int
    happens: Callable[[Person, datetime], None]


def freeze(who: Person, at: datetime) -> None:
    """The card was mislaid: frozen, declined at the pump a day later."""
    current_core().freeze(who.card, at=at, key=f"demo freeze {who.card}")
    _ask(who, "Pinewood Fuel", who.town, 4_180, "chip", at + timedelta(hours=20))


def unfreeze(who: Person, at: datetime) -> None:
    current_core().unfreeze(who.card, at=at, key=f"demo unfreeze {who.card}")


def ask_too_much(who: Person, at: datetime) -> None:
    """A holiday for everybody: more than the limit leaves."""
    _ask(who, "Cascade Air", "Online", 1_490_000, "online", at)


def ask_inactive(who: Person, at: datetime) -> None:
    """The card is still in its envelope."""
    _ask(who, "Greengate Market", who.town, 2_340, "chip", at)


def send_back(who: Person, at: datetime) -> None:
    """What was bought last is taken back to the shop, which refunds it whole."""
    bought = Which(card=who.card, state=TransactionState.POSTED, kinds=(Kind.PURCHASE,), until=at)
    last = current_core().transactions(who.customer, bought, most=1).items[0]
    network.refund(last.token, amount_minor=last.amount.amount_minor, at=at, key=f"demo refund {last.token}")


def use_points(who: Person, at: datetime) -> None:
    current_core().redeem(
        who.customer,
        account=who.account,
        points=USED_POINTS,
        option="statement_credit",
        at=at,
        key=f"demo points {who.account}",
    )


def replace(who: Person, at: datetime) -> None:
    """The chip was worn: another copy of the card came by post, and was activated."""
    core = current_core()
    new = core.replace_card(who.card, reason=CloseReason.DAMAGED, at=at, key=f"demo replace {who.card}").token
    advance_shipping(new, ShippingStep.PRINTED, at=at + DAY)
    advance_shipping(new, ShippingStep.SENT, at=at + 2 * DAY, carrier=CARRIER, tracking="NP 5550 128")
    advance_shipping(new, ShippingStep.DELIVERED, at=at + 6 * DAY, carrier=CARRIER)
    core.activate(new, at=at + 7 * DAY, key=f"demo activate {new}")


INCIDENTS = (
    Incident("maya", 260, use_points),
    Incident("owen", 170, replace),
    Incident("rosa", 150, ask_too_much),
    Incident("maya", 120, send_back),
    Incident("maya", 95, freeze),
    Incident("maya", 93, unfreeze),
    Incident("ida", 20, ask_inactive),
)


def _ask(who: Person, merchant: str, place: str, amount_minor: int, channel: str, at: datetime) -> None:
    network.authorise(
        who.card,
        merchant=merchant,
        place=place,
        phone="",
        amount_minor=amount_minor,
        channel=channel,
        at=at,
        key=f"demo declined {who.card} {at:%Y-%m-%d}",
    )
