"""For whom money is moved or a card is sent: the member who asks, or the one a colleague speaks with."""

from __future__ import annotations

from django.utils.translation import gettext as _

from cardline.cards.visibility import member_spoken_for
from cardline.contact.in_hand import in_hand
from cardline.contact.models import Contact
from cardline.kit.actors import Standing
from cardline.kit.refusals import NotPermitted, NotThere
from cardline.members.models import Member


def spoken_for(by: Standing, contact_id: int | None) -> tuple[Member, Contact | None]:
    """contact_id: the conversation a colleague has in hand, None for a member who acts alone.

    What releases money or a card takes more than sight of a conversation: it is theirs, and it goes on. In a visitor's
    there is nobody it could be done for. Raises NotThere, NotPermitted, NotYours, ContactEnded.
    """
    if not by.actor.is_staff:
        return member_spoken_for(by), None
    if contact_id is None:
        raise NotPermitted(_("Open the member’s contact first, then do it from there."))
    contact = in_hand(by, contact_id)
    if contact.member is None:
        raise NotThere()
    return contact.member, contact
