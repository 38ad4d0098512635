"""The cast's history, told once for all of these tests: a year of it, which has everything that bin/demo's two have."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum

from cardline.demo.charges import earlier_charges_of, subscriptions_of
from cardline.demo.people import settle_cast
from cardline.issuer.core import Decline, Kind, PaymentState, ShippingStep, current_core
from cardline.issuer.embedded import ledger
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded.commands import end_of_days
from cardline.kit.actors import SYSTEM
from cardline.notify.models import Delivery

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
MONTHS = 12
pytestmark = [pytest.mark.long_on_postgres, pytest.mark.django_db]

BILLED = ("maya", "luis", "hannah", "owen", "rosa", "tomasz")


@pytest.fixture(scope="module", autouse=True)
def told(django_db_setup: None, django_db_blocker: Any) -> Iterator[int]:
    """One telling for the whole file, undone at its end; what a test changes is undone after it."""
    with django_db_blocker.unblock():
        block = transaction.atomic()
        block._from_testcase = True  # type: ignore[attr-defined]
        with block:
            yield settle_cast(NOW, months=MONTHS)
            transaction.set_rollback(True)


def account_of(key: str) -> rows.Account:
    return rows.Account.objects.get(holders__customer__number=f"demo-{key}")


def statements_of(key: str) -> list[rows.Statement]:
    return list(account_of(key).statements.order_by("closed_on"))


def of_kind(key: str, kind: Kind) -> Any:
    return account_of(key).transactions.filter(kind=kind)


def test_the_books_are_right() -> None:
    assert ledger.wrong_books() == [] and ledger.wrong_postings() == []
    for account in rows.Account.objects.all():
        posted = account.transactions.filter(state="posted").aggregate(sum=Sum("amount_minor"))["sum"]
        assert posted == ledger.balance(ledger.receivable(account.pk), account.currency)
        points = account.rewards.aggregate(sum=Sum("points", default=0))["sum"]
        assert points == -ledger.balance(ledger.points_of(account.pk), ledger.POINTS)


@pytest.mark.parametrize("key", BILLED)
def test_each_statement_adds_up_and_follows_the_one_before(key: str) -> None:
    told = statements_of(key)
    assert len(told) >= MONTHS - 1 and told[0].opening_minor == 0
    for statement in told:
        moved = statement.lines.aggregate(sum=Sum("amount_minor"))["sum"] or 0
        assert statement.opening_minor + moved == statement.closing_minor
        assert statement.closing_minor == (
            statement.opening_minor
            + statement.purchases_minor
            + statement.fees_minor
            + statement.interest_minor
            - statement.payments_minor
            - statement.credits_minor
        )
    for before, after in pairwise(told):
        assert (after.opening_minor, after.opened_on) == (before.closing_minor, before.closed_on)
    assert NOW.date() - timedelta(days=32) < told[-1].closed_on < NOW.date()


@pytest.mark.parametrize("key", [key for key in BILLED if key != "rosa"])
def test_who_pays_in_full_pays_no_interest(key: str) -> None:
    assert all(statement.paid_in_full is not False for statement in statements_of(key))
    assert not of_kind(key, Kind.INTEREST).exists()


def test_one_member_pays_a_part_and_interest_but_never_late() -> None:
    assert all(statement.interest_minor > 0 for statement in statements_of("rosa")[1:])
    assert not of_kind("rosa", Kind.FEE).exists()


def test_one_payment_came_back_and_was_made_good() -> None:
    failed = rows.Payment.objects.get(state=PaymentState.FAILED)
    assert failed.account == account_of("owen") and failed.reason == "no_funds"
    assert of_kind("owen", Kind.PAYMENT_RETURNED).get().amount_minor == failed.amount_minor
    mended = rows.Payment.objects.get(statement=failed.statement, state=PaymentState.POSTED)
    assert mended.amount_minor == failed.amount_minor
    assert failed.mend_by is not None and mended.value_on is not None and mended.value_on <= failed.mend_by
    assert not of_kind("owen", Kind.FEE).exists()


def test_one_member_is_paid_for_automatically() -> None:
    autopay = rows.Autopay.objects.get()
    assert autopay.account == account_of("hannah")
    taken = autopay.account.payments.filter(kind="autopay", state=PaymentState.POSTED).count()
    assert taken >= MONTHS - 2


def test_declines_say_why() -> None:
    declined = rows.Authorisation.objects.filter(outcome="declined").order_by("decline")
    assert [asked.decline for asked in declined] == [Decline.FROZEN, Decline.INACTIVE, Decline.OVER_LIMIT]
    assert not rows.Card.objects.exclude(frozen_at=None).exists()


def test_a_refund_takes_its_points_and_points_were_used() -> None:
    refund = of_kind("maya", Kind.REFUND).get()
    assert refund.amount_minor < 0 and refund.points.get().points < 0
    used = account_of("maya").rewards.get(kind="redeem")
    assert used.points == -2_000 and used.transaction is not None and used.transaction.amount_minor == -1_200


def test_a_worn_card_was_replaced_and_the_new_one_is_used() -> None:
    new, old = current_core().cards("demo-owen")
    assert (new.last4, old.last4) == ("6152", "6152") and old.replaced_by == new.token
    steps = [event.step for event in current_core().shipping("demo-owen", new.token)]
    assert steps == [
        ShippingStep.ORDERED,
        ShippingStep.PRINTED,
        ShippingStep.SENT,
        ShippingStep.DELIVERED,
    ]
    last = account_of("owen").transactions.filter(kind=Kind.PURCHASE).order_by("-at")[0]
    assert last.card.token == new.token


def test_who_asked_for_alerts_has_them_and_nobody_is_mailed_about_the_past() -> None:
    told = {(alert.account_id, alert.event) for alert in rows.Alert.objects.all()}
    maya, owen, rosa = (account_of(key).pk for key in ("maya", "owen", "rosa"))
    assert {(maya, "statement_ready"), (maya, "declined"), (maya, "refund")} <= told
    assert (owen, "payment_failed") in told and (rosa, "payment_posted") in told
    assert {account for account, _event in told} == {maya, owen, rosa}
    assert not Delivery.objects.exists()


def test_the_double_charge_and_what_is_pending_are_still_there() -> None:
    twice = account_of("luis").transactions.filter(merchant="Bright Loaf Bakery")
    assert [row.amount_minor for row in twice] == [1_865, 1_865]
    assert (
        rows.Transaction.objects.get(card__customer__number="demo-maya", amount_minor=4_820).state
        == "pending"
    )


def test_each_subscription_knows_its_next_day() -> None:
    billed = rows.Subscription.objects.filter(account__in=[account_of(key) for key in BILLED])
    assert billed.count() == 2 * len(BILLED)
    for subscription in billed:
        assert NOW.date() < subscription.next_on < NOW.date() + timedelta(days=31)  # type: ignore[operator]
        assert subscription.since < NOW.date() - timedelta(days=300)
        charged = subscription.account.transactions.filter(merchant=subscription.merchant)
        assert {row.recurring_since for row in charged} == {subscription.since}


def test_told_again_nothing_changes() -> None:
    before = rows.Posting.objects.count()
    assert settle_cast(NOW, months=MONTHS) == 0
    assert rows.Posting.objects.count() == before


def test_it_goes_on_as_days_end() -> None:
    later = NOW + timedelta(days=40)
    while end_of_days(by=SYSTEM, now=later):
        pass
    assert all(len(statements_of(key)) > MONTHS - 1 for key in BILLED)
    assert rows.Statement.objects.filter(closed_on__gt=NOW.date()).count() >= len(BILLED)
    assert ledger.wrong_books() == []


def test_a_seed_tells_one_story() -> None:
    first, second = (
        [
            *earlier_charges_of("maya", NOW, town="Albany, NY", debit=False, months=MONTHS),
            *subscriptions_of("maya", NOW, debit=False, months=MONTHS),
        ]
        for _ in range(2)
    )
    other = earlier_charges_of("luis", NOW, town="Albany, NY", debit=False, months=MONTHS)
    assert first == second and first[: len(other)] != other
    assert all(charge.at < NOW - timedelta(days=60) for charge in first if charge.recurring_since is None)
