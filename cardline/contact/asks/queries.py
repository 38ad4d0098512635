"""Whether a member can be asked something now, and where they are expected to type a code."""

from __future__ import annotations

from cardline.contact.models import Contact
from cardline.identity.asks.queries import is_waiting_for_answer
from cardline.identity.codes.queries import contacts_with_a_code, is_code_under_way
from cardline.kit.actors import Actor
from cardline.kit.visibility import visible


def contacts_that_wait_for_a_code(actor: Actor) -> list[Contact]:
    """The member's own conversations that go on, in which an agent had a code sent that still counts."""
    if not actor.member_id:
        return []
    open_ones = visible(Contact, actor).filter(member=actor.member_id).exclude(state=Contact.State.ENDED)
    waiting = open_ones.filter(pk__in=contacts_with_a_code(actor.person_id), agent__isnull=False)
    return list(waiting.select_related("agent", "home_case").order_by("pk"))


def is_in_touch(actor: Actor) -> bool:
    """Whether a colleague has a conversation with this member: only then can something be asked of them."""
    mine = visible(Contact, actor).filter(member=actor.member_id, agent__isnull=False)
    return mine.exclude(state=Contact.State.ENDED).exists()


def is_asked_something(contact_id: int) -> bool:
    """Of a contact the caller has already seen: an answer or a code of the member's is expected there."""
    return is_code_under_way(contact_id) or is_waiting_for_answer(contact_id)
