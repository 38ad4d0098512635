"""The cast as rows, and as actors."""

from __future__ import annotations

from datetime import datetime

from cardline.demo.cast import ACCOUNTS, AGENTS, MEMBERS, AgentSketch, MemberSketch
from cardline.demo.commands import customer_number, settle_account, settle_agent, settle_member
from cardline.identity.models import User
from cardline.kit.actors import SYSTEM, Actor, Kind, Role
from cardline.members.models import Member
from cardline.staff.models import Agent


def settle_cast(now: datetime) -> int:
    """Members, accounts, cards, charges and colleagues, as far as they are missing. Returns how many people came."""
    came = [settle_member(by=SYSTEM, now=now, user_id=_user(sketch), sketch=sketch) for sketch in MEMBERS]
    for account in ACCOUNTS:
        settle_account(by=SYSTEM, now=now, sketch=account)
    came += [settle_agent(by=SYSTEM, now=now, user_id=_user(sketch), sketch=sketch) for sketch in AGENTS]
    return len([one for one in came if one is not None])


def member_of(key: str) -> Member:
    """One of the cast, by their word in cast.py."""
    return Member.objects.get(core_customer=customer_number(key))


def agent_of(key: str) -> Agent:
    """A colleague of the cast."""
    username = next(sketch.username for sketch in AGENTS if sketch.key == key)
    return Agent.objects.get(user__username=username)


def actor_of(person: Member | Agent, session: str = "") -> Actor:
    """Somebody as the commands know them. session: the hash their evidence is bound to."""
    if isinstance(person, Member):
        return Actor(Kind.MEMBER, str(person.pk), name=person.name, session=session)
    return Actor(
        Kind.AGENT,
        str(person.pk),
        name=person.name,
        session=session,
        role=Role(person.role),
        team=person.team,
    )


def _user(sketch: MemberSketch | AgentSketch) -> int:
    """Their sign-in, without a password: colleagues get theirs in signin.py, members none."""
    user, new = User.objects.get_or_create(
        username=sketch.username, defaults={"first_name": sketch.given_name, "last_name": sketch.family_name}
    )
    if new:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user.pk
