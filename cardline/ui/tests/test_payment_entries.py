"""Payments and autopay in a timeline: what was done, what the bank did, and what becomes of what was planned."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cardline.issuer.profile import Profile, load_profile
from cardline.ui.entries import say_entry

NOW = datetime(2026, 11, 25, 17, 0, tzinfo=UTC)
MONEY = {"amount_minor": 120_00, "currency": "USD", "last4": "0142"}
DAYS = {"on": "2026-11-27", "counts_on": "2026-11-28"}


@pytest.fixture(scope="module")
def profile() -> Profile:
    return load_profile(Path(__file__).resolve().parents[3] / "profiles" / "american-express")


SENTENCES: tuple[tuple[str, dict[str, Any], str, str], ...] = (
    (
        "payment.made",
        {**MONEY, **DAYS, "state": "sent"},
        "You paid $120.00 from the bank account ending 0142. It counts as of Sat, Nov 28",
        "Maya Okafor paid $120.00 from the bank account ending 0142. It counts as of Sat, Nov 28",
    ),
    (
        "payment.made",
        {**MONEY, **DAYS, "state": "scheduled"},
        "You planned a payment of $120.00 from the bank account ending 0142 for Fri, Nov 27",
        "Maya Okafor planned a payment of $120.00 from the bank account ending 0142 for Fri, Nov 27",
    ),
    (
        "payment.cancelled",
        {**MONEY, **DAYS},
        "You cancelled the payment of $120.00 that was planned for Fri, Nov 27",
        "Maya Okafor cancelled the payment of $120.00 that was planned for Fri, Nov 27",
    ),
    (
        "payment.failed",
        {**MONEY, "reason": "no_funds", "mend_by": "2026-12-02"},
        "The bank gave the payment of $120.00 back. There was not enough money in the bank account."
        " Pay again by Wed, Dec 2, and you are in time.",
        "The bank gave the payment of $120.00 back. There was not enough money in the bank account."
        " Paid again by Wed, Dec 2, it is in time.",
    ),
    (
        "payment.failed",
        {**MONEY, "reason": "a new word"},
        "The bank gave the payment of $120.00 back. The bank gave it back without a reason that we can name.",
        "The bank gave the payment of $120.00 back. The bank gave it back without a reason that we can name.",
    ),
    (
        "autopay.set",
        {**MONEY, "mode": "fixed"},
        "You set autopay to pay $120.00 on each due date, from the bank account ending 0142",
        "Maya Okafor set autopay to pay $120.00 on each due date, from the bank account ending 0142",
    ),
    (
        "autopay.set",
        {"last4": "0142", "mode": "minimum"},
        "You set autopay to pay the minimum on each due date, from the bank account ending 0142",
        "Maya Okafor set autopay to pay the minimum on each due date, from the bank account ending 0142",
    ),
    ("autopay.stopped", {"mode": "full"}, "You stopped autopay", "Maya Okafor stopped autopay"),
    (
        "autopay.stopped",
        {"next_on": "2026-12-11", "next_minor": 70_00, "currency": "USD", "too_late": False},
        "You stopped autopay. The payment of $70.00 planned for Fri, Dec 11 is not made.",
        "Maya Okafor stopped autopay. The payment of $70.00 planned for Fri, Dec 11 is not made.",
    ),
    (
        "autopay.stopped",
        {"next_on": "2026-12-11", "next_minor": 70_00, "currency": "USD", "too_late": True},
        "You stopped autopay. The payment of $70.00 for Fri, Dec 11 had gone to the bank and is still made.",
        "Maya Okafor stopped autopay. The payment of $70.00 for Fri, Dec 11 had gone to the bank and is still made.",
    ),
)


@pytest.mark.parametrize(("kind", "data", "to_member", "to_staff"), SENTENCES)
def test_each_reader_gets_a_sentence_of_their_own(
    profile: Profile, kind: str, data: dict[str, Any], to_member: str, to_staff: str
) -> None:
    def said(reader: Any) -> str:
        zone = ZoneInfo("America/New_York")
        return say_entry(
            kind,
            data,
            "member",
            "Maya Okafor",
            reader=reader,
            language="en",
            zone=zone,
            now=NOW,
            profile=profile,
        ).text

    assert (said("member"), said("staff")) == (to_member, to_staff)
