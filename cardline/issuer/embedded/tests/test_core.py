"""The embedded core: the same key does nothing twice, and sums agree with the movements."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cardline.issuer.core import CardState, CoreNotFound, CoreRefused, Which, current_core
from cardline.issuer.embedded import models as rows

MAYA = "demo-maya"


@pytest.fixture
def token(cast: Any) -> str:
    return current_core().cards(MAYA)[0].token


def test_a_request_repeated_late_does_not_undo_what_came_after(cast: Any, token: str) -> None:
    core = current_core()
    core.freeze(token, at=cast.now, key="k1")
    core.unfreeze(token, at=cast.now + timedelta(hours=1), key="k2")
    assert core.freeze(token, at=cast.now + timedelta(hours=2), key="k1").state == CardState.ACTIVE


def test_one_key_for_two_changes_is_refused(cast: Any, token: str) -> None:
    core = current_core()
    core.freeze(token, at=cast.now, key="k1")
    with pytest.raises(CoreRefused, match="key_reused"):
        core.unfreeze(token, at=cast.now, key="k1")


def test_a_closed_card_is_neither_frozen_nor_thawed(cast: Any, token: str) -> None:
    rows.Card.objects.filter(token=token).update(closed_at=cast.now)
    for change in (current_core().freeze, current_core().unfreeze):
        with pytest.raises(CoreRefused, match="closed"):
            change(token, at=cast.now, key="k")
    assert current_core().card(MAYA, token).state == CardState.CLOSED


def test_an_unknown_card_is_not_found(cast: Any) -> None:
    with pytest.raises(CoreNotFound):
        current_core().freeze("card_none", at=cast.now, key="k")
    with pytest.raises(CoreNotFound):
        current_core().card(MAYA, "card_none")
    with pytest.raises(CoreNotFound):
        current_core().transactions("demo-luis", Which(card=current_core().cards(MAYA)[0].token))


def test_balance_and_pending_are_the_sums_of_the_movements(cast: Any) -> None:
    for customer in ("demo-maya", "demo-rosa", "demo-tomasz"):
        (account,) = current_core().accounts(customer)
        moved = current_core().transactions(customer, most=200).items
        assert account.balance.amount_minor == sum(
            t.amount.amount_minor for t in moved if t.state == "posted"
        )
        assert account.pending.amount_minor == sum(
            t.amount.amount_minor for t in moved if t.state == "pending"
        )


def test_no_column_of_the_core_could_hold_a_card_number() -> None:  # SR-1, SR-2
    for model in (rows.Card, rows.Account, rows.Transaction):
        for field in model._meta.get_fields():
            assert field.name not in {"number", "pan", "cvc", "cvv", "cid", "pin", "track", "expiry"}
    assert rows.Card._meta.get_field("bin").max_length == 8
    assert rows.Card._meta.get_field("last4").max_length == 4
