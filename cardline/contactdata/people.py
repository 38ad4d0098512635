"""For whom something is changed, and in whose name the system does what follows from it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cardline.contact.in_hand import in_hand
from cardline.contact.models import Contact
from cardline.kit.actors import SYSTEM, Actor, Standing
from cardline.kit.refusals import NotThere, Refusal
from cardline.kit.visibility import visible
from cardline.members.models import Member


class NoConversation(Refusal):
    code = "no_conversation"
    sentence = _("Open the member’s contact first, then do it from there.")


@dataclass(frozen=True, slots=True)
class Asking:
    """Somebody who asks for a change: by whom, for which member, in which conversation if an agent does it."""

    by: Standing
    member: Member
    now: datetime
    contact: Contact | None = None


def asking(by: Standing, now: datetime, contact_id: int | None) -> Asking:
    """The member who asks, or the one an agent has in hand. Raises NotThere, NoConversation, NotYours, ContactEnded."""
    if not by.actor.is_staff:
        member = visible(Member, by.actor).filter(pk=by.actor.member_id).first()
        if member is None:
            raise NotThere()
        return Asking(by, member, now)
    if contact_id is None:
        raise NoConversation()
    contact = in_hand(by.actor, contact_id)
    if contact.member is None:
        raise NotThere()
    return Asking(by, contact.member, now, contact)


def system_for(member_id: int) -> Actor:
    """The system, doing what follows for one member: their cases become theirs."""
    return replace(SYSTEM, on_behalf_of=member_id)
