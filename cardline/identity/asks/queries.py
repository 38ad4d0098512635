"""What a member is asked just now, and what became of what an agent asked."""

from __future__ import annotations

from cardline.identity.asks.models import Ask
from cardline.identity.models import Evidence
from cardline.identity.queries import lasting_sessions
from cardline.identity.rules import STRONG_FOR, Proof
from cardline.kit import clock
from cardline.kit.actors import Actor
from cardline.kit.visibility import visible


def asked_of(actor: Actor) -> list[Ask]:
    """The questions that wait for this member, the oldest first."""
    waiting = visible(Ask, actor).filter(settled_at=None, expires_at__gt=clock.machine_now())
    return list(waiting.select_related("agent").order_by("pk"))


def newest_ask(contact_id: int, kind: str) -> Ask | None:
    """Of a contact the caller has already seen."""
    return Ask.objects.filter(contact=contact_id, kind=kind).order_by("-pk").first()


def is_waiting_for_answer(contact_id: int) -> bool:
    """Of a contact the caller has already seen: a question of either kind waits for its answer."""
    waiting = Ask.objects.filter(contact=contact_id, settled_at=None, expires_at__gt=clock.machine_now())
    return waiting.exists()


def can_be_asked(member_id: int) -> bool:
    """Whether a member of whom the caller has seen a contact is signed in somewhere now, by a sign-in that counts.

    What makes a device bound, where a phone needs its thirty days, is that very sign-in.
    """
    at = clock.machine_now()
    signed_in = Evidence.objects.filter(
        member=member_id,
        contact=None,
        kind__in=[Proof.SESSION, Proof.PASSKEY],
        expires_at__gt=at,
        revoked_at=None,
        session__in=lasting_sessions(at).filter(member=member_id).values("session"),
    )
    return signed_in.exists()


def approved_for(contact_id: int, wanted: str) -> list[Ask]:
    """What the member approved on their own page of one command, as long as that is fresh; of a contact the caller has
    already seen."""
    since = clock.machine_now() - STRONG_FOR
    yes = Ask.objects.filter(contact=contact_id, command=wanted, answer=Ask.Answer.APPROVED)
    return list(yes.filter(settled_at__gt=since).order_by("pk"))
