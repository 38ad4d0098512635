"""What we keep about freezes. The cards themselves, and whether they are frozen, are the card core's."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Freeze(models.Model):
    """A card was frozen: for which member, in which case it is written down, and whether it was undone.

    card: the core's token. member: whose freeze it is; on an additional card that may be the account's holder.
    until: when it ends by itself, as the core confirmed it; None: when somebody undoes it.
    """

    card = models.CharField(max_length=64)
    last4 = models.CharField(max_length=4)
    member = models.ForeignKey("members.Member", on_delete=models.PROTECT)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT)
    frozen_at = models.DateTimeField()
    frozen_by = models.CharField(max_length=80)
    until = models.DateTimeField(null=True)
    unfrozen_at = models.DateTimeField(null=True)
    unfrozen_by = models.CharField(max_length=80, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["card"], condition=Q(unfrozen_at=None), name="one_freeze_at_a_time"
            )
        ]
        indexes = [models.Index(fields=["case"], condition=Q(unfrozen_at=None), name="freezes_of_case")]
