"""What a colleague asks a member on the member's own pages."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Ask(models.Model):
    """One question of an agent to the member of their contact, for whoever is signed in as them: once, five minutes.

    kind: APPROVAL ("is this you?") or PASSCODE ("your telephone passcode"). agent: who asks, named on the page. ref:
    reference of the case. command, arguments: what exactly is asked for, plain values; "" for nothing in particular.
    action: both in one word (`authority.action_of`). settled_at: answered, replaced by a newer one or withdrawn;
    answer: how. Machine time.
    """

    class Kind(models.TextChoices):
        APPROVAL = "approval"
        PASSCODE = "passcode"

    class Answer(models.TextChoices):
        NONE = "", "none yet"
        APPROVED = "approved"
        DENIED = "denied"
        REPLACED = "replaced"

    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="+", db_index=False)
    contact = models.BigIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    agent = models.ForeignKey("staff.Agent", on_delete=models.PROTECT, related_name="+")
    ref = models.CharField(max_length=12)
    command = models.CharField(max_length=64, default="", blank=True)
    arguments = models.JSONField(default=dict)
    action = models.CharField(max_length=64, default="", blank=True)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=8, choices=Answer.choices, default=Answer.NONE, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "kind"], condition=Q(settled_at=None), name="one_open_ask_of_a_kind"
            )
        ]
        indexes = [
            models.Index(fields=["member"], condition=Q(settled_at=None), name="open_asks_of_member"),
            models.Index(fields=["contact", "asked_at"], name="asks_of_contact"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} asked of {self.member_id}"
