"""The case file: one problem, one reference number, one timeline."""

from __future__ import annotations

from django.db import models


class Case(models.Model):
    """One problem from first word to last promise. member is null when a guest started it (then guest_key is set).

    attention_at: when somebody here must next look at it (a waiting member, the soonest promise); lists sort by it.
    last_entry: the number of the newest entry; entries are numbered without a gap in commit order.
    """

    class State(models.TextChoices):
        OPEN = "open"
        CLOSED = "closed"

    ref = models.CharField(max_length=7, unique=True)
    member = models.ForeignKey("members.Member", null=True, on_delete=models.PROTECT)
    guest_key = models.CharField(max_length=64, default="", blank=True)
    need = models.CharField(max_length=48)
    subject = models.CharField(max_length=120)
    queue = models.CharField(max_length=40)
    owner = models.ForeignKey("staff.Agent", null=True, on_delete=models.PROTECT)
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    attention_at = models.DateTimeField()
    last_entry = models.IntegerField(default=0)
    contacts = models.IntegerField(default=0)
    promises = models.IntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["state", "queue", "attention_at", "id"], name="inbox_of_queue"),
            models.Index(fields=["state", "owner", "attention_at", "id"], name="inbox_of_owner"),
            models.Index(fields=["state", "attention_at", "id"], name="inbox_of_all"),
            models.Index(fields=["member", "-opened_at", "-id"], name="cases_of_member"),
            models.Index(fields=["guest_key"], condition=~models.Q(guest_key=""), name="cases_of_guest"),
        ]

    def __str__(self) -> str:
        return self.ref


class Entry(models.Model):
    """One line of a case's timeline. Append-only: number, time, author and kind never change (ARCHITECTURE 2.2).

    It stays in the case it was written in; a contact that moves to another case takes its entries along by being
    shown there. side: "member", "agent" or "system". visible: whether the member may see it. Written by SQL in
    cases/timeline.py; the text has passed the redactor.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, db_index=False)  # one_number_per_entry serves
    n = models.IntegerField()
    contact = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=32)
    side = models.CharField(max_length=8)
    author = models.CharField(max_length=80)
    author_name = models.CharField(max_length=120)
    visible = models.BooleanField(default=True)
    text = models.TextField()
    data = models.TextField(default="{}")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "n"], name="one_number_per_entry")]
        indexes = [models.Index(fields=["contact", "id"], name="entries_of_contact")]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.n} {self.kind}"
