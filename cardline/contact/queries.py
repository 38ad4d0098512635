"""Questions about contacts."""

from __future__ import annotations

from django.db.models import QuerySet

from cardline.contact.models import Contact
from cardline.kit import sql
from cardline.kit.actors import Actor, Kind
from cardline.kit.refusals import NotThere
from cardline.kit.visibility import visible


def contacts_visible_to(actor: Actor) -> QuerySet[Contact]:
    return visible(Contact, actor).select_related("agent", "case", "home_case", "member")


def contact_for(actor: Actor, contact_id: int) -> Contact:
    """One contact. Raises NotThere."""
    contact = contacts_visible_to(actor).filter(pk=contact_id).first()
    if contact is None:
        raise NotThere()
    return contact


def contact_spoken_in(actor: Actor, ref: str, number: int) -> int:
    """The id of the contact which this member or guest has with us. Raises NotThere. Every message by a page asks."""
    statement = (
        "SELECT c.id FROM contact_contact c JOIN cases_case k ON k.id = c.home_case_id"
        " WHERE k.ref = %s AND c.number = %s AND "
    )
    if actor.member_id:
        found = sql.row(statement + "c.member_id = %s", [ref, number, actor.member_id])
    elif actor.kind == Kind.GUEST and actor.id != "nobody":
        found = sql.row(statement + "c.guest_key = %s", [ref, number, actor.id])
    else:
        found = None
    if found is None or not (actor.may_see or visible(Contact, actor).filter(pk=found[0]).exists()):
        raise NotThere()
    return int(found[0])


def is_talking(actor: Actor, case_ids: list[int]) -> bool:
    """Whether one of these cases has a chat of theirs that has not ended."""
    chats = visible(Contact, actor).filter(channel=Contact.Channel.CHAT, home_case__in=case_ids)
    return bool(case_ids) and chats.exclude(state=Contact.State.ENDED).exists()


def contacts_of_case(actor: Actor, case_id: int) -> list[Contact]:
    """The contacts that belong to a case now, newest first."""
    return list(contacts_visible_to(actor).filter(case=case_id).order_by("-started_at", "-id"))


def newest_of_case(actor: Actor, case_id: int) -> Contact | None:
    return contacts_visible_to(actor).filter(case=case_id).order_by("-started_at", "-id").first()


def current_case_of(actor: Actor, case_id: int) -> int:
    """Where a case's conversation is now: an emptied case (its one contact was attached elsewhere) points there."""
    if contacts_visible_to(actor).filter(case=case_id).exists():
        return case_id
    moved = contacts_visible_to(actor).filter(home_case=case_id).order_by("-started_at").first()
    return moved.case_id if moved else case_id
