"""What people do with their cards: freeze and give back into use, replace, activate.

A freeze needs little because it protects and can be undone; its undoing needs more (DOMAIN 8). Each is one line in a
case, so that it has a reference number: in an agent's contact, the case of that contact; by the member alone, their
newest open case about the same, or a new one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from cardline.cards.holds.by_hand import close_and_order_by_hand
from cardline.cards.holds.commands import doubt_about, hold, waiting_hold
from cardline.cards.models import Freeze, FreezeWish
from cardline.cards.rules import may_activate, may_renew, may_unfreeze, reasons_to_replace
from cardline.cards.speaking import spoken_for
from cardline.cards.visibility import member_spoken_for
from cardline.cards.wishes import ask_for_freeze, open_wish, take_back, want_again
from cardline.cards.writing import (
    ACTIVATE_NEED,
    ACTIVATED,
    CARD_ACTIVATED,
    CARD_FROZEN,
    FREEZE_NEED,
    FREEZE_UNANSWERED,
    FROZEN,
    GONE,
    REPLACED,
    THAWED,
    UNFROZEN,
    UNKNOWN_LAST4,
    about_replacing,
    called,
    case_of,
    case_to_write_in,
    case_waiting_for,
    close_what_is_done,
    closed_for_good,
    enter,
    is_written,
    name_to_carry,
    new_case,
    told_to,
)
from cardline.cases.commands import set_attention
from cardline.cases.models import Case
from cardline.clocks.local import local_date
from cardline.contact.models import Contact
from cardline.identity.exceptional.queries import exception_in, stands
from cardline.issuer.asking import CoreSilent, NotOffered, ask
from cardline.issuer.core import (
    Card,
    CardState,
    CloseReason,
    Delivery,
    Part,
    current_core,
)
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Kind, Standing
from cardline.kit.commands import command
from cardline.kit.events import happened
from cardline.kit.limits import CARD_CHANGES, FREEZES, count
from cardline.kit.refusals import Malformed, NotPermitted, NotThere, Refusal
from cardline.kit.visibility import visible
from cardline.members.models import Member

LONGEST_FREEZE = timedelta(days=366)  # with an end; one without an end has no limit


class CardClosed(Refusal):
    code = "card_closed"
    sentence = _("This card is closed for good, so nobody can use it. Nothing more needs to be done.")


class NotYoursToActivate(Refusal):
    code = "not_yours_to_activate"
    sentence = _("Only the person on the card can activate it. A frozen card has to be unfrozen first.")


class NothingToReplace(Refusal):
    code = "nothing_to_replace"
    sentence = _("This card is not in use yet. Once you have activated it, it can be replaced.")


class GoodForLonger(Refusal):
    code = "good_for_longer"
    sentence = _("This card is good for weeks yet. Its successor comes by itself, before it runs out.")


class NotInUseYet(Refusal):
    code = "not_in_use_yet"
    sentence = _("This card is not in use yet. Activate it first.")


class EndIsOver(Refusal):
    code = "end_is_over"
    sentence = _("The end you chose is over by now. Choose another one.")


class NotYoursToUnfreeze(Refusal):
    code = "not_yours_to_unfreeze"
    sentence = _("The account’s holder froze this card. Ask them to unfreeze it.")


# What the core's reasons mean here; each function of its protocol names those it uses.
REFUSALS: Mapping[str, type[Refusal]] = {
    "closed": CardClosed,
    "by_request": CardClosed,
    "inactive": NotInUseYet,
    "past": EndIsOver,
}


@command(
    "card.freeze", by=[Kind.MEMBER, Kind.AGENT, Kind.SYSTEM], level="lost_stolen:freeze", about="card:{card}"
)
def freeze_card(
    *, by: Standing, now: datetime, card: str, contact_id: int | None = None, until: datetime | None = None
) -> dict[str, Any]:
    """Refuse new purchases on a card from now on. card: the core's token. contact_id: the contact an agent acts in;
    what its member proved there gives the level; the system acts for the member it names. until: when it ends by
    itself, at most a year ahead.

    A card that is frozen already is a normal result and keeps its end. With a core that is elsewhere it is a wish that
    the lane carries out (wishes.py), and asking again is the same wish. Returns {"card", "last4", "frozen_at",
    "asked_at", "case_id", "ref", "changed"}: asked_at of a wish that is not confirmed yet; case_id and ref are None
    when it was frozen by somebody else. Raises NotThere (unknown, or not this member's), Malformed, NotOffered,
    CardClosed, TooMany, CoreSilent.
    """
    if until is not None and not now < until <= now + LONGEST_FREEZE:
        raise Malformed(field="until")
    if until is not None and Part.TIMED_FREEZE not in current_core().offers:
        raise NotOffered()
    member, contact = for_whom(by, contact_id)
    return freeze_for(by, now, member, card, contact=contact, until=until)


def freeze_for(
    by: Standing,
    now: datetime,
    member: Member,
    card: str,
    *,
    contact: Contact | None = None,
    until: datetime | None = None,
    told: Member | None = None,
    case_id: int | None = None,
) -> dict[str, Any]:
    """The freeze of a member who sees the card. told: in whose case it is written, where that is somebody else's.
    case_id: in which one of theirs; else their newest about the same, or a new one.
    """
    told = told or member
    if not current_core().answers_at_once:
        return _wish(by, now, member, contact, card, until, told, case_id)
    before = _card(member, card)
    frozen = before if before.state == CardState.FROZEN else _freeze_in_core(member, before, now, until)
    known = Freeze.objects.filter(card=card, unfrozen_at=None).select_related("case").first()
    if known is not None:
        return _answer(frozen, known.case if known.member_id == member.pk else None, changed=False)
    if contact is not None:
        case_id = contact.case_id
    case_id = case_id or case_to_write_in(by, now, told, FREEZE_NEED, CARD_FROZEN, frozen.last4)
    Freeze.objects.create(
        card=card,
        last4=frozen.last4,
        member=member,
        case_id=case_id,
        frozen_at=frozen.frozen_at or now,
        frozen_by=by.actor.key,
        until=frozen.freeze_expires,
    )
    ends = {"until": frozen.freeze_expires.isoformat()} if frozen.freeze_expires else {}
    enter(FROZEN, contact, case_id, card, frozen.last4, **ends)
    happened(FROZEN, member_id=told.pk, card=card, last4=frozen.last4, case_id=case_id, now=now)
    return _answer(frozen, Case.objects.get(pk=case_id), changed=before.state != CardState.FROZEN)


@command("card.unfreeze", by=[Kind.MEMBER, Kind.AGENT], level="lost_stolen:unfreeze", about="card:{card}")
def unfreeze_card(*, by: Standing, now: datetime, card: str, contact_id: int | None = None) -> dict[str, Any]:
    """Let a frozen card be used again, and close the case of the freeze when nothing else in it is open.

    A card that is not frozen is a normal result. A freeze that is asked and not confirmed is taken back. Returns the
    same as `freeze_card`, with frozen_at None. Raises NotThere, NotYoursToUnfreeze, CardClosed, TooMany, CoreSilent.
    """
    member, contact = for_whom(by, contact_id)
    return unfreeze_for(by, now, member, card, contact=contact)


def unfreeze_for(
    by: Standing,
    now: datetime,
    member: Member,
    card: str,
    *,
    contact: Contact | None = None,
    told: Member | None = None,
) -> dict[str, Any]:
    """Its undoing, by a member who sees the card; told as `freeze_for` has it."""
    wish = open_wish(member, card)
    if wish is not None and take_back(by, now, wish, contact):
        return _asked(wish, changed=wish.taken_back_at is None)
    before = _card(member, card)
    freeze = Freeze.objects.filter(card=card, unfrozen_at=None).select_related("case", "member").first()
    if before.state != CardState.FROZEN:
        return _answer(before, None, changed=False)
    if not may_unfreeze(
        before, customer=member.core_customer, frozen_for=freeze.member.core_customer if freeze else ""
    ):
        raise NotYoursToUnfreeze()
    thawed = _unfreeze_in_core(member, before, now)
    if freeze is None:
        return _answer(thawed, None, changed=True)
    case = freeze.case if freeze.member_id == member.pk else None
    if not Freeze.objects.filter(pk=freeze.pk, unfrozen_at=None).update(
        unfrozen_at=now, unfrozen_by=by.actor.key
    ):
        return _answer(thawed, case, changed=False)  # somebody was quicker
    enter(UNFROZEN, contact, freeze.case_id, card, thawed.last4, **told_to(freeze.member_id, member))
    happened(
        UNFROZEN,
        member_id=(told or member).pk,
        card=card,
        last4=thawed.last4,
        case_id=freeze.case_id,
        now=now,
    )
    close_what_is_done(freeze.case_id, now)
    return _answer(thawed, case, changed=True)


@command("freeze.end", by=[Kind.SYSTEM], about="freeze:{freeze_id}")
def end_freeze(*, by: Standing, now: datetime, freeze_id: int) -> bool:
    """A freeze whose end has come is over, if the core says so, and its case is closed when nothing else in it is open.

    False: undone before, or the core has it frozen still, for as long as it says. Raises CoreSilent.
    """
    open_still = Freeze.objects.filter(pk=freeze_id, unfrozen_at=None, until__lte=now)
    freeze = open_still.select_related("member").first()
    if freeze is None:
        return False
    try:
        card = _card(freeze.member, freeze.card)
    except NotThere:  # no card of theirs any more, so no freeze of theirs either
        card = None
    if card is not None and card.state == CardState.FROZEN:
        open_still.update(until=card.freeze_expires)
        return False
    if not open_still.update(unfrozen_at=freeze.until, unfrozen_by="core"):
        return False
    enter(THAWED, None, freeze.case_id, freeze.card, freeze.last4)
    happened(
        THAWED,
        member_id=freeze.member_id,
        card=freeze.card,
        last4=freeze.last4,
        case_id=freeze.case_id,
        now=now,
    )
    close_what_is_done(freeze.case_id, now)
    return True


@command("freeze.call", by=[Kind.SYSTEM], about="freeze_wish:{wish_id}")
def call_a_person(*, by: Standing, now: datetime, wish_id: int) -> bool:
    """The core has not confirmed a freeze for too long: the desk is to look at its case. False: done, or called for."""
    waiting = FreezeWish.objects.filter(pk=wish_id, settled_at=None, called_at=None)
    wish = waiting.first()
    if wish is None or not waiting.update(called_at=now):
        return False
    told = {"tries": wish.tries, "taken_back": wish.taken_back_at is not None}
    enter(FREEZE_UNANSWERED, None, wish.case_id, wish.card, wish.last4 or UNKNOWN_LAST4, **told)
    set_attention(wish.case_id, now, now)
    return True


@command(
    "card.replace",
    by=[Kind.MEMBER, Kind.AGENT],
    level="card_access:replace_to_address_on_file",
    about="card:{card}",
)
def replace_card(*, by: Standing, now: datetime, card: str, contact_id: int | None = None) -> dict[str, Any]:
    """A new card with the same number for one that is damaged, to the address on file. The old one works until the new
    one is activated. contact_id: the conversation a colleague has in hand.

    Asked again while that one is on its way is a normal result. Returns {"card" (the new one's token), "last4",
    "case_id", "ref", "changed"}; with "held" and the old card's token where it waits because the address or the name
    was just changed (SR-33). Raises NotThere, NothingToReplace, CardClosed, TooMany, CoreSilent.
    """
    member, contact = spoken_for(by, contact_id)
    return replace_for(by, now, member, card, CloseReason.DAMAGED, contact=contact)


@command(
    "card.renew",
    by=[Kind.MEMBER, Kind.AGENT],
    level="card_access:replace_to_address_on_file",
    about="card:{card}",
)
def renew_card(*, by: Standing, now: datetime, card: str, contact_id: int | None = None) -> dict[str, Any]:
    """A new card with the same number for one that runs out within weeks or has run out, to the address on file.
    contact_id: the conversation a colleague has in hand.

    Asked again is a normal result. Returns the same as `replace_card`. Raises NotThere, GoodForLonger, CardClosed,
    TooMany, CoreSilent.
    """
    member, contact = spoken_for(by, contact_id)
    before = _card(member, card)
    today = local_date(now, current_profile().zone)
    if not before.replaced_by and before.state != CardState.CLOSED and not may_renew(before, today):
        raise GoodForLonger()
    return replace_for(by, now, member, card, CloseReason.EXPIRED, contact=contact)


@command(
    "card.report",
    by=[Kind.MEMBER, Kind.AGENT],
    level="lost_stolen:replace_to_address_on_file",
    about="card:{card}",
)
def replace_lost_card(
    *, by: Standing, now: datetime, card: str, stolen: bool = False, contact_id: int | None = None
) -> dict[str, Any]:
    """Close a card that somebody else may have, for good and at once, and send another with a new number to the
    address on file. Nothing undoes it, so that whoever calls has asked twice. contact_id: the one an agent acts in.

    Asked again is a normal result. Returns the same as `replace_card`. Raises NotThere, CardClosed, TooMany,
    CoreSilent.
    """
    reason = CloseReason.STOLEN if stolen else CloseReason.LOST
    member, contact = for_whom(by, contact_id)
    return replace_for(by, now, member, card, reason, contact=contact)


@command("card.activate", by=[Kind.MEMBER], level="card_access:activate", about="card:{card}")
def activate_card(*, by: Standing, now: datetime, card: str) -> dict[str, Any]:
    """Bring a card that came by mail into use. What it was to replace is closed by the core.

    A card that is in use is a normal result. Returns {"card", "last4", "case_id", "ref", "changed"}; case_id and ref
    are None when nothing changed. Raises NotThere, NotYoursToActivate, CardClosed, TooMany, CoreSilent.
    """
    member = member_spoken_for(by)
    before = _card(member, card)
    if before.state == CardState.ACTIVE:
        return _done(before, None, changed=False)
    if before.state == CardState.CLOSED:
        raise CardClosed()
    if not may_activate(before, customer=member.core_customer):
        raise NotYoursToActivate()
    count(CARD_CHANGES, f"member:{member.pk}")
    active = _ask(current_core().activate, before, now, key=f"activate:{card}", wanted=(CardState.ACTIVE,))
    case_id = case_waiting_for(by, card) or new_case(
        by, now, ACTIVATE_NEED, called(CARD_ACTIVATED, member, active.last4), member
    )
    enter(ACTIVATED, None, case_id, card, active.last4)
    happened(ACTIVATED, member_id=member.pk, card=card, last4=active.last4, case_id=case_id, now=now)
    close_what_is_done(case_id, now)
    case = Case.objects.get(pk=case_id)
    return _done(active, case, changed=True)


def replace_for(
    by: Standing,
    now: datetime,
    member: Member,
    card: str,
    reason: CloseReason,
    *,
    to: Delivery = Delivery.CARDHOLDER,
    told: Member | None = None,
    contact: Contact | None = None,
) -> dict[str, Any]:
    """Another card for one this member sees, to an address on file; told as `freeze_for` has it. contact: the one an
    agent acts in."""
    told = told or member
    before = _card(member, card)
    if before.replaced_by and _like(reason) not in reasons_to_replace(before):
        new = _card(member, before.replaced_by)
        if not _answer_was_lost(before, new, reason):
            return _done(new, case_of(by, new.token), changed=False)
        return _write_replaced(by, now, told, before, new, reason, to, contact)
    if waits := waiting_hold(card):
        return waits
    if before.state == CardState.CLOSED:
        raise CardClosed()
    if _like(reason) not in reasons_to_replace(before):
        raise NothingToReplace()
    count(CARD_CHANGES, f"member:{told.pk}")
    home = told if to == Delivery.CARDHOLDER else member
    if doubt := doubt_about(home, before, now):
        return hold(by, now, told, before, reason, doubt, contact)
    if reason != CloseReason.DAMAGED and Part.REPLACEMENTS not in current_core().offers:
        return close_and_order_by_hand(by, now, told, before, reason, contact)
    # A card is replaced once for each reason and address: asked again after a silence is the same request.
    change, key = partial(current_core().replace_card, reason=reason), f"replace:{card}:{reason}"
    if to != Delivery.CARDHOLDER:
        change, key = partial(change, to=to), f"{key}:{to}"
    named = partial(change, name=name_to_carry(before))
    new = _ask(named, before, now, key=key, wanted=(CardState.INACTIVE,))
    return _write_replaced(by, now, told, before, new, reason, to, contact)


def _answer_was_lost(before: Card, new: Card, reason: CloseReason) -> bool:
    """Whether this very wish was carried out and nobody heard so: asked again, it is only written down."""
    if new.state != CardState.INACTIVE or is_written(new.token):
        return False
    return before.closed_reason == reason or reason not in GONE and before.state != CardState.CLOSED


def _write_replaced(
    by: Standing,
    now: datetime,
    told: Member,
    before: Card,
    new: Card,
    reason: CloseReason,
    to: Delivery,
    contact: Contact | None,
) -> dict[str, Any]:
    card, is_gone = before.token, reason in GONE
    if is_gone:
        Freeze.objects.filter(card=card, unfrozen_at=None).update(unfrozen_at=now, unfrozen_by=by.actor.key)
    need, subject = about_replacing(reason)
    case_id = contact.case_id if contact else case_to_write_in(by, now, told, need, subject, before.last4)
    enter(REPLACED, contact, case_id, card, before.last4, reason=reason.value, new=new.token, **_sent(to))
    if is_gone:
        closed_for_good(before, reason, told, case_id, now)
    happened(REPLACED, member_id=told.pk, card=card, new=new.token, last4=new.last4, case_id=case_id, now=now)
    return _done(new, Case.objects.get(pk=case_id), changed=True)


def _like(reason: CloseReason) -> CloseReason:
    """A card that runs out is replaced as a worn one is."""
    return CloseReason.DAMAGED if reason == CloseReason.EXPIRED else reason


def _sent(to: Delivery) -> dict[str, str]:
    return {} if to == Delivery.CARDHOLDER else {"to": to.value}


def for_whom(by: Standing, contact_id: int | None) -> tuple[Member, Contact | None]:
    """The member whose card it is to be: the one who asks, or the one an agent has a contact with.

    In a visitor's conversation it is whom an exceptional verification stands for; what is done is then written in a
    case of that member, not in the visitor's.
    """
    if contact_id is None:
        if by.actor.is_staff:
            raise NotPermitted(str(_("Open the member’s contact first, then do it from there.")))
        return member_spoken_for(by), None
    contact = visible(Contact, by.actor).select_related("member").filter(pk=contact_id).first()
    if contact is None:
        raise NotThere()
    if contact.member is None:
        return _stranded(contact), None
    return contact.member, contact


def _stranded(contact: Contact) -> Member:
    exception = exception_in(contact.pk)
    if exception is None or not stands(exception):
        raise NotThere()
    return exception.member


def _card(member: Member, token: str) -> Card:
    return ask(partial(current_core().card, member.core_customer, token))


def _wish(
    by: Standing,
    now: datetime,
    member: Member,
    contact: Contact | None,
    card: str,
    until: datetime | None,
    told: Member,
    case_id: int | None = None,
) -> dict[str, Any]:
    """A freeze of a core that is elsewhere: asked, and not confirmed yet."""
    wish = open_wish(member, card)
    if wish is None:
        return _asked(ask_for_freeze(by, now, member, contact, card, until, told, case_id), changed=True)
    return _asked(wish, changed=want_again(by, now, wish, contact))


def _asked(wish: FreezeWish, *, changed: bool) -> dict[str, Any]:
    return {
        "card": wish.card,
        "last4": wish.last4,
        "frozen_at": None,
        "asked_at": wish.asked_at.isoformat(),
        "case_id": wish.case_id,
        "ref": wish.case.ref,
        "changed": changed,
    }


def freeze_without_end(by: Standing, now: datetime, member: Member, card: str) -> None:
    """Inside a command: a freeze that would end by itself does not any more. Only with a core that answers at once; of
    another one the freeze is asked for again as soon as it ends (reports/reactions.py).
    """
    ends = Freeze.objects.filter(card=card, unfrozen_at=None, until__isnull=False)
    if not current_core().answers_at_once or not ends.exists():
        return
    thawed = _unfreeze_in_core(member, _card(member, card), now)
    frozen = _freeze_in_core(member, thawed, now, None, again=True)
    ends.update(until=None, frozen_at=frozen.frozen_at or now)


def _freeze_in_core(
    member: Member, card: Card, now: datetime, until: datetime | None, *, again: bool = False
) -> Card:
    """Ask for the freeze. again: the same one without its end. The key is that of the card's first, second, …
    freeze: asking again after a silence is the same request, freezing again after an unfreeze is another, and so is
    one with another end.
    """
    count(FREEZES, f"member:{member.pk}")
    # The core gave the card back into use by itself: that freeze of ours is over.
    if not again:
        Freeze.objects.filter(card=card.token, unfrozen_at=None).update(unfrozen_at=now, unfrozen_by="core")
    nth = Freeze.objects.filter(card=card.token).count() + 1
    change, key = current_core().freeze, f"freeze:{card.token}:{nth}"
    if again:
        key = f"{key}:{now.timestamp():.6f}"
    if until is not None:
        change, key = partial(change, until=until), f"{key}:{until.timestamp():.0f}"
    return _ask(change, card, now, key=key, wanted=(CardState.FROZEN,))


def _unfreeze_in_core(member: Member, card: Card, now: datetime) -> Card:
    """Ask for its undoing. The key names the freeze by its time."""
    count(FREEZES, f"member:{member.pk}")
    assert card.frozen_at is not None
    key = f"unfreeze:{card.token}:{card.frozen_at.timestamp():.6f}"
    return _ask(current_core().unfreeze, card, now, key=key, wanted=(CardState.ACTIVE, CardState.INACTIVE))


def _ask(
    change: Callable[..., Card], card: Card, now: datetime, *, key: str, wanted: tuple[CardState, ...]
) -> Card:
    changed = ask(partial(change, card.token, at=now, key=key), REFUSALS)
    if changed.state not in wanted:
        raise CoreSilent()  # it answered, but not that it was done
    return changed


def _answer(card: Card, case: Case | None, *, changed: bool) -> dict[str, Any]:
    return {
        "card": card.token,
        "last4": card.last4,
        "frozen_at": card.frozen_at.isoformat() if card.frozen_at else None,
        "asked_at": None,
        "case_id": case.pk if case else None,
        "ref": case.ref if case else None,
        "changed": changed,
    }


def _done(card: Card, case: Case | None, *, changed: bool) -> dict[str, Any]:
    return {
        "card": card.token,
        "last4": card.last4,
        "case_id": case.pk if case else None,
        "ref": case.ref if case else None,
        "changed": changed,
    }
