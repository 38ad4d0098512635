"""Charges somebody who watches them thought were not the member's, and what the member said to that."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class FraudAlert(models.Model):
    """One charge that was stopped, and the question whether it was theirs. Never why it was thought of: that is its
    watcher's, and would tell a thief what to avoid.

    token: its name in addresses and the API. source, outside: who told us, and their own reference for it; told twice,
    it is one alert. member: whom the card is made out to. card, last4, merchant, place, amount_minor, currency,
    charged_at: the charge. blocked: our core declines purchases with the card until this is answered (Part.BLOCKS).
    answered_by: page, chat, desk or text. promise: of a person, after silence or a no. next_step_at: when the next way
    of asking, or a person, has its turn; null once there is nothing to wait for.
    """

    class State(models.TextChoices):
        ASKED = "asked"
        YES = "answered_yes"
        NO = "answered_no"
        SILENT = "silent"

    OPEN = (State.ASKED, State.SILENT)

    token = models.CharField(max_length=32, unique=True)
    source = models.CharField(max_length=80)
    outside = models.CharField(max_length=80)
    member = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="fraud_alerts")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT)
    card = models.CharField(max_length=64)
    last4 = models.CharField(max_length=4)
    merchant = models.CharField(max_length=80)
    place = models.CharField(max_length=80, default="", blank=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    charged_at = models.DateTimeField()
    blocked = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=State.choices, default=State.ASKED)
    raised_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=8, default="", blank=True)
    promise = models.BigIntegerField(default=0)
    next_step_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "outside"], name="fraud_told_once"),
            models.CheckConstraint(
                condition=Q(next_step_at=None) | Q(state="asked"), name="fraud_steps_while_asked"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "silent"]) | Q(answered_at__isnull=False),
                name="fraud_answers_have_a_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_step_at", "id"], condition=Q(next_step_at__isnull=False), name="fraud_due"
            ),
            models.Index(fields=["member", "-raised_at"], name="fraud_of_member"),
            models.Index(fields=["card"], condition=Q(state__in=["asked", "silent"]), name="fraud_open"),
        ]

    def __str__(self) -> str:
        return f"alert {self.token}"


class FraudAsk(models.Model):
    """A way the question went, once for each alert. outgoing: the message."""

    alert = models.ForeignKey(FraudAlert, on_delete=models.PROTECT, related_name="asks")
    channel = models.CharField(max_length=8)
    outgoing = models.ForeignKey("notify.Outgoing", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["alert", "channel"], name="fraud_asked_once_a_way")]
        ordering = [F("asked_at").asc(), "pk"]

    def __str__(self) -> str:
        return f"{self.alert_id} by {self.channel}"
