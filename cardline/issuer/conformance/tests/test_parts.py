"""What is broken in a part a core offers is found, too: the embedded core, broken in one place at a time."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from cardline.issuer.conformance.suite import Result, run
from cardline.issuer.core import (
    AlertRule,
    Applicant,
    Application,
    Autopay,
    Card,
    CoreRefused,
    Dispute,
    Page,
    Payment,
    Rewards,
)
from cardline.issuer.embedded.core import EmbeddedCore
from cardline.issuer.embedded.stand import Corner
from cardline.kit.actors import SYSTEM, Kind, Standing
from cardline.kit.commands import command
from cardline.kit.money import Money

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


@command("test.broken_core", by=[Kind.SYSTEM], housekeeping=True)
def in_command(*, by: Standing, now: datetime, what: Callable[[], Any]) -> Any:
    return what()


def checked(core: EmbeddedCore, check: str) -> Result:
    def look() -> Result:
        corner = Corner(NOW)
        corner.core = core
        (result,) = run(lambda: nullcontext(corner), only=check)
        return result

    result: Result = in_command(by=SYSTEM, now=NOW, what=look)
    return result


class PaysTwice(EmbeddedCore):
    _asked = 0

    def pay(self, customer: str, *, key: str, **wish: Any) -> Payment:
        self._asked += 1
        return super().pay(customer, key=f"{key} {self._asked}", **wish)


class TakesAnyAmount(EmbeddedCore):
    def pay(self, customer: str, **wish: Any) -> Payment:
        try:
            return super().pay(customer, **wish)
        except CoreRefused as no:
            raise CoreRefused("failed") from no


class ForgetsToStop(EmbeddedCore):
    def stop_autopay(self, customer: str, account: str, *, at: datetime, key: str) -> None:
        pass


class ShowsAutopayTwice(EmbeddedCore):
    _asked = 0

    def set_autopay(self, customer: str, **wish: Any) -> Autopay:
        self._asked += 1
        return replace(super().set_autopay(customer, **wish), since=NOW.replace(hour=self._asked))


class HearsNothing(EmbeddedCore):
    def set_alert(self, customer: str, rule: AlertRule, *, at: datetime, key: str) -> AlertRule:
        return rule


class NeedsNoBirthday(EmbeddedCore):
    def application(self, reference: str, born: date) -> Application:
        return super().application(reference, date(1990, 1, 1))


class OneReference(EmbeddedCore):
    def apply(self, applicant: Applicant, *, at: datetime, key: str) -> Application:
        return super().apply(applicant, at=at, key="always this one")


class DisputesNothing(EmbeddedCore):
    def open_dispute(self, transaction: str, **wish: Any) -> Dispute:
        raise CoreRefused("closed")


class GivesPoints(EmbeddedCore):
    def rewards(self, customer: str, account: str) -> Rewards:
        return replace(super().rewards(customer, account), points=500)


class HidesPayments(EmbeddedCore):
    def payments(self, customer: str, account: str, **where: Any) -> Page[Payment]:
        return Page([])


class GivesEmergencyCardsToAnybody(EmbeddedCore):
    def emergency_card(self, token: str, *, at: datetime, key: str, **wish: Any) -> Card:
        self.freeze(token, at=at, key=f"freeze {key}")
        return super().emergency_card(token, at=at, key=key, **{**wish, "limit": Money(1_00, "USD")})


class MakesEmergencyCardsTwice(EmbeddedCore):
    _asked = 0

    def emergency_card(self, token: str, *, key: str, **wish: Any) -> Card:
        self._asked += 1
        return super().emergency_card(token, key=f"{key} {self._asked}", **wish)


@pytest.mark.parametrize(
    ("kind", "check"),
    [
        (GivesEmergencyCardsToAnybody, "an_emergency_card_stands_in_for_one_that_does_not_work"),
        (GivesEmergencyCardsToAnybody, "an_emergency_card_that_cannot_be_is_refused"),
        (MakesEmergencyCardsTwice, "an_emergency_card_stands_in_for_one_that_does_not_work"),
        (PaysTwice, "a_payment_is_made_once"),
        (HidesPayments, "a_payment_is_made_once"),
        (TakesAnyAmount, "a_payment_that_cannot_be_is_refused"),
        (ForgetsToStop, "autopay_is_set_and_stopped_by_its_holder"),
        (ShowsAutopayTwice, "autopay_is_set_and_stopped_by_its_holder"),
        (HearsNothing, "an_alert_comes_once_and_to_its_holder"),
        (NeedsNoBirthday, "an_application_is_one_and_its_own_secret"),
        (OneReference, "an_application_is_one_and_its_own_secret"),
        (DisputesNothing, "a_dispute_is_about_something_posted"),
        (GivesPoints, "points_that_are_not_there_are_not_spent"),
    ],
)
def test_what_is_broken_in_a_part_is_found(db: None, kind: type[EmbeddedCore], check: str) -> None:
    assert checked(EmbeddedCore(), check).bad == ()
    assert checked(kind(), check).bad
