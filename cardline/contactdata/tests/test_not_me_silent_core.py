""" "Not me" while the card core does not answer: the rest happens at once, and the freeze until it is done."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from cardline.cards.models import FreezeWish
from cardline.cards.queries import cards_of
from cardline.cards.tests.distance import Far, far_away
from cardline.cases.commands import close_case
from cardline.cases.models import Case, Entry
from cardline.contactdata.changes.commands import change_phone
from cardline.contactdata.notices.commands import notice_behind, was_not_me
from cardline.contactdata.protecting import freezing
from cardline.contactdata.protecting.freezing import FREEZE_ALL, LONGEST_PAUSE, carry_out
from cardline.contactdata.tests.scene import change, link, points, strongly
from cardline.identity.models import MemberSession
from cardline.issuer import core
from cardline.issuer.core import CoreUnknown, current_core
from cardline.kit import clock
from cardline.kit.actors import SYSTEM, Actor
from cardline.kit.models import OutboxItem
from cardline.kit.redact import clean
from cardline.kit.refusals import TooMany
from cardline.kit.secret import Secret
from cardline.kit.worker import work_through_outbox
from cardline.promises.models import Promise

NEED = "lost_stolen.account_not_mine"


class Cut:
    """The card core of the house, silent while it is cut."""

    def __init__(self) -> None:
        self.itself, self.is_cut = current_core(), False

    def __getattr__(self, name: str) -> Any:
        real = getattr(self.itself, name)
        if not self.is_cut or not callable(real):
            return real

        def silent(*args: Any, **kwargs: Any) -> None:
            raise CoreUnknown("timed out")

        return silent


@pytest.fixture
def line(cast: Any) -> Iterator[Cut]:
    cut = Cut()
    core.use_core(cut)
    yield cut
    core.use_core(cut.itself)


@pytest.fixture
def pressed(maya: Actor, now: datetime, line: Cut) -> Secret:
    """The link of a change, pressed while the core was silent."""
    moved = change(strongly(change_phone, maya, now, number=clean("518 555 0150")))
    token = link(moved, "email")
    line.is_cut = True
    assert was_not_me(by=SYSTEM, now=now, token=token)
    return token


def waiting() -> Any:
    return OutboxItem.objects.filter(kind=FREEZE_ALL, done_at=None, parked_at=None)


def next_try() -> None:
    waiting().update(due_at=clock.machine_now() - timedelta(seconds=1))
    work_through_outbox()


def the_case() -> Case:
    return Case.objects.get(need=NEED)


def told() -> list[str]:
    return list(Entry.objects.filter(case=the_case()).order_by("n").values_list("kind", flat=True))


def test_everything_but_the_freeze_happens_at_once_and_the_case_says_so(
    pressed: Secret, maya: Actor, now: datetime
) -> None:
    assert "+15185550150" not in points(maya)
    assert not MemberSession.objects.filter(member=maya.member_id).exists()
    entry = Entry.objects.get(kind="contact_data.not_me")
    facts = json.loads(entry.data)
    assert (facts["waits"], facts["frozen"], facts["asked"]) == (True, 0, 0)
    promise = Promise.objects.get(case=the_case())
    assert "Freeze your cards as soon as the card system answers" in promise.text
    assert promise.due_at > now and promise.state == "open"
    behind = notice_behind(pressed.reveal(), now)
    assert behind is not None and behind.cards_wait
    page = Client().get(f"/not-me/{pressed.reveal()}").content.decode()
    assert "The cards are not all frozen yet" in page and "We froze the cards" not in page


def test_it_is_asked_until_the_core_answers_however_often_that_is(
    pressed: Secret, maya: Actor, line: Cut, now: datetime
) -> None:
    for _ in range(12):  # more than an outbox row has tries
        next_try()
        assert waiting().count() == 1
        assert waiting().get().due_at <= clock.machine_now() + LONGEST_PAUSE
    assert not OutboxItem.objects.filter(kind=FREEZE_ALL).exclude(parked_at=None).exists()
    line.is_cut = False
    next_try()
    assert not waiting().exists()
    assert all(card.is_frozen for card in cards_of(maya) if card.mine)
    assert told()[-1] == "contact_data.frozen_later"
    behind = notice_behind(pressed.reveal(), now)
    assert behind is not None and not behind.cards_wait
    assert "We froze the cards" in Client().get(f"/not-me/{pressed.reveal()}").content.decode()


def test_a_try_that_is_repeated_makes_no_second_row(pressed: Secret) -> None:
    facts = json.loads(waiting().get().payload)
    for _ in range(3):
        carry_out(facts, clock.now())
    assert sorted(json.loads(one.payload)["tries"] for one in waiting()) == [1, 2]


def test_what_a_person_has_settled_is_left_alone(
    pressed: Secret, maya: Actor, line: Cut, now: datetime
) -> None:
    close_case(by=SYSTEM, now=now, case_id=the_case().pk)
    line.is_cut = False
    next_try()
    assert not waiting().exists() and not any(card.is_frozen for card in cards_of(maya))
    assert "contact_data.frozen_later" not in told()


def test_a_card_that_could_not_be_frozen_is_asked_for_alone(
    maya: Actor, now: datetime, line: Cut, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was frozen at once and unfrozen since by its owner is not frozen behind their back."""
    mine = [card.token for card in cards_of(maya) if card.mine]
    moved = change(strongly(change_phone, maya, now, number=clean("518 555 0150")))
    real, refused = freezing.freeze_card, [True]

    def not_this_one(**asked: Any) -> Any:
        if asked["card"] == mine[0] and refused:
            raise TooMany()
        return real(**asked)

    monkeypatch.setattr(freezing, "freeze_card", not_this_one)
    assert was_not_me(by=SYSTEM, now=now, token=link(moved, "email"))
    assert json.loads(waiting().get().payload)["cards"] == [mine[0]]
    refused.clear()
    asked: list[str] = []

    def noted(**wanted: Any) -> Any:
        asked.append(wanted["card"])
        return real(**wanted)

    monkeypatch.setattr(freezing, "freeze_card", noted)
    next_try()
    assert asked == [mine[0]] and told()[-1] == "contact_data.frozen_later"


def test_a_core_elsewhere_that_answers_again_is_asked_by_the_lane_of_freezes(
    maya: Actor, now: datetime, cast: Any
) -> None:
    moved = change(strongly(change_phone, maya, now, number=clean("518 555 0150")))
    with far_away() as far:
        assert isinstance(far, Far)
        far.cut = True
        assert was_not_me(by=SYSTEM, now=now, token=link(moved, "email"))
        assert waiting().exists() and not FreezeWish.objects.exists()
        far.cut = False
        next_try()
        assert FreezeWish.objects.filter(member=maya.member_id).exists() and not waiting().exists()
        assert json.loads(Entry.objects.get(kind="contact_data.frozen_later").data)["asked"] >= 1
