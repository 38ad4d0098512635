"""Colleagues: agents, supervisors, administrators; their team and whether they are at the desk."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Agent(models.Model):
    """A colleague. team is a team id of the issuer profile; the queues follow from it."""

    class Role(models.TextChoices):
        AGENT = "agent"
        SUPERVISOR = "supervisor"
        ADMINISTRATOR = "administrator"

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    given_name = models.CharField(max_length=80)
    family_name = models.CharField(max_length=80)
    role = models.CharField(max_length=16, choices=Role.choices, default=Role.AGENT)
    team = models.CharField(max_length=40)
    languages = models.JSONField(default=list)
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"


class Presence(models.Model):
    """Whether an agent is there. `state` is what they chose; `seen_at` is the last sign of life of their screen.

    Lost connection is computed from seen_at (staff/rules.py), never stored. Machine time: it is about this machine.
    """

    class State(models.TextChoices):
        AVAILABLE = "available"
        BUSY = "busy"
        AWAY = "away"

    agent = models.OneToOneField(Agent, on_delete=models.CASCADE)
    state = models.CharField(max_length=12, choices=State.choices, default=State.AWAY)
    since = models.DateTimeField()
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.agent_id} {self.state}"


class StaffSession(models.Model):
    """One browser in which a colleague has shown a second factor. Without its row a session is nobody's (SR-36, SR-37).

    session: the hash of Django's session key, as in `identity.Evidence`. device: "Firefox, Windows". seen_at: the last
    thing they did there by hand. Machine time.
    """

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="sessions")
    session = models.CharField(max_length=64, unique=True)
    device = models.CharField(max_length=40, blank=True)
    since = models.DateTimeField()
    seen_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.agent_id} on {self.device}"
