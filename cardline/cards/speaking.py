"""For whom money is moved or a card is sent: the member who asks, or the one a colleague speaks with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from cardline.cards.visibility import member_spoken_for
from cardline.contact.in_hand import in_hand
from cardline.contact.models import Contact
from cardline.kit.actors import Standing
from cardline.kit.reference import show_reference
from cardline.kit.refusals import NotPermitted, NotThere
from cardline.members.models import Member
from cardline.notify.outgoing import tell


def spoken_for(by: Standing, contact_id: int | None) -> tuple[Member, Contact | None]:
    """contact_id: the conversation a colleague has in hand, None for a member who acts alone.

    What releases money or a card takes more than sight of a conversation: it is theirs, and it goes on. In a visitor's
    there is nobody it could be done for. Raises NotThere, NotPermitted, NotYours, ContactEnded.
    """
    if not by.actor.is_staff:
        return member_spoken_for(by), None
    if contact_id is None:
        raise NotPermitted(_("Open the member’s contact first, then do it from there."))
    contact = in_hand(by.actor, contact_id)
    if contact.member is None:
        raise NotThere()
    return contact.member, contact


def tell_of_it(member: Member, written: Mapping[str, Any], now: datetime) -> None:
    """What a colleague did for them stands in a case: word of that, by the door they prefer, and nothing more.

    written: its {"ref"}. So a payment made by voice is known to the member before it settles (Nacha TEL; DOMAIN 8).
    """
    ref = str(written["ref"])
    tell(member.pk, "receipt", {"reference": ref, "link": f"/contacts/{show_reference(ref)}"}, now=now)
