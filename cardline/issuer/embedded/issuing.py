"""Making cards and sending them: the part of a card's life before its holder has it in hand."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta

from cardline.clocks.days import add_business_days, add_months
from cardline.issuer import core
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded.shared import day_of, new_token
from cardline.issuer.profile import current_profile
from cardline.kit.commands import executing

VALID_MONTHS = 48  # a card is good to the end of the month this many months after it was made
ARRIVES_IN_BUSINESS_DAYS = 7


def issue(
    account: rows.Account,
    customer: rows.Customer,
    *,
    role: str,
    network: str,
    bin: str,
    last4: str,
    at: datetime,
    to: core.Delivery = core.Delivery.CARDHOLDER,
    limit_minor: int | None = None,
) -> rows.Card:
    """A card, inactive, ordered at once to an address on file."""
    card = rows.Card.objects.create(
        token=new_token("card"),
        account=account,
        customer=customer,
        role=role,
        network=network,
        bin=bin,
        last4=last4,
        expires=end_of_month(day_of(at), VALID_MONTHS),
        sent_to=to,
        limit_minor=limit_minor,
    )
    arrives = add_business_days(day_of(at), ARRIVES_IN_BUSINESS_DAYS, current_profile().calendar)
    rows.ShippingEvent.objects.create(card=card, step=core.ShippingStep.ORDERED, at=at, expected=arrives)
    return card


def issue_first(account: rows.Account, customer: str, name: str, at: datetime, key: str) -> rows.Card:
    """The first card of a person on this account: its holder's role, or an additional member's. key: see new_last4."""
    holding = account.holders.filter(customer__number=customer).first()
    person, _ = rows.Customer.objects.get_or_create(number=customer, defaults={"name": name})
    model = account.cards.order_by("id").first()
    return issue(
        account,
        person,
        role=holding.role if holding else core.Role.ADDITIONAL,
        network=model.network if model else current_profile().network,
        bin=model.bin if model else current_profile().card_number.prefixes[0].ljust(6, "0")[:6],
        last4=new_last4(account, key),
        at=at,
    )


def issue_again(old: rows.Card, *, last4: str, at: datetime, to: core.Delivery) -> rows.Card:
    """Another card for the same person on the same account, with the same limit."""
    return issue(
        old.account,
        old.customer,
        role=old.role,
        network=old.network,
        bin=old.bin,
        last4=last4,
        at=at,
        to=to,
        limit_minor=old.limit_minor,
    )


def new_last4(account: rows.Account, key: str) -> str:
    """The last four of a number that no card of this account ever had.

    Drawn from the key of the wish, so that a world told twice from one seed comes out the same.
    """
    had = set(rows.Card.objects.filter(account=account).values_list("last4", flat=True))
    drawn = int.from_bytes(hashlib.sha256(f"last4 {account.token} {key}".encode()).digest()[:8])
    return next(last4 for step in range(10_000) if (last4 := f"{(drawn + step) % 10_000:04}") not in had)


def end_of_month(day: date, months: int) -> date:
    """The last day of the month that is so many months after the day's."""
    return add_months(day.replace(day=1), months + 1) - timedelta(days=1)


def advance_shipping(
    card: str,
    step: core.ShippingStep,
    *,
    at: datetime,
    carrier: str = "",
    tracking: str = "",
    expected: date | None = None,
) -> core.ShippingEvent:
    """The printer or the post tells of a card, by its token. Inside a command. Told twice, the first telling stands.

    expected: the day it should arrive. Raises CoreNotFound.
    """
    executing()
    row = rows.Card.objects.filter(token=card).first()
    if row is None:
        raise core.CoreNotFound(card)
    event, _ = rows.ShippingEvent.objects.select_related("card").get_or_create(
        card=row,
        step=step,
        defaults={"at": at, "carrier": carrier[:40], "tracking": tracking[:40], "expected": expected},
    )
    return shipping_event(event)


def shipping_event(row: rows.ShippingEvent) -> core.ShippingEvent:
    return core.ShippingEvent(
        card=row.card.token,
        step=core.ShippingStep(row.step),
        at=row.at,
        carrier=row.carrier,
        tracking=row.tracking,
        expected=row.expected,
    )
