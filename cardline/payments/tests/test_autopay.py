"""Autopay: set, changed, stopped, each with a reference."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from cardline.cases.models import Case, Entry
from cardline.issuer.core import current_core
from cardline.kit.actors import Actor
from cardline.kit.money import Money
from cardline.kit.refusals import KeyReused, LevelTooLow, Malformed, NotThere
from cardline.payments.autopay import set_autopay, stop_autopay
from cardline.payments.refusals import NothingToPay
from cardline.payments.tests.scene import bank, bill

DAY = timedelta(days=1)


def sets(actor: Actor, cast: Any, source: str, mode: str = "full", **other: Any) -> dict[str, Any]:
    wish = {"account": bill(actor, cast.now).account, "now": cast.now, "wish": "a wish of ours", **other}
    return set_autopay(**{"by": actor, **wish}, source=source, mode=mode)


def stops(actor: Actor, cast: Any, **other: Any) -> dict[str, Any]:
    account = other.pop("account", None) or bill(actor, cast.now).account
    return stop_autopay(**{"by": actor, "wish": "enough", **other}, account=account, now=cast.now)


def test_it_plans_the_statement_for_its_due_date(cast: Any, maya: Actor, source: str) -> None:
    done = sets(maya, cast, source)
    found = bill(maya, cast.now)
    assert found.autopay is not None
    assert (found.autopay.next_on, found.autopay.next_amount) == (found.due.on, Money(500_00, "USD"))
    assert found.left.statement == Money(500_00, "USD")  # it may still be paid by hand
    case = Case.objects.get(ref=done["ref"])
    assert (case.subject, case.need, case.state) == (
        "Autopay turned on",
        "payment.autopay",
        Case.State.CLOSED,
    )


@pytest.mark.parametrize(
    ("mode", "amount", "taken"), [("minimum", None, None), ("fixed", 70_00, 70_00), ("fixed", 10**12, 560_00)]
)
def test_the_amount_follows_the_mode(
    cast: Any, maya: Actor, source: str, mode: str, amount: int | None, taken: int | None
) -> None:
    sets(maya, cast, source, mode, amount_minor=amount)
    found = bill(maya, cast.now)
    assert found.autopay is not None and found.autopay.next_amount is not None
    assert found.autopay.next_amount.amount_minor == (taken or found.due.minimum.amount_minor)


def test_a_change_takes_the_place_of_what_was_set(cast: Any, maya: Actor, source: str) -> None:
    sets(maya, cast, source)
    changed = sets(maya, cast, source, "fixed", amount_minor=70_00, wish="another wish")
    assert Case.objects.get(ref=changed["ref"]).subject == "Autopay changed"
    assert len(bill(maya, cast.now).coming) == 1


def test_a_stop_says_what_becomes_of_what_was_planned(cast: Any, maya: Actor, source: str) -> None:
    sets(maya, cast, source)
    done = stops(maya, cast)
    told = json.loads(Entry.objects.get(case__ref=done["ref"], kind="autopay.stopped").data)
    assert (told["next_minor"], told["too_late"]) == (500_00, False)
    assert bill(maya, cast.now).autopay is None and not bill(maya, cast.now).coming
    assert stops(maya, cast)["changed"] is False
    assert Entry.objects.filter(kind="autopay.stopped").count() == 1


def test_set_again_after_a_stop_it_is_on_again(cast: Any, maya: Actor, source: str) -> None:
    sets(maya, cast, source, wish="first", key="press-0001")
    stops(maya, cast, wish="second", key="press-0002")
    sets(maya, cast, source, wish="third", key="press-0003")
    stops(maya, cast, wish="fourth", key="press-0004")
    assert current_core().autopay(cast.maya.core_customer, bill(maya, cast.now).account) is None


@pytest.mark.parametrize(
    ("mode", "amount", "refusal"),
    [
        ("fixed", None, Malformed),
        ("full", 70_00, Malformed),
        ("weekly", None, Malformed),
        ("fixed", 0, NothingToPay),
        ("fixed", -5, NothingToPay),
    ],
)
def test_what_cannot_be_is_refused(
    cast: Any, maya: Actor, source: str, mode: str, amount: int | None, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        sets(maya, cast, source, mode, amount_minor=amount)
    assert bill(maya, cast.now).autopay is None


def test_it_is_set_once_for_a_form(cast: Any, maya: Actor, source: str) -> None:
    first = sets(maya, cast, source, key="press-0001", wish="press-0001")
    assert sets(maya, cast, source, key="press-0001", wish="press-0001") == first
    with pytest.raises(KeyReused):
        sets(maya, cast, source, "minimum", key="press-0001", wish="press-0001")
    assert Entry.objects.filter(kind="autopay.set").count() == 1


def test_what_is_another_s_is_not_there(cast: Any, maya: Actor, source: str, as_member: Any) -> None:
    tomasz, account = as_member(cast.tomasz), bill(maya, cast.now).account
    sets(maya, cast, source)
    theirs = bank(tomasz, cast.now)
    for wrong in (
        lambda: sets(tomasz, cast, theirs, account=account),
        lambda: sets(maya, cast, theirs, wish="other"),
        lambda: stops(tomasz, cast, account=account),
        lambda: stops(as_member(cast.nils), cast, account=account),
    ):
        with pytest.raises(NotThere):
            wrong()
    found = bill(maya, cast.now).autopay
    assert found is not None and found.source == source


def test_who_is_not_surely_known_changes_nothing(cast: Any, maya: Actor, as_member: Any) -> None:
    rosa = as_member(cast.rosa, signed_in=False)
    with pytest.raises(LevelTooLow):
        sets(rosa, cast, "bank_none")
    with pytest.raises(LevelTooLow):
        stops(rosa, cast)
