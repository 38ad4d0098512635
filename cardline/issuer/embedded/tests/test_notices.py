"""Alerts: told when somebody asked for them, once, to holders alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from cardline.issuer.core import (
    Alert,
    AlertEvent,
    AlertRule,
    CoreNotFound,
    CoreRefused,
)
from cardline.issuer.embedded import notices
from cardline.issuer.embedded.tests.house import (
    MAYA,
    NOW,
    SON,
    STRANGER,
    House,
    build_house,
    core,
    inside,
)
from cardline.kit.money import Money

pytestmark = pytest.mark.django_db


def usd(amount_minor: int) -> Money:
    return Money(amount_minor, "USD")


@pytest.fixture
def house(db: Any) -> House:
    return build_house()


# -------------------------------------------------------------------------------------------------- alerts


def ask(
    house: House, event: AlertEvent, at_least: int | None = None, *, on: bool = True, key: str = ""
) -> Any:
    rule = AlertRule(house.account, event, on, None if at_least is None else usd(at_least))
    return core.set_alert(MAYA, rule, at=NOW, key=key or f"set {event} {on} {at_least}")


def tell(
    house: House, event: AlertEvent, about: str, amount_minor: int | None = None, at: datetime = NOW
) -> None:
    inside(
        notices.tell,
        house.account_row,
        event,
        about=about,
        at=at,
        merchant="Alder Pharmacy",
        amount_minor=amount_minor,
    )


def told(customer: str = MAYA) -> list[str]:
    return [alert.about for alert in core.alerts(customer).items]


def test_there_is_a_rule_for_every_event_and_all_are_off_at_first(house: House) -> None:
    rules = core.alert_rules(MAYA, house.account)
    assert [rule.event for rule in rules] == list(AlertEvent)
    assert not any(rule.on for rule in rules)
    assert ask(house, AlertEvent.REFUND) == AlertRule(house.account, AlertEvent.REFUND, on=True)
    assert [rule.event for rule in core.alert_rules(MAYA, house.account) if rule.on] == [AlertEvent.REFUND]


def test_an_event_is_told_when_a_rule_asks_for_it_and_once(house: House) -> None:
    tell(house, AlertEvent.REFUND, "txn_1")
    assert told() == []
    ask(house, AlertEvent.REFUND)
    for _ in range(2):
        tell(house, AlertEvent.REFUND, "txn_2", -5_00)
    ask(house, AlertEvent.REFUND, on=False)
    tell(house, AlertEvent.REFUND, "txn_3")
    (alert,) = core.alerts(MAYA).items
    assert alert == Alert(
        alert.token, house.account, AlertEvent.REFUND, NOW, "txn_2", "Alder Pharmacy", usd(-5_00)
    )


def test_a_purchase_is_told_from_its_amount_on(house: House) -> None:
    rule = ask(house, AlertEvent.PURCHASE, 50_00)
    assert rule.at_least == usd(50_00)
    tell(house, AlertEvent.PURCHASE, "small", 49_99)
    tell(house, AlertEvent.PURCHASE, "enough", 50_00)
    assert told() == ["enough"]
    assert ask(house, AlertEvent.PAYMENT_DUE, 50_00).at_least is None  # amounts are for purchases


def test_rules_and_alerts_belong_to_holders(house: House) -> None:
    ask(house, AlertEvent.REFUND)
    tell(house, AlertEvent.REFUND, "txn_1")
    for somebody in (STRANGER, SON, "nobody"):
        assert told(somebody) == []
        with pytest.raises(CoreNotFound):
            core.alert_rules(somebody, house.account)
        with pytest.raises(CoreNotFound):
            core.set_alert(somebody, AlertRule(house.account, AlertEvent.REFUND, on=False), at=NOW, key="k")


def test_a_rule_speaks_the_accounts_currency_and_a_key_one_wish(house: House) -> None:
    euros = AlertRule(house.account, AlertEvent.PURCHASE, on=True, at_least=Money(5_00, "EUR"))
    with pytest.raises(CoreRefused, match="wrong_currency"):
        core.set_alert(MAYA, euros, at=NOW, key="k")
    ask(house, AlertEvent.PURCHASE, 5_00, key="k")
    with pytest.raises(CoreRefused, match="key_reused"):
        ask(house, AlertEvent.PURCHASE, 6_00, key="k")
    ask(house, AlertEvent.PURCHASE, 7_00, key="k2")
    assert ask(house, AlertEvent.PURCHASE, 5_00, key="k").at_least == usd(
        7_00
    )  # a late repeat undoes nothing


def test_alerts_come_in_pages_newest_first(house: House) -> None:
    ask(house, AlertEvent.REFUND)
    for number in range(5):
        tell(house, AlertEvent.REFUND, f"txn_{number}", at=NOW + timedelta(minutes=number))
    first = core.alerts(MAYA, most=3)
    second = core.alerts(MAYA, most=3, after=first.next)
    assert [alert.about for alert in (*first.items, *second.items)] == [f"txn_{n}" for n in (4, 3, 2, 1, 0)]
    assert second.next == ""
