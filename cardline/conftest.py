"""The small cast of the apps' own tests: two members, a guest, two agents of different teams, a supervisor.

They are actors, as commands get them; `disputes_need` is a need whose queue Dana's team answers.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cardline.identity.models import User
from cardline.identity.queries import guest
from cardline.issuer.profile import current_profile
from cardline.kit import limits
from cardline.kit.actors import Actor, Kind, Role
from cardline.kit.redact import clean
from cardline.members.models import Member
from cardline.routing.commands import start_chat
from cardline.staff.commands import set_presence
from cardline.staff.models import Agent

NEED = "dispute.duplicate_charge"
# A Monday at noon in New York: every queue of the sample profile is open.
NOON = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def limits_start_anew() -> None:
    limits.forget()


@pytest.fixture
def now() -> datetime:
    return NOON


@pytest.fixture
def maya(db: Any) -> Actor:
    return new_member("Maya", "Okafor")


@pytest.fixture
def hannah(db: Any) -> Actor:
    return new_member("Hannah", "Brandt")


@pytest.fixture
def visitor() -> Actor:
    return guest("a token of their own")


@pytest.fixture
def dana(db: Any) -> Actor:
    """An agent of the team that answers disputes."""
    return new_agent("Dana", "Whitfield", current_profile().queue_for(NEED).team)


@pytest.fixture
def priya(db: Any) -> Actor:
    """An agent of another team."""
    team = current_profile().queue_for(NEED).team
    other = next(queue.team for queue in current_profile().queues.values() if queue.team != team)
    return new_agent("Priya", "Raman", other)


@pytest.fixture
def sam(db: Any) -> Actor:
    """A supervisor."""
    return new_agent("Sam", "Ortiz", current_profile().queue_for(NEED).team, Role.SUPERVISOR)


def new_member(given: str, family: str) -> Actor:
    user = User.objects.create(username=f"{given.lower()}.{Member.objects.count()}", password="!")  # noqa: S106 - unusable
    member = Member.objects.create(
        user=user,
        core_customer=f"customer-{user.pk}",
        given_name=given,
        family_name=family,
        postal_code="10001",
        since=NOON.date() - timedelta(days=900),
    )
    return Actor(Kind.MEMBER, str(member.pk), name=member.name)


def new_agent(given: str, family: str, team: str, role: Role = Role.AGENT) -> Actor:
    user = User.objects.create(username=f"{given.lower()}.staff.{Agent.objects.count()}", password="!")  # noqa: S106
    row = Agent.objects.create(user=user, given_name=given, family_name=family, team=team, role=role)
    return Actor(Kind.AGENT, str(row.pk), name=row.name, role=role, team=team)


def chat_of(
    member: Actor, agent: Actor | None, now: datetime, words: str = "I was charged twice"
) -> dict[str, Any]:
    """A conversation about a double charge; live when `agent` is there, who is then available."""
    if agent is not None:
        set_presence(by=agent, now=now, state="available")
    return start_chat(by=member, now=now, need=NEED, text=clean(words), language="en", plan={})
