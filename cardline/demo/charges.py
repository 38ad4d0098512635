"""Two months of believable charges for one of the cast, the same at every filling. Pure."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

SPAN_DAYS = 60
POSTS_AFTER = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Charge:
    """amount_minor: in minor units; a payment or refund is negative. posted_at: None while pending."""

    merchant: str
    place: str
    amount_minor: int
    channel: str
    at: datetime
    posted_at: datetime | None


# Merchant, place, lowest and highest amount in minor units, how it is paid.
_SHOPS = (
    ("Alder Pharmacy", "Albany, NY", 640, 5_200, "contactless"),
    ("Greengate Market", "Albany, NY", 1_850, 14_300, "chip"),
    ("Corner Lantern Books", "Troy, NY", 1_299, 4_850, "chip"),
    ("Northline Transit", "Albany, NY", 275, 275, "contactless"),
    ("Saltwater Noodles", "Schenectady, NY", 1_420, 6_180, "contactless"),
    ("Pinewood Fuel", "Saratoga Springs, NY", 3_100, 6_900, "chip"),
    ("Juniper & Thread", "Online", 2_499, 18_900, "online"),
    ("Halfmoon Hardware", "Clifton Park, NY", 899, 12_400, "chip"),
)
_SUBSCRIPTIONS = (
    ("Brightwater Music", "Online", 1_099),
    ("Fieldnote Cloud", "Online", 299),
)
_TRIPS = (
    ("Cascade Air", "Online", 18_900, 74_000, "online"),
    ("Harborlight Hotel", "Boston, MA", 15_900, 61_000, "chip"),
    ("Meridian Car Hire", "Denver, CO", 8_400, 32_000, "chip"),
)
BAKERY = ("Bright Loaf Bakery", "Albany, NY")


def charges_of(key: str, now: datetime) -> list[Charge]:
    """The charges of one person up to `now`, in no order. The seed is their key; the days move with `now`."""
    if key == "ida":
        return []  # her card is still in its envelope
    chance = random.Random(f"charges of {key}")  # noqa: S311 - a story, not a secret
    return [*_everyday(chance, now, travels=key == "owen"), *_paying(chance, now), *_story(key, now)]


def _everyday(chance: random.Random, now: datetime, *, travels: bool) -> Iterator[Charge]:
    shops = _SHOPS + 2 * _TRIPS if travels else _SHOPS
    for day in range(1, SPAN_DAYS, 2):
        merchant, place, lowest, highest, channel = chance.choice(shops)
        # Early morning to late evening of that day, and never later than now.
        at = now - timedelta(days=day, minutes=chance.randrange(0, 14 * 60))
        yield _posted(merchant, place, chance.randint(lowest, highest), channel, at, now)
    for merchant, place, amount_minor in _SUBSCRIPTIONS:
        for day in (9, 39):
            yield _posted(merchant, place, amount_minor, "recurring", now - timedelta(days=day, hours=3), now)


def _paying(chance: random.Random, now: datetime) -> Iterator[Charge]:
    """The bill was paid twice, nearly whole."""
    for day in (20, 50):
        yield _posted("Payment, thank you", "", -chance.randint(60_000, 95_000), "payment", now - timedelta(days=day), now)


def _story(key: str, now: datetime) -> Iterator[Charge]:
    """What each of them will get in touch about."""
    if key == "maya":
        yield Charge(*BAKERY, 4_820, "contactless", now - timedelta(hours=5, minutes=12), None)
        yield _posted("Late payment fee", "", 3_900, "fee", now - timedelta(days=38), now)
        yield _posted("Late payment fee waived", "", -3_900, "fee", now - timedelta(days=33), now)
    if key == "luis":
        bought = now - timedelta(days=4, hours=2)
        yield _posted(*BAKERY, 1_865, "chip", bought, now)
        yield _posted(*BAKERY, 1_865, "chip", bought + timedelta(seconds=41), now)
    if key == "hannah":
        yield _posted("Alder Pharmacy", "Chicago, IL", 2_210, "online", now - timedelta(days=6), now)
    if key == "tomasz":
        yield Charge("Harborlight Hotel", "Boston, MA", 41_200, "online", now - timedelta(days=1, hours=4), None)


def _posted(merchant: str, place: str, amount_minor: int, channel: str, at: datetime, now: datetime) -> Charge:
    """Posted two days later; pending when that is still to come."""
    posts_at = at + POSTS_AFTER
    return Charge(merchant, place, amount_minor, channel, at, posts_at if posts_at <= now else None)
