"""Transactions and authorisations as Lithic has them, and as we say them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from cardline.issuer.core import (
    MOST,
    BadReply,
    CoreNotFound,
    CoreRefused,
    Decline,
    Kind,
    Outcome,
    TransactionState,
    Which,
)
from cardline.issuer.lithic.double import Row
from cardline.issuer.lithic.stand import START, LithicStand, lithic_stand
from cardline.issuer.lithic.words import DECLINES
from cardline.kit.money import Money


@pytest.fixture
def stand() -> Iterator[LithicStand]:
    with lithic_stand() as made:
        yield made


def bought(stand: LithicStand, **other: Any) -> Row:
    """A settled purchase of 12 dollars, with fields of the caller's."""
    stand.double.purchase(stand.card, "Alder Pharmacy", 12_00, START, settled=True, **other)
    return stand.double.transactions[0]


def test_a_settled_purchase_is_posted_when_it_was_cleared(stand: LithicStand) -> None:
    row = bought(stand)
    row["events"][-1]["created"] = "2026-11-26T08:30:00.123456Z"
    (said,) = stand.core.transactions(stand.customer).items
    assert said.state == TransactionState.POSTED
    assert said.posted_at is not None
    assert said.posted_at.isoformat() == "2026-11-26T08:30:00.123456+00:00"
    assert (said.at, said.amount, said.kind) == (START, Money(12_00, "USD"), Kind.PURCHASE)
    assert (said.merchant, said.place, said.phone) == ("Alder Pharmacy", "ALBANY, NY", "+1 518 555 0123")
    assert said.authorisation == said.token == row["token"]


def test_without_its_events_the_last_change_is_the_posting(stand: LithicStand) -> None:
    bought(stand, events=None, updated="2026-11-27T01:00:00Z")
    (said,) = stand.core.transactions(stand.customer).items
    assert said.posted_at is not None
    assert said.posted_at.isoformat() == "2026-11-27T01:00:00+00:00"
    assert stand.core.authorisations(stand.customer).items[0].amount == Money(12_00, "USD")


@pytest.mark.parametrize("sign", [1, -1], ids=["as a positive amount", "as a negative amount"])
def test_money_that_comes_back_is_negative_however_it_is_written(stand: LithicStand, sign: int) -> None:
    row = bought(stand)
    row["events"][0] |= {"type": "CREDIT_AUTHORIZATION", "effective_polarity": "CREDIT"}
    row["amounts"]["cardholder"]["amount"] *= sign
    (said,) = stand.core.transactions(stand.customer).items
    assert (said.kind, said.amount) == (Kind.REFUND, Money(-12_00, "USD"))


def entry(**words: str) -> Row:
    mode = {"card": "PRESENT", "cardholder": "PRESENT", "pan": "ICC"}
    terminal = {"type": words.pop("terminal", "POS_TERMINAL")}
    return {"entry_mode": {**mode, **words}, "terminal": terminal}


@pytest.mark.parametrize(
    ("fields", "channel"),
    [
        ({"pos": entry()}, "chip"),
        ({"pos": entry(pan="CONTACTLESS")}, "contactless"),
        ({"pos": entry(pan="CONTACTLESS"), "token_info": {"wallet_type": "APPLE_PAY"}}, "wallet"),
        ({"pos": entry(pan="ECOMMERCE", card="NOT_PRESENT")}, "online"),
        ({"pos": entry(pan="KEY_ENTERED", card="NOT_PRESENT")}, "online"),
        ({"pos": entry(cardholder="REOCCURRING", card="NOT_PRESENT")}, "recurring"),
        (
            {"pos": entry(cardholder="REOCCURRING"), "token_info": {"wallet_type": "MERCHANT"}},
            "recurring",
        ),
        ({"pos": entry(terminal="ATM")}, "cash"),
    ],
)
def test_how_the_card_was_used(stand: LithicStand, fields: Row, channel: str) -> None:
    bought(stand, **fields)
    (said,) = stand.core.transactions(stand.customer).items
    assert said.channel == channel
    assert said.kind == (Kind.CASH if channel == "cash" else Kind.PURCHASE)


@pytest.mark.parametrize(
    ("status", "outcome"), [("VOIDED", Outcome.REVERSED), ("EXPIRED", Outcome.REVERSED)], ids=str
)
def test_what_came_to_nothing_is_an_authorisation_only(
    stand: LithicStand, status: str, outcome: Outcome
) -> None:
    row = bought(stand, status=status)
    assert not stand.core.transactions(stand.customer).items
    with pytest.raises(CoreNotFound):
        stand.core.transaction(stand.customer, row["token"])
    (said,) = stand.core.authorisations(stand.customer).items
    assert (said.outcome, said.decline, said.amount) == (outcome, None, Money(12_00, "USD"))


@pytest.mark.parametrize(
    ("detailed", "result", "decline"),
    [
        (["CARD_PAUSED"], "CARD_PAUSED", Decline.FROZEN),
        (["CARD_SECURITY_CODE_INCORRECT"], "INVALID_CARD_DETAILS", Decline.WRONG_CODE),
        (["DECLINED", "CARD_SPEND_LIMIT_EXCEEDED"], "DECLINED", Decline.OVER_LIMIT),
        ([], "INSUFFICIENT_FUNDS", Decline.OVER_LIMIT),
        (["CARD_NOT_ACTIVATED"], "DECLINED", Decline.INACTIVE),
        (["ACCOUNT_PAUSED"], "ACCOUNT_PAUSED", Decline.OTHER),
        (["A_WORD_OF_NEXT_YEAR"], "ANOTHER_ONE", Decline.OTHER),
    ],
)
def test_why_it_was_declined_in_our_words(
    stand: LithicStand, detailed: list[str], result: str, decline: Decline
) -> None:
    row = bought(stand, status="DECLINED", result=result)
    row["events"] = row["events"][:1]
    row["events"][0] |= {"detailed_results": detailed, "result": result}
    (said,) = stand.core.authorisations(stand.customer).items
    assert (said.outcome, said.decline) == (Outcome.DECLINED, decline)


def test_every_reason_we_translate_is_a_word_of_ours() -> None:
    assert set(DECLINES.values()) < set(Decline)
    assert Decline.OTHER not in DECLINES.values()


def test_a_number_in_a_merchants_name_is_masked(stand: LithicStand) -> None:
    stand.double.purchase(stand.card, "PAY 4111 1111 1111 1111", 1_00, START)
    (said,) = stand.core.transactions(stand.customer).items
    assert said.merchant == "PAY [card ••1111]"


def test_a_page_of_200_is_two_of_theirs(stand: LithicStand) -> None:
    for number in range(230):
        stand.double.purchase(stand.card, f"Kiosk {number}", 1_00, START + timedelta(minutes=number))
    first = stand.core.transactions(stand.customer, most=MOST)
    rest = stand.core.transactions(stand.customer, after=first.next, most=MOST)
    names = [row.merchant for row in (*first.items, *rest.items)]
    assert names == [f"Kiosk {number}" for number in reversed(range(230))]
    assert (len(first.items), rest.next) == (200, "")


def test_a_filter_that_leaves_little_still_ends_and_loses_nothing(stand: LithicStand) -> None:
    for number in range(60):
        stand.double.purchase(stand.card, f"Kiosk {number}", 1_00 + number, START + timedelta(minutes=number))
    found, after, pages = [], "", 0
    while pages < 20:
        page = stand.core.transactions(stand.customer, Which(text="kiosk 5"), after=after, most=3)
        assert len(page.items) <= 3
        found += [row.merchant for row in page.items]
        after, pages = page.next, pages + 1
        if not after:
            break
    assert found == [f"Kiosk {number}" for number in (59, 58, 57, 56, 55, 54, 53, 52, 51, 50, 5)]


def test_the_time_is_asked_of_them_and_looked_at_again(stand: LithicStand) -> None:
    for number in range(5):
        stand.double.purchase(stand.card, f"Kiosk {number}", 1_00, START + timedelta(hours=number))
    which = Which(since=START + timedelta(hours=1), until=START + timedelta(hours=3))
    assert [row.merchant for row in stand.core.transactions(stand.customer, which).items] == [
        "Kiosk 2",
        "Kiosk 1",
    ]


def test_a_cursor_of_another_list_is_refused(stand: LithicStand) -> None:
    for number in range(5):
        stand.double.purchase(stand.card, f"Kiosk {number}", 1_00, START + timedelta(hours=number))
    cursor = stand.core.transactions(stand.customer, most=2).next
    for ask in (
        lambda: stand.core.authorisations(stand.customer, after=cursor),
        lambda: stand.core.transactions(stand.customer, Which(text="kiosk"), after=cursor),
        lambda: stand.core.transactions(stand.stranger, after=cursor),
        lambda: stand.core.transactions(stand.customer, after=cursor.split(".")[0] + ".a/b"),
    ):
        with pytest.raises(CoreRefused, match="bad_page"):
            ask()


@pytest.mark.parametrize(
    "wrong",
    [
        {"account_token": "11111111-aaaa-4000-8000-000000000000"},
        {"card_token": "11111111-aaaa-4000-8000-000000000000"},
        {"created": "2026-11-24T15:00:00"},
        {"created": "yesterday"},
        {"created": "0001-01-01T00:00:00+23:59"},
        {"amounts": {"cardholder": {"amount": 1.5, "currency": "USD"}}},
        {"amounts": {"cardholder": {"amount": True, "currency": "USD"}}},
        {"amounts": {"cardholder": {"amount": 10**15, "currency": "USD"}}},
        {"amounts": {"cardholder": {"amount": 100, "currency": "EUR"}}},
        {"amounts": None},
        {"merchant": []},
        {"status": "BOUNCED"},
        {"token": "4111111111111111"},
        {"events": {"data": []}},
    ],
    ids=str,
)
def test_a_row_that_cannot_be_makes_the_whole_page_wrong(stand: LithicStand, wrong: Row) -> None:
    bought(stand)
    own = stand.double._many
    row = {**stand.double.transactions[0], **wrong}

    def answered(what: str, asked: dict[str, str]) -> tuple[int, object]:
        return (200, {"data": [row], "has_more": False}) if what == "transactions" else own(what, asked)

    stand.double._many = answered  # type: ignore[method-assign]
    with pytest.raises(BadReply):
        stand.core.transactions(stand.customer)
