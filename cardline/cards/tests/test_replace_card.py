"""Another card in the place of one, and its activation: what is written down, and that nothing happens twice."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from cardline.cards.commands import (
    CardClosed,
    CoreSilent,
    NothingToReplace,
    NotYoursToActivate,
    activate_card,
    freeze_card,
    replace_card,
    replace_lost_card,
    unfreeze_card,
)
from cardline.cards.details import details_of, written_about
from cardline.cards.models import Freeze
from cardline.cards.queries import cards_of
from cardline.cases.models import Case, Entry
from cardline.issuer import core
from cardline.issuer.core import CardState
from cardline.kit.refusals import LevelTooLow, Malformed, NotPermitted, NotThere
from cardline.promises.models import Promise

LATER = timedelta(days=5)


def token_of(actor: Any) -> str:
    return next(card.token for card in cards_of(actor) if card.mine)


def states(actor: Any) -> list[CardState]:
    return [card.state for card in cards_of(actor)]


@pytest.fixture
def maya(cast: Any, as_member: Any) -> Any:
    return as_member(cast.maya)


# ------------------------------------------------------------------------------------------------- damaged, lost


def test_a_damaged_card_goes_on_until_its_copy_is_activated(cast: Any, maya: Any) -> None:
    old = token_of(maya)
    done = replace_card(by=maya, now=cast.now, card=old)
    assert done["changed"] and done["last4"] == "4471" and done["card"] != old
    assert sorted(states(maya)) == [CardState.ACTIVE, CardState.INACTIVE]
    case = Case.objects.get(pk=done["case_id"])
    assert (case.need, case.attention_at, case.state) == (
        "card_access.replace_damaged",
        Promise.objects.get(case=case).due_at,  # nobody has to look before that
        Case.State.OPEN,
    )

    active = activate_card(by=maya, now=cast.now + LATER, card=done["card"])
    assert (active["ref"], active["changed"]) == (done["ref"], True)
    assert sorted(states(maya)) == [CardState.ACTIVE, CardState.CLOSED]
    case.refresh_from_db()
    assert case.state == Case.State.CLOSED
    kinds = Entry.objects.filter(case=case).order_by("n").values_list("kind", flat=True)
    assert list(kinds) == [
        "case.opened",
        "card.replaced",
        "promise.made",
        "card.activated",
        "promise.kept",
        "case.closed",
    ]


@pytest.mark.parametrize(("stolen", "reason"), [(False, "lost"), (True, "stolen")])
def test_a_card_that_is_gone_is_closed_at_once(cast: Any, maya: Any, stolen: bool, reason: str) -> None:
    old = token_of(maya)
    done = replace_lost_card(by=maya, now=cast.now, card=old, stolen=stolen)
    assert states(maya) == [CardState.INACTIVE, CardState.CLOSED] and done["last4"] != "4471"
    case = Case.objects.get(pk=done["case_id"])
    assert (case.need, case.subject) == ("lost_stolen.report", "Card ending 4471 lost or stolen")
    said = json.loads(Entry.objects.get(case=case, kind="card.replaced").data)
    assert said == {"card": old, "last4": "4471", "reason": reason, "new": done["card"]}


def test_it_joins_the_case_of_the_freeze_and_ends_that_freeze(cast: Any, maya: Any) -> None:
    old = token_of(maya)
    frozen = freeze_card(by=maya, now=cast.now, card=old)
    done = replace_lost_card(by=maya, now=cast.now, card=old)
    assert done["ref"] == frozen["ref"]
    assert not Freeze.objects.filter(unfrozen_at=None).exists()
    activate_card(by=maya, now=cast.now + LATER, card=done["card"])
    assert Case.objects.get().state == Case.State.CLOSED


@pytest.mark.parametrize("ask", [replace_card, replace_lost_card])
def test_asked_twice_it_is_one_new_card(cast: Any, maya: Any, ask: Callable[..., dict[str, Any]]) -> None:
    old = token_of(maya)
    first = ask(by=maya, key="one press", now=cast.now, card=old)
    assert ask(by=maya, key="one press", now=cast.now, card=old) == first  # a double click
    again = ask(by=maya, key="another", now=cast.now + LATER, card=old)
    assert again == {**first, "changed": False}
    assert len(cards_of(maya)) == 2 and Entry.objects.filter(kind="card.replaced").count() == 1


def test_a_damaged_card_can_still_be_stolen(cast: Any, maya: Any) -> None:
    old = token_of(maya)
    copy = replace_card(by=maya, now=cast.now, card=old)["card"]
    new = replace_lost_card(by=maya, now=cast.now + LATER, card=old, stolen=True)["card"]
    by_token = {card.token: card.state for card in cards_of(maya)}
    assert by_token == {old: CardState.CLOSED, copy: CardState.CLOSED, new: CardState.INACTIVE}


def test_a_card_nobody_used_cannot_be_worn_out(cast: Any, as_member: Any) -> None:
    ida = as_member(cast.ida)
    with pytest.raises(NothingToReplace):
        replace_card(by=ida, now=cast.now, card=token_of(ida))
    assert states(ida) == [CardState.INACTIVE]


def test_the_case_stays_open_while_the_new_card_is_on_its_way(cast: Any, as_member: Any) -> None:
    rosa = as_member(cast.rosa)
    first, second, _ = cards_of(rosa)
    replace_lost_card(by=rosa, now=cast.now, card=first.token)
    freeze_card(by=rosa, now=cast.now, card=second.token)
    unfreeze_card(by=rosa, now=cast.now + LATER, card=second.token)
    assert Case.objects.get().state == Case.State.OPEN


def test_the_holder_may_report_the_card_of_an_additional_member(cast: Any, as_member: Any) -> None:
    rosa, nils = as_member(cast.rosa), as_member(cast.nils)
    token = token_of(nils)
    assert replace_lost_card(by=rosa, now=cast.now, card=token)["changed"]
    assert sorted(states(nils)) == [CardState.CLOSED, CardState.INACTIVE]
    assert written_about(rosa, token) and written_about(nils, token) is None  # the case is Rosa's


@pytest.mark.parametrize("ask", [replace_card, replace_lost_card, activate_card])
def test_nobody_else_reaches_it(cast: Any, maya: Any, as_member: Any, as_agent: Any, ask: Any) -> None:
    from dataclasses import replace

    luis, dana = as_member(cast.luis), as_agent(cast.dana)
    with pytest.raises(NotThere):
        ask(by=luis, now=cast.now, card=token_of(maya))
    with pytest.raises((NotPermitted, LevelTooLow)):
        ask(by=dana, now=cast.now, card=token_of(maya))
    with pytest.raises(LevelTooLow):
        ask(by=replace(maya, session="another session"), now=cast.now, card=token_of(maya))
    assert states(maya) == [CardState.ACTIVE]


# ---------------------------------------------------------------------------------------------------- activation


def test_a_first_card_is_activated_in_a_case_of_its_own(cast: Any, as_member: Any) -> None:
    ida = as_member(cast.ida)
    done = activate_card(by=ida, now=cast.now, card=token_of(ida))
    case = Case.objects.get(pk=done["case_id"])
    assert (case.need, case.state) == ("card_access.activate", Case.State.CLOSED)
    assert states(ida) == [CardState.ACTIVE]
    again = activate_card(by=ida, now=cast.now + LATER, card=token_of(ida))
    assert (again["changed"], again["ref"], Case.objects.count()) == (False, None, 1)


def test_only_the_person_on_the_card_activates_it(cast: Any, as_member: Any) -> None:
    rosa, ida = as_member(cast.rosa), as_member(cast.ida)
    with pytest.raises(NotYoursToActivate):
        activate_card(by=rosa, now=cast.now, card=token_of(ida))
    assert states(ida) == [CardState.INACTIVE]


def test_a_closed_card_is_neither_activated_nor_frozen(cast: Any, maya: Any) -> None:
    old = token_of(maya)
    replace_lost_card(by=maya, now=cast.now, card=old)
    for ask in (activate_card, freeze_card):
        with pytest.raises(CardClosed):
            ask(by=maya, now=cast.now, card=old)


# ------------------------------------------------------------------------------------------------------- a while


def test_a_freeze_with_an_end_is_over_then(cast: Any, maya: Any) -> None:
    token, end = token_of(maya), cast.now + timedelta(hours=1)
    answer = freeze_card(by=maya, now=cast.now, card=token, until=end)
    assert answer["changed"] and Freeze.objects.get().until == end
    assert json.loads(Entry.objects.get(kind="card.frozen").data)["until"] == end.isoformat()
    assert cards_of(maya)[0].freeze_expires == end


@pytest.mark.parametrize("ahead", [timedelta(), timedelta(minutes=-1), timedelta(days=400)])
def test_an_end_must_lie_ahead_and_not_too_far(cast: Any, maya: Any, ahead: timedelta) -> None:
    with pytest.raises(Malformed):
        freeze_card(by=maya, now=cast.now, card=token_of(maya), until=cast.now + ahead)
    assert states(maya) == [CardState.ACTIVE]


# ---------------------------------------------------------------------------------------------------- silent core


@pytest.mark.parametrize(
    ("name", "ask"), [("replace_card", replace_card), ("replace_card", replace_lost_card)]
)
def test_asking_again_after_a_silence_is_the_same_request(
    cast: Any, maya: Any, monkeypatch: pytest.MonkeyPatch, name: str, ask: Any
) -> None:
    real, keys = getattr(core.current_core(), name), []

    def done_but_silent(token: str, *, key: str, **more: Any) -> core.Card:
        keys.append(key)
        if len(keys) == 1:
            raise core.CoreUnknown("timed out")
        return real(token, key=key, **more)

    monkeypatch.setattr(type(core.current_core()), name, staticmethod(done_but_silent))
    old = token_of(maya)
    with pytest.raises(CoreSilent):
        ask(by=maya, key="one press", now=cast.now, card=old)
    assert not Case.objects.exists()
    assert ask(by=maya, key="one press", now=cast.now + LATER, card=old)["changed"]
    assert len(keys) == 2 and keys[0] == keys[1]


# ------------------------------------------------------------------------------------------------------- details


def test_the_details_tie_the_two_cards_together(cast: Any, maya: Any) -> None:
    old = token_of(maya)
    new = replace_card(by=maya, now=cast.now, card=old)["card"]
    of_old, of_new = details_of(maya, old), details_of(maya, new)
    assert of_old.replaced_by and of_old.replaced_by.token == new and not of_old.can_activate
    assert of_new.sent_for and of_new.sent_for.token == old and of_new.can_activate
    assert [event.step for event in of_new.shipping] == [core.ShippingStep.ORDERED]
    assert of_old.works[core.Use.PURCHASES] and not of_new.works[core.Use.PURCHASES]
    assert "damaged" not in of_old.reasons_to_replace and "lost" in of_old.reasons_to_replace


def test_nobody_else_is_told_the_details(cast: Any, maya: Any, as_member: Any) -> None:
    with pytest.raises(NotThere):
        details_of(as_member(cast.luis), token_of(maya))
