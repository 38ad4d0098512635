"""Colleagues and whether they are at their desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise as LazyText
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor
from cardline.staff.models import Agent
from cardline.staff.rules import presence_of

# In the order of a list: whom one can turn to first.
STATES: dict[str, LazyText] = {
    "available": _("Available"),
    "busy": _("Busy"),
    "lost": _("Connection lost"),
    "away": _("Away"),
}
LEDS = {"available": "", "busy": "warn", "lost": "bad", "away": "off"}
CHOICES = ("available", "busy", "away")


@dataclass(frozen=True, slots=True)
class Colleague:
    """state: available, busy, away or lost; words and led say it. since: machine time, None before the first time."""

    id: int
    name: str
    team: str
    state: str
    since: datetime | None

    @property
    def words(self) -> str:
        return str(STATES[self.state])

    @property
    def led(self) -> str:
        return LEDS[self.state]


def people(actor: Actor, at: datetime) -> list[Colleague]:
    """The colleagues of one's team, oneself among them; of all teams for a supervisor. Who is there comes first.

    at: machine time.
    """
    rows = Agent.objects.filter(active=True).select_related("presence")
    if not actor.is_supervisor:
        rows = rows.filter(team=actor.team)
    found = [_colleague(agent, at) for agent in rows]
    order = list(STATES)
    return sorted(found, key=lambda one: (order.index(one.state), one.name))


def myself(actor: Actor, colleagues: Sequence[Colleague]) -> Colleague:
    """Oneself among them; away when one's team has no row for it yet."""
    unknown = Colleague(actor.agent_id, actor.name, "", "away", None)
    return next((one for one in colleagues if one.id == actor.agent_id), unknown)


def _colleague(agent: Agent, at: datetime) -> Colleague:
    presence = getattr(agent, "presence", None)
    state = presence_of(presence.state, presence.seen_at, at) if presence else "away"
    team = current_profile().teams.get(agent.team)
    label = team.label.in_(get_language() or "en") if team else ""
    return Colleague(agent.pk, agent.name, label, state, presence.since if presence else None)
