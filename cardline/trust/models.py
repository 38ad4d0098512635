"""How a member checks us: codes that our messages and calls carry, and calls a colleague is making (DOMAIN 8)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Code(models.Model):
    """What proves that one message or call is ours. Only its hash is kept, and the salt it is worked out from anew.

    kind: a word of rules.Kind. about: a word of rules.About. at: when the message left or the call began; until: from
    then on it is not ours any more. Machine time.
    """

    hash = models.CharField(max_length=64, unique=True)
    salt = models.CharField(max_length=32)
    kind = models.CharField(max_length=8)
    about = models.CharField(max_length=12)
    member = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"code {self.pk}"


class Call(models.Model):
    """A colleague calls a member now. It ends by a press, by the next call of either, or by itself. Machine time."""

    agent = models.ForeignKey("staff.Agent", on_delete=models.PROTECT, related_name="+", db_index=False)
    member = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="+", db_index=False)
    case_id = models.BigIntegerField()
    code = models.OneToOneField(Code, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member"], condition=Q(ended_at=None), name="one_call_a_member"),
            models.UniqueConstraint(fields=["agent"], condition=Q(ended_at=None), name="one_call_an_agent"),
        ]

    def __str__(self) -> str:
        return f"call of {self.agent_id}"
