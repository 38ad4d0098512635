"""Restrictions as rows, and the messages they held back."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from cardline.members.restrictions.rules import Representative, Restricted
from cardline.members.restrictions.table import RestrictionKind

KINDS = [(kind.value, kind.value) for kind in RestrictionKind]


class Restriction(models.Model):
    """Why something is not as usual for a member, from `since` up to and without `until`. Never edited, only lifted.

    account: the core's token where it is about one account, "" where it is about the person. people: whom it touches:
    the member, and with an account everybody who had a card on it when it was placed. said_by, document, said_on: the
    source: who told us, the reference of their paper, and its date. why, lifted_why: a colleague's words; no member
    reads them. Business time. placed_by, lifted_by: actors as in the audit log, with their names then.
    """

    member = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="restrictions")
    people = models.ManyToManyField("members.Member", related_name="restricted_by")
    kind = models.CharField(max_length=24, choices=KINDS)
    account = models.CharField(max_length=64, default="", blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    said_by = models.CharField(max_length=120)
    document = models.CharField(max_length=120, default="", blank=True)
    said_on = models.DateField()
    why = models.CharField(max_length=500)
    representative = models.CharField(max_length=120, default="", blank=True)
    firm = models.CharField(max_length=120, default="", blank=True)
    address = models.CharField(max_length=200, default="", blank=True)
    phone = models.CharField(max_length=40, default="", blank=True)
    placed_at = models.DateTimeField()
    placed_by = models.CharField(max_length=80)
    placed_by_name = models.CharField(max_length=120)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.CharField(max_length=80, default="", blank=True)
    lifted_by_name = models.CharField(max_length=120, default="", blank=True)
    lifted_why = models.CharField(max_length=500, default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=F("since")), name="restriction_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by="", lifted_why="")
                | (Q(lifted_at__isnull=False) & ~Q(lifted_by="") & ~Q(lifted_why="")),
                name="restriction_lifted_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["member", "-placed_at", "-id"], name="restrictions_of_member"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.member_id}"

    @property
    def speaks(self) -> Representative | None:
        """Whom to turn to instead of the member, where the row names somebody."""
        if not self.representative:
            return None
        return Representative(self.representative, self.firm, self.address, self.phone)

    def facts(self, touched: int) -> Restricted:
        """What deciding needs of this row, for one of its `people`."""
        return Restricted(
            id=self.pk,
            kind=RestrictionKind(self.kind),
            member=self.member_id,
            touched=touched,
            since=self.since,
            account=self.account,
            until=self.until,
            lifted_at=self.lifted_at,
            representative=self.speaks,
        )


class HeldMessage(models.Model):
    """A message that was about to leave and did not, because of a restriction. Kept for colleagues; only grows.

    kind: the action it stands under in the table ("alert:payment_due"). subject: what tells it from others of its kind,
    an id of ours, so that a second try holds the same message. answer: refuse or redirect.
    """

    member = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="held_messages")
    restriction = models.ForeignKey(Restriction, on_delete=models.PROTECT, related_name="held_messages")
    kind = models.CharField(max_length=48)
    subject = models.CharField(max_length=80)
    answer = models.CharField(max_length=8)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "kind", "subject"], name="held_message_once"),
        ]
        indexes = [models.Index(fields=["member", "-at", "-id"], name="held_messages_of_member")]

    def __str__(self) -> str:
        return f"{self.kind} to {self.member_id}"
