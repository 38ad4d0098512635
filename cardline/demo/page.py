"""What /demo shows: the cast of this world, who of them is looking, and the time it is there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext, ngettext

from cardline.demo.cast import AGENTS, MEMBERS
from cardline.demo.commands import customer_number
from cardline.demo.signin import StaffSignIn, sign_in_of
from cardline.issuer.profile import Text, current_profile
from cardline.kit import clock
from cardline.kit.actors import Actor
from cardline.kit.dates import say_date, say_time
from cardline.kit.refusals import NotThere
from cardline.members.models import Member
from cardline.staff.models import Agent


@dataclass(frozen=True, slots=True)
class CastMember:
    """person: what the sign-in form sends. current: this is who is looking."""

    person: str
    name: str
    given_name: str
    story: str | LazyText
    locked: bool
    current: bool


@dataclass(frozen=True, slots=True)
class CastColleague:
    person: str
    name: str
    given_name: str
    role: str
    team: Text
    sign_in: StaffSignIn | None
    current: bool


@dataclass(frozen=True, slots=True)
class DemoPage:
    members: list[CastMember]
    colleagues: list[CastColleague]
    when: str
    ahead: str

    @classmethod
    def of(cls, actor: Actor, language: str) -> DemoPage:
        """when: the demo's day and time in the issuer's zone; ahead: how far that is from the machine's, or ""."""
        now, zone = clock.now(), current_profile().zone
        when = f"{say_date(now.astimezone(zone).date(), language, now)}, {say_time(now.astimezone(zone), language)}"
        return cls(_members(actor), _colleagues(actor), when, say_ahead(clock.offset()))


def say_ahead(offset: timedelta) -> str:
    """How far the demo is ahead, in words: 2 days, 3 hours. Empty when no time was let pass."""
    if not offset:
        return ""
    days, hours, minutes = offset.days, offset.seconds // 3600, offset.seconds // 60 % 60
    parts = [
        ngettext("%(n)d day", "%(n)d days", days) % {"n": days} if days else "",
        ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours} if hours else "",
        ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes} if minutes else "",
    ]
    return gettext("%(span)s ahead of your clock.") % {"span": ", ".join(filter(None, parts))}


def person_of(written: str) -> Member | Agent:
    """The person a form names. Raises NotThere."""
    kind, _, number = written.partition(":")
    if number.isdecimal() and len(number) < 12:
        if kind == "member":
            member = (
                Member.objects.filter(pk=number, core_customer__in=_customers())
                .select_related("user")
                .first()
            )
            if member is not None:
                return member
        if kind == "agent":
            agent = (
                Agent.objects.filter(pk=number, user__username__in=_usernames())
                .select_related("user")
                .first()
            )
            if agent is not None:
                return agent
    raise NotThere()


def _members(actor: Actor) -> list[CastMember]:
    stories = {customer_number(sketch.key): sketch.story for sketch in MEMBERS}
    rows = Member.objects.filter(core_customer__in=stories).order_by("id")
    return [
        CastMember(
            f"member:{row.pk}",
            row.name,
            row.given_name,
            stories[row.core_customer],
            row.locked_at is not None,
            row.pk == actor.member_id,
        )
        for row in rows
    ]


def _colleagues(actor: Actor) -> list[CastColleague]:
    rows = Agent.objects.filter(user__username__in=_usernames()).select_related("user").order_by("id")
    return [
        CastColleague(
            f"agent:{row.pk}",
            row.name,
            row.given_name,
            row.role,
            current_profile().team(row.team).label,
            sign_in_of(row.user.username),
            row.pk == actor.agent_id,
        )
        for row in rows
    ]


def _customers() -> list[str]:
    return [customer_number(sketch.key) for sketch in MEMBERS]


def _usernames() -> list[str]:
    return [sketch.username for sketch in AGENTS]
