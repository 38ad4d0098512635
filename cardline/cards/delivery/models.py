"""Cards in the post, and what we promised about each."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Shipment(models.Model):
    """A card that was sent in the place of another. card, last4: the new one. expected: the day the carrier should
    bring it, which we hope and do not promise. promise: ours, to look after it by due_at if it does not come. settled:
    how that ended. look_at: when the core is asked again whether it arrived; null once it is settled.
    """

    class Settled(models.TextChoices):
        DELIVERED = "delivered"
        ACTIVATED = "activated"
        SENT_AGAIN = "sent_again"

    card = models.CharField(max_length=64, unique=True)
    last4 = models.CharField(max_length=4)
    member = models.ForeignKey("members.Member", on_delete=models.PROTECT)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT)
    promise = models.BigIntegerField()
    expected = models.DateField()
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField()
    settled = models.CharField(max_length=12, choices=Settled.choices, default="", blank=True)
    settled_at = models.DateTimeField(null=True)
    look_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "cards"
        constraints = [
            models.CheckConstraint(
                condition=Q(settled="", settled_at=None) | Q(settled_at__isnull=False, look_at=None),
                name="shipment_settled_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["look_at", "id"], condition=Q(look_at__isnull=False), name="shipments_to_look_at"
            )
        ]

    def __str__(self) -> str:
        return f"card {self.last4} in the post"
