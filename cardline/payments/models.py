"""What we follow until it is settled. Payments themselves, and what becomes of them, are the card core's."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class FollowedPayment(models.Model):
    """A payment a member made or let autopay make: the case it is told in, and when to ask what became of it.

    payment, account: the core's tokens. look_at: None once nothing more can happen to it.
    """

    payment = models.CharField(max_length=64, unique=True)
    account = models.CharField(max_length=64)
    member = models.ForeignKey("members.Member", on_delete=models.PROTECT)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT)
    look_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["look_at"], condition=Q(look_at__isnull=False), name="payments_to_look_at")
        ]

    def __str__(self) -> str:
        return self.payment


class FollowedAutopay(models.Model):
    """Autopay a member set here: the case that says so, and when to ask what it has planned since.

    account: the core's token; each has autopay once. look_at: None once it was stopped.
    """

    account = models.CharField(max_length=64, unique=True)
    member = models.ForeignKey("members.Member", on_delete=models.PROTECT)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT)
    look_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["look_at"], condition=Q(look_at__isnull=False), name="autopays_to_look_at")
        ]

    def __str__(self) -> str:
        return self.account
