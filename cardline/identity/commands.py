"""Changes to what proves who is speaking."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from cardline.identity.models import Evidence, MemberSession
from cardline.identity.rules import IDLE_AFTER, SEEN_EVERY, SESSION_LASTS, SHOWN_BY, WORTH, Proof
from cardline.kit import clock
from cardline.kit.actors import Kind, Standing
from cardline.kit.commands import command
from cardline.kit.news import tell
from cardline.kit.refusals import NotThere
from cardline.members.authorities.commands import speaks_in


@command("identity.sign_in", by=[Kind.SYSTEM], about="member:{member_id}")
def record_sign_in(
    *, by: Standing, now: datetime, member_id: int, session: str, device: str = "", way: str = ""
) -> int:
    """A member signed in: their session is theirs from here on, and evidence for V2. session: its hash. way: a `Way`;
    what it showed besides is evidence, too.

    Their sessions that ran out are forgotten. Returns the evidence's id.
    """
    at = clock.machine_now()
    MemberSession.objects.filter(member=member_id, since__lte=at - SESSION_LASTS).delete()
    MemberSession.objects.update_or_create(
        session=session,
        defaults={"member_id": member_id, "device": device, "way": way, "since": at, "seen_at": at},
    )
    row = Evidence.objects.create(
        member_id=member_id, kind=Proof.SESSION, session=session, at=at, expires_at=at + SESSION_LASTS
    )
    if way in SHOWN_BY:
        shown = SHOWN_BY[way]
        Evidence.objects.create(
            member_id=member_id, kind=shown, session=session, at=at, expires_at=at + WORTH[shown].lasts
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
            action=e.action,
            session=e.session,
            contact=contact_id,
            at=e.at,
            expires_at=e.expires_at,
        )
        for e in fresh
    ]
    Evidence.objects.bulk_create(bound)
    actor = by.actor
    if actor.acting_for:
        speaks_in(contact_id, actor.person_id, actor.acting_for, actor.capacity)
    return len(bound)


@command("identity.sign_out", by=[Kind.SYSTEM], about="session:{session:.12}")
def record_sign_out(*, by: Standing, now: datetime, session: str) -> int:
    """The session ended: what it proved ends with it, in its contacts too. Returns how many rows were revoked."""
    MemberSession.objects.filter(session=session).delete()
    return _revoke([session])


@command("identity.end_session", by=[Kind.MEMBER], about="member_session:{session_id}")
def end_session(*, by: Standing, now: datetime, session_id: int) -> None:
    """Sign the member out on one of their devices, at its next request; its open screens close at once (SR-24, SR-37).

    No level is asked for: it protects, and releases nothing. Raises NotThere: not theirs, or ended already.
    """
    if not _end(by.party, MemberSession.objects.filter(pk=session_id)):
        raise NotThere()


@command("identity.end_other_sessions", by=[Kind.MEMBER], about="member")
def end_other_sessions(*, by: Standing, now: datetime) -> int:
    """Sign the member out everywhere but here. Returns on how many devices; 0 is a normal answer."""
    return _end(by.party, MemberSession.objects.exclude(session=by.actor.session))


@command("identity.end_all_sessions", by=[Kind.SYSTEM], about="member:{member_id}")
def end_all_sessions(*, by: Standing, now: datetime, member_id: int) -> int:
    """Somebody else may be signed in as this member: they are signed out everywhere. Returns on how many devices."""
    return _end(member_id, MemberSession.objects.all())


@command("identity.seen", by=[Kind.MEMBER], housekeeping=True)
def mark_seen(*, by: Standing, now: datetime) -> None:
    """The member uses this session; not written down again before SEEN_EVERY is over. One that is over stays so."""
    at = clock.machine_now()
    mine = MemberSession.objects.filter(session=by.actor.session)
    mine.filter(seen_at__lte=at - SEEN_EVERY, seen_at__gt=at - IDLE_AFTER).update(seen_at=at)


def _end(member_id: int, rows: QuerySet[MemberSession]) -> int:
    """Screens of a session that goes on are closed too, and come back by themselves."""
    ended = list(rows.filter(member=member_id).values_list("session", flat=True))
    if ended:
        MemberSession.objects.filter(session__in=ended).delete()
        _revoke(ended)
        tell(f"revoked:member:{member_id}", None, {})
    return len(ended)


def _revoke(sessions: list[str]) -> int:
    fresh = Evidence.objects.filter(session__in=sessions, revoked_at=None)
    return fresh.update(revoked_at=clock.machine_now())
