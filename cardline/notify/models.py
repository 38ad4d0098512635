"""What members want to be told beyond our pages, when not to, and each thing that was sent to them.

Two roads: an alert they asked for becomes a Delivery, and many share one mail; what another part of the product has to
tell one member (a code, a changed contact point) is an Outgoing of its own, by text, e-mail or letter.
"""

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


class StoppedNumber(models.Model):
    """Whoever has this number wants no text messages from us, whatever they are about (DOMAIN 12). number: as the doors
    write it. ended_at: since when they want them again.
    """

    number = models.CharField(max_length=20)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["number"], condition=Q(ended_at=None), name="notify_one_stop_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"no texts since {self.since:%Y-%m-%d}"


class BouncedPlace(models.Model):
    """An e-mail address that takes nothing: a mail server said so for good. place: in lower case. right_at: since when
    mail arrives there again, because somebody pressed the link that was sent to it.
    """

    place = models.CharField(max_length=200)
    since = models.DateTimeField()
    right_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place"], condition=Q(right_at=None), name="notify_bounced_place_once"
            )
        ]

    def __str__(self) -> str:
        return f"takes no mail since {self.since:%Y-%m-%d}"


class Door(models.TextChoices):
    """The ways out for what another part of the product sends."""

    TEXT = "text"
    EMAIL = "email"
    LETTER = "letter"


class Outgoing(models.Model):
    """One thing we send to one member through one door. Written by notify/outgoing.py; the worker moves it on.

    template, values: which text and what it is filled with, never what a case is about (SR-61). secret: the values are
    a one-time code; they are taken out as soon as it was sent or given up. to: number, address or lines of an address.
    asked_at, sent_at, due_at: the product's time; due_at says when quiet hours end. made_at, held_until, next_try_at:
    the machine's; held_until is up to when one worker has it in hand; next_try_at of what a restriction held back is
    when to look whether that is over. unsure: the last try may have arrived, nobody heard. name: ours for it outside
    the house, the same at each try. provider_id: theirs, or door.KEPT. problem: a word. instead_of: the one that could
    not be sent, for which this goes another way. proves_us: the code in it that says to its reader that it is ours;
    made when it first goes, and none beside a one-time code. receipt: what the other side said afterwards; "" while it
    said nothing, and most doors never do.
    """

    class State(models.TextChoices):
        WAITING = "waiting"  # for the end of quiet hours
        QUEUED = "queued"  # in the outbox
        FAILED = "failed"  # at the last try, and will be tried again
        SENT = "sent"
        REFUSED = "refused"  # for good, or too late to be of use: no try would change it
        PARKED = "parked"  # after eight tries; a person has to look

    class Receipt(models.TextChoices):
        ARRIVED = "arrived"
        LOST = "lost"

    FINAL = (State.SENT, State.REFUSED, State.PARKED)

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="outgoing")
    template = models.CharField(max_length=40)
    language = models.CharField(max_length=8)
    channel = models.CharField(max_length=8, choices=Door.choices)
    to = models.CharField(max_length=200)
    values = models.JSONField(default=dict)
    urgent = models.BooleanField(default=False)
    secret = models.BooleanField(default=False)
    name = models.CharField(max_length=32, unique=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    held_until = models.DateTimeField(null=True)
    next_try_at = models.DateTimeField(null=True)
    tries = models.IntegerField(default=0)
    unsure = models.BooleanField(default=False)
    provider_id = models.CharField(max_length=64, default="", blank=True)
    problem = models.CharField(max_length=20, default="", blank=True)
    instead_of = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="otherwise")
    receipt = models.CharField(max_length=8, choices=Receipt.choices, default="", blank=True)
    receipt_at = models.DateTimeField(null=True)
    proves_us = models.OneToOneField("trust.Code", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "outgoing"
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting", due_at__isnull=False)
                | (~Q(state="waiting") & Q(due_at__isnull=True)),
                name="notify_waits_for_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="notify_gone_has_its_time",
            ),
            # A code that is over stands in no row, whatever the code around it does.
            models.CheckConstraint(
                condition=Q(secret=False) | ~Q(state__in=["sent", "refused", "parked"]) | Q(values={}),
                name="notify_no_secret_is_kept",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(state="waiting"), name="notify_out_due"),
            models.Index(fields=["member", "-id"], name="notify_out_of_member"),
            models.Index(fields=["channel", "to"], name="notify_out_to_place"),
            models.Index(fields=["made_at"], condition=Q(state="parked"), name="notify_out_parked"),
            models.Index(
                fields=["next_try_at", "id"],
                condition=Q(state="refused", next_try_at__isnull=False),
                name="notify_out_held",
            ),
        ]


# Last: Django finds the tables of an app in this module.
from cardline.notify.letters.models import BadAddress, Letter, PaperConsent  # noqa: E402

__all__ = [
    "EVENTS",
    "BadAddress",
    "Channel",
    "Delivery",
    "Door",
    "Letter",
    "Outgoing",
    "PaperConsent",
    "Preference",
    "QuietHours",
]
