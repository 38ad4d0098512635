"""What members want to be told beyond our pages, when not to, and each thing that was sent to them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from cardline.issuer.core import AlertEvent
from cardline.members.models import Member


class Channel(models.TextChoices):
    """The ways out of the house. Our pages are none: what is alerted always stands there."""

    EMAIL = "email"


EVENTS = [(event.value, event.value) for event in AlertEvent]


class Preference(models.Model):
    """A member wants alerts of this event on this account by this channel, too. Whoever wants none has no row."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="alert_preferences")
    account = models.CharField(max_length=64)
    event = models.CharField(max_length=20, choices=EVENTS)
    channel = models.CharField(max_length=8, choices=Channel.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "event", "channel", "member"], name="notify_one_preference"
            )
        ]


class QuietHours(models.Model):
    """When nothing is sent to a member: wall-clock times in their own zone, from the first to just before the second.

    urgent_passes: what is urgent (notify/rules.py) is sent all the same, while it is fresh.
    """

    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="quiet_hours")
    starts = models.TimeField()
    ends = models.TimeField()
    urgent_passes = models.BooleanField(default=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(starts=models.F("ends")), name="notify_hours_end")]


class Delivery(models.Model):
    """One alert on its way to one member by one channel. Kept, so that anybody can later see what became of it.

    alert, account: the core's tokens. raised_at: when it happened. due_at: when to look at it next, while it waits.
    Sent says that a mail server took it, not that it arrived (SR-82). problem: why it failed or was left out, a word.
    held_until: machine time up to which one worker has it in hand and no other touches it.
    """

    class State(models.TextChoices):
        WAITING = "waiting"  # for the end of quiet hours, or for the next look
        QUEUED = "queued"  # in the outbox
        SENT = "sent"
        FAILED = "failed"  # at the last try; the outbox tries again until it parks it
        LEFT_OUT = "left_out"  # not wanted any more, or there is nowhere to send it to

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="deliveries")
    alert = models.CharField(max_length=64)
    account = models.CharField(max_length=64)
    event = models.CharField(max_length=20, choices=EVENTS)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    raised_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    due_at = models.DateTimeField(null=True)
    queued_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    held_until = models.DateTimeField(null=True)
    tries = models.IntegerField(default=0)
    problem = models.CharField(max_length=20, default="", blank=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["member", "alert", "channel"], name="notify_each_alert_once"),
            models.CheckConstraint(
                condition=Q(state="waiting", due_at__isnull=False)
                | (~Q(state="waiting") & Q(due_at__isnull=True)),
                name="notify_only_waiting_is_due",
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="notify_sent_has_its_time",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(state="waiting"), name="notify_due"),
            models.Index(fields=["member", "-queued_at"], name="notify_last_mail"),
        ]
