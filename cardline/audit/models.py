"""The log of what was done, append-only and shaped for sealing later; who looked at whose data; what was odd."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class AuditEvent(models.Model):
    """One command that changed something, or one look at a member's data (SR-93).

    detail is JSON of our own numbers and words, never what somebody wrote, but for one thing: the reason a colleague
    gave for looking, which has passed the redactor (SR-25). at is machine time.
    """

    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    party = models.BigIntegerField(default=0)
    capacity = models.CharField(max_length=24, default="self")
    level = models.SmallIntegerField(default=0)
    name = models.CharField(max_length=48)
    about = models.CharField(max_length=80)
    detail = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["about", "id"]), models.Index(fields=["actor", "id"])]

    def __str__(self) -> str:
        return f"{self.name} {self.about}"


class View(models.Model):
    """One look at a member's data: who, whose, which page, and what allowed it (SR-25). Only added.

    It is written with its audit event, in one transaction, so that lists need not read the log. actor: as in the log;
    name: theirs as it stood. case_id, ref: what was opened; from_ref: the open case that allowed it, mostly the same.
    why: see rules.Why; channel and since: of the contact, where one was open. reason: the colleague's words, redacted.
    slot: the five minutes it stands for (rules.slot_of). Machine time, but for since.
    """

    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    name = models.CharField(max_length=170)
    agent = models.ForeignKey(
        "staff.Agent", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    member = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="+", db_index=False)
    case_id = models.BigIntegerField()
    ref = models.CharField(max_length=7)
    page = models.CharField(max_length=24)
    why = models.CharField(max_length=8)
    from_ref = models.CharField(max_length=7)
    channel = models.CharField(max_length=16, default="", blank=True)
    since = models.DateTimeField(null=True)
    reason = models.CharField(max_length=400, default="", blank=True)
    slot = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["actor", "member", "case_id", "why", "slot"], name="one_view_in_five_minutes"
            ),
            models.CheckConstraint(condition=~Q(why="reason") | ~Q(reason=""), name="a_reason_has_words"),
        ]
        indexes = [
            models.Index(fields=["at", "id"], name="views_by_time"),
            models.Index(fields=["agent", "at", "id"], name="views_of_agent"),
            models.Index(fields=["member", "at", "id"], name="views_of_member"),
            models.Index(fields=["at", "id"], condition=Q(why="reason"), name="views_with_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.actor} looked at {self.member_id}"


class Reason(models.Model):
    """Why a colleague wants to read a member's data outside of any open case; it opens for a while. Machine time."""

    agent = models.ForeignKey("staff.Agent", on_delete=models.PROTECT, related_name="+", db_index=False)
    member = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    until = models.DateTimeField()
    text = models.CharField(max_length=400)

    class Meta:
        indexes = [models.Index(fields=["agent", "member", "until"], name="reasons_that_last")]

    def __str__(self) -> str:
        return f"reason {self.pk}"


class Alarm(models.Model):
    """Unusual viewing, raised by itself (SR-27), and what a supervisor found when they looked into it.

    member: None where it is about many. slot: the day or hour it stands for, so that one oddity is one row.
    looked_at is None until somebody has. Machine time.
    """

    class Kind(models.TextChoices):
        MANY = "many"
        NAME = "name"
        HOME = "home"
        WATCHED = "watched"

    kind = models.CharField(max_length=8, choices=Kind.choices)
    agent = models.ForeignKey("staff.Agent", on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey("members.Member", null=True, on_delete=models.PROTECT, related_name="+")
    ref = models.CharField(max_length=7)
    at = models.DateTimeField()
    slot = models.BigIntegerField()
    looked_at = models.DateTimeField(null=True)
    looked_by = models.ForeignKey("staff.Agent", null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=400, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "agent", "member", "slot"], name="one_alarm_for_one_look"
            ),
            models.UniqueConstraint(
                fields=["kind", "agent", "slot"], condition=Q(member=None), name="one_alarm_for_many_looks"
            ),
            models.CheckConstraint(
                condition=Q(looked_at=None) | Q(looked_by__isnull=False), name="somebody_looked_into_it"
            ),
        ]
        indexes = [models.Index(fields=["at", "id"], condition=Q(looked_at=None), name="alarms_to_look_into")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.agent_id}"


class Watched(models.Model):
    """A member many are curious about: each colleague who looks raises an alarm, once a day."""

    member = models.OneToOneField("members.Member", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey("staff.Agent", on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"watched {self.member_id}"


class Home(models.Model):
    """Where a colleague lives, only to tell that a member lives there too: a keyed hash, from which nobody reads it."""

    agent = models.OneToOneField("staff.Agent", on_delete=models.CASCADE, related_name="+")
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"home of {self.agent_id}"
