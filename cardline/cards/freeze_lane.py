"""The freeze's own lane: wishes are put to a distant core one by one, each until it is confirmed or refused.

Nothing else waits in it and it waits for nothing else: neither the outbox nor mail nor Redis (SR-77). A try holds a
lease with a rising number (SR-67) and asks with the wish's own key, so that two workers, a lost answer or a restart
cannot freeze twice. A silence is "unknown" (SR-82) and is tried again, within the first hour at least once a minute.
"""

from __future__ import annotations

import logging
import threading
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import close_old_connections
from django.db.models import F, Q

from cardline.cards.models import Freeze, FreezeWish
from cardline.cards.writing import (
    FREEZE_REFUSED,
    FROZEN,
    UNFROZEN,
    UNKNOWN_LAST4,
    close_what_is_done,
    enter,
)
from cardline.cases.commands import set_attention
from cardline.contact.models import Contact
from cardline.issuer.core import Card, CardState, CoreNotFound, CoreRefused, CoreUnknown
from cardline.issuer.distant import core_has_answered, core_itself
from cardline.kit import clock
from cardline.kit.actors import SYSTEM, Kind, Standing
from cardline.kit.commands import command
from cardline.kit.events import happened
from cardline.promises.queries import nobody_waits_in

log = logging.getLogger("cardline.freezes")

AT_ONCE = 8
LEASE = timedelta(seconds=90)  # longer than a core of several questions of five seconds each takes to fail
_PAUSES = (1, 2, 5, 10, 20, 30)  # seconds before the next try; then a minute, after an hour five
_AN_HOUR = timedelta(hours=1)

_woken = threading.Event()


def wake() -> None:
    """There is a wish to carry out now."""
    _woken.set()


def wait(seconds: float) -> None:
    """Until something is to be done, or the time is over."""
    _woken.wait(seconds)
    _woken.clear()


class Came(StrEnum):
    FROZEN = "frozen"
    GIVEN_BACK = "given_back"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Claim:
    """A wish that is ours to put to the core until the lease ends. taken_back_at: its undoing is asked for, too."""

    id: int
    lease: int
    card: str
    customer: str
    key: str
    asked_at: datetime
    until: datetime | None
    taken_back_at: datetime | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """card: as the core answered, where it did. why: the core's word for a refusal."""

    came: Came
    card: Card | None = None
    why: str = ""


def work_through_lane() -> int:
    """Put everything to the core that is due now, one after the other. Returns how many."""
    claims = claim_wishes(by=SYSTEM, now=clock.now(), at=clock.machine_now())
    for claim in claims:
        _carry_out(claim)
    return len(claims)


def set_to_work(threads: Executor, free: int) -> set[Future[None]]:
    """The same on so many threads that are free. Nobody waits for them, so that a slow one holds up no other."""
    claims = claim_wishes(by=SYSTEM, now=clock.now(), at=clock.machine_now(), most=free)
    under_way = {threads.submit(_carry_out_on_a_thread, claim) for claim in claims}
    for one in under_way:
        one.add_done_callback(lambda _: wake())
    return under_way


def _carry_out(claim: Claim) -> None:
    outcome = put_to_core(claim)
    if outcome.came != Came.UNKNOWN:
        core_has_answered(outcome.card)
    settle_wish(by=SYSTEM, now=clock.now(), at=clock.machine_now(), claim=claim, outcome=outcome)


def _carry_out_on_a_thread(claim: Claim) -> None:
    close_old_connections()
    try:
        _carry_out(claim)
    except Exception:
        log.exception("freeze.stumbled", extra={"wish": claim.id})  # asked again when its lease is over
    finally:
        close_old_connections()


def put_to_core(claim: Claim) -> Outcome:
    """Ask the core itself, outside any transaction. What was taken back is asked for all the same, with its key, and
    then undone: a request of before that arrives late finds its key used, and freezes nothing behind our back.
    """
    core = core_itself()
    try:
        core.card(claim.customer, claim.card)  # whoever wished it sees the card
        if claim.until is None:
            card = core.freeze(claim.card, at=claim.asked_at, key=claim.key)
        else:
            card = core.freeze(claim.card, at=claim.asked_at, key=claim.key, until=claim.until)
        if claim.taken_back_at is not None:
            card = core.unfreeze(claim.card, at=claim.taken_back_at, key=f"{claim.key}:undo")
            return Outcome(Came.GIVEN_BACK, card)
    except CoreNotFound:
        return Outcome(Came.REFUSED, why="not_there")
    except CoreRefused as no:
        return Outcome(Came.REFUSED, why=no.reason)
    except CoreUnknown:
        return Outcome(Came.UNKNOWN)
    except Exception:
        log.exception("freeze.broke", extra={"wish": claim.id})
        return Outcome(Came.UNKNOWN)
    if card.state != CardState.FROZEN:  # done with this key once, and undone by somebody since
        return Outcome(Came.REFUSED, card, why="given_back")
    return Outcome(Came.FROZEN, card)


@command("freeze.claim", by=[Kind.SYSTEM], housekeeping=True)
def claim_wishes(*, by: Standing, now: datetime, at: datetime, most: int = AT_ONCE) -> list[Claim]:
    """Lease the wishes that are due to this worker. at is machine time."""
    free = Q(leased_until=None) | Q(leased_until__lt=at)
    due = FreezeWish.objects.filter(free, settled_at=None, next_try_at__lte=at).select_related("member")
    return [
        Claim(
            id=wish.pk,
            lease=wish.lease + 1,
            card=wish.card,
            customer=wish.member.core_customer,
            key=wish.key,
            asked_at=wish.asked_at,
            until=wish.until,
            taken_back_at=wish.taken_back_at,
        )
        for wish in due.order_by("next_try_at", "id")[:most]
        if FreezeWish.objects.filter(pk=wish.pk, lease=wish.lease, settled_at=None).update(
            lease=wish.lease + 1, leased_until=at + LEASE, tries=F("tries") + 1
        )
    ]


@command("freeze.settle", by=[Kind.SYSTEM], about="freeze_wish:{claim.id}")
def settle_wish(*, by: Standing, now: datetime, at: datetime, claim: Claim, outcome: Outcome) -> bool:
    """Write down what the core said to a wish. False: it is nothing to this worker any more, having lost its lease,
    or it is to be put to the core again. at is machine time.
    """
    mine = FreezeWish.objects.filter(pk=claim.id, lease=claim.lease, settled_at=None)
    wish = mine.select_related("case").first()
    if wish is None:
        return False
    if outcome.came == Came.UNKNOWN:
        mine.update(
            state=FreezeWish.State.UNKNOWN,
            leased_until=None,
            next_try_at=at + _pause(wish.tries, at - wish.asked_at),
        )
        return False
    of_the_same_mind = mine.filter(key=claim.key, taken_back_at=claim.taken_back_at)
    if not of_the_same_mind.update(
        state=_settled_as(outcome),
        settled_at=now,
        leased_until=None,
        refused=outcome.why[:40],
        last4=outcome.card.last4 if outcome.card else wish.last4,
    ):
        mine.update(leased_until=None, next_try_at=at)  # they changed their mind while it was asked for
        return False
    if outcome.came == Came.REFUSED:
        return _refused(wish, outcome, now)
    if outcome.came == Came.FROZEN:
        _frozen(wish, outcome, now)
    else:
        _given_back(wish, outcome, now)
    if wish.called_at is not None and nobody_waits_in(wish.case):
        set_attention(wish.case_id, None, now)
    close_what_is_done(wish.case_id, now)
    return True


def _settled_as(outcome: Outcome) -> FreezeWish.State:
    if outcome.came == Came.GIVEN_BACK:
        return FreezeWish.State.TAKEN_BACK
    return FreezeWish.State.CONFIRMED if outcome.came == Came.FROZEN else FreezeWish.State.REFUSED


def _pause(tries: int, age: timedelta) -> timedelta:
    if tries <= len(_PAUSES):
        return timedelta(seconds=_PAUSES[tries - 1])
    return timedelta(minutes=1 if age < _AN_HOUR else 5)


def _frozen(wish: FreezeWish, outcome: Outcome, now: datetime) -> None:
    """The freeze is real from here on. One of before that the core gave back by itself is over."""
    card = outcome.card
    assert card is not None and card.frozen_at is not None
    known = Freeze.objects.filter(card=wish.card, unfrozen_at=None)
    known.exclude(frozen_at=card.frozen_at).update(unfrozen_at=now, unfrozen_by="core")
    if not known.exists():
        Freeze.objects.create(
            card=wish.card,
            last4=card.last4,
            member_id=wish.member_id,
            case_id=wish.case_id,
            frozen_at=card.frozen_at,
            frozen_by=wish.asked_by,
            until=card.freeze_expires,
        )
    ends = {"until": card.freeze_expires.isoformat()} if card.freeze_expires else {}
    _enter(FROZEN, wish, card, confirmed=True, **ends)
    happened(
        FROZEN, member_id=wish.member_id, card=wish.card, last4=card.last4, case_id=wish.case_id, now=now
    )


def _given_back(wish: FreezeWish, outcome: Outcome, now: datetime) -> None:
    frozen = Freeze.objects.filter(card=wish.card, unfrozen_at=None)
    frozen.update(unfrozen_at=now, unfrozen_by=wish.taken_back_by)
    _enter(UNFROZEN, wish, outcome.card, confirmed=True)
    happened(
        UNFROZEN,
        member_id=wish.member_id,
        card=wish.card,
        last4=wish.last4,
        case_id=wish.case_id,
        now=now,
    )


def _refused(wish: FreezeWish, outcome: Outcome, now: datetime) -> bool:
    """Nothing is left to do for a card that is closed for good; with any other no, a person has to look."""
    _enter(FREEZE_REFUSED, wish, outcome.card, why=outcome.why)
    if outcome.why == "closed":
        close_what_is_done(wish.case_id, now)
    else:
        set_attention(wish.case_id, now, now)
    return True


def _enter(kind: str, wish: FreezeWish, card: Card | None, **more: object) -> None:
    contact = Contact.objects.filter(pk=wish.contact).first() if wish.contact else None
    last4 = card.last4 if card else wish.last4 or UNKNOWN_LAST4
    enter(kind, contact, wish.case_id, wish.card, last4, **more)
