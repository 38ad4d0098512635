"""What becomes of a payment afterwards: it arrives, or the bank gives it back and its case opens again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from cardline.cases.models import Case, Entry
from cardline.issuer.core import BadReply, CoreUnknown, PaymentState, current_core, use_core
from cardline.issuer.embedded import models as rows
from cardline.kit.actors import Actor
from cardline.payments.autopay import set_autopay
from cardline.payments.models import FollowedAutopay, FollowedPayment
from cardline.payments.sweeps import sweep
from cardline.payments.tests.scene import bank, bill, end_days, pay, payments, today

DAY = timedelta(days=1)


def pass_days(cast: Any, days: int) -> datetime:
    """Each day as it comes: the core works it off, then we ask. Returns the moment at which it is over."""
    now: datetime = cast.now
    for n in range(1, days + 1):
        now = cast.now + n * DAY
        end_days(now)
        sweep(now)
    return now


def test_one_that_arrived_is_asked_after_until_the_bank_can_say_no_more(
    cast: Any, maya: Actor, source: str
) -> None:
    done = pay(maya, cast.now, source, 20_00)
    pass_days(cast, 3)
    assert payments(cast.maya)[0].state == PaymentState.POSTED
    assert FollowedPayment.objects.exclude(look_at=None).exists()
    pass_days(cast, 9)
    assert not FollowedPayment.objects.exclude(look_at=None).exists()
    assert Case.objects.get(ref=done["ref"]).state == Case.State.CLOSED
    assert not Entry.objects.filter(kind="payment.failed").exists()


def test_one_that_came_back_opens_its_case_again_once(cast: Any, maya: Actor, source: str) -> None:
    rows.BankAccount.objects.update(answers="no_funds")
    done = pay(maya, cast.now, source, 20_00)
    now = pass_days(cast, 8)
    case = Case.objects.get(ref=done["ref"])
    assert case.state == Case.State.OPEN
    (entry,) = Entry.objects.filter(case=case, kind="payment.failed")
    failed = payments(cast.maya)[0]
    assert failed.mend_by is not None
    assert f'"mend_by":"{failed.mend_by}"' in entry.data and '"reason":"no_funds"' in entry.data
    assert entry.visible and entry.side == "system"
    assert sweep(now + 30 * DAY) == 0


def test_the_payment_that_mends_it_closes_that_case(cast: Any, maya: Actor, source: str) -> None:
    rows.BankAccount.objects.update(answers="no_funds")
    failed = pay(maya, cast.now, source, 20_00)
    now = pass_days(cast, 4)
    assert [one.token for one in bill(maya, now).failed] == [failed["payment"]]
    rows.BankAccount.objects.update(answers="")
    mended = pay(maya, now, source, 20_00, wish="again")
    assert mended["ref"] == failed["ref"]
    assert Case.objects.get().state == Case.State.CLOSED


def test_a_payment_of_another_account_does_not_close_it(
    cast: Any, maya: Actor, source: str, as_member: Any
) -> None:
    rows.BankAccount.objects.update(answers="no_funds")
    failed = pay(maya, cast.now, source, 20_00)
    now = pass_days(cast, 4)
    tomasz = as_member(cast.tomasz)
    other = pay(tomasz, now, bank(tomasz, now), 20_00)
    assert other["ref"] != failed["ref"]
    assert Case.objects.get(ref=failed["ref"]).state == Case.State.OPEN


def test_a_planned_one_that_was_not_needed_any_more_is_said(cast: Any, maya: Actor, source: str) -> None:
    planned = pay(maya, cast.now, source, 20_00, today(cast.now) + 3 * DAY, wish="planned")
    pay(maya, cast.now, source, bill(maya, cast.now).left.most.amount_minor, wish="all of it")
    pass_days(cast, 6)
    assert Entry.objects.filter(case__ref=planned["ref"], kind="payment.not_made").count() == 1
    assert FollowedPayment.objects.get(payment=planned["payment"]).look_at is None


# ------------------------------------------------------------------------------------------------------ autopay


def lets_it_pay(cast: Any, maya: Actor, source: str) -> str:
    done = set_autopay(
        by=maya, now=cast.now, account=bill(maya, cast.now).account, source=source, mode="full", wish="on"
    )
    return str(done["ref"])


def test_an_autopay_payment_that_came_back_opens_the_case_of_its_autopay(
    cast: Any, maya: Actor, source: str
) -> None:
    rows.BankAccount.objects.update(answers="account_closed")
    ref = lets_it_pay(cast, maya, source)
    pass_days(cast, 26)
    case = Case.objects.get(ref=ref)
    (entry,) = Entry.objects.filter(kind="payment.failed")
    assert (entry.case_id, case.state) == (case.pk, Case.State.OPEN)
    assert '"reason":"account_closed"' in entry.data


def test_what_autopay_leaves_out_because_it_was_paid_by_hand_is_no_news(
    cast: Any, maya: Actor, source: str
) -> None:
    lets_it_pay(cast, maya, source)
    pay(maya, cast.now, source, 560_00)
    pass_days(cast, 26)
    assert not Entry.objects.filter(kind__in=("payment.not_made", "payment.failed")).exists()
    assert not FollowedPayment.objects.exclude(look_at=None).exists()
    assert FollowedAutopay.objects.exclude(look_at=None).exists()


def test_stopped_it_is_not_asked_after_any_more(cast: Any, maya: Actor, source: str) -> None:
    lets_it_pay(cast, maya, source)
    pass_days(cast, 1)
    account = bill(maya, cast.now).account
    current_core().stop_autopay(cast.maya.core_customer, account, at=cast.now + DAY, key="by phone")
    pass_days(cast, 3)
    assert not FollowedAutopay.objects.exclude(look_at=None).exists()


# ----------------------------------------------------------------------------------------------------- silence


class Broken:
    """A core that fails at questions about payments, and counts how often it was asked."""

    def __init__(self, real: Any, error: Exception) -> None:
        self.real, self.error, self.asked = real, error, 0

    def __getattr__(self, name: str) -> Any:
        return self._fail if name in ("payment", "payments") else getattr(self.real, name)

    def _fail(self, *args: Any, **kwargs: Any) -> None:
        self.asked += 1
        raise self.error


@pytest.fixture
def broken() -> Iterator[Callable[[Exception], Broken]]:
    real = current_core()

    def plug_in(error: Exception) -> Broken:
        core = Broken(real, error)
        use_core(core)
        return core

    yield plug_in
    use_core(real)


@pytest.mark.parametrize(("error", "questions"), [(CoreUnknown("timed out"), 1), (BadReply("nonsense"), 3)])
def test_what_cannot_be_asked_now_is_asked_again_later(
    cast: Any, maya: Actor, source: str, broken: Any, error: Exception, questions: int
) -> None:
    pay(maya, cast.now, source, 20_00, wish="first")
    pay(maya, cast.now, source, 30_00, wish="second")
    lets_it_pay(cast, maya, source)
    core, now = broken(error), cast.now + 2 * DAY
    assert sweep(now) == 0 and core.asked == questions  # a silent one keeps nobody waiting for each of them
    assert sweep(now) == 0 and core.asked == questions
    looks = [
        *FollowedPayment.objects.values_list("look_at", flat=True),
        FollowedAutopay.objects.get().look_at,
    ]
    assert all(look_at and now < look_at < now + timedelta(hours=1) for look_at in looks)
