"""Giving a frozen card back into use: it needs more than the freeze did."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from cardline.cards.commands import NotYoursToUnfreeze, freeze_card, unfreeze_card
from cardline.cards.models import Freeze
from cardline.cards.queries import cards_of
from cardline.cases.models import Case, Entry
from cardline.issuer.core import CardState
from cardline.kit.actors import SYSTEM
from cardline.kit.redact import clean
from cardline.kit.refusals import LevelTooLow, NotThere
from cardline.promises.commands import make_promise
from cardline.routing.commands import start_chat

LATER = timedelta(hours=3)


def card_of_hers(actor: Any) -> str:
    return next(card.token for card in cards_of(actor) if card.mine)


def test_unfreezing_stands_in_the_same_case_and_closes_it(cast: Any, as_member: Any) -> None:
    maya = as_member(cast.maya)
    frozen = freeze_card(by=maya, now=cast.now, card=card_of_hers(maya))
    answer = unfreeze_card(by=maya, now=cast.now + LATER, card=card_of_hers(maya))
    assert (answer["ref"], answer["frozen_at"], answer["changed"]) == (frozen["ref"], None, True)
    assert cards_of(maya)[0].state == CardState.ACTIVE
    case = Case.objects.get(pk=frozen["case_id"])
    assert case.state == Case.State.CLOSED and case.closed_at == cast.now + LATER
    kinds = Entry.objects.filter(case=case).order_by("n").values_list("kind", flat=True)
    assert list(kinds) == ["case.opened", "card.frozen", "card.unfrozen", "case.closed"]


def test_a_card_that_was_never_activated_is_not_activated_by_it(cast: Any, as_member: Any) -> None:
    ida = as_member(cast.ida)
    freeze_card(by=ida, now=cast.now, card=card_of_hers(ida))
    unfreeze_card(by=ida, now=cast.now + LATER, card=card_of_hers(ida))
    assert cards_of(ida)[0].state == CardState.INACTIVE


def test_the_case_stays_open_while_something_is_promised_in_it(cast: Any, as_member: Any) -> None:
    maya = as_member(cast.maya)
    frozen = freeze_card(by=maya, now=cast.now, card=card_of_hers(maya))
    make_promise(
        by=SYSTEM,
        now=cast.now,
        case_id=frozen["case_id"],
        text=clean("Look at the charges before the freeze"),
        due_at=cast.now + timedelta(days=2),
        due_zone="America/New_York",
        source="person",
    )
    unfreeze_card(by=maya, now=cast.now + LATER, card=card_of_hers(maya))
    assert Case.objects.get(pk=frozen["case_id"]).state == Case.State.OPEN


def test_the_case_stays_open_while_a_conversation_goes_on(cast: Any, as_member: Any) -> None:
    maya = as_member(cast.maya)
    about = start_chat(
        by=maya, now=cast.now, need="lost_stolen.report", text=clean("Gone"), language="en", plan={}
    )
    freeze_card(by=maya, now=cast.now, card=card_of_hers(maya))
    unfreeze_card(by=maya, now=cast.now + LATER, card=card_of_hers(maya))
    assert Case.objects.get(pk=about["case_id"]).state == Case.State.OPEN


def test_the_case_stays_open_while_another_card_in_it_is_frozen(cast: Any, as_member: Any) -> None:
    rosa = as_member(cast.rosa)
    first, second, _ = cards_of(rosa)
    case_id = freeze_card(by=rosa, now=cast.now, card=first.token)["case_id"]
    freeze_card(by=rosa, now=cast.now, card=second.token)
    unfreeze_card(by=rosa, now=cast.now + LATER, card=first.token)
    assert Case.objects.get(pk=case_id).state == Case.State.OPEN
    unfreeze_card(by=rosa, now=cast.now + LATER, card=second.token)
    assert Case.objects.get(pk=case_id).state == Case.State.CLOSED


def test_an_additional_card_member_cannot_undo_what_the_holder_froze(cast: Any, as_member: Any) -> None:
    rosa, nils = as_member(cast.rosa), as_member(cast.nils)
    token = card_of_hers(nils)
    freeze_card(by=rosa, now=cast.now, card=token)
    assert not cards_of(nils)[0].can_unfreeze
    with pytest.raises(NotYoursToUnfreeze):
        unfreeze_card(by=nils, now=cast.now + LATER, card=token)
    assert unfreeze_card(by=rosa, now=cast.now + LATER, card=token)["changed"]


def test_the_holder_may_undo_what_the_additional_member_froze_and_so_may_they(
    cast: Any, as_member: Any
) -> None:
    rosa, nils = as_member(cast.rosa), as_member(cast.nils)
    token = card_of_hers(nils)
    freeze_card(by=nils, now=cast.now, card=token)
    assert cards_of(nils)[0].can_unfreeze
    answer = unfreeze_card(by=rosa, now=cast.now + LATER, card=token)
    assert answer["changed"] and answer["ref"] is None  # the case is Nils's, and not Rosa's to see
    entry = Entry.objects.get(kind="card.unfrozen")
    assert entry.author_name == "Rosa Lindqvist" and json.loads(entry.data)["by_another_member"]
    freeze_card(by=nils, now=cast.now + 2 * LATER, card=token)
    assert unfreeze_card(by=nils, now=cast.now + 3 * LATER, card=token)["changed"]


def test_a_card_that_is_not_frozen_is_a_normal_result(cast: Any, as_member: Any) -> None:
    maya = as_member(cast.maya)
    answer = unfreeze_card(by=maya, now=cast.now, card=card_of_hers(maya))
    assert (answer["changed"], answer["ref"]) == (False, None)
    assert not Entry.objects.exists()


def test_each_freeze_is_a_row_of_its_own(cast: Any, as_member: Any) -> None:
    maya = as_member(cast.maya)
    for day in range(2):
        at = cast.now + timedelta(days=day)
        freeze_card(by=maya, now=at, card=card_of_hers(maya))
        unfreeze_card(by=maya, now=at + LATER, card=card_of_hers(maya))
    freezes = Freeze.objects.order_by("id").values_list("frozen_at", "unfrozen_at")
    assert list(freezes) == [
        (cast.now, cast.now + LATER),
        (cast.now + timedelta(days=1), cast.now + timedelta(days=1) + LATER),
    ]


def test_a_stranger_and_an_unknown_session_get_nothing(cast: Any, as_member: Any) -> None:
    maya, luis = as_member(cast.maya), as_member(cast.luis)
    token = card_of_hers(maya)
    freeze_card(by=maya, now=cast.now, card=token)
    with pytest.raises(NotThere):
        unfreeze_card(by=luis, now=cast.now + LATER, card=token)
    with pytest.raises(LevelTooLow):
        unfreeze_card(by=replace(maya, session="another session"), now=cast.now + LATER, card=token)
    assert cards_of(maya)[0].is_frozen
