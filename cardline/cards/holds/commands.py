"""A card that waits until we are sure of the address it goes to, or the name it bears (SR-33, 16 CFR 681.3).

Closing a card that somebody else may have never waits: it protects. Only the new one does.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from cardline.cards.holds.rules import MAKE_SURE, sure_by
from cardline.cards.models import Freeze, Hold
from cardline.cards.writing import (
    GONE,
    REPLACED,
    about_replacing,
    case_to_write_in,
    close_what_is_done,
    closed_for_good,
    enter,
    name_to_carry,
)
from cardline.cases.models import Case
from cardline.contact.models import Contact
from cardline.issuer.asking import CoreSilent, ask
from cardline.issuer.core import Card, CardState, CloseReason, current_core
from cardline.issuer.profile import current_profile
from cardline.kit.actors import SYSTEM, Kind, Standing
from cardline.kit.commands import command
from cardline.kit.events import happened
from cardline.kit.redact import Clean, clean, is_blank
from cardline.kit.refusals import Malformed, NotThere
from cardline.kit.visibility import visible
from cardline.members.contactdata.queries import change_in_doubt
from cardline.members.models import ContactChange, Member
from cardline.promises.commands import do_promise, make_promise
from cardline.promises.models import Promise
from cardline.promises.queries import UNFINISHED

HELD, HOLD_REFUSED = "card.held", "card.hold_refused"
LONGEST_HOW = 400


class SayWhy(Malformed):
    code = "say_why"
    sentence = _("Write down why the card is not sent, so that anybody can check it.")


def doubt_about(member: Member, card: Card, now: datetime) -> ContactChange | None:
    """The change that keeps this card from going out: of whoever asks for it, or of whom it is made out to."""
    people = Member.objects.filter(core_customer__in={member.core_customer, card.customer})
    for person in people.order_by("pk").values_list("pk", flat=True):
        if doubt := change_in_doubt(person, now):
            return doubt
    return None


def waiting_hold(card: str) -> dict[str, Any] | None:
    """What `hold` answered, where this card waits already: asking again is the same wish."""
    known = Hold.objects.filter(card=card, state=Hold.State.WAITING).select_related("case").first()
    return _held(known, changed=False) if known else None


def hold(
    by: Standing,
    now: datetime,
    member: Member,
    card: Card,
    reason: CloseReason,
    because: ContactChange,
    contact: Contact | None = None,
) -> dict[str, Any]:
    """Inside a command: close what has to be closed, and keep the wish for another card.

    Returns what replacing a card returns, with "held", and "card" the old one.
    """
    if reason in GONE:
        close_in_core(card, reason, now)
        Freeze.objects.filter(card=card.token, unfrozen_at=None).update(
            unfrozen_at=now, unfrozen_by=by.actor.key
        )
    need, subject = about_replacing(reason)
    case_id = contact.case_id if contact else case_to_write_in(by, now, member, need, subject, card.last4)
    profile = current_profile()
    made = make_promise(
        by=SYSTEM,
        now=now,
        case_id=case_id,
        text=clean(MAKE_SURE.get(member.language, MAKE_SURE["en"])),
        due_at=sure_by(now, profile),
        due_zone=profile.time_zone,
        source=Promise.Source.FLOW,
        rule="card.held",
    )
    row = Hold.objects.create(
        card=card.token,
        last4=card.last4,
        member=member,
        reason=reason,
        because=because,
        case_id=case_id,
        promise=made["promise_id"],
        asked_at=now,
        asked_by=by.actor.key,
    )
    enter(
        HELD, contact, case_id, card.token, card.last4, reason=reason.value, hold=row.pk, about=because.kind
    )
    if reason in GONE:
        closed_for_good(card, reason, member, case_id, now)
    return _held(row, changed=True)


@command("card.release_held", by=[Kind.SYSTEM], about="hold:{hold_id}")
def release_held_card(*, by: Standing, now: datetime, hold_id: int, sure_by: str, how: Clean) -> bool:
    """Somebody is sure of the address and the name: the card that waited is asked of the core.

    sure_by: who is, as in the audit log. False: it does not wait any more. Raises CoreSilent, and what the core says no
    with.
    """
    held = Hold.objects.select_related("member").filter(pk=hold_id, state=Hold.State.WAITING).first()
    if held is None:
        return False
    reason = CloseReason(held.reason)
    old = ask(partial(current_core().card, held.member.core_customer, held.card))
    change = partial(current_core().replace_card, held.card, reason=reason, name=name_to_carry(old))
    new = ask(partial(change, at=now, key=f"replace:{held.card}:{reason}"))
    if new.state != CardState.INACTIVE:
        raise CoreSilent()
    settled = {"settled_at": now, "settled_by": sure_by, "settled_how": how[:LONGEST_HOW], "new": new.token}
    if not Hold.objects.filter(pk=held.pk, state=Hold.State.WAITING).update(
        state=Hold.State.RELEASED, **settled
    ):
        return False
    enter(REPLACED, None, held.case_id, held.card, held.last4, reason=reason.value, new=new.token)
    _keep_promise(held, now, how)
    happened(
        REPLACED,
        member_id=held.member_id,
        card=held.card,
        new=new.token,
        last4=new.last4,
        case_id=held.case_id,
        now=now,
    )
    return True


@command("card.refuse_held", by=[Kind.AGENT], about="hold:{hold_id}")
def refuse_held_card(*, by: Standing, now: datetime, hold_id: int, why: Clean) -> bool:
    """A person decided that this card is not sent. The member reads so, and can ask for one anew.

    False: it does not wait any more. Raises NotThere, SayWhy.
    """
    theirs = visible(Case, by.actor).values("member")
    held = Hold.objects.filter(pk=hold_id, member__in=theirs).first()
    if held is None:
        raise NotThere()
    if is_blank(why):
        raise SayWhy(field="why")
    settled = {"settled_at": now, "settled_by": by.actor.key, "settled_how": why[:LONGEST_HOW]}
    if not Hold.objects.filter(pk=held.pk, state=Hold.State.WAITING).update(
        state=Hold.State.REFUSED, **settled
    ):
        return False
    enter(HOLD_REFUSED, None, held.case_id, held.card, held.last4)
    _keep_promise(held, now, why)
    return True


def holds_because_of(change_id: int) -> list[int]:
    """Inside a command: the cards that wait because of this change."""
    return list(Hold.objects.filter(because=change_id, state=Hold.State.WAITING).values_list("pk", flat=True))


def close_in_core(card: Card, reason: CloseReason, now: datetime) -> None:
    """For good; one that is closed stays as it is. Raises CoreSilent."""
    if card.state == CardState.CLOSED:
        return
    close = partial(current_core().close_card, card.token, reason=reason)
    closed = ask(partial(close, at=now, key=f"close:{card.token}:{reason}"))
    if closed.state != CardState.CLOSED:
        raise CoreSilent()


def _keep_promise(held: Hold, now: datetime, evidence: Clean) -> None:
    if Promise.objects.filter(UNFINISHED, pk=held.promise).exists():
        do_promise(by=SYSTEM, now=now, promise_id=held.promise, evidence=evidence)
    close_what_is_done(held.case_id, now)


def _held(row: Hold, *, changed: bool) -> dict[str, Any]:
    return {
        "card": row.card,
        "last4": row.last4,
        "case_id": row.case_id,
        "ref": row.case.ref,
        "changed": changed,
        "held": True,
    }
