"""What a member chooses: rules in the core, ways and hours with us, all of it or nothing."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest

from cardline.audit.models import AuditEvent
from cardline.identity.models import Evidence
from cardline.issuer.asking import CoreSilent
from cardline.issuer.core import AlertEvent, AlertRule, CoreUnknown, current_core, use_core
from cardline.issuer.embedded.tests.house import MAYA, NOW, SON, House
from cardline.kit.actors import Actor
from cardline.kit.money import Money
from cardline.kit.refusals import LevelTooLow, NotPermitted, NotThere, TooMany
from cardline.notify.commands import ALERT_CHANGES, OtherCurrency, choose_alerts
from cardline.notify.models import Preference, QuietHours
from cardline.notify.queries import choices_of
from cardline.notify.rules import Quiet
from cardline.notify.tests.conftest import NEW_YORK, new_holder

pytestmark = pytest.mark.django_db

NIGHT = Quiet(time(22), time(7), NEW_YORK, urgent_passes=True)


def rule(house: House, event: AlertEvent, *, on: bool = True, least: Money | None = None) -> AlertRule:
    return AlertRule(house.account, event, on, least)


def choose(by: Actor, *rules: AlertRule, wish: str = "wish-0001", **more: Any) -> int:
    return choose_alerts(by=by, now=NOW, wish=wish, rules=rules, **more)


def on_in_core(house: House) -> set[AlertEvent]:
    return {one.event for one in current_core().alert_rules(MAYA, house.account) if one.on}


def test_rules_go_to_the_core_and_ways_stay_with_us(house: House, holder_at_home: Actor) -> None:
    changed = choose(
        holder_at_home,
        rule(house, AlertEvent.PURCHASE, least=Money(50_00, "USD")),
        rule(house, AlertEvent.DECLINED),
        rule(house, AlertEvent.REFUND, on=False),
        by_mail=((house.account, "declined"),),
        quiet=NIGHT,
    )
    assert changed == 2
    assert on_in_core(house) == {AlertEvent.PURCHASE, AlertEvent.DECLINED}
    chosen = choices_of(holder_at_home)
    (account,) = chosen.accounts
    assert account.by_mail == {"declined"} and chosen.quiet == NIGHT
    assert account.rules[0].at_least == Money(50_00, "USD")
    assert AuditEvent.objects.filter(name="alerts.choose").count() == 1


def test_what_stands_is_not_asked_again(house: House, holder_at_home: Actor) -> None:
    refund = rule(house, AlertEvent.REFUND)
    assert [choose(holder_at_home, refund, wish=wish) for wish in ("one", "two")] == [1, 0]


def test_on_off_and_on_again_are_three_wishes(house: House, holder_at_home: Actor) -> None:
    for number, on in enumerate((True, False, True)):
        choose(holder_at_home, rule(house, AlertEvent.REFUND, on=on), wish=f"wish {number}")
        assert on_in_core(house) == ({AlertEvent.REFUND} if on else set())


def test_what_is_off_is_not_mailed(house: House, holder_at_home: Actor) -> None:
    mailed = ((house.account, "refund"), ("acc_of_somebody_else", "refund"))
    choose(holder_at_home, rule(house, AlertEvent.REFUND), by_mail=mailed)
    assert Preference.objects.get().account == house.account
    choose(holder_at_home, rule(house, AlertEvent.REFUND, on=False), wish="off", by_mail=mailed)
    assert not Preference.objects.exists()


def test_quiet_hours_can_be_taken_back_or_left_alone(house: House, holder_at_home: Actor) -> None:
    choose(holder_at_home, by_mail=(), quiet=NIGHT)
    choose(holder_at_home, wish="leave it")
    assert QuietHours.objects.get().urgent_passes
    choose(holder_at_home, wish="none", by_mail=())
    assert not QuietHours.objects.exists()


def test_nobody_chooses_for_an_account_that_is_not_theirs(
    house: House, holder_at_home: Actor, as_member: Any, dana: Actor
) -> None:
    for customer in (SON, "c-nobody"):
        somebody = as_member(new_holder("Somebody", customer))
        with pytest.raises(NotThere):
            choose(somebody, rule(house, AlertEvent.REFUND), by_mail=((house.account, "refund"),))
    with pytest.raises(NotPermitted):
        choose(dana, rule(house, AlertEvent.REFUND))
    assert on_in_core(house) == set() and not Preference.objects.exists()


def test_it_takes_a_signed_in_session(house: House, holder: Any, as_member: Any) -> None:
    with pytest.raises(LevelTooLow):
        choose(as_member(holder, signed_in=False), rule(house, AlertEvent.REFUND))
    assert not Evidence.objects.exists()


def test_a_core_that_falls_silent_half_way_leaves_nothing_half(house: House, holder_at_home: Actor) -> None:
    real, asked = current_core(), []

    class Silent:
        def __getattr__(self, name: str) -> Any:
            return self.set_alert if name == "set_alert" else getattr(real, name)

        def set_alert(self, customer: str, one: AlertRule, **more: Any) -> AlertRule:
            asked.append(more["key"])
            if len(asked) == 2:
                raise CoreUnknown("timed out")
            return real.set_alert(customer, one, **more)

    rules = (rule(house, AlertEvent.REFUND), rule(house, AlertEvent.DECLINED))
    use_core(Silent())  # type: ignore[arg-type]
    try:
        with pytest.raises(CoreSilent):
            choose(holder_at_home, *rules, by_mail=((house.account, "refund"),))
        assert on_in_core(house) == set() and not Preference.objects.exists()
        choose(holder_at_home, *rules)
    finally:
        use_core(real)
    assert asked[0] == asked[2] and asked[1] == asked[3]  # the same wish, so that it cannot be done twice
    assert on_in_core(house) == {AlertEvent.REFUND, AlertEvent.DECLINED}


def test_an_amount_of_another_currency_is_refused_in_words(house: House, holder_at_home: Actor) -> None:
    with pytest.raises(OtherCurrency, match="another currency"):
        choose(holder_at_home, rule(house, AlertEvent.PURCHASE, least=Money(5_00, "EUR")))


def test_changes_are_limited(house: House, holder_at_home: Actor) -> None:
    for number in range(ALERT_CHANGES.most):
        choose(holder_at_home, wish=f"wish {number}")
    with pytest.raises(TooMany):
        choose(holder_at_home, wish="one more")
