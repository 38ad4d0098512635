"""Who is in a conversation and where: what finders and doers are told beside their own values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cardline.cards.visibility import member_protected_by
from cardline.contact.models import Contact
from cardline.flows.models import FlowRun
from cardline.kit.actors import Actor, Kind, Standing
from cardline.members.models import Member


@dataclass(frozen=True, slots=True)
class Here:
    """by: who answers: a member, a guest, or a colleague who leads a member through it. now: the product's clock.

    contact_id: the conversation with us it happens in. member: whose things it is about; None for a stranger.
    language: theirs. source: where a stranger comes from, as FlowRun.source. run: None before anything was answered.
    first_word_at: when they first turned to us about it.
    """

    by: Standing | Actor
    now: datetime
    language: str
    member: Member | None
    contact_id: int | None = None
    case_id: int | None = None
    run: FlowRun | None = None
    first_word_at: datetime | None = None
    source: str = ""

    @property
    def actor(self) -> Actor:
        return self.by.actor if isinstance(self.by, Standing) else self.by

    @property
    def is_own(self) -> bool:
        """Whether the member sits there themselves: not led by a colleague, and nobody acts for them."""
        return self.member is not None and not self.actor.is_staff and not self.actor.acting_for

    @property
    def staff_contact(self) -> int | None:
        """The contact a colleague acts in, as commands want it; None for a member who acts alone."""
        return self.contact_id if self.actor.is_staff else None

    @property
    def staff_member(self) -> int | None:
        """The member a colleague asks about, as queries want it; None for a member who asks for themselves."""
        return self.member.pk if self.actor.is_staff and self.member else None


def sees_money(here: Here) -> bool:
    """Whether what is owed and collected may be told here: to a member; and to a colleague for the member whose
    conversation they have. How surely that member must be known, each flow says at its start (`level`).
    """
    return here.member is not None and (here.actor.kind == Kind.MEMBER or here.actor.is_staff)


def here_of_actor(actor: Actor, now: datetime, language: str, contact: Contact | None = None) -> Here:
    """Before a run is a row: for the first question of a page."""
    member = contact.member if contact is not None else None
    if member is None and actor.kind != Kind.AGENT and actor.member_id:
        member = member_protected_by(actor)
    return Here(
        actor,
        now,
        language,
        member,
        contact_id=contact.pk if contact else None,
        case_id=contact.case_id if contact else None,
        first_word_at=contact.first_word_at if contact else now,
    )


def here_of_run(by: Standing | Actor, run: FlowRun, now: datetime) -> Here:
    return Here(
        by,
        now,
        run.language,
        run.member,
        contact_id=run.contact_id,
        case_id=run.case_id,
        run=run,
        first_word_at=run.first_word_at,
        source=run.source,
    )
