"""Files people give us: what we know about each. The bytes lie on the shelf (files/shelf.py)."""

from __future__ import annotations

from django.db import models


class StoredFile(models.Model):
    """One file, given to a case. It is handed out only while its state is `clean` (SR-57).

    token: its random name on the shelf and in addresses; it says nothing and opens nothing by itself. type: a word of
    files/kinds.py, found by content. name: as its owner called it, cleaned, with an ending that fits the type.
    contact: the number of the contact it was given in, if in one. why: a word of ours for held back and refused ones.
    scanner: what looked for viruses, "" when none is configured. unread: nobody could look into it for card numbers.
    check_at, tries, lease: when its check is due, and who is at it (machine time). decided_…: which supervisor last
    decided about it while it was held back, and why (files/held.py). Of a deleted one there are no bytes any more.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        CLEAN = "clean"
        QUARANTINED = "quarantined"
        REFUSED = "refused"
        DELETED = "deleted"

    GONE = (State.REFUSED, State.DELETED)

    token = models.CharField(max_length=32, unique=True)
    sha256 = models.CharField(max_length=64)
    size_bytes = models.BigIntegerField()
    type = models.CharField(max_length=8)
    name = models.CharField(max_length=160)
    member = models.ForeignKey("members.Member", null=True, on_delete=models.PROTECT)
    case = models.ForeignKey("cases.Case", null=True, on_delete=models.PROTECT)
    contact = models.BigIntegerField(null=True)
    given_by = models.CharField(max_length=80)
    given_by_name = models.CharField(max_length=120)
    given_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    why = models.CharField(max_length=20, default="", blank=True)
    settled_at = models.DateTimeField(null=True)
    scanner = models.CharField(max_length=20, default="", blank=True)
    unread = models.BooleanField(default=False)
    check_at = models.DateTimeField(null=True)
    tries = models.IntegerField(default=0)
    lease = models.IntegerField(default=0)
    decided_by = models.CharField(max_length=80, default="", blank=True)
    decided_by_name = models.CharField(max_length=120, default="", blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_why = models.CharField(max_length=400, default="", blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["case", "id"], name="files_of_case"),
            models.Index(fields=["member", "id"], name="files_of_member"),
            models.Index(
                fields=["check_at"], condition=models.Q(check_at__isnull=False), name="files_to_check"
            ),
        ]

    def __str__(self) -> str:
        return self.token
