"""Who is asking, and how surely do we know it?"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest

from cardline.identity.models import Evidence, MemberSession
from cardline.identity.rules import IDLE_AFTER, SESSION_LASTS, Proof, Shown, level_from
from cardline.kit import clock, sql
from cardline.kit.actors import Actor, Kind, Role
from cardline.kit.visibility import visible
from cardline.members.authorities.queries import scopes_to_act, speaker_in
from cardline.members.authorities.table import AuthorityKind
from cardline.members.models import Member, Speaker
from cardline.staff.queries import agent_of_session

GUEST_SESSION_KEY = "guest"
ACTING_SESSION_KEY, ACTING_ENDED_KEY = "acting", "acting_ended"
_MEMBER_FIELDS = ["id", "given_name", "family_name", "preferred_name", "chosen_language"]


def session_hash(session_key: str | None) -> str:
    """What evidence is bound to: never the session key itself."""
    return hashlib.sha256(session_key.encode()).hexdigest() if session_key else ""


def actor_of_request(request: HttpRequest) -> Actor:
    """The actor behind a page request: a colleague, a member, or a guest."""
    user_id = request.user.pk if request.user.is_authenticated else None
    guest_token, acting = (
        request.session.get(GUEST_SESSION_KEY, ""),
        request.session.get(ACTING_SESSION_KEY, ""),
    )
    return actor_of_session(user_id, request.session.session_key, guest_token, acting)


def actor_of_session(
    user_id: int | None, session_key: str | None, guest_token: str, acting: str = ""
) -> Actor:
    """The same for a socket, from the session's contents. Role, team, lock and authority are read afresh (SR-24)."""
    if user_id is not None:
        return signed_in_actor(user_id, session_hash(session_key), acting) or guest(guest_token)
    return guest(guest_token)


def signed_in_actor(user_id: int, session: str, acting: str = "") -> Actor | None:
    """The colleague or member of a session, by its hash; None when it ended, or was never theirs.

    acting: for whom and as what, as `Actor.acting` says it. Whose authority is not valid now speaks for themselves.
    """
    agent = agent_of_session(user_id, session)
    if agent:
        return Actor(
            Kind.AGENT,
            str(agent.pk),
            name=agent.name,
            session=session,
            role=Role(agent.role),
            team=agent.team,
        )
    found = _member_of_session(user_id, session)
    if found:
        member, is_appointed = found
        actor = Actor(
            Kind.MEMBER,
            str(member.pk),
            name=member.name,
            session=session,
            called=member.called,
            language=member.chosen_language,
            is_appointed=is_appointed,
        )
        return _acting(actor, acting) if acting else actor
    return None


def _acting(actor: Actor, acting: str) -> Actor:
    number, _colon, capacity = acting.partition(":")
    scopes = scopes_to_act(actor.person_id, int(number), capacity, clock.now())
    if scopes is None:
        return actor
    principal = Member.objects.get(pk=int(number))
    return replace(actor, acting_for=principal.pk, capacity=capacity, principal=principal.name, scopes=scopes)


def _member_of_session(user_id: int, session: str) -> tuple[Member, bool] | None:
    """The member signed in in this session, while it lasts, is in use and nobody ended it (SR-24, SR-37); and whether
    a company ever appointed them, which costs nothing in the same statement.
    """
    statement = (
        "SELECT m.id, m.given_name, m.family_name, m.preferred_name, m.chosen_language,"
        " EXISTS (SELECT 1 FROM members_authority a WHERE a.person_id = m.id AND a.revoked_at IS NULL AND a.kind = %s)"
        " FROM identity_membersession s JOIN members_member m ON m.id = s.member_id"
        " WHERE s.session = %s AND s.since > %s AND s.seen_at > %s AND m.user_id = %s AND m.locked_at IS NULL"
    )
    at = clock.machine_now()
    values = [
        AuthorityKind.PROGRAM_ADMINISTRATOR.value,
        session,
        sql.moment(at - SESSION_LASTS),
        sql.moment(at - IDLE_AFTER),
        user_id,
    ]
    found = sql.row(statement, values)
    return (
        None
        if found is None
        else (Member.from_db(DEFAULT_DB_ALIAS, _MEMBER_FIELDS, found[:-1]), bool(found[-1]))
    )


def sessions_of(actor: Actor) -> list[MemberSession]:
    """Where a member is signed in, this one first, then the latest."""
    at = clock.machine_now()
    lasting = visible(MemberSession, actor).filter(since__gt=at - SESSION_LASTS, seen_at__gt=at - IDLE_AFTER)
    return sorted(lasting.order_by("-seen_at", "-pk"), key=lambda one: one.session != actor.session)


def guest(token: str) -> Actor:
    """Somebody we do not know. Their token, kept in their own session, is all that lets them come back."""
    return Actor(Kind.GUEST, hashlib.sha256(token.encode()).hexdigest() if token else "nobody")


def become_guest(request: HttpRequest) -> Actor:
    """Give an unknown visitor a token, so that a chat they start stays theirs. Called when they start one."""
    actor = actor_of_request(request)
    if actor.kind != Kind.GUEST or request.session.get(GUEST_SESSION_KEY):
        return actor
    request.session[GUEST_SESSION_KEY] = secrets.token_urlsafe(32)
    return guest(request.session[GUEST_SESSION_KEY])


def level_of(
    actor: Actor, contact_id: int | None = None, at: datetime | None = None, action: str = ""
) -> int:
    """The level reached: of a member by their session's evidence, of an agent by the contact's.

    at: machine time. action: what is asked for (`authority.action_of`); without one nobody is known strongly.
    """
    at = at or clock.machine_now()
    if actor.kind == Kind.SYSTEM:
        return 3
    if actor.kind == Kind.API:
        return (
            2 if actor.on_behalf_of else 0
        )  # the issuer's own system vouches for the session it has with the member
    if actor.kind == Kind.MEMBER:
        fresh = Evidence.objects.filter(expires_at__gt=at, revoked_at=None)
        found = fresh.filter(member=actor.person_id, session=actor.session, contact=None)
    elif contact_id is not None:
        found = _of_the_speaker(evidence_in(contact_id, at), contact_id)
    else:
        return 0
    shown = (Shown(*row) for row in found.values_list("kind", "at", "action", "session"))
    return level_from(shown, at, action)


@dataclass(frozen=True, slots=True)
class Proven:
    """What was shown in a conversation by whoever speaks there. ends_at: when the first piece of it does, machine time;
    excepted: an exceptional verification stands there.
    """

    level: int = 0
    ends_at: datetime | None = None
    excepted: bool = False


def proven_in(contact_id: int, member_id: int, speaker: Speaker | None) -> Proven:
    """In one statement, for a page that has seen the contact. member_id: whose proofs count; speaker: who is named as
    speaking there, None for its member. The level is what `level_of` says without an action.
    """
    at = clock.machine_now()
    found = evidence_in(contact_id, at).values_list("kind", "at", "action", "session", "member", "expires_at")
    rows = [(Shown(*row[:4]), *row[4:]) for row in found]
    counts = [shown for shown, whose, _ends in rows if speaker is None or whose == member_id]
    theirs = [ends for shown, whose, ends in rows if whose == member_id and shown.proof != Proof.EXCEPTIONAL]
    excepted = any(shown.proof == Proof.EXCEPTIONAL for shown, *_others in rows)
    return Proven(level_from(counts, at), min(theirs, default=None), excepted)


def _of_the_speaker(shown: QuerySet[Evidence], contact_id: int) -> QuerySet[Evidence]:
    """What one person proved in a conversation says nothing of another who goes on in it."""
    speaker = speaker_in(contact_id)
    return shown if speaker is None else shown.filter(member=speaker.person_id)


def evidence_in(contact_id: int, at: datetime) -> QuerySet[Evidence]:
    """What counts in a contact now. at: machine time.
    What somebody showed in a browser of theirs counts as long as they are signed in there, and no longer than it is
    fresh: a session that idled out, ran out or was ended takes it along.
    """
    fresh = Evidence.objects.filter(contact=contact_id, expires_at__gt=at, revoked_at=None)
    return fresh.filter(Q(session="") | Exists(lasting_sessions(at).filter(session=OuterRef("session"))))


def lasting_sessions(at: datetime) -> QuerySet[MemberSession]:
    """Where members are signed in at a moment of the machine's clock (SR-37)."""
    return MemberSession.objects.filter(since__gt=at - SESSION_LASTS, seen_at__gt=at - IDLE_AFTER)
