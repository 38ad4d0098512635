"""Questions about contacts."""

from __future__ import annotations

from django.db.models import QuerySet

from cardline.contact.models import Contact
from cardline.kit.actors import Actor
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
