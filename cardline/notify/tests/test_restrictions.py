"""An alert that a restriction holds back: kept with its reason, and not sent later. It stands on their pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cardline.issuer.core import AlertEvent
from cardline.issuer.embedded.tests.house import NOW
from cardline.members.models import HeldMessage, Member, Restriction
from cardline.members.restrictions.queries import may_send
from cardline.members.restrictions.rules import Allow, Redirect, Refuse
from cardline.members.restrictions.table import UnknownAction
from cardline.members.restrictions.tests.scene import RUTH, place
from cardline.notify import sweeps
from cardline.notify.models import Delivery
from cardline.notify.tests.conftest import Alerts
from cardline.notify.tests.test_deliveries import at  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db
DECLINED, DUE = AlertEvent.DECLINED, AlertEvent.PAYMENT_DUE


def held() -> list[tuple[str, str, str]]:
    rows = HeldMessage.objects.order_by("pk")
    return [(row.kind, row.answer, row.restriction.kind) for row in rows]


def test_an_alert_for_somebody_represented_waits_for_a_colleague_with_its_reason(
    alerts: Alerts,
    at: Any,  # noqa: F811
    mailoutbox: list[Any],
) -> None:
    alerts.want(DECLINED)
    place(alerts.holder.pk, "represented", NOW, speaker=RUTH)
    alerts.raised(DECLINED)
    at(NOW)
    assert mailoutbox == [] and held() == [("alert:declined", "redirect", "represented")]
    one = Delivery.objects.get()
    assert (one.state, one.problem) == ("left_out", "restricted")
    Restriction.objects.update(lifted_at=NOW, lifted_by="agent:1", lifted_why="Over.")
    at(NOW + timedelta(hours=1))
    assert mailoutbox == [] and len(held()) == 1


def test_a_stay_stops_asking_for_money_and_nothing_else(
    alerts: Alerts,
    at: Any,  # noqa: F811
    mailoutbox: list[Any],
) -> None:
    alerts.want(DECLINED, DUE)
    place(alerts.holder.pk, "bankruptcy", NOW)
    alerts.raised(DECLINED)
    alerts.raised(DUE, "stm_1")
    at(NOW)
    assert len(mailoutbox) == 1 and alerts.states == ["sent", "left_out"]
    assert held() == [("alert:payment_due", "refuse", "bankruptcy")]


def test_one_that_is_placed_after_the_mail_was_queued_still_stops_it(
    alerts: Alerts,
    at: Any,  # noqa: F811
    mailoutbox: list[Any],
) -> None:
    alerts.want(DECLINED)
    alerts.raised(DECLINED)
    sweeps.sweep(NOW)
    assert alerts.states == ["queued"]
    place(alerts.holder.pk, "cease_contact", NOW)
    at(NOW)
    assert mailoutbox == [] and held() == [("alert:declined", "refuse", "cease_contact")]


def test_one_about_another_account_lets_it_go(
    alerts: Alerts,
    at: Any,  # noqa: F811
    mailoutbox: list[Any],
) -> None:
    alerts.want(DECLINED)
    row = place(alerts.holder.pk, "represented", NOW, account=alerts.house.account, speaker=RUTH)
    Restriction.objects.filter(pk=row).update(account="acc_elsewhere")
    alerts.raised(DECLINED)
    at(NOW)
    assert len(mailoutbox) == 1 and held() == []


def test_one_that_is_over_lets_the_next_go(
    alerts: Alerts,
    at: Any,  # noqa: F811
    mailoutbox: list[Any],
) -> None:
    alerts.want(DECLINED)
    end = NOW + timedelta(hours=1)
    place(alerts.holder.pk, "cease_contact", NOW, until=end)
    alerts.raised(DECLINED, "during", NOW)
    at(end - timedelta(microseconds=1))
    alerts.raised(DECLINED, "after", end)
    at(end)
    assert alerts.states == ["left_out", "sent"] and len(mailoutbox) == 1


def test_may_send_says_yes_no_or_to_whom(holder: Member) -> None:
    assert may_send(holder.pk, "message:news", NOW) == Allow()
    place(holder.pk, "represented", NOW, speaker=RUTH)
    to = may_send(holder.pk, "message:news", NOW)
    assert isinstance(to, Redirect) and to.representative.name == "Ruth Adeyemi"
    assert isinstance(may_send(holder.pk, "message:offer", NOW), Refuse)
    assert may_send(holder.pk, "message:contact_changed", NOW) == Allow()  # it protects
    with pytest.raises(UnknownAction, match="message:unheard_of"):
        may_send(holder.pk, "message:unheard_of", NOW)
