"""Authorities as rows, and who speaks in a conversation."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q

from cardline.members.authorities.rules import Empowered
from cardline.members.authorities.table import AuthorityKind

KINDS = [(kind.value, kind.value) for kind in AuthorityKind]


class Authority(models.Model):
    """That `person` may act for `member`, as what and how far, from `since` up to and without `until`.

    Never edited: papers are added once, a supervisor confirms it once, and it is revoked. file: number of a StoredFile;
    paper: what a paper is and which cover sheet it came with; one of the two is its document. names: the names on it.
    instead_of: the one that ends as soon as this one lacks nothing.
    Business time. recorded_by and the others: actors as in the audit log, with their names then.
    """

    person = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="acts_by")
    member = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="authorities")
    kind = models.CharField(max_length=24, choices=KINDS)
    scopes: Any = models.JSONField(default=list)
    file = models.BigIntegerField(null=True)
    paper = models.CharField(max_length=120, default="", blank=True)
    names = models.CharField(max_length=200, default="", blank=True)
    instead_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=80)
    recorded_by_name = models.CharField(max_length=120)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.CharField(max_length=80, default="", blank=True)
    confirmed_by_name = models.CharField(max_length=120, default="", blank=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=80, default="", blank=True)
    revoked_by_name = models.CharField(max_length=120, default="", blank=True)
    revoked_why = models.CharField(max_length=500, default="", blank=True)

    class Meta:
        verbose_name_plural = "authorities"
        constraints = [
            models.CheckConstraint(condition=~Q(person=F("member")), name="authority_over_another"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=F("since")), name="authority_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | ~Q(confirmed_by=F("recorded_by")),
                name="authority_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None) | (~Q(revoked_by="") & ~Q(revoked_why="")),
                name="authority_revoked_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "member"], name="authorities_of_person"),
            models.Index(fields=["member", "-recorded_at", "-id"], name="authorities_over_member"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} as {self.kind} for {self.member_id}"

    @property
    def has_papers(self) -> bool:
        return self.file is not None or bool(self.paper)

    def facts(self, died_at: datetime | None) -> Empowered:
        """What deciding needs of this row."""
        return Empowered(
            kind=AuthorityKind(self.kind),
            person=self.person_id,
            member=self.member_id,
            scopes=frozenset(self.scopes),
            since=self.since,
            until=self.until,
            revoked_at=self.revoked_at,
            has_papers=self.has_papers,
            is_confirmed=self.confirmed_at is not None,
            died_at=died_at,
        )


class Speaker(models.Model):
    """Who speaks in a conversation from `at` on, and as what; the newest row counts, and with none it is its member.

    contact: the conversation's number. capacity: a kind of authority, or "self". Only added.
    """

    contact = models.BigIntegerField()
    person = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="+")
    capacity = models.CharField(max_length=24)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["contact", "-id"], name="speakers_of_contact")]

    def __str__(self) -> str:
        return f"{self.person_id} as {self.capacity} in {self.contact}"
