"""Where it is written down what people do with their cards: each is one line in a case, which has a reference number.

In an agent's contact it is the case of that contact; by the member alone, their newest open case about the same, or a
new one, which nobody has to look at.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cardline.cards.models import Freeze, FreezeWish, Hold, Report
from cardline.cases import timeline
from cardline.cases.commands import begin_case, close_case, open_case, set_attention
from cardline.cases.models import Case, Entry
from cardline.contact.models import Contact
from cardline.issuer.core import Card, CloseReason
from cardline.kit.actors import SYSTEM, Standing
from cardline.kit.events import happened
from cardline.kit.redact import Clean, clean
from cardline.kit.visibility import visible
from cardline.members.contactdata.names import on_the_card
from cardline.members.models import Member
from cardline.promises.queries import nobody_waits_in

FAMILY = "lost_stolen"
FREEZE_NEED = "lost_stolen.freeze"
REPORT_NEED = "lost_stolen.report"
DAMAGED_NEED = "card_access.replace_damaged"
EXPIRING_NEED = "card_access.expiring"
ACTIVATE_NEED = "card_access.activate"

FROZEN, UNFROZEN, THAWED = "card.frozen", "card.unfrozen", "card.thawed"
FREEZE_ASKED, FREEZE_TAKEN_BACK = "card.freeze_asked", "card.freeze_taken_back"
FREEZE_UNANSWERED, FREEZE_REFUSED = "card.freeze_unanswered", "card.freeze_refused"
REPLACED, ACTIVATED = "card.replaced", "card.activated"
CLOSED = "card.closed"  # an event; the entry that says so is REPLACED, or that of the hold

GONE = (CloseReason.LOST, CloseReason.STOLEN)  # somebody else may have it: it is closed at once

UNKNOWN_LAST4 = "••••"  # of a card the core never told us of

# What the case is called. Kept in the row in the member's language, like every subject.
CARD_FROZEN = {"en": "Card ending {last4} frozen", "es": "Tarjeta terminada en {last4} congelada"}
CARD_TO_FREEZE = {
    "en": "Freeze of the card ending {last4}",
    "es": "Congelación de la tarjeta terminada en {last4}",
}
CARD_GONE = {
    "en": "Card ending {last4} lost or stolen",
    "es": "Tarjeta terminada en {last4} perdida o robada",
}
CARD_DAMAGED = {"en": "Card ending {last4} damaged", "es": "Tarjeta terminada en {last4} dañada"}
CARD_EXPIRES = {
    "en": "New card for the one ending {last4} that expires",
    "es": "Tarjeta nueva por la terminada en {last4} que caduca",
}
CARD_ACTIVATED = {"en": "Card ending {last4} activated", "es": "Tarjeta terminada en {last4} activada"}


def case_to_write_in(
    by: Standing, now: datetime, member: Member, need: str, subject: Mapping[str, str], last4: str
) -> int:
    """The member's newest open case about the same family of needs, else a new one."""
    family = need.partition(".")[0]
    alike = Case.objects.filter(member=member, state=Case.State.OPEN, need__startswith=f"{family}.")
    newest = alike.order_by("-opened_at", "-id").first()
    return newest.pk if newest else new_case(by, now, need, called(subject, member, last4), member)


def new_case(by: Standing, now: datetime, need: str, subject: Clean, member: Member) -> int:
    """One of this member's that nobody has to look at: what was asked for is done."""
    if member.pk == by.party:
        opened = open_case(by=by, now=now, need=need, subject=subject)
    else:
        opened = begin_case(by, now, need=need, subject=subject, member_id=member.pk)
    set_attention(int(opened["case_id"]), None, now)
    return int(opened["case_id"])


def case_waiting_for(by: Standing, card: str) -> int | None:
    """The member's open case in which this card was promised for another one."""
    case = case_of(by, card)
    return case.pk if case and case.state == Case.State.OPEN else None


def about_replacing(reason: CloseReason) -> tuple[str, Mapping[str, str]]:
    """The need of a case in which a card is sent for another, and what it is called."""
    if reason == CloseReason.EXPIRED:
        return EXPIRING_NEED, CARD_EXPIRES
    return (REPORT_NEED, CARD_GONE) if reason in GONE else (DAMAGED_NEED, CARD_DAMAGED)


def case_of(by: Standing, new: str) -> Case | None:
    """Where it is written that this card was sent for another."""
    written = visible(Entry, by.actor).filter(kind=REPLACED, data__contains=f'"{new}"').select_related("case")
    entry = written.order_by("-id").first()
    return entry.case if entry else None


def is_written(new: str) -> bool:
    """Whether it stands anywhere that this card was sent for another: a company's wish is in its employee's case."""
    return visible(Entry, SYSTEM).filter(kind=REPLACED, data__contains=f'"{new}"').exists()


def called(words: Mapping[str, str], member: Member, last4: str) -> Clean:
    """A case's name, in the member's language."""
    return clean(words.get(member.language, words["en"]).format(last4=last4))


def name_to_carry(card: Card) -> str:
    """What the next card of whoever holds this one is to carry; "" for somebody we do not know."""
    member = Member.objects.filter(core_customer=card.customer).first()
    return on_the_card(member.given_name, member.family_name, member.embossed_name) if member else ""


def told_to(whose: int, member: Member) -> dict[str, Any]:
    """The account's holder did it in somebody's case, who must not read that they did it."""
    return {} if whose == member.pk else {"by_another_member": True}


def enter(kind: str, contact: Contact | None, case_id: int, card: str, last4: str, **more: Any) -> None:
    data = {"card": card, "last4": last4, **more}
    if contact is None:
        timeline.append(case_id, kind, data=data)
    else:
        timeline.append(contact.home_case_id, kind, contact_id=contact.pk, data=data)


def closed_for_good(card: Card, reason: CloseReason, member: Member, case_id: int, now: datetime) -> None:
    """Its number is worth nothing any more: said to whoever keeps a report of it (reports/reactions.py)."""
    facts = {"card": card.token, "last4": card.last4, "reason": reason.value, "case_id": case_id}
    happened(CLOSED, member_id=member.pk, now=now, **facts)


def close_what_is_done(case_id: int, now: datetime) -> None:
    if is_done(Case.objects.get(pk=case_id)):
        close_case(by=SYSTEM, now=now, case_id=case_id)


def is_done(case: Case) -> bool:
    """Nothing left to do in a case about cards: no freeze nor a wish for one, no card on its way or held, no report
    that goes on, nobody who waits."""
    sent, arrived = (Entry.objects.filter(case=case, kind=kind).count() for kind in (REPLACED, ACTIVATED))
    return (
        case.need.startswith((f"{FAMILY}.", "card_access."))
        and sent <= arrived
        and not Freeze.objects.filter(case=case, unfrozen_at=None).exists()
        and not FreezeWish.objects.filter(case=case, settled_at=None).exists()
        and not Hold.objects.filter(case=case, state=Hold.State.WAITING).exists()
        and not Report.objects.filter(case=case).exclude(state__in=Report.ENDED).exists()
        and nobody_waits_in(case)
    )
