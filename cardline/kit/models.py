"""kit's own rows. They are written by SQL (kit/idempotency.py, kit/outbox.py); the models give the tables."""

from __future__ import annotations

from django.db import models


class IdempotencyKey(models.Model):
    """The first answer to a request, kept 45 days (SR-65)."""

    actor = models.CharField(max_length=80)
    key = models.CharField(max_length=64)
    body = models.CharField(max_length=64)
    answer = models.TextField()
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor", "key"], name="one_answer_per_key")]

    def __str__(self) -> str:
        return f"{self.actor} {self.key}"


class OutboxItem(models.Model):
    """Work to be done outside, once (SR-66). `lease` rises with each claim; `parked_at` means people must look."""

    kind = models.CharField(max_length=40)
    payload = models.TextField()
    due_at = models.DateTimeField()
    tries = models.IntegerField(default=0)
    lease = models.IntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    parked_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                condition=models.Q(done_at=None, parked_at=None),
                name="outbox_due",
            ),
            models.Index(fields=["done_at"], condition=models.Q(done_at__isnull=False), name="outbox_done"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class DemoClock(models.Model):
    """How far the demo has let time pass, in seconds; one row, only ever written in demo mode."""

    seconds = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"+{self.seconds} s"
