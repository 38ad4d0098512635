"""A freeze asked of a core that is elsewhere: written down first, asked for until it is confirmed, said as it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from cardline.cards.commands import freeze_card, unfreeze_card
from cardline.cards.freeze_lane import LEASE, claim_wishes, put_to_core, settle_wish, work_through_lane
from cardline.cards.models import Freeze, FreezeWish
from cardline.cards.queries import cards_of
from cardline.cards.sweeps import CALL_AFTER, sweep
from cardline.cards.tests.distance import Far, far_away
from cardline.cards.wishes import take_back
from cardline.cases.commands import NEVER
from cardline.cases.models import Case, Entry
from cardline.issuer.asking import NotOffered
from cardline.issuer.core import CardState, CloseReason, Part
from cardline.issuer.core.checks import BadReply
from cardline.kit import clock
from cardline.kit.actors import SYSTEM, Standing
from cardline.kit.commands import command, registry
from cardline.kit.models import OutboxItem
from cardline.kit.refusals import NotThere, TooMany

State = FreezeWish.State


@pytest.fixture
def far(cast: Any) -> Iterator[Far]:
    with far_away() as core:
        yield core


@pytest.fixture
def maya(cast: Any, as_member: Any) -> Any:
    return as_member(cast.maya)


@pytest.fixture
def card(far: Far, maya: Any) -> str:
    return cards_of(maya)[0].token


def the_wish() -> FreezeWish:
    return FreezeWish.objects.get()


def due_again() -> None:
    """The pause before the next try is over."""
    FreezeWish.objects.filter(settled_at=None).update(next_try_at=clock.machine_now() - timedelta(seconds=1))


def kinds() -> list[str]:
    return list(Entry.objects.order_by("id").values_list("kind", flat=True))


def test_a_press_is_a_row_of_ours_before_anybody_asks_the_core(
    cast: Any, far: Far, maya: Any, card: str
) -> None:
    asked_before = len(far.asked)
    answer = freeze_card(by=maya, now=cast.now, card=card)
    assert answer["changed"] and answer["frozen_at"] is None and answer["last4"] == "4471"
    assert answer["asked_at"] == cast.now.isoformat() and answer["ref"]
    assert far.asked[asked_before:] == []  # the last four are what the page of a moment ago was drawn from
    assert the_wish().state == State.ASKED and not Freeze.objects.exists()
    assert kinds() == ["case.opened", "card.freeze_asked"]
    held = cards_of(maya)[0]
    assert held.state == CardState.ACTIVE and held.asked and not held.asked.may_have_happened
    assert held.can_unfreeze and not held.can_freeze


def test_the_lane_has_it_confirmed(cast: Any, far: Far, maya: Any, card: str) -> None:
    answer = freeze_card(by=maya, now=cast.now, card=card)
    assert work_through_lane() == 1
    wish, freeze = the_wish(), Freeze.objects.get()
    assert wish.state == State.CONFIRMED and wish.settled_at is not None
    assert (freeze.frozen_at, freeze.member_id, freeze.case_id) == (
        cast.now,
        cast.maya.pk,
        answer["case_id"],
    )
    assert freeze.frozen_by == maya.key
    assert kinds()[-1] == "card.frozen"
    assert Case.objects.get(pk=answer["case_id"]).attention_at == NEVER
    held = cards_of(maya)[0]
    assert held.is_frozen and held.asked is None and held.can_unfreeze
    assert work_through_lane() == 0


def test_a_double_click_is_one_wish(cast: Any, far: Far, maya: Any, card: str) -> None:
    first = freeze_card(by=maya, key="one press", now=cast.now, card=card)
    assert freeze_card(by=maya, key="one press", now=cast.now, card=card) == first
    again = freeze_card(by=maya, key="another", now=cast.now, card=card)
    assert again == {**first, "changed": False}
    assert FreezeWish.objects.count() == 1 and kinds().count("card.freeze_asked") == 1


def test_a_silent_core_is_asked_with_the_same_key_until_it_answers(
    cast: Any, far: Far, maya: Any, card: str
) -> None:
    freeze_card(by=maya, now=cast.now, card=card)
    far.cut = True
    for tries in range(1, 9):
        due_again()
        work_through_lane()
        unknown = the_wish()
        assert (unknown.state, unknown.tries, unknown.settled_at) == (State.UNKNOWN, tries, None)
        assert unknown.next_try_at > clock.machine_now()
    held = cards_of(maya)[0]
    assert held.asked and held.asked.may_have_happened and not held.is_frozen
    far.cut = False
    due_again()
    work_through_lane()
    assert the_wish().state == State.CONFIRMED
    assert far.keys == [the_wish().key]


def test_pauses_grow_and_never_beyond_a_minute_within_the_hour(cast: Any, far: Far, maya: Any) -> None:
    freeze_card(by=maya, now=cast.now, card=cards_of(maya)[0].token)
    far.cut = True
    FreezeWish.objects.update(asked_at=clock.machine_now())
    pauses = []
    for _ in range(10):
        due_again()
        work_through_lane()
        pauses.append(round((the_wish().next_try_at - clock.machine_now()).total_seconds()))
    assert pauses == sorted(pauses) and pauses[0] <= 1 and pauses[-1] == 60


def test_an_answer_lost_after_the_core_did_it_freezes_once(cast: Any, far: Far, maya: Any, card: str) -> None:
    freeze_card(by=maya, now=cast.now, card=card)
    far.lost = {"freeze"}
    work_through_lane()
    assert the_wish().state == State.UNKNOWN and not Freeze.objects.exists()
    far.lost = set()
    due_again()
    work_through_lane()
    assert Freeze.objects.get().frozen_at == cast.now
    assert len(far.keys) == 2 and len(set(far.keys)) == 1
    assert kinds().count("card.frozen") == 1


def test_a_restart_between_asked_and_confirmed_loses_nothing(
    cast: Any, far: Far, maya: Any, card: str
) -> None:
    freeze_card(by=maya, now=cast.now, card=card)
    (claim,) = claim_wishes(by=SYSTEM, now=cast.now, at=clock.machine_now())
    put_to_core(claim)  # and the process ends before it writes that down
    assert work_through_lane() == 0  # its lease stands
    later = clock.machine_now() + LEASE + timedelta(seconds=1)
    (again,) = claim_wishes(by=SYSTEM, now=cast.now, at=later)
    assert settle_wish(by=SYSTEM, now=cast.now, at=later, claim=again, outcome=put_to_core(again))
    assert the_wish().state == State.CONFIRMED and len(set(far.keys)) == 1


def test_a_worker_that_lost_its_lease_writes_nothing(cast: Any, far: Far, maya: Any, card: str) -> None:
    freeze_card(by=maya, now=cast.now, card=card)
    at = clock.machine_now()
    (slow,) = claim_wishes(by=SYSTEM, now=cast.now, at=at)
    later = at + LEASE + timedelta(seconds=1)
    (quick,) = claim_wishes(by=SYSTEM, now=cast.now, at=later)
    outcome = put_to_core(slow)
    assert not settle_wish(by=SYSTEM, now=cast.now, at=later, claim=slow, outcome=outcome)  # SR-67
    assert settle_wish(by=SYSTEM, now=cast.now, at=later, claim=quick, outcome=put_to_core(quick))
    assert not settle_wish(by=SYSTEM, now=cast.now, at=later, claim=quick, outcome=outcome)
    assert Freeze.objects.count() == kinds().count("card.frozen") == 1


def test_a_card_that_was_closed_meanwhile_is_said_to_be_closed(
    cast: Any, far: Far, maya: Any, card: str
) -> None:
    answer = freeze_card(by=maya, now=cast.now, card=card)
    far.near.close_card(card, reason=CloseReason.STOLEN, at=cast.now, key="closed elsewhere")
    work_through_lane()
    assert (the_wish().state, the_wish().refused) == (State.REFUSED, "closed")
    case = Case.objects.get(pk=answer["case_id"])
    assert case.state == Case.State.CLOSED and "card.freeze_refused" in kinds()
    assert not Freeze.objects.exists()


def test_a_freeze_that_somebody_undid_elsewhere_is_not_made_again_but_shown(
    cast: Any, far: Far, maya: Any, card: str
) -> None:
    answer = freeze_card(by=maya, now=cast.now, card=card)
    far.lost = {"freeze"}
    work_through_lane()
    far.near.unfreeze(card, at=cast.now, key="by another system")
    far.lost = set()
    due_again()
    work_through_lane()
    assert (the_wish().state, the_wish().refused) == (State.REFUSED, "given_back")
    assert Case.objects.get(pk=answer["case_id"]).attention_at < NEVER
    held = cards_of(maya)[0]
    assert held.asked and held.asked.is_refused and held.can_freeze


def test_a_person_is_called_once_when_nothing_was_confirmed_for_minutes(
    cast: Any, far: Far, maya: Any, card: str
) -> None:
    far.cut = True
    answer = freeze_card(by=maya, now=cast.now, card=card)
    work_through_lane()
    assert sweep(cast.now + CALL_AFTER - timedelta(seconds=1)) == 0
    late = cast.now + CALL_AFTER
    assert sweep(late) == 1 and sweep(late) == 0
    case = Case.objects.get(pk=answer["case_id"])
    assert case.attention_at == late
    entry = Entry.objects.get(kind="card.freeze_unanswered")
    assert entry.visible and json.loads(entry.data)["tries"] == 1
    far.cut = False
    due_again()
    work_through_lane()
    assert Case.objects.get(pk=case.pk).attention_at == NEVER  # nobody has to look any more


def test_taken_back_before_it_was_asked_is_over_and_its_case_closed(
    cast: Any, far: Far, maya: Any, card: str
) -> None:
    answer = freeze_card(by=maya, now=cast.now, card=card)
    back = unfreeze_card(by=maya, now=cast.now, card=card)
    assert back["ref"] == answer["ref"] and back["changed"]
    assert the_wish().state == State.TAKEN_BACK and work_through_lane() == 0
    assert far.keys == []
    assert Case.objects.get(pk=answer["case_id"]).state == Case.State.CLOSED


def test_taken_back_while_nobody_knows_whether_it_was_done_is_undone_for_certain(
    cast: Any, far: Far, maya: Any, card: str
) -> None:
    freeze_card(by=maya, now=cast.now, card=card)
    far.lost = {"freeze"}
    work_through_lane()
    unfreeze_card(by=maya, now=cast.now, card=card)
    again = unfreeze_card(by=maya, now=cast.now, card=card)
    assert not again["changed"] and kinds().count("card.freeze_taken_back") == 1
    held = cards_of(maya)[0]
    assert held.is_frozen  # the core tells us so itself, whatever it did not answer
    far.lost = set()
    due_again()
    work_through_lane()
    assert the_wish().state == State.TAKEN_BACK and cards_of(maya)[0].state == CardState.ACTIVE
    assert kinds()[-2:] == ["card.unfrozen", "case.closed"]


def test_taken_back_while_it_is_being_asked_for_does_not_stay_frozen(
    cast: Any, far: Far, maya: Any, card: str
) -> None:
    freeze_card(by=maya, now=cast.now, card=card)
    at = clock.machine_now()
    (claim,) = claim_wishes(by=SYSTEM, now=cast.now, at=at)
    outcome = put_to_core(claim)
    unfreeze_card(by=maya, now=cast.now, card=card)
    assert not settle_wish(by=SYSTEM, now=cast.now, at=at, claim=claim, outcome=outcome)
    due_again()
    work_through_lane()
    assert cards_of(maya)[0].state == CardState.ACTIVE and the_wish().state == State.TAKEN_BACK


def test_taken_back_a_moment_after_it_was_confirmed_is_undone_like_any_freeze(
    cast: Any, far: Far, maya: Any, card: str
) -> None:
    freeze_card(by=maya, now=cast.now, card=card)
    seen_open = the_wish()
    work_through_lane()
    assert kinds()[-1] == "card.frozen"

    @command("test.take_back")
    def too_late(*, by: Standing, now: datetime) -> bool:
        return take_back(by, now, seen_open, None)

    try:
        assert too_late(by=maya, now=cast.now) is False
    finally:
        del registry["test.take_back"]
    assert kinds()[-1] == "card.frozen" and the_wish().taken_back_at is None


def test_wanted_again_after_it_was_taken_back_is_another_request(
    cast: Any, far: Far, maya: Any, card: str
) -> None:
    freeze_card(by=maya, now=cast.now, card=card)
    far.lost = {"freeze"}
    work_through_lane()
    unfreeze_card(by=maya, now=cast.now, card=card)
    far.lost = {"unfreeze"}
    due_again()
    work_through_lane()  # undone in the core, and nobody heard of it
    assert far.near.cards(cast.maya.core_customer)[0].state == CardState.ACTIVE
    assert freeze_card(by=maya, now=cast.now, card=card)["changed"]
    far.lost = set()
    due_again()
    work_through_lane()
    assert cards_of(maya)[0].is_frozen and the_wish().state == State.CONFIRMED


def test_a_card_nobody_ever_told_us_of_can_be_frozen_while_the_core_is_silent(
    cast: Any, far: Far, maya: Any
) -> None:
    token = far.near.cards(cast.maya.core_customer)[0].token
    far.cut = True
    answer = freeze_card(by=maya, now=cast.now, card=token)
    assert answer["last4"] == "" and answer["ref"]
    far.cut = False
    due_again()
    work_through_lane()
    assert Freeze.objects.get().last4 == the_wish().last4 == "4471"


def test_somebody_elses_card_is_not_there_and_unconfirmed_it_is_never_frozen(
    cast: Any, far: Far, maya: Any, as_member: Any
) -> None:
    luis = as_member(cast.luis)
    token = far.near.cards(cast.maya.core_customer)[0].token
    with pytest.raises(NotThere):  # SR-22
        freeze_card(by=luis, now=cast.now, card=token)
    far.cut = True
    freeze_card(by=luis, now=cast.now, card=token)
    freeze_card(by=maya, now=cast.now, card=token)  # and his wish is not in her way
    far.cut = False
    due_again()
    work_through_lane()
    states = dict(FreezeWish.objects.values_list("member", "state"))
    assert states == {cast.luis.pk: State.REFUSED, cast.maya.pk: State.CONFIRMED}
    assert Freeze.objects.get().member_id == cast.maya.pk


def test_the_holder_and_the_additional_member_may_both_have_wished_it(
    cast: Any, far: Far, as_member: Any
) -> None:
    nils, rosa = as_member(cast.nils), as_member(cast.rosa)
    token = next(card.token for card in cards_of(nils) if card.mine)
    freeze_card(by=nils, now=cast.now, card=token)
    freeze_card(by=rosa, now=cast.now + timedelta(seconds=1), card=token)
    assert work_through_lane() == 2
    assert set(FreezeWish.objects.values_list("state", flat=True)) == {State.CONFIRMED}
    assert Freeze.objects.get().member_id == cast.nils.pk
    assert cards_of(nils)[0].can_unfreeze


def test_a_freeze_with_an_end_keeps_it_and_is_refused_where_the_core_has_none(
    cast: Any, far: Far, maya: Any, card: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    until = cast.now + timedelta(days=1)
    freeze_card(by=maya, now=cast.now, card=card, until=until)
    work_through_lane()
    assert Freeze.objects.get().until == until
    monkeypatch.setattr(Far, "offers", frozenset(Part) - {Part.TIMED_FREEZE})
    with pytest.raises(NotOffered):
        freeze_card(by=maya, now=cast.now, card=card, until=until)


def test_a_full_outbox_of_work_that_fails_is_in_nobodys_way(
    cast: Any, far: Far, maya: Any, card: str
) -> None:  # SR-77
    long_ago = clock.machine_now() - timedelta(hours=1)
    OutboxItem.objects.bulk_create(
        OutboxItem(kind="mail.nobody_sends", payload="{}", due_at=long_ago) for _ in range(2_000)
    )
    freeze_card(by=maya, now=cast.now, card=card)
    work_through_lane()
    assert the_wish().state == State.CONFIRMED
    assert OutboxItem.objects.filter(tries=0).count() == OutboxItem.objects.count()


def test_a_core_that_answers_nonsense_is_asked_again_and_told_to_the_log(
    cast: Any, far: Far, maya: Any, card: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    freeze_card(by=maya, now=cast.now, card=card)
    monkeypatch.setattr(Far, "freeze", _nonsense, raising=False)
    work_through_lane()
    assert the_wish().state == State.UNKNOWN
    monkeypatch.undo()
    due_again()
    work_through_lane()
    assert the_wish().state == State.CONFIRMED


def _nonsense(*_: Any, **__: Any) -> Any:
    raise BadReply("a card number in full")


def test_wishes_without_end_are_too_often(cast: Any, far: Far, maya: Any, card: str) -> None:
    with pytest.raises(TooMany):  # SR-44
        for turn in range(30):
            change = unfreeze_card if turn % 2 else freeze_card
            change(by=maya, now=cast.now + timedelta(seconds=turn), card=card)


def test_an_unfreeze_of_a_confirmed_freeze_asks_the_core_outside_the_command(
    cast: Any, far: Far, maya: Any, card: str
) -> None:
    freeze_card(by=maya, now=cast.now, card=card)
    work_through_lane()
    assert unfreeze_card(by=maya, now=cast.now + timedelta(hours=1), card=card)["changed"]
    assert cards_of(maya)[0].state == CardState.ACTIVE
    assert kinds()[-2:] == ["card.unfrozen", "case.closed"]
