"""Freezing a card and giving it back into use.

A freeze needs little because it protects and can be undone; its undoing needs more (DOMAIN 8). Each is one line in a
case, so that it has a reference number: in an agent's contact, the case of that contact; by the member alone, their
newest open case about a lost card, or a new one.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cardline.cards.models import Freeze
from cardline.cards.rules import may_unfreeze
from cardline.cards.visibility import member_seen_by
from cardline.cases import timeline
from cardline.cases.commands import close_case, open_case, set_attention
from cardline.cases.models import Case
from cardline.contact.models import Contact
from cardline.issuer.core import Card, CardState, CoreNotFound, CoreRefused, CoreUnknown, current_core
from cardline.kit.actors import SYSTEM, Kind, Standing
from cardline.kit.commands import command
from cardline.kit.events import happened
from cardline.kit.limits import FREEZES, count
from cardline.kit.redact import Clean, clean
from cardline.kit.refusals import NotPermitted, NotThere, Refusal, Unavailable
from cardline.kit.visibility import visible
from cardline.members.models import Member
from cardline.promises.models import Promise

FAMILY = "lost_stolen"
FREEZE_NEED = "lost_stolen.freeze"

# What the case is called. Kept in the row in the member's language, like every subject.
CARD_FROZEN = {"en": "Card ending {last4} frozen", "es": "Tarjeta terminada en {last4} congelada"}


class CardClosed(Refusal):
    code = "card_closed"
    sentence = _("This card is closed for good, so nobody can use it. Nothing more needs to be done.")


class NotYoursToUnfreeze(Refusal):
    code = "not_yours_to_unfreeze"
    sentence = _("The account’s holder froze this card. Ask them to unfreeze it.")


class CoreSilent(Unavailable):
    """Asked, and no answer yet: it may have happened. Asking again cannot do it twice."""

    code = "core_silent"
    sentence = _(
        "We asked for it and have no answer yet. Try again now; asking twice does no harm. If it stays so, call us."
    )


@command("card.freeze", by=[Kind.MEMBER, Kind.AGENT], level="lost_stolen:freeze", about="card:{card}")
def freeze_card(*, by: Standing, now: datetime, card: str, contact_id: int | None = None) -> dict[str, Any]:
    """Refuse new purchases on a card from now on. card: the core's token. contact_id: the contact an agent acts in;
    what its member proved there gives the level.

    A card that is frozen already is a normal result. Returns {"card", "last4", "frozen_at", "case_id", "ref",
    "changed"}; case_id and ref are None when it was frozen by somebody else. Raises NotThere (unknown, or not this
    member's), CardClosed, TooMany, CoreSilent.
    """
    member, contact = _for_whom(by, contact_id)
    before = _card(member, card)
    frozen = before if before.state == CardState.FROZEN else _freeze_in_core(member, before, now)
    known = Freeze.objects.filter(card=card, unfrozen_at=None).select_related("case").first()
    if known is not None:
        return _answer(frozen, known.case if known.member_id == member.pk else None, changed=False)
    case_id = contact.case_id if contact else _case_to_write_in(by, now, member, frozen.last4)
    Freeze.objects.create(
        card=card,
        last4=frozen.last4,
        member=member,
        case_id=case_id,
        frozen_at=frozen.frozen_at or now,
        frozen_by=by.actor.key,
    )
    _enter("card.frozen", contact, case_id, frozen)
    happened("card.frozen", member_id=member.pk, card=card, last4=frozen.last4, case_id=case_id, now=now)
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
    _enter("card.unfrozen", contact, freeze.case_id, thawed, by_another_member=freeze.member_id != member.pk)
    if _is_done(freeze.case):
        close_case(by=SYSTEM, now=now, case_id=freeze.case_id)
    happened(
        "card.unfrozen", member_id=member.pk, card=card, last4=thawed.last4, case_id=freeze.case_id, now=now
    )
    return _answer(thawed, case, changed=True)


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
    try:
        return current_core().card(member.core_customer, token)
    except CoreNotFound as missing:
        raise NotThere() from missing
    except CoreUnknown as silence:
        raise CoreSilent() from silence


def _freeze_in_core(member: Member, card: Card, now: datetime) -> Card:
    """Ask for the freeze. The key is that of the card's first, second, … freeze: asking again after a silence is the
    same request, freezing again after an unfreeze is another.
    """
    count(FREEZES, f"member:{member.pk}")
    # The core gave the card back into use by itself: that freeze of ours is over.
    Freeze.objects.filter(card=card.token, unfrozen_at=None).update(unfrozen_at=now, unfrozen_by="core")
    nth = Freeze.objects.filter(card=card.token).count() + 1
    return _ask(
        current_core().freeze, card, now, key=f"freeze:{card.token}:{nth}", wanted=(CardState.FROZEN,)
    )


def _unfreeze_in_core(member: Member, card: Card, now: datetime) -> Card:
    """Ask for its undoing. The key names the freeze by its time."""
    count(FREEZES, f"member:{member.pk}")
    assert card.frozen_at is not None
    key = f"unfreeze:{card.token}:{card.frozen_at.timestamp():.6f}"
    return _ask(current_core().unfreeze, card, now, key=key, wanted=(CardState.ACTIVE, CardState.INACTIVE))


def _ask(
    change: Callable[..., Card], card: Card, now: datetime, *, key: str, wanted: tuple[CardState, ...]
) -> Card:
    try:
        changed = change(card.token, at=now, key=key)
    except CoreNotFound as missing:
        raise NotThere() from missing
    except CoreUnknown as silence:
        raise CoreSilent() from silence
    except CoreRefused as no:
        if no.reason == "closed":
            raise CardClosed() from no
        raise
    if changed.state not in wanted:
        raise CoreSilent()  # it answered, but not that it was done
    return changed


def _case_to_write_in(by: Standing, now: datetime, member: Member, last4: str) -> int:
    """The member's newest open case about a lost card, else a new one that nobody has to look at: the card is safe."""
    about_a_loss = Case.objects.filter(member=member, state=Case.State.OPEN, need__startswith=f"{FAMILY}.")
    newest = about_a_loss.order_by("-opened_at", "-id").first()
    if newest is not None:
        return newest.pk
    opened = open_case(by=by, now=now, need=FREEZE_NEED, subject=_subject(member, last4))
    set_attention(int(opened["case_id"]), None, now)
    return int(opened["case_id"])


def _subject(member: Member, last4: str) -> Clean:
    return clean(CARD_FROZEN.get(member.language, CARD_FROZEN["en"]).format(last4=last4))


def _enter(
    kind: str, contact: Contact | None, case_id: int, card: Card, *, by_another_member: bool = False
) -> None:
    """by_another_member: the account's holder did it in somebody's case, who must not read that they did it."""
    data: dict[str, Any] = {"card": card.token, "last4": card.last4}
    if by_another_member:
        data["by_another_member"] = True
    if contact is None:
        timeline.append(case_id, kind, data=data)
    else:
        timeline.append(contact.home_case_id, kind, contact_id=contact.pk, data=data)


def _is_done(case: Case) -> bool:
    """Nothing left to do in a case about a lost card: no other freeze, no conversation, no promise outstanding."""
    outstanding = Q(state=Promise.State.OPEN) | Q(state=Promise.State.MISSED, done_at=None)
    return (
        case.need.startswith(f"{FAMILY}.")
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
