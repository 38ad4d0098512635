"""Northgate Survey: a company with a program of cards, its employees, and Greta, who administers it. Pure."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from cardline.demo.charges import Charge

COMPANY, NAME = "northgate", "Northgate Survey LLC"
ADDRESS = "60 Harborview Street, Boston, MA 02110"
PRODUCT, LIMIT, CLOSED_DAYS_AGO = "Company Card", 60_000, 11  # the limit in whole currency units
ADMINISTRATOR = "greta"


@dataclass(frozen=True, slots=True)
class EmployeeSketch:
    """Somebody in the program. limit: of their card in whole currency units, None for the account's alone."""

    key: str
    last4: str
    limit: int | None = 2_500
    not_activated: bool = False


PROGRAM = (
    EmployeeSketch("greta", "8101", limit=None),
    EmployeeSketch("samir", "8119"),
    EmployeeSketch("bram", "8127", limit=1_000),
    EmployeeSketch("chidi", "8135"),
    EmployeeSketch("freya", "8143", limit=4_000),
    EmployeeSketch("kenji", "8150", not_activated=True),
    EmployeeSketch("leila", "8168"),
    EmployeeSketch("wanda", "8176", limit=7_500),
)

# Merchant, lowest and highest amount in minor units.
_SHOPS = (
    ("Cascade Air", 18_900, 54_000),
    ("Harborlight Hotel", 15_900, 41_000),
    ("Pinewood Fuel", 3_100, 6_900),
    ("Saltwater Noodles", 1_420, 6_180),
)


def charges_of_employee(sketch: EmployeeSketch, now: datetime) -> Iterator[Charge]:
    """A few purchases of the last days, and a subscription of Samir's; none with a card still in its envelope."""
    if sketch.not_activated:
        return
    chance = random.Random(f"company charges of {sketch.key}")  # noqa: S311 - a story, not a secret
    for day in (3, 5, 8):
        merchant, lowest, highest = chance.choice(_SHOPS)
        at = now - timedelta(days=day, minutes=chance.randrange(0, 9 * 60))
        yield Charge(
            merchant, "Boston, MA", chance.randint(lowest, highest), "chip", at, at + timedelta(days=2)
        )
    if sketch.key == "samir":
        at = now - timedelta(days=6)
        posted = at + timedelta(days=1)
        yield Charge("Fieldnote Cloud", "Online", 1_299, "recurring", at, posted, recurring_since=at.date())
