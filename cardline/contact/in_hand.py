"""What a colleague does for a member: in the conversation they have in hand, and written down there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cardline.cases import timeline
from cardline.contact.commands import ContactEnded, NotYours
from cardline.contact.models import Contact
from cardline.kit.actors import Actor
from cardline.kit.refusals import NotThere
from cardline.kit.visibility import visible


def in_hand(actor: Actor, contact_id: int) -> Contact:
    """The live conversation of this colleague. Raises NotThere, NotYours, ContactEnded."""
    rows = visible(Contact, actor).select_related("member", "case", "home_case")
    contact = rows.filter(pk=contact_id).first()
    if contact is None:
        raise NotThere()
    if contact.agent_id != actor.agent_id:
        raise NotYours()
    if contact.state == Contact.State.ENDED:
        raise ContactEnded()
    return contact


def write_down_in(contact: Contact, kind: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """One line in the conversation's case, by the actor of the running command. Returns {"case_id", "ref"}."""
    timeline.append(contact.home_case_id, kind, contact_id=contact.pk, data=dict(data))
    return {"case_id": contact.case_id, "ref": contact.case.ref}
