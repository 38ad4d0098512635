"""Believable charges for one of the cast, the same at every filling: two recent months, and those before. Pure."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from cardline.clocks.days import add_months

SPAN_DAYS = 60
POSTS_AFTER = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Charge:
    """amount_minor: in minor units; a payment or refund is negative. posted_at: None while pending.

    recurring_since: the day its merchant began to charge by itself, where that is told.
    """

    merchant: str
    place: str
    amount_minor: int
    channel: str
    at: datetime
    posted_at: datetime | None
    recurring_since: date | None = None


ONLINE = "Online"
BAKERY = "Bright Loaf Bakery"
SUBSCRIBED = "recurring"
_WAGES = "Wages, Ashby Mills"

# Merchant, lowest and highest amount in minor units, how it is paid. They stand in the town of whoever buys there.
_SHOPS = (
    ("Alder Pharmacy", 640, 5_200, "contactless"),
    ("Greengate Market", 1_850, 14_300, "chip"),
    ("Corner Lantern Books", 1_299, 4_850, "chip"),
    ("Northline Transit", 275, 275, "contactless"),
    ("Saltwater Noodles", 1_420, 6_180, "contactless"),
    ("Pinewood Fuel", 3_100, 6_900, "chip"),
    ("Juniper & Thread", 2_499, 18_900, "online"),
    ("Halfmoon Hardware", 899, 12_400, "chip"),
)
_TRIPS = (
    ("Cascade Air", 18_900, 74_000, "online"),
    ("Harborlight Hotel", 15_900, 61_000, "chip"),
    ("Meridian Car Hire", 8_400, 32_000, "chip"),
)
_SUBSCRIPTIONS = (("Brightwater Music", 1_099), ("Fieldnote Cloud", 299))
_RENT = ("Linden Street Rentals", 112_000)
_LAST_SUBSCRIBED = timedelta(days=9, hours=3)


def charges_of(key: str, now: datetime, *, town: str, debit: bool) -> list[Charge]:
    """The charges of one person up to `now`, in no order. The seed is their key; the days move with `now`.

    debit: wages come in, where otherwise the bill is paid.
    """
    if key == "ida":
        return []  # her card is still in its envelope
    chance = random.Random(f"charges of {key}")  # noqa: S311 - a story, not a secret
    return [
        *_everyday(chance, now, town, travels=key == "owen"),
        *_coming_in(chance, now, debit=debit),
        *_story(key, now, town),
    ]


def earlier_charges_of(key: str, now: datetime, *, town: str, debit: bool, months: int) -> list[Charge]:
    """What came before charges_of, back to so many months ago, in no order. The bills are paid elsewhere (bills.py)."""
    if key == "ida":
        return []
    chance = random.Random(f"earlier charges of {key}")  # noqa: S311 - a story, not a secret
    began = now - (now.date() - add_months(now.date(), -months))
    return [
        *_earlier_days(chance, now, began, town, travels=key == "owen"),
        *(_earlier_wages(chance, now, began) if debit else ()),
    ]


def subscriptions_of(key: str, now: datetime, *, debit: bool, months: int) -> list[Charge]:
    """Who charges by themselves, each month on the day they began on, up to now."""
    last = now - _LAST_SUBSCRIBED
    began = add_months(last.date(), 1 - months)
    wanted = (*_SUBSCRIPTIONS, _RENT) if debit else _SUBSCRIPTIONS
    return [
        replace(
            _settled(merchant, ONLINE, amount_minor, SUBSCRIBED, _on(add_months(began, month), last), now),
            recurring_since=began,
        )
        for merchant, amount_minor in wanted
        for month in range(months)
    ]


def _on(day: date, like: datetime) -> datetime:
    return datetime.combine(day, like.timetz())


def _earlier_days(
    chance: random.Random, now: datetime, began: datetime, town: str, *, travels: bool
) -> Iterator[Charge]:
    shops = _SHOPS + _TRIPS if travels else _SHOPS
    for day in range(SPAN_DAYS + 1, (now - began).days - 1, 2):
        merchant, lowest, highest, channel = chance.choice(shops)
        at = now - timedelta(days=day, minutes=chance.randrange(0, 14 * 60))
        place = ONLINE if channel == "online" else town
        yield _settled(merchant, place, chance.randint(lowest, highest), channel, at, now)


def _earlier_wages(chance: random.Random, now: datetime, began: datetime) -> Iterator[Charge]:
    """Something to begin with, and wages each month."""
    yield _settled("Transfer from savings", "", -150_000, "payment", began, now)
    for day in range(SPAN_DAYS + 20, (now - began).days - 1, 30):
        yield _settled(
            _WAGES, "", -chance.randint(180_000, 240_000), "payment", now - timedelta(days=day), now
        )


def _everyday(chance: random.Random, now: datetime, town: str, *, travels: bool) -> Iterator[Charge]:
    shops = _SHOPS + 2 * _TRIPS if travels else _SHOPS
    for day in range(1, SPAN_DAYS, 2):
        merchant, lowest, highest, channel = chance.choice(shops)
        at = now - timedelta(days=day, minutes=chance.randrange(0, 14 * 60))
        place = ONLINE if channel == "online" else town
        yield _settled(merchant, place, chance.randint(lowest, highest), channel, at, now)
    for merchant, amount_minor in _SUBSCRIPTIONS:
        for day in (9, 39):
            yield _settled(
                merchant, ONLINE, amount_minor, SUBSCRIBED, now - timedelta(days=day, hours=3), now
            )


def _coming_in(chance: random.Random, now: datetime, *, debit: bool) -> Iterator[Charge]:
    """Twice in two months: the bill was paid nearly whole, or wages came."""
    words, lowest, highest = (_WAGES, 180_000, 240_000) if debit else ("Payment, thank you", 30_000, 48_000)
    for day in (20, 50):
        amount_minor = -chance.randint(lowest, highest)
        yield _settled(words, "", amount_minor, "payment", now - timedelta(days=day), now)


def _story(key: str, now: datetime, town: str) -> Iterator[Charge]:
    """What each of them will get in touch about."""
    if key == "maya":
        yield Charge(BAKERY, town, 4_820, "contactless", now - timedelta(hours=5, minutes=12), None)
        yield _settled("Late payment fee", "", 3_900, "fee", now - timedelta(days=38), now)
        yield _settled("Late payment fee waived", "", -3_900, "fee", now - timedelta(days=33), now)
    if key == "luis":
        bought = now - timedelta(days=4, hours=2)
        yield _settled(BAKERY, town, 1_865, "chip", bought, now)
        yield _settled(BAKERY, town, 1_865, "chip", bought + timedelta(seconds=41), now)
    if key == "tomasz":
        yield Charge(
            "Harborlight Hotel", "Boston, MA", 41_200, "online", now - timedelta(days=1, hours=4), None
        )


def _settled(
    merchant: str, place: str, amount_minor: int, channel: str, at: datetime, now: datetime
) -> Charge:
    """Posted two days later; pending when that is still to come."""
    posts_at = at + POSTS_AFTER
    return Charge(merchant, place, amount_minor, channel, at, posts_at if posts_at <= now else None)
