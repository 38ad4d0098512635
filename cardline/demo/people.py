"""The cast as rows, and as actors."""

from __future__ import annotations

from datetime import datetime

from cardline.demo.cast import ACCOUNTS, AGENTS, EMPLOYEES, MEMBERS, AccountSketch, AgentSketch, MemberSketch
from cardline.demo.commands import (
    CUSTOMER,
    customer_number,
    settle_account,
    settle_agent,
    settle_company,
    settle_member,
)
from cardline.demo.company import COMPANY
from cardline.demo.history import tell_history
from cardline.identity.models import User
from cardline.issuer.core import current_core
from cardline.kit.actors import SYSTEM, Actor, Kind, Role
from cardline.members.models import Member
from cardline.staff.models import Agent


def settle_cast(now: datetime, *, months: int = 0) -> int:
    """Members, accounts, cards, charges and colleagues, as far as they are missing. Returns how many people came.

    months: so long a history, with statements, payments and points; at 0 two months of charges and nothing else.
    Who is there already is not touched: not even an audit event says that nothing happened.
    """
    members, agents, accounts = _missing_members(), _missing_agents(), _missing_accounts()
    for member in members:
        user_id = None if member in EMPLOYEES else _user(member)
        settle_member(by=SYSTEM, now=now, user_id=user_id, sketch=member)
    for account in accounts:
        settle_account(by=SYSTEM, now=now, sketch=account, charges=not months)
    if months and accounts:
        tell_history(by=SYSTEM, now=now, sketches=accounts, months=months)
    if not current_core().accounts(customer_number(COMPANY)):
        settle_company(by=SYSTEM, now=now)
    for agent in agents:
        settle_agent(by=SYSTEM, now=now, user_id=_user(agent), sketch=agent)
    return len(members) + len(agents)


def _missing_members() -> list[MemberSketch]:
    there = set(
        Member.objects.values_list("core_customer", flat=True).filter(core_customer__startswith=CUSTOMER)
    )
    return [sketch for sketch in (*MEMBERS, *EMPLOYEES) if customer_number(sketch.key) not in there]


def _missing_agents() -> list[AgentSketch]:
    there = set(Agent.objects.values_list("user__username", flat=True))
    return [sketch for sketch in AGENTS if sketch.username not in there]


def _missing_accounts() -> list[AccountSketch]:
    return [sketch for sketch in ACCOUNTS if not current_core().accounts(customer_number(sketch.holders[0]))]


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
