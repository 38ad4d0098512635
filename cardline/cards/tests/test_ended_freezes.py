"""A freeze that ends by itself: its row, its case and its entry say so, once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from cardline.cards import commands
from cardline.cards.commands import end_freeze, freeze_card, unfreeze_card
from cardline.cards.models import Freeze
from cardline.cards.queries import cards_of
from cardline.cards.sweeps import sweep
from cardline.cards.tests.distance import far_away
from cardline.cases.models import Case, Entry
from cardline.issuer.embedded import models as rows
from cardline.kit import clock
from cardline.kit.actors import SYSTEM

A_DAY = timedelta(days=1)


@pytest.fixture
def maya(cast: Any, as_member: Any) -> Any:
    return as_member(cast.maya)


@pytest.fixture
def frozen(cast: Any, maya: Any) -> Iterator[Any]:
    """Frozen for a day, which is over: business time stands behind its end."""
    before = clock.offset()
    card = cards_of(maya)[0].token
    answer = freeze_card(by=maya, now=cast.now, card=card, until=cast.now + A_DAY)
    clock.set_offset(cast.now + A_DAY + timedelta(minutes=1) - clock.machine_now())
    yield answer
    clock.set_offset(before)


def test_the_row_is_closed_as_of_its_end_and_the_case_with_it(cast: Any, frozen: Any) -> None:
    assert sweep(clock.now()) == 1
    freeze = Freeze.objects.get()
    assert (freeze.unfrozen_at, freeze.unfrozen_by) == (cast.now + A_DAY, "core")
    assert Case.objects.get(pk=frozen["case_id"]).state == Case.State.CLOSED
    written = Entry.objects.filter(case=frozen["case_id"]).order_by("n").values_list("kind", flat=True)
    assert list(written) == ["case.opened", "card.frozen", "card.thawed", "case.closed"]


def test_the_second_look_and_the_second_worker_find_nothing_to_do(frozen: Any) -> None:
    now, freeze = clock.now(), Freeze.objects.get()
    assert sweep(now) == 1 and sweep(now) == 0
    assert not end_freeze(by=SYSTEM, now=now, freeze_id=freeze.pk)
    assert Entry.objects.filter(kind="card.thawed").count() == 1


def test_two_workers_that_ask_at_once_write_it_down_once(
    frozen: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = commands._card

    def while_another_is_quicker(member: Any, token: str) -> Any:
        Freeze.objects.update(unfrozen_at=clock.now(), unfrozen_by="core")
        return ask(member, token)

    monkeypatch.setattr(commands, "_card", while_another_is_quicker)
    assert not end_freeze(by=SYSTEM, now=clock.now(), freeze_id=Freeze.objects.get().pk)
    assert not Entry.objects.filter(kind="card.thawed").exists()


def test_before_its_end_nothing_happens(cast: Any, maya: Any) -> None:
    freeze_card(by=maya, now=cast.now, card=cards_of(maya)[0].token, until=cast.now + A_DAY)
    assert sweep(cast.now + A_DAY - timedelta(seconds=1)) == 0
    assert Freeze.objects.get().unfrozen_at is None


def test_what_the_core_still_calls_frozen_is_frozen_for_as_long_as_it_says(cast: Any, frozen: Any) -> None:
    longer = cast.now + 3 * A_DAY
    rows.Card.objects.filter(token=frozen["card"]).update(freeze_expires=longer)
    assert sweep(clock.now()) == 0
    freeze = Freeze.objects.get()
    assert (freeze.unfrozen_at, freeze.until) == (None, longer)


def test_the_case_stays_open_while_another_card_in_it_is_frozen(cast: Any, as_member: Any) -> None:
    rosa = as_member(cast.rosa)
    first, second, _ = cards_of(rosa)
    answer = freeze_card(by=rosa, now=cast.now, card=first.token, until=cast.now + A_DAY)
    freeze_card(by=rosa, now=cast.now, card=second.token)
    before = clock.offset()
    clock.set_offset(cast.now + A_DAY - clock.machine_now() + timedelta(minutes=1))
    try:
        assert sweep(clock.now()) == 1
    finally:
        clock.set_offset(before)
    assert Case.objects.get(pk=answer["case_id"]).state == Case.State.OPEN


def test_one_that_was_undone_in_time_has_no_end_left(cast: Any, maya: Any) -> None:
    card = cards_of(maya)[0].token
    freeze_card(by=maya, now=cast.now, card=card, until=cast.now + A_DAY)
    unfreeze_card(by=maya, now=cast.now + timedelta(hours=1), card=card)
    assert sweep(cast.now + 2 * A_DAY) == 0
    assert not Entry.objects.filter(kind="card.thawed").exists()


def test_a_silent_core_is_asked_again_in_a_minute(frozen: Any) -> None:
    with far_away() as far:
        far.cut = True
        assert sweep(clock.now()) == 0
        far.cut = False
        assert sweep(clock.now()) == 1
