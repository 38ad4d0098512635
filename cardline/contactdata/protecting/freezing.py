"""Every card of a member is frozen because somebody said "not me", also where the card core does not answer just then.

Then a row of the outbox asks again, with growing pauses and without an end, until the core has told the cards and taken
each freeze; or until a person has closed the case, because what somebody settled is theirs.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cardline.cards.commands import CardClosed, freeze_card
from cardline.cards.queries import cards_of
from cardline.cases import timeline
from cardline.cases.commands import set_attention
from cardline.cases.models import Case, Entry
from cardline.contactdata.people import system_for
from cardline.issuer.core import CoreNotFound, CoreRefused, CoreUnknown
from cardline.kit import clock
from cardline.kit.actors import SYSTEM, Kind, Standing
from cardline.kit.commands import command
from cardline.kit.outbox import handles, pause_after, send_later
from cardline.kit.refusals import NotThere, Overloaded, Refusal

FREEZE_ALL = "contact_data.freeze_all"
NOT_ME, FROZEN_LATER = "contact_data.not_me", "contact_data.frozen_later"
LONGEST_PAUSE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Frozen:
    """frozen: how many the core confirmed. asked: how many are written down as wishes that their own lane carries out.
    left: the core's tokens of those that are neither, and should be; None while it does not say which cards there are.
    """

    frozen: int = 0
    asked: int = 0
    left: tuple[str, ...] | None = ()

    @property
    def is_whole(self) -> bool:
        return self.left == ()


def freeze_all_or_keep_trying(member_id: int, case_id: int, now: datetime) -> Frozen:
    """Inside a command, from whose case on it is asked for until it is done."""
    done = _freeze_all(member_id, now)
    if not done.is_whole:
        _again(member_id, case_id, done.left, tries=1)
    return done


@command("contact_data.freeze_rest", by=[Kind.SYSTEM], about="case:{case_id}")
def freeze_rest(
    *, by: Standing, now: datetime, member_id: int, case_id: int, cards: Sequence[str] | None, tries: int
) -> bool:
    """Ask once more for what could not be frozen, and for no card that somebody may have unfrozen since. cards: None
    while nobody knows which there are. tries: how often it was asked for before.

    Done, the case says so and stands before a person again. False: not yet, or a person closed the case.
    """
    if not Case.objects.filter(pk=case_id, state=Case.State.OPEN).exists():
        return False
    done = _freeze_all(member_id, now, cards)
    if not done.is_whole:
        _again(member_id, case_id, done.left, tries=tries + 1)
        return False
    timeline.append(case_id, FROZEN_LATER, data={"frozen": done.frozen, "asked": done.asked})
    set_attention(case_id, now, now)
    return True


@handles(FREEZE_ALL)
def carry_out(payload: dict[str, Any], now: datetime) -> None:
    """Each try is one command with its own key: a worker that died behind it makes no second row of retries."""
    key = f"freeze-all:{payload['case_id']}:{payload['tries']}"
    freeze_rest(by=SYSTEM, key=key, now=now, **payload)


def cards_wait_in(case_id: int) -> bool:
    """Whether the case of a "not me" stands where the cards could not all be frozen yet. case_id: 0 for none."""
    told = Entry.objects.filter(case=case_id, kind__in=(NOT_ME, FROZEN_LATER)).order_by("-n").first()
    return told is not None and told.kind == NOT_ME and bool(json.loads(told.data).get("waits"))


def _again(member_id: int, case_id: int, cards: Sequence[str] | None, *, tries: int) -> None:
    due_at = clock.machine_now() + min(pause_after(tries), LONGEST_PAUSE)
    left = None if cards is None else list(cards)
    send_later(
        FREEZE_ALL, {"member_id": member_id, "case_id": case_id, "cards": left, "tries": tries}, due_at
    )


def _freeze_all(member_id: int, now: datetime, only: Sequence[str] | None = None) -> Frozen:
    """Every card of theirs that can be, or those of `only`. One that is closed meanwhile needs nothing."""
    actor = system_for(member_id)
    try:
        cards = [card for card in cards_of(actor, member_id) if card.mine and card.can_freeze]
    except (CoreUnknown, Overloaded):
        return Frozen(left=None if only is None else tuple(only))
    except (CoreNotFound, CoreRefused):  # it has no such customer
        return Frozen()
    frozen, asked, left = 0, 0, []
    for card in cards:
        if only is not None and card.token not in only:
            continue
        try:
            done = freeze_card(by=actor, now=now, card=card.token)
        except (CardClosed, NotThere):
            continue
        except Refusal:  # silence, a limit, a no: the rest must happen all the same (SR-39)
            left.append(card.token)
            continue
        frozen += done["frozen_at"] is not None
        asked += done["frozen_at"] is None
    return Frozen(frozen, asked, tuple(left))
