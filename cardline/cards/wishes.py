"""Freezes asked of a card core that is elsewhere: written down before anybody asks it, so that none is ever lost.

The functions here run inside `freeze_card` and `unfreeze_card`; the lane (freeze_lane.py) carries a wish out.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from functools import partial

from django.db import transaction

from cardline.cards import freeze_lane
from cardline.cards.models import FreezeWish
from cardline.cards.writing import (
    CARD_TO_FREEZE,
    FREEZE_ASKED,
    FREEZE_NEED,
    FREEZE_TAKEN_BACK,
    UNFROZEN,
    UNKNOWN_LAST4,
    case_to_write_in,
    close_what_is_done,
    enter,
)
from cardline.contact.models import Contact
from cardline.issuer.asking import CoreSilent, ask
from cardline.issuer.core import current_core
from cardline.issuer.distant import last_known_card
from cardline.kit import clock
from cardline.kit.actors import Standing
from cardline.kit.events import happened
from cardline.kit.limits import FREEZES, count
from cardline.kit.refusals import Overloaded
from cardline.members.models import Member


def open_wish(member: Member, card: str) -> FreezeWish | None:
    """The wish of this member for this card that is neither confirmed nor refused."""
    return FreezeWish.objects.filter(card=card, member=member, settled_at=None).select_related("case").first()


def ask_for_freeze(
    by: Standing,
    now: datetime,
    member: Member,
    contact: Contact | None,
    card: str,
    until: datetime | None,
    told: Member,
    case_id: int | None = None,
) -> FreezeWish:
    """Write the wish down and wake the lane. Raises NotThere for a card the core says is not theirs, and TooMany."""
    last4 = last4_of(member, card)
    count(FREEZES, f"member:{member.pk}")
    shown = last4 or UNKNOWN_LAST4
    if contact is not None:
        case_id = contact.case_id
    case_id = case_id or case_to_write_in(by, now, told, FREEZE_NEED, CARD_TO_FREEZE, shown)
    wish = FreezeWish.objects.create(
        card=card,
        last4=last4,
        member=member,
        case_id=case_id,
        contact=contact.pk if contact else None,
        key=_new_key(card),
        asked_at=now,
        asked_by=by.actor.key,
        until=until,
        next_try_at=clock.machine_now(),
    )
    enter(FREEZE_ASKED, contact, case_id, card, shown)
    transaction.on_commit(freeze_lane.wake)
    return wish


def want_again(by: Standing, now: datetime, wish: FreezeWish, contact: Contact | None) -> bool:
    """The press once more. While it is asked: the same wish, tried at once, and False. Once it was taken back: another
    one, under another key, since what the old key stands for may have been undone.
    """
    mine = FreezeWish.objects.filter(pk=wish.pk, settled_at=None)
    at = clock.machine_now()
    transaction.on_commit(freeze_lane.wake)
    if wish.taken_back_at is None:
        mine.update(next_try_at=at)
        return False
    count(FREEZES, f"member:{wish.member_id}")
    mine.update(taken_back_at=None, taken_back_by="", asked_at=now, key=_new_key(wish.card), next_try_at=at)
    enter(FREEZE_ASKED, contact, wish.case_id, wish.card, wish.last4 or UNKNOWN_LAST4)
    return True


def take_back(by: Standing, now: datetime, wish: FreezeWish, contact: Contact | None) -> bool:
    """The member does not want it any more. One that nobody has put to the core yet is over; what may have been done
    there, the lane has undone. False: it was settled a moment ago.
    """
    mind = {"taken_back_at": now, "taken_back_by": by.actor.key}
    still = FreezeWish.objects.filter(pk=wish.pk, settled_at=None, taken_back_at=None)
    never_asked = still.filter(tries=0)
    over = never_asked.update(**mind, state=FreezeWish.State.TAKEN_BACK, settled_at=now)
    if not over and not still.update(**mind, next_try_at=clock.machine_now()):
        return FreezeWish.objects.filter(pk=wish.pk, settled_at=None).exists()  # taken back before
    enter(FREEZE_TAKEN_BACK, contact, wish.case_id, wish.card, wish.last4 or UNKNOWN_LAST4)
    if over:
        happened(
            UNFROZEN,
            member_id=wish.member_id,
            card=wish.card,
            last4=wish.last4,
            case_id=wish.case_id,
            now=now,
        )
        close_what_is_done(wish.case_id, now)
    else:
        transaction.on_commit(freeze_lane.wake)
    return True


def _new_key(card: str) -> str:
    return f"freeze:{card}:{secrets.token_hex(8)}"


def last4_of(member: Member, card: str) -> str:
    """From what the core said last, so that nobody waits for it; else from the core; "" while it is silent or busy."""
    known = last_known_card(member.core_customer, card)
    if known is not None:
        return known.last4
    try:
        return ask(partial(current_core().card, member.core_customer, card)).last4
    except (CoreSilent, Overloaded):
        return ""
