"""Bank accounts: added once, removed when nothing needs them, and no number of theirs kept anywhere."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps

from cardline.kit.actors import Actor
from cardline.kit.redact import clean
from cardline.kit.refusals import KeyReused, LevelTooLow, Malformed, NotThere, TooMany
from cardline.kit.secret import Secret
from cardline.payments.bank_accounts import BANK_ACCOUNTS, add_bank_account, remove_bank_account
from cardline.payments.commands import cancel_payment
from cardline.payments.queries import bank_accounts_of
from cardline.payments.refusals import BadNumber, BadRouting, BankAccountInUse
from cardline.payments.tests.scene import NUMBER, ROUTING, bank, pay, today


def adds(
    actor: Actor, cast: Any, routing: str = ROUTING, number: str = NUMBER, **other: Any
) -> dict[str, Any]:
    wish = {"kind": "checking", "name": clean("Elm Bank"), "wish": "a wish of ours", **other}
    return add_bank_account(
        **{"by": actor, **wish}, now=cast.now, routing=Secret(routing), number=Secret(number)
    )


def test_the_numbers_stay_nowhere(cast: Any, maya: Actor, caplog: pytest.LogCaptureFixture) -> None:
    added = adds(maya, cast, number="00055501429876", key="press-0001")
    assert added["last4"] == "9876"
    kept = "".join(everything())
    assert added["source"] in kept  # we look where it would be
    for number in ("00055501429876", ROUTING):
        assert number not in kept and number not in caplog.text
    secret = Secret(ROUTING)
    assert ROUTING not in f"{secret} {secret!r} {json.dumps([secret], default=str)}"


def everything() -> list[str]:
    """Every row of every table, as text."""
    tables = apps.get_models(include_auto_created=True)
    return [str(row) for table in tables for row in table._default_manager.values_list()]


def test_added_again_it_is_the_same_one(cast: Any, maya: Actor) -> None:
    first = adds(maya, cast, key="press-0001")
    assert adds(maya, cast, key="press-0001") == first
    assert adds(maya, cast, wish="another wish") == first
    with pytest.raises(KeyReused):
        adds(maya, cast, number="123456", key="press-0001")
    assert len(bank_accounts_of(maya)) == 1


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"routing": "123456789"}, BadRouting),
        ({"routing": "12345678"}, BadRouting),
        ({"number": "123"}, BadNumber),
        ({"number": "12345678901234567890"}, BadNumber),
        ({"kind": "piggy"}, Malformed),
    ],
)
def test_a_number_that_cannot_be_is_refused(
    cast: Any, maya: Actor, changed: dict[str, str], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        adds(maya, cast, **changed)
    assert bank_accounts_of(maya) == []


def test_it_is_removed_once_nothing_is_to_come_from_it(cast: Any, maya: Actor, source: str) -> None:
    planned = pay(maya, cast.now, source, 20_00, today(cast.now) + timedelta(days=3))
    with pytest.raises(BankAccountInUse):
        remove_bank_account(by=maya, now=cast.now, source=source)
    cancel_payment(by=maya, now=cast.now, payment=planned["payment"])
    for _ in range(2):
        assert remove_bank_account(by=maya, now=cast.now, source=source)
    assert bank_accounts_of(maya) == []


def test_what_is_another_s_is_not_there(cast: Any, maya: Actor, source: str, as_member: Any) -> None:
    with pytest.raises(NotThere):
        remove_bank_account(by=as_member(cast.tomasz), now=cast.now, source=source)
    with pytest.raises(NotThere):
        remove_bank_account(by=maya, now=cast.now, source="bank_none")
    assert bank_accounts_of(maya) and not bank_accounts_of(as_member(cast.tomasz))


def test_with_an_additional_card_there_is_no_bill_to_pay(cast: Any, as_member: Any) -> None:
    with pytest.raises(NotThere):
        adds(as_member(cast.nils), cast)


def test_who_is_not_surely_known_adds_none(cast: Any, as_member: Any) -> None:
    with pytest.raises(LevelTooLow):
        adds(as_member(cast.rosa, signed_in=False), cast)


def test_too_often_is_too_often(cast: Any, maya: Actor) -> None:
    with pytest.raises(TooMany):
        for n in range(BANK_ACCOUNTS.most + 1):
            bank(maya, cast.now, f"12345{n:04}")
