"""A card that is gone, of a core that closes cards and sends none: it is closed at once, and a person orders the new
one.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cardline.cards.holds.commands import close_in_core
from cardline.cards.models import Freeze
from cardline.cards.writing import CARD_GONE, REPORT_NEED, case_to_write_in, closed_for_good, enter
from cardline.cases.commands import set_attention
from cardline.cases.models import Case
from cardline.contact.models import Contact
from cardline.issuer.core import Card, CloseReason
from cardline.issuer.profile import current_profile
from cardline.kit.actors import SYSTEM, Standing
from cardline.kit.redact import clean
from cardline.members.models import Member
from cardline.promises.commands import make_promise
from cardline.promises.models import Promise

BY_HAND = "card.to_order_by_hand"

# It completes "We will …".
ORDER_IT = {
    "en": "Order your new card, and tell you when it is on its way",
    "es": "Pedir su tarjeta nueva y avisarle cuando esté en camino",
}


def close_and_order_by_hand(
    by: Standing, now: datetime, member: Member, card: Card, reason: CloseReason, contact: Contact | None
) -> dict[str, Any]:
    """Inside a command. Returns what replacing a card returns, with "by_hand", and "card" the old one."""
    close_in_core(card, reason, now)
    Freeze.objects.filter(card=card.token, unfrozen_at=None).update(unfrozen_at=now, unfrozen_by=by.actor.key)
    case_id = (
        contact.case_id if contact else case_to_write_in(by, now, member, REPORT_NEED, CARD_GONE, card.last4)
    )
    profile = current_profile()
    queue = profile.need_family(REPORT_NEED).queue
    make_promise(
        by=SYSTEM,
        now=now,
        case_id=case_id,
        text=clean(ORDER_IT.get(member.language, ORDER_IT["en"])),
        due_at=profile.answer_by(queue, now),
        due_zone=profile.time_zone,
        source=Promise.Source.FLOW,
        rule="card.to_order_by_hand",
        queue=queue,
    )
    enter(BY_HAND, contact, case_id, card.token, card.last4, reason=reason.value)
    closed_for_good(card, reason, member, case_id, now)
    set_attention(case_id, now, now)
    return {
        "card": card.token,
        "last4": card.last4,
        "case_id": case_id,
        "ref": Case.objects.get(pk=case_id).ref,
        "changed": True,
        "by_hand": True,
    }
