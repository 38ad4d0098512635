"""Points: earned, used, given back, corrected, expired; never spent twice, and the books always agree."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db.models import Sum

from cardline.issuer.core import CoreNotFound, CoreRefused, Kind, RewardsEntry, RewardsKind
from cardline.issuer.embedded import ledger, rewards
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded.points import ISSUED
from cardline.issuer.embedded.tests.house import (
    LATER,
    MAYA,
    NOW,
    SON,
    STRANGER,
    House,
    at_once,
    build_house,
    charge,
    core,
    inside,
)
from cardline.issuer.profile import current_profile
from cardline.kit.money import Money

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(db: Any) -> House:
    return build_house()


def earn(house: House, amount_minor: int, at: datetime = NOW) -> rows.Transaction:
    bought = row_of(charge(house, amount_minor, at=at).token)
    inside(rewards.earn_on, bought, at)
    return bought


def row_of(token: str) -> rows.Transaction:
    return rows.Transaction.objects.select_related("account").get(token=token)


def points(house: House) -> int:
    return int(core.rewards(MAYA, house.account).points)


def history(house: House) -> list[tuple[str, int]]:
    return [(line.kind, line.points) for line in core.rewards_entries(MAYA, house.account).items]


def redeem(
    house: House, amount: int, *, key: str = "r", option: str = "statement_credit", **more: Any
) -> Any:
    wish = {"account": house.account, "points": amount, "option": option, "at": LATER}
    return core.redeem(MAYA, key=key, **wish | more)


def books_agree(house: House) -> bool:
    """The ledger, the history and the lots tell the same."""
    entries = rows.RewardsEntry.objects.filter(account__token=house.account)
    told = entries.aggregate(points=Sum("points", default=0), left=Sum("left", default=0))
    assert told["points"] == points(house)
    assert told["left"] == max(0, points(house))
    assert ledger.balance(ISSUED, ledger.POINTS) == points(house)
    return not ledger.wrong_books() and not ledger.wrong_postings()


# -------------------------------------------------------------------------------------------------- earning


@pytest.mark.parametrize(
    ("amount_minor", "rate", "earned"),
    [(12_99, 100, 12), (99, 100, 0), (100, 100, 1), (3_00, 150, 4), (250_00, 300, 750), (12_99, 0, 0)],
)
def test_each_whole_dollar_earns(house: House, amount_minor: int, rate: int, earned: int) -> None:
    rows.Account.objects.update(points_rate=rate)
    earn(house, amount_minor)
    assert points(house) == earned
    assert history(house) == ([("earn", earned)] if earned else [])
    assert books_agree(house)


def test_where_money_has_no_cents_each_unit_earns(house: House) -> None:
    rows.Account.objects.update(currency="JPY")
    assert rewards.earned_by(house.account_row, 1_299) == 1_299


def test_a_purchase_earns_once_and_its_line_says_where(house: House) -> None:
    bought = earn(house, 50_00)
    inside(rewards.earn_on, bought, LATER)
    (line,) = core.rewards_entries(MAYA, house.account).items
    assert (line.words, line.transaction, line.points, line.at) == ("Alder Pharmacy", bought.token, 50, NOW)


@pytest.mark.parametrize("kind", [Kind.CASH, Kind.PAYMENT_RETURNED, Kind.FEE, Kind.INTEREST, Kind.PAYMENT])
def test_what_is_no_purchase_earns_nothing(house: House, kind: Kind) -> None:
    inside(rewards.earn_on, row_of(charge(house, 50_00, kind=kind).token), NOW)
    assert history(house) == []


def test_a_refund_takes_its_points_back_once(house: House) -> None:
    earn(house, 50_00)
    back = row_of(charge(house, -20_50, kind=Kind.REFUND).token)
    for _ in range(2):
        inside(rewards.earn_on, back, LATER)
    assert history(house) == [("correct", -20), ("earn", 50)]
    assert books_agree(house)


def test_points_taken_back_after_they_were_used_are_earned_again_first(house: House) -> None:
    earn(house, 1_000_00)
    redeem(house, 1_000)
    inside(rewards.earn_on, row_of(charge(house, -1_000_00, kind=Kind.REFUND).token), LATER)
    assert points(house) == -1_000
    assert core.rewards(MAYA, house.account).expiring == 0
    assert books_agree(house)
    earn(house, 1_400_00, at=LATER)
    assert (points(house), core.rewards(MAYA, house.account).expiring) == (400, 400)
    assert books_agree(house)


def test_missing_points_come_once_and_with_their_reason(house: House) -> None:
    wish = {"at": NOW, "key": "c"}
    first = inside(rewards.correct, house.account_row, 300, "Bonus for a friend", **wish)
    assert (first.kind, first.points, first.words) == (RewardsKind.CORRECT, 300, "Bonus for a friend")
    assert inside(rewards.correct, house.account_row, 300, "Bonus for a friend", **wish) == first
    with pytest.raises(CoreRefused, match="key_reused"):
        inside(rewards.correct, house.account_row, 400, "Bonus for a friend", **wish)
    inside(rewards.correct, house.account_row, -100, "Given in error", at=NOW, key="c2")
    assert points(house) == 200
    assert books_agree(house)


# ------------------------------------------------------------------------------------------------- expiring


def test_points_are_good_to_the_end_of_the_month_three_years_on(house: House) -> None:
    earn(house, 70_00, at=datetime(2026, 11, 30, 23, 30, tzinfo=UTC))
    earn(house, 30_00, at=datetime(2026, 12, 1, 3, 0, tzinfo=UTC))  # still November in New York
    earn(house, 5_00, at=datetime(2026, 12, 1, 15, 0, tzinfo=UTC))
    stand = core.rewards(MAYA, house.account)
    assert (stand.points, stand.expiring, stand.expires_on) == (105, 100, date(2029, 11, 30))


def test_what_nobody_used_expires_once_and_what_was_used_was_the_oldest(house: House) -> None:
    earn(house, 2_000_00)
    earn(house, 500_00, at=NOW + timedelta(days=30))
    redeem(house, 1_500)
    last = date(2029, 11, 30)
    at = datetime(2029, 12, 1, 6, 0, tzinfo=UTC)
    assert inside(rewards.expire, last - timedelta(days=1), at) == 0
    assert inside(rewards.expire, last, at) == 500
    assert inside(rewards.expire, last, at) == 0
    assert history(house)[0] == ("expire", -500)
    stand = core.rewards(MAYA, house.account)
    assert (stand.points, stand.expiring, stand.expires_on) == (500, 500, date(2029, 12, 31))
    assert books_agree(house)


def test_points_cannot_be_used_after_their_last_day_though_nobody_took_them_yet(house: House) -> None:
    earn(house, 1_000_00)
    with pytest.raises(CoreRefused, match="too_few_points"):
        redeem(house, 1_000, at=datetime(2029, 12, 1, 6, 0, tzinfo=UTC))
    assert redeem(house, 1_000, at=datetime(2029, 12, 1, 4, 0, tzinfo=UTC)).points == -1_000


# -------------------------------------------------------------------------------------------------- using


def test_points_become_money_on_the_account_in_one_posting(house: House) -> None:
    earn(house, 2_000_00)
    entry = redeem(house, 1_500)
    assert (entry.kind, entry.points, entry.words) == (RewardsKind.REDEEM, -1_500, "statement_credit")
    credit = core.transaction(MAYA, entry.transaction)
    assert (credit.kind, credit.amount) == (Kind.CREDIT, Money(-9_00, "USD"))
    assert credit.merchant == current_profile().rewards_program
    assert core.accounts(MAYA)[0].balance == Money(1_991_00, "USD")
    assert points(house) == 500
    line = rows.RewardsEntry.objects.get(token=entry.token)
    assert line.posting == row_of(credit.token).posting
    assert {(side.book.name.partition(":")[0], side.amount_minor) for side in line.posting.lines.all()} == {
        ("receivable", -9_00),
        ("goodwill", 9_00),
        ("points", 1_500),
        ("points_issued", -1_500),
    }
    assert books_agree(house)


def test_other_uses_move_no_money(house: House) -> None:
    earn(house, 2_500_00)
    entry = redeem(house, 2_500, option="gift_card")
    assert (entry.points, entry.transaction) == (-2_500, "")
    assert core.accounts(MAYA)[0].balance == Money(2_500_00, "USD")
    assert books_agree(house)


@pytest.mark.parametrize(
    ("amount", "option", "reason"),
    [
        (1_500, "statement_credit", "too_few_points"),
        (1_250, "statement_credit", "wrong_step"),
        (500, "statement_credit", "too_small"),
        (0, "statement_credit", "too_small"),
        (-1_000, "statement_credit", "too_small"),
        (10**15, "statement_credit", "too_few_points"),
        (1_000, "a yacht", "unknown_option"),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_nothing(
    house: House, amount: int, option: str, reason: str
) -> None:
    earn(house, 1_400_00)
    postings = rows.Posting.objects.count()
    with pytest.raises(CoreRefused, match=f"^{reason}$"):
        redeem(house, amount, option=option)
    assert rows.Posting.objects.count() == postings
    assert not rows.Request.objects.exists()
    assert points(house) == 1_400


def test_a_double_press_uses_them_once_and_another_wish_with_its_key_is_refused(house: House) -> None:
    earn(house, 5_000_00)
    first = redeem(house, 1_000)
    assert redeem(house, 1_000, at=LATER + timedelta(hours=1)) == first
    for other in ({"amount": 1_500}, {"amount": 1_000, "option": "gift_card"}):
        with pytest.raises(CoreRefused, match="key_reused"):
            redeem(house, **other)
    assert points(house) == 4_000


def test_only_holders_see_and_use_them(house: House) -> None:
    earn(house, 5_000_00)
    for somebody in (STRANGER, SON, "nobody"):
        for question in (core.rewards, core.rewards_entries, core.rewards_options):
            with pytest.raises(CoreNotFound):
                question(somebody, house.account)
        with pytest.raises(CoreNotFound):
            core.redeem(
                somebody, account=house.account, points=1_000, option="statement_credit", at=NOW, key="k"
            )
    assert points(house) == 5_000


def test_every_step_of_every_option_is_worth_whole_cents(house: House) -> None:
    options = core.rewards_options(MAYA, house.account)
    assert [option.id for option in options] == ["statement_credit", "gift_card"]
    for option in options:
        assert option.least % option.step == 0
        assert option.step * option.value.amount_minor % 1_000 == 0
    rows.Account.objects.update(points_rate=0)
    assert core.rewards_options(MAYA, house.account) == []
    with pytest.raises(CoreRefused, match="unknown_option"):
        redeem(house, 1_000)


def test_the_history_comes_in_pages_newest_first(house: House) -> None:
    for day in range(5):
        earn(house, (day + 1) * 1_00, at=NOW + timedelta(days=day))
    seen: list[RewardsEntry] = []
    after = ""
    while True:
        part = core.rewards_entries(MAYA, house.account, after=after, most=2)
        seen += part.items
        if not (after := part.next):
            break
    assert [line.points for line in seen] == [5, 4, 3, 2, 1]
    with pytest.raises(CoreRefused, match="bad_page"):
        core.rewards_entries(MAYA, house.account, after="what is this")


# ------------------------------------------------------------------------------------------- all at once


def test_books_agree_after_whatever_happens_in_whatever_order(house: House) -> None:
    chance = random.Random("points")
    bought: list[int] = []
    for step in range(120):
        at = NOW + timedelta(days=11 * step)
        match chance.choice(["buy", "buy", "refund", "use", "again", "correct", "expire"]):
            case "buy":
                bought.append(chance.randint(1, 900_00))
                earn(house, bought[-1], at=at)
            case "refund" if bought:
                amount = bought.pop(chance.randrange(len(bought)))
                back = charge(house, -amount, kind=Kind.REFUND, at=at)
                inside(rewards.earn_on, row_of(back.token), at)
            case "use" | "again" as how:
                try:
                    redeem(house, 1_000, key=f"r{step if how == 'use' else 0}", at=at)
                except CoreRefused as no:
                    assert no.reason == "too_few_points"
            case "correct":
                amount = chance.choice([-300, 700])
                inside(rewards.correct, house.account_row, amount, "words", at=at, key=f"c{step}")
            case "expire":
                inside(rewards.expire, at.date(), at)
        assert books_agree(house), step


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("option", ["statement_credit", "gift_card"])
def test_points_are_not_spent_twice_at_once(option: str) -> None:
    house = build_house()
    earn(house, 5_600_00)
    outcomes = at_once(8, lambda number: redeem(house, 2_500, option=option, key=f"r{number}").kind)
    assert sorted(outcomes) == ["redeem"] * 2 + ["too_few_points"] * 6
    assert points(house) == 600
    assert books_agree(house)


@pytest.mark.django_db(transaction=True)
def test_one_wish_pressed_many_times_at_once_is_carried_out_once() -> None:
    house = build_house()
    earn(house, 5_600_00)
    answers = at_once(8, lambda _: redeem(house, 2_500).token)
    assert len(answers) == 8 and len(set(answers)) == 1
    assert points(house) == 3_100
    assert books_agree(house)
