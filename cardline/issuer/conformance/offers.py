"""A part that a core does not have is refused in so many words, never answered with nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from cardline.issuer.conformance.looking import Seen, refuses
from cardline.issuer.conformance.stand import Stand
from cardline.issuer.core import (
    AlertEvent,
    AlertRule,
    Applicant,
    AutopayMode,
    BankAccountKind,
    CloseReason,
    Part,
)
from cardline.kit.money import Money

_ONE = Money(1_00, "USD")
_DAY = date(2026, 11, 24)


def a_part_that_is_not_there_is_refused(stand: Stand) -> Seen:
    """A core that has every part looks at nothing here."""
    for part, name, call in _everything(stand):
        if part not in stand.core.offers:
            yield refuses("not_offered", call, f"{name} ({part})")


def _everything(stand: Stand) -> Iterator[tuple[Part, str, Callable[[], object]]]:
    core, who, card, at = stand.core, stand.customer, stand.card, stand.now()
    account = core.card(who, card).account
    rule = AlertRule(account, AlertEvent.PURCHASE, on=True)
    somebody = Applicant("Everyday Card", "Ann", "Lee", date(1990, 1, 1))
    yield Part.SHIPPING, "shipping", lambda: core.shipping(who, card)
    yield Part.CARD_LIMITS, "spending", lambda: core.spending(who)
    yield (
        Part.CARD_LIMITS,
        "set_card_limit",
        lambda: core.set_card_limit(card, limit=_ONE, at=at, key="o-16"),
    )
    yield (
        Part.REPLACEMENTS,
        "replace_card",
        lambda: core.replace_card(card, reason=CloseReason.DAMAGED, at=at, key="o-14"),
    )
    yield (
        Part.EMERGENCY_CARDS,
        "emergency_card",
        lambda: core.emergency_card(card, limit=_ONE, place="Hotel", at=at, key="o-17"),
    )
    until = at + timedelta(days=1)
    yield (
        Part.TIMED_FREEZE,
        "freeze with an end",
        lambda: core.freeze(card, until=until, at=at, key="o-15"),
    )
    yield Part.BLOCKS, "block", lambda: core.block(card, at=at, key="o-17")
    yield Part.BLOCKS, "lift_block", lambda: core.lift_block(card, at=at, key="o-18")
    yield Part.SUBSCRIPTIONS, "subscriptions", lambda: core.subscriptions(who)
    yield Part.SUBSCRIPTIONS, "stop_merchant", lambda: core.stop_merchant(who, "s", at=at, key="o-1")
    yield Part.SUBSCRIPTIONS, "allow_merchant", lambda: core.allow_merchant(who, "s", at=at, key="o-2")
    yield Part.STATEMENTS, "statements", lambda: core.statements(who, account)
    yield Part.STATEMENTS, "statement", lambda: core.statement(who, "s")
    yield Part.STATEMENTS, "statement_lines", lambda: core.statement_lines(who, "s")
    yield Part.STATEMENTS, "due", lambda: core.due(who, account)
    yield Part.PAYMENTS, "bank_accounts", lambda: core.bank_accounts(who)
    yield (
        Part.PAYMENTS,
        "add_bank_account",
        lambda: core.add_bank_account(
            who, routing="0", number="0", kind=BankAccountKind.CHECKING, name="", at=at, key="o-3"
        ),
    )
    yield Part.PAYMENTS, "remove_bank_account", lambda: core.remove_bank_account(who, "b", at=at, key="o-4")
    yield (
        Part.PAYMENTS,
        "pay",
        lambda: core.pay(who, account=account, source="b", amount=_ONE, on=_DAY, at=at, key="o-5"),
    )
    yield Part.PAYMENTS, "payment_time", lambda: core.payment_time(_DAY, at=at)
    yield Part.PAYMENTS, "payments", lambda: core.payments(who, account)
    yield Part.PAYMENTS, "payment", lambda: core.payment(who, "p")
    yield Part.PAYMENTS, "cancel_payment", lambda: core.cancel_payment(who, "p", at=at, key="o-6")
    yield Part.PAYMENTS, "autopay", lambda: core.autopay(who, account)
    yield (
        Part.PAYMENTS,
        "set_autopay",
        lambda: core.set_autopay(
            who, account=account, source="b", mode=AutopayMode.FULL, amount=None, at=at, key="o-7"
        ),
    )
    yield Part.PAYMENTS, "stop_autopay", lambda: core.stop_autopay(who, account, at=at, key="o-8")
    yield Part.REWARDS, "rewards", lambda: core.rewards(who, account)
    yield Part.REWARDS, "rewards_entries", lambda: core.rewards_entries(who, account)
    yield Part.REWARDS, "rewards_options", lambda: core.rewards_options(who, account)
    yield (
        Part.REWARDS,
        "redeem",
        lambda: core.redeem(who, account=account, points=1, option="o", at=at, key="o-9"),
    )
    yield Part.ALERTS, "alert_rules", lambda: core.alert_rules(who, account)
    yield Part.ALERTS, "set_alert", lambda: core.set_alert(who, rule, at=at, key="o-10")
    yield Part.ALERTS, "alerts", lambda: core.alerts(who)
    yield Part.APPLICATIONS, "apply", lambda: core.apply(somebody, at=at, key="o-11")
    yield Part.APPLICATIONS, "application", lambda: core.application("A", date(1990, 1, 1))
    yield (
        Part.DISPUTES,
        "open_dispute",
        lambda: core.open_dispute("t", amount=_ONE, credit=False, at=at, key="o-12"),
    )
    yield Part.DISPUTES, "close_dispute", lambda: core.close_dispute("d", won=True, at=at, key="o-13")
