"""The telephone passcode: what a member can key in when they call."""

from __future__ import annotations

from django.db import models


class Passcode(models.Model):
    """hash: slow and salted; the digits themselves are kept nowhere. since: when it was set. Business time."""

    member = models.OneToOneField("members.Member", on_delete=models.CASCADE, related_name="+")
    hash = models.CharField(max_length=160)
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"passcode of {self.member_id}"
