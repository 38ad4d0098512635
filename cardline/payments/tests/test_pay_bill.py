"""Paying the bill: once, for the day that was read, and written down with a reference."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from cardline.cases.models import Case, Entry
from cardline.issuer import core
from cardline.issuer.asking import CoreSilent
from cardline.issuer.core import PaymentState
from cardline.kit.actors import Actor, Kind
from cardline.kit.refusals import KeyReused, LevelTooLow, NotThere, Refusal, TooMany
from cardline.payments.commands import PAYMENTS, cancel_payment
from cardline.payments.models import FollowedPayment
from cardline.payments.refusals import (
    CountsOnAnotherDay,
    DayIsOver,
    MoreThanOwed,
    NothingToPay,
    SentDifferently,
    TooFarAhead,
    TooLateToCancel,
)
from cardline.payments.tests.scene import bank, bill, end_days, pay, payments, today

DAY = timedelta(days=1)


def test_a_payment_of_today_is_sent_and_stands_in_a_case_that_is_closed(
    cast: Any, maya: Actor, source: str
) -> None:
    done = pay(maya, cast.now, source, 20_00)
    (made,) = payments(cast.maya)
    assert (made.token, made.state, made.value_on) == (done["payment"], PaymentState.SENT, today(cast.now))
    case = Case.objects.get(ref=done["ref"])
    assert (case.subject, case.state) == ("Payment of $20.00", Case.State.CLOSED)
    entry = Entry.objects.get(case=case, kind="payment.made")
    assert json.loads(entry.data)["amount_minor"] == 20_00 and entry.side == "member"


def test_after_the_cut_off_it_counts_a_day_later_and_that_has_to_be_agreed(
    cast: Any, maya: Actor, source: str
) -> None:
    evening = cast.now + timedelta(hours=8)  # 6 pm
    with pytest.raises(CountsOnAnotherDay):
        pay(maya, evening, source, 20_00, counts_on=today(cast.now))
    assert payments(cast.maya) == []
    pay(maya, evening, source, 20_00, counts_on=today(cast.now) + DAY)
    assert payments(cast.maya)[0].value_on == today(cast.now) + DAY


def test_pressed_twice_it_is_paid_once(cast: Any, maya: Actor, source: str) -> None:
    first = pay(maya, cast.now, source, 20_00, key="press-0001", wish="press-0001")
    again = pay(maya, cast.now, source, 20_00, key="press-0001", wish="press-0001")
    assert first == again and len(payments(cast.maya)) == 1
    assert Case.objects.count() == 1


def test_the_same_key_with_another_amount_is_refused(cast: Any, maya: Actor, source: str) -> None:
    pay(maya, cast.now, source, 20_00, key="press-0001", wish="press-0001")
    with pytest.raises(KeyReused):
        pay(maya, cast.now, source, 30_00, key="press-0001", wish="press-0001")
    with pytest.raises(SentDifferently):  # ours is forgotten after 45 days, the core's is not
        pay(maya, cast.now, source, 30_00, key="press-0002", wish="press-0001")
    assert [one.amount.amount_minor for one in payments(cast.maya)] == [20_00]


class LosesAnswers:
    """A core in another house: it does what it is asked, and its answer to `pay` does not arrive the first time."""

    def __init__(self, real: Any, done: core.Payment) -> None:
        self.real, self.done, self.keys = real, done, list[str]()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)

    def pay(self, *args: Any, key: str, **kwargs: Any) -> core.Payment:
        self.keys.append(key)
        if len(self.keys) == 1:
            raise core.CoreUnknown("timed out")
        return self.done


@pytest.fixture
def real_core() -> Iterator[Any]:
    real = core.current_core()
    yield real
    core.use_core(real)


def test_without_an_answer_it_is_asked_again_as_the_same_wish(
    cast: Any, maya: Actor, source: str, real_core: Any
) -> None:
    pay(maya, cast.now, source, 20_00)
    lossy = LosesAnswers(real_core, payments(cast.maya)[0])
    core.use_core(lossy)
    with pytest.raises(CoreSilent):
        pay(maya, cast.now, source, 30_00, key="press-0001", wish="press-0001")
    done = pay(maya, cast.now, source, 30_00, key="press-0001", wish="press-0001")
    assert done["payment"] == lossy.done.token
    assert lossy.keys == [f"pay:{cast.maya.pk}:press-0001"] * 2


@pytest.mark.parametrize(
    ("amount_minor", "days", "refusal"),
    [
        (0, 0, NothingToPay),
        (-20_00, 0, NothingToPay),
        (10**15, 0, MoreThanOwed),
        (20_00, -1, DayIsOver),
        (20_00, 400, TooFarAhead),
    ],
)
def test_what_the_core_refuses_is_said_and_not_done(
    cast: Any, maya: Actor, source: str, amount_minor: int, days: int, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        pay(maya, cast.now, source, amount_minor, today(cast.now) + days * DAY)
    assert payments(cast.maya) == [] and not Case.objects.exists()


def test_the_core_s_own_bound_is_the_one_that_the_form_tells(cast: Any, maya: Actor, source: str) -> None:
    from cardline.payments.rules import last_day_to_plan

    last = last_day_to_plan(today(cast.now))
    with pytest.raises(TooFarAhead):
        pay(maya, cast.now, source, 20_00, last + DAY)
    assert pay(maya, cast.now, source, 20_00, last)["ref"]


def test_more_than_is_owed_counting_what_is_on_its_way(cast: Any, maya: Actor, source: str) -> None:
    most = bill(maya, cast.now).left.most.amount_minor
    pay(maya, cast.now, source, most - 10_00, wish="first")
    assert bill(maya, cast.now).left.most.amount_minor == 10_00
    with pytest.raises(MoreThanOwed):
        pay(maya, cast.now, source, 10_01, wish="second")
    pay(maya, cast.now, source, 10_00, wish="third")


def test_what_is_another_s_is_not_there(cast: Any, maya: Actor, source: str, as_member: Any) -> None:
    tomasz, nils = as_member(cast.tomasz), as_member(cast.nils)
    theirs = bank(tomasz, cast.now)
    account = bill(maya, cast.now).account
    done = pay(maya, cast.now, source, 20_00, today(cast.now) + 3 * DAY)
    for wrong in (
        lambda: pay(tomasz, cast.now, theirs, 20_00, account=account),
        lambda: pay(maya, cast.now, theirs, 20_00, wish="other"),
        lambda: pay(maya, cast.now, source, 20_00, account="acc_none", wish="other"),
        lambda: cancel_payment(by=tomasz, now=cast.now, payment=done["payment"]),
        lambda: cancel_payment(by=nils, now=cast.now, payment=done["payment"]),
        lambda: cancel_payment(by=maya, now=cast.now, payment="pay_none"),
    ):
        with pytest.raises(NotThere):
            wrong()
    assert len(payments(cast.maya)) == 1


def test_who_is_not_surely_known_pays_nothing(cast: Any, maya: Actor, source: str, as_member: Any) -> None:
    with pytest.raises(LevelTooLow):
        pay(as_member(cast.rosa, signed_in=False), cast.now, source, 20_00)


def test_a_colleague_without_a_conversation_pays_nobody_s_bill(cast: Any, maya: Actor, source: str) -> None:
    with pytest.raises(LevelTooLow):
        pay(maya, cast.now, source, 20_00, by=Actor(Kind.AGENT, "1"))


def test_too_often_is_too_often(cast: Any, maya: Actor, source: str) -> None:
    with pytest.raises(TooMany):
        for n in range(PAYMENTS.most * 2):
            pay(maya, cast.now, source, 1, wish=f"press {n}")


# --------------------------------------------------------------------------------------------------- cancelling


def test_a_planned_payment_is_taken_back_in_its_own_case(cast: Any, maya: Actor, source: str) -> None:
    done = pay(maya, cast.now, source, 20_00, today(cast.now) + 3 * DAY)
    first = cancel_payment(by=maya, now=cast.now, payment=done["payment"])
    again = cancel_payment(by=maya, now=cast.now, payment=done["payment"])
    assert (first["ref"], first["changed"], again["changed"]) == (done["ref"], True, False)
    assert payments(cast.maya)[0].state == PaymentState.CANCELLED
    assert Entry.objects.filter(kind="payment.cancelled").count() == 1
    assert not FollowedPayment.objects.exclude(look_at=None).exists()


def test_what_went_to_the_bank_cannot_be_taken_back(cast: Any, maya: Actor, source: str) -> None:
    done = pay(maya, cast.now, source, 20_00)
    with pytest.raises(TooLateToCancel):
        cancel_payment(by=maya, now=cast.now, payment=done["payment"])
    later = pay(maya, cast.now, source, 20_00, today(cast.now) + DAY, wish="planned")
    end_days(cast.now + DAY)
    with pytest.raises(TooLateToCancel):
        cancel_payment(by=maya, now=cast.now + DAY, payment=later["payment"])


def test_a_joint_holder_takes_it_back_in_a_case_of_their_own(cast: Any, maya: Actor, as_member: Any) -> None:
    tomasz, agata = as_member(cast.tomasz), as_member(cast.agata)
    done = pay(tomasz, cast.now, bank(tomasz, cast.now), 20_00, today(cast.now) + 3 * DAY)
    cancelled = cancel_payment(by=agata, now=cast.now, payment=done["payment"])
    assert cancelled["changed"] and cancelled["ref"] != done["ref"]
    assert Case.objects.get(ref=cancelled["ref"]).member_id == cast.agata.pk
