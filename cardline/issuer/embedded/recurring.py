"""Merchants that charge by themselves: since when, how much, and when the next charge is expected."""

from __future__ import annotations

from datetime import date
from enum import IntEnum

from cardline.clocks.days import add_months, add_weeks
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded.shared import new_token

CHANNEL = "recurring"


class Every(IntEnum):
    """How often a merchant charges, as Subscription.every_days keeps it."""

    WEEK = 7
    MONTH = 0
    YEAR = 365


def has_stopped(card: rows.Card, merchant: str) -> bool:
    """Whether somebody who may asked to decline this merchant's own charges."""
    stopped = rows.Subscription.objects.filter(account=card.account_id, stopped_at__isnull=False)
    return stopped.filter(merchant=merchant[:80]).exists()


def charged(
    card: rows.Card, *, merchant: str, amount_minor: int, on: date, every: Every | None
) -> rows.Subscription | None:
    """The subscription this charge belongs to, brought up to date; None where the merchant never named a rhythm."""
    known = rows.Subscription.objects.filter(account=card.account_id, merchant=merchant[:80]).first()
    if known is None:
        return None if every is None else _first_charge(card, merchant[:80], amount_minor, on, every)
    known.every_days = known.every_days if every is None else every
    known.card, known.amount_minor, known.last_on = card, amount_minor, max(known.last_on, on)
    known.next_on = next_charge(known.since, known.last_on, Every(known.every_days))
    known.save(update_fields=["every_days", "card", "amount_minor", "last_on", "next_on"])
    return known


def next_charge(since: date, last_on: date, every: Every) -> date:
    """The day the merchant is expected to charge next.

    By the month and by the year a merchant keeps the day it began on, in a shorter month the last one: begun on
    31 January, it charges on 28 February and on 31 March. A charge a few days early or late moves nothing.
    """
    if every == Every.WEEK:
        return add_weeks(last_on, 1)
    step = 12 if every == Every.YEAR else 1
    steps = round((last_on - since).days / (365.2425 / 12 * step))
    near = (add_months(since, step * number) for number in range(max(steps - 1, 0), steps + 2))
    regular = min(near, key=lambda day: abs(day - last_on))
    months = (regular.year - since.year) * 12 + regular.month - since.month
    return add_months(since, months + step)


def _first_charge(
    card: rows.Card, merchant: str, amount_minor: int, on: date, every: Every
) -> rows.Subscription:
    return rows.Subscription.objects.create(
        token=new_token("sub"),
        account=card.account,
        card=card,
        merchant=merchant,
        amount_minor=amount_minor,
        every_days=every,
        since=on,
        last_on=on,
        next_on=next_charge(on, on, every),
    )
