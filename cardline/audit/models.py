"""The log of what was done. Append-only; shaped so that a chain of hashes can be sealed over it later."""

from __future__ import annotations

from django.db import models


class AuditEvent(models.Model):
    """One command that changed something, or one look at a member's data (SR-93).

    detail is JSON of our own numbers and words, never what somebody wrote. at is machine time.
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
