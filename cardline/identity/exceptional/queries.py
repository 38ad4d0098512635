"""What exceptional verification lets pass, and how one stands."""

from __future__ import annotations

from datetime import datetime

from cardline.identity.codes.rules import is_bound
from cardline.identity.models import EmergencyContact, Exceptional
from cardline.identity.queries import evidence_in
from cardline.identity.rules import Proof
from cardline.issuer.profile import current_profile
from cardline.kit import clock
from cardline.kit.actors import Actor, Kind
from cardline.kit.visibility import visible


def is_excepted(actor: Actor, level: str, contact_id: int | None) -> bool:
    """Whether an agent may do this in a contact though its level is too low: one of the actions the profile lists,
    while an exceptional verification stands there. level: as the command names it ("lost_stolen:freeze").
    """
    if actor.kind != Kind.AGENT or contact_id is None or level not in current_profile().exceptional.actions:
        return False
    return evidence_in(contact_id, clock.machine_now()).filter(kind=Proof.EXCEPTIONAL).exists()


def exception_in(contact_id: int) -> Exceptional | None:
    """The newest of a contact the caller has already seen, with who had a hand in it."""
    rows = Exceptional.objects.filter(contact=contact_id).select_related(
        "member", "asked_by", "decided_by", "closed_by"
    )
    return rows.prefetch_related("proofs__by").order_by("-pk").first()


def stands(one: Exceptional | None) -> bool:
    """Whether it lets anything pass now."""
    return (
        one is not None
        and one.state == Exceptional.State.GRANTED
        and one.until is not None
        and clock.machine_now() < one.until
    )


def exceptions_to_decide(actor: Actor) -> list[Exceptional]:
    """Those that wait for a supervisor's eyes, the oldest first."""
    waiting = visible(Exceptional, actor).filter(state=Exceptional.State.ASKED)
    return list(waiting.select_related("member", "asked_by").prefetch_related("proofs").order_by("pk"))


def emergency_contact_on_file(member_id: int, now: datetime) -> EmergencyContact | None:
    """Of a member whose exceptional verification the caller has seen. One named in the last 30 days vouches for nobody:
    whoever took the account over may have named them (SR-32)."""
    found = EmergencyContact.objects.select_related("member").filter(member=member_id).first()
    return found if found is not None and is_bound(found.since, found.member.since, now) else None


def own_emergency_contact(actor: Actor) -> EmergencyContact | None:
    """Whom a member named, from the first day on."""
    return visible(EmergencyContact, actor).first()
