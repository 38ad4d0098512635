"""Changes to what proves who is speaking."""

from __future__ import annotations

from datetime import datetime, timedelta

from cardline.identity.models import Evidence
from cardline.kit import clock
from cardline.kit.actors import Kind, Standing
from cardline.kit.commands import command

SESSION_LASTS = timedelta(hours=12)


@command("identity.sign_in", by=[Kind.SYSTEM], about="member:{member_id}")
def record_sign_in(*, by: Standing, now: datetime, member_id: int, session: str) -> int:
    """A member signed in: their session becomes evidence for V2. session: its hash. Returns the evidence's id."""
    at = clock.machine_now()
    row = Evidence.objects.create(
        member_id=member_id, kind="signed_in_session", session=session, at=at, expires_at=at + SESSION_LASTS
    )
    return row.pk


@command("identity.bind_to_contact", by=[Kind.MEMBER], about="contact:{contact_id}")
def bind_evidence_to_contact(*, by: Standing, now: datetime, contact_id: int) -> int:
    """What the member proved in this session holds in the contact they start from it, while the session lasts.

    Returns how many pieces of evidence were bound.
    """
    at = clock.machine_now()
    fresh = Evidence.objects.filter(
        member=by.party, session=by.actor.session, contact=None, expires_at__gt=at, revoked_at=None
    )
    bound = [
        Evidence(
            member_id=e.member_id,
            kind=e.kind,
            session=e.session,
            contact=contact_id,
            at=e.at,
            expires_at=e.expires_at,
        )
        for e in fresh
    ]
    Evidence.objects.bulk_create(bound)
    return len(bound)


@command("identity.sign_out", by=[Kind.SYSTEM], about="session:{session:.12}")
def record_sign_out(*, by: Standing, now: datetime, session: str) -> int:
    """The session ended: what it proved ends with it, in its contacts too. Returns how many rows were revoked."""
    return Evidence.objects.filter(session=session, revoked_at=None).update(revoked_at=clock.machine_now())
