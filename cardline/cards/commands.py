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

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cardline.cards.models import Freeze
from cardline.cards.rules import may_activate, may_unfreeze, reasons_to_replace
from cardline.cards.visibility import member_seen_by
from cardline.cases import timeline
from cardline.cases.commands import close_case, open_case, set_attention
from cardline.cases.models import Case, Entry
from cardline.contact.models import Contact
from cardline.issuer.asking import CoreSilent, ask
from cardline.issuer.core import (
    Card,
    CardState,
    CloseReason,
    current_core,
)
from cardline.kit.actors import SYSTEM, Kind, Standing
from cardline.kit.commands import command
from cardline.kit.events import happened
from cardline.kit.limits import CARD_CHANGES, FREEZES, count
from cardline.kit.redact import Clean, clean
from cardline.kit.refusals import Malformed, NotPermitted, NotThere, Refusal
from cardline.kit.visibility import visible
from cardline.members.models import Member
from cardline.promises.models import Promise

FAMILY = "lost_stolen"
FREEZE_NEED = "lost_stolen.freeze"
REPORT_NEED = "lost_stolen.report"
DAMAGED_NEED = "card_access.replace_damaged"
ACTIVATE_NEED = "card_access.activate"

FROZEN, UNFROZEN = "card.frozen", "card.unfrozen"
REPLACED, ACTIVATED = "card.replaced", "card.activated"

# What the case is called. Kept in the row in the member's language, like every subject.
CARD_FROZEN = {"en": "Card ending {last4} frozen", "es": "Tarjeta terminada en {last4} congelada"}
CARD_GONE = {
    "en": "Card ending {last4} lost or stolen",
    "es": "Tarjeta terminada en {last4} perdida o robada",
}
CARD_DAMAGED = {"en": "Card ending {last4} damaged", "es": "Tarjeta terminada en {last4} dañada"}
CARD_ACTIVATED = {"en": "Card ending {last4} activated", "es": "Tarjeta terminada en {last4} activada"}

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


@command("card.freeze", by=[Kind.MEMBER, Kind.AGENT], level="lost_stolen:freeze", about="card:{card}")
def freeze_card(
    *, by: Standing, now: datetime, card: str, contact_id: int | None = None, until: datetime | None = None
) -> dict[str, Any]:
    """Refuse new purchases on a card from now on. card: the core's token. contact_id: the contact an agent acts in;
    what its member proved there gives the level. until: when it ends by itself, at most a year ahead.

    A card that is frozen already is a normal result and keeps its end. Returns {"card", "last4", "frozen_at",
    "case_id", "ref", "changed"}; case_id and ref are None when it was frozen by somebody else. Raises NotThere
    (unknown, or not this member's), Malformed, CardClosed, TooMany, CoreSilent.
    """
    if until is not None and not now < until <= now + LONGEST_FREEZE:
        raise Malformed(field="until")
    member, contact = _for_whom(by, contact_id)
    before = _card(member, card)
    frozen = before if before.state == CardState.FROZEN else _freeze_in_core(member, before, now, until)
    known = Freeze.objects.filter(card=card, unfrozen_at=None).select_related("case").first()
    if known is not None:
        return _answer(frozen, known.case if known.member_id == member.pk else None, changed=False)
    case_id = (
        contact.case_id
        if contact
        else _case_to_write_in(by, now, member, FREEZE_NEED, CARD_FROZEN, frozen.last4)
    )
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
    _enter(FROZEN, contact, case_id, frozen, **ends)
    happened(FROZEN, member_id=member.pk, card=card, last4=frozen.last4, case_id=case_id, now=now)
    return _answer(frozen, Case.objects.get(pk=case_id), changed=before.state != CardState.FROZEN)


@command("card.unfreeze", by=[Kind.MEMBER, Kind.AGENT], level="lost_stolen:unfreeze", about="card:{card}")
def unfreeze_card(*, by: Standing, now: datetime, card: str, contact_id: int | None = None) -> dict[str, Any]:
    """Let a frozen card be used again, and close the case of the freeze when nothing else in it is open.

    A card that is not frozen is a normal result. Returns the same as `freeze_card`, with frozen_at None. Raises
    NotThere, NotYoursToUnfreeze, CardClosed, TooMany, CoreSilent.
    """
    member, contact = _for_whom(by, contact_id)
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
    _enter(UNFROZEN, contact, freeze.case_id, thawed, **_told_to(freeze.member_id, member))
    if _is_done(freeze.case):
        close_case(by=SYSTEM, now=now, case_id=freeze.case_id)
    happened(UNFROZEN, member_id=member.pk, card=card, last4=thawed.last4, case_id=freeze.case_id, now=now)
    return _answer(thawed, case, changed=True)


@command(
    "card.replace", by=[Kind.MEMBER], level="card_access:replace_to_address_on_file", about="card:{card}"
)
def replace_card(*, by: Standing, now: datetime, card: str) -> dict[str, Any]:
    """A new card with the same number for one that is damaged, to the address on file. The old one works until the new
    one is activated.

    Asked again while that one is on its way is a normal result. Returns {"card" (the new one's token), "last4",
    "case_id", "ref", "changed"}. Raises NotThere, NothingToReplace, CardClosed, TooMany, CoreSilent.
    """
    return _replace(by, now, card, CloseReason.DAMAGED)


@command("card.report", by=[Kind.MEMBER], level="lost_stolen:replace_to_address_on_file", about="card:{card}")
def replace_lost_card(*, by: Standing, now: datetime, card: str, stolen: bool = False) -> dict[str, Any]:
    """Close a card that somebody else may have, for good and at once, and send another with a new number to the
    address on file. Nothing undoes it, so that whoever calls has asked twice.

    Asked again is a normal result. Returns the same as `replace_card`. Raises NotThere, CardClosed, TooMany,
    CoreSilent.
    """
    return _replace(by, now, card, CloseReason.STOLEN if stolen else CloseReason.LOST)


@command("card.activate", by=[Kind.MEMBER], level="card_access:activate", about="card:{card}")
def activate_card(*, by: Standing, now: datetime, card: str) -> dict[str, Any]:
    """Bring a card that came by mail into use. What it was to replace is closed by the core.

    A card that is in use is a normal result. Returns {"card", "last4", "case_id", "ref", "changed"}; case_id and ref
    are None when nothing changed. Raises NotThere, NotYoursToActivate, CardClosed, TooMany, CoreSilent.
    """
    member = member_seen_by(by.actor)
    before = _card(member, card)
    if before.state == CardState.ACTIVE:
        return _done(before, None, changed=False)
    if before.state == CardState.CLOSED:
        raise CardClosed()
    if not may_activate(before, customer=member.core_customer):
        raise NotYoursToActivate()
    count(CARD_CHANGES, f"member:{member.pk}")
    active = _ask(current_core().activate, before, now, key=f"activate:{card}", wanted=(CardState.ACTIVE,))
    case_id = _case_waiting_for(by, card) or _new_case(
        by, now, ACTIVATE_NEED, _subject(member, CARD_ACTIVATED, active.last4)
    )
    _enter(ACTIVATED, None, case_id, active)
    case = Case.objects.get(pk=case_id)
    if _is_done(case):
        close_case(by=SYSTEM, now=now, case_id=case_id)
    happened(ACTIVATED, member_id=member.pk, card=card, last4=active.last4, case_id=case_id, now=now)
    return _done(active, case, changed=True)


def _replace(by: Standing, now: datetime, card: str, reason: CloseReason) -> dict[str, Any]:
    member = member_seen_by(by.actor)
    before = _card(member, card)
    if before.replaced_by and reason not in reasons_to_replace(before):
        return _done(_card(member, before.replaced_by), _case_of(by, before.replaced_by), changed=False)
    if before.state == CardState.CLOSED:
        raise CardClosed()
    if reason not in reasons_to_replace(before):
        raise NothingToReplace()
    count(CARD_CHANGES, f"member:{member.pk}")
    # A card is replaced once for each reason: asked again after a silence is the same request.
    change = partial(current_core().replace_card, reason=reason)
    new = _ask(change, before, now, key=f"replace:{card}:{reason}", wanted=(CardState.INACTIVE,))
    is_gone = reason != CloseReason.DAMAGED
    if is_gone:
        Freeze.objects.filter(card=card, unfrozen_at=None).update(unfrozen_at=now, unfrozen_by=by.actor.key)
    need, subject = (REPORT_NEED, CARD_GONE) if is_gone else (DAMAGED_NEED, CARD_DAMAGED)
    case_id = _case_to_write_in(by, now, member, need, subject, before.last4)
    _enter(REPLACED, None, case_id, before, reason=reason.value, new=new.token)
    happened(
        REPLACED, member_id=member.pk, card=card, new=new.token, last4=new.last4, case_id=case_id, now=now
    )
    return _done(new, Case.objects.get(pk=case_id), changed=True)


def _for_whom(by: Standing, contact_id: int | None) -> tuple[Member, Contact | None]:
    """The member whose card it is to be: the one who asks, or the one an agent has a contact with."""
    if contact_id is None:
        if by.actor.is_staff:
            raise NotPermitted(str(_("Open the member’s contact first, then do it from there.")))
        return member_seen_by(by.actor), None
    contact = visible(Contact, by.actor).select_related("member").filter(pk=contact_id).first()
    if contact is None or contact.member is None:
        raise NotThere()
    return contact.member, contact


def _card(member: Member, token: str) -> Card:
    return ask(partial(current_core().card, member.core_customer, token))


def _freeze_in_core(member: Member, card: Card, now: datetime, until: datetime | None) -> Card:
    """Ask for the freeze. The key is that of the card's first, second, … freeze: asking again after a silence is the
    same request, freezing again after an unfreeze is another, and so is one with another end.
    """
    count(FREEZES, f"member:{member.pk}")
    # The core gave the card back into use by itself: that freeze of ours is over.
    Freeze.objects.filter(card=card.token, unfrozen_at=None).update(unfrozen_at=now, unfrozen_by="core")
    nth = Freeze.objects.filter(card=card.token).count() + 1
    change, key = current_core().freeze, f"freeze:{card.token}:{nth}"
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


def _case_to_write_in(
    by: Standing, now: datetime, member: Member, need: str, subject: Mapping[str, str], last4: str
) -> int:
    """The member's newest open case about the same family of needs, else a new one."""
    family = need.partition(".")[0]
    alike = Case.objects.filter(member=member, state=Case.State.OPEN, need__startswith=f"{family}.")
    newest = alike.order_by("-opened_at", "-id").first()
    return newest.pk if newest else _new_case(by, now, need, _subject(member, subject, last4))


def _new_case(by: Standing, now: datetime, need: str, subject: Clean) -> int:
    """One that nobody has to look at: what was asked for is done."""
    opened = open_case(by=by, now=now, need=need, subject=subject)
    set_attention(int(opened["case_id"]), None, now)
    return int(opened["case_id"])


def _case_waiting_for(by: Standing, card: str) -> int | None:
    """The member's open case in which this card was promised for another one."""
    case = _case_of(by, card)
    return case.pk if case and case.state == Case.State.OPEN else None


def _case_of(by: Standing, new: str) -> Case | None:
    """Where it is written that this card was sent for another."""
    written = visible(Entry, by.actor).filter(kind=REPLACED, data__contains=f'"{new}"').select_related("case")
    entry = written.order_by("-id").first()
    return entry.case if entry else None


def _subject(member: Member, words: Mapping[str, str], last4: str) -> Clean:
    return clean(words.get(member.language, words["en"]).format(last4=last4))


def _told_to(whose: int, member: Member) -> dict[str, Any]:
    """The account's holder did it in somebody's case, who must not read that they did it."""
    return {} if whose == member.pk else {"by_another_member": True}


def _enter(kind: str, contact: Contact | None, case_id: int, card: Card, **more: Any) -> None:
    data = {"card": card.token, "last4": card.last4, **more}
    if contact is None:
        timeline.append(case_id, kind, data=data)
    else:
        timeline.append(contact.home_case_id, kind, contact_id=contact.pk, data=data)


def _is_done(case: Case) -> bool:
    """Nothing left to do in a case about cards: no freeze, no card on its way, no conversation, no promise."""
    outstanding = Q(state=Promise.State.OPEN) | Q(state=Promise.State.MISSED, done_at=None)
    sent, arrived = (Entry.objects.filter(case=case, kind=kind).count() for kind in (REPLACED, ACTIVATED))
    return (
        case.need.startswith((f"{FAMILY}.", "card_access."))
        and sent <= arrived
        and not Freeze.objects.filter(case=case, unfrozen_at=None).exists()
        and not Contact.objects.filter(case=case).exclude(state=Contact.State.ENDED).exists()
        and not Promise.objects.filter(outstanding, case=case).exists()
    )


def _answer(card: Card, case: Case | None, *, changed: bool) -> dict[str, Any]:
    return {
        "card": card.token,
        "last4": card.last4,
        "frozen_at": card.frozen_at.isoformat() if card.frozen_at else None,
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
