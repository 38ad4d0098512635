"""Programs as rows: which company has one, and who is in it since when."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class Program(models.Model):
    """The cards a company gives its employees. company: the member that stands for it, who holds the account their
    cards are on and never signs in; administrators hold authorities over that member. address: where the company gets
    its post, in one line.
    """

    company = models.OneToOneField("members.Member", on_delete=models.PROTECT, related_name="program")
    address = models.CharField(max_length=200)
    since = models.DateTimeField()

    def __str__(self) -> str:
        return self.company.name


class ProgramMember(models.Model):
    """An employee in a program, from `since` up to and without `until`; None: as of now for good.

    ended_by: actor as in the audit log, with their name then. last4: of the card that was closed. ref: the case in
    which it is written down. merchants: how many charged that card by themselves.
    """

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="members")
    member = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="programs")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, default="", blank=True)
    ended_by_name = models.CharField(max_length=120, default="", blank=True)
    last4 = models.CharField(max_length=4, default="", blank=True)
    ref = models.CharField(max_length=16, default="", blank=True)
    merchants = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["program", "member"], condition=Q(until=None), name="in_a_program_once"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | (Q(until__gte=F("since")) & ~Q(ended_by="")),
                name="program_left_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} in {self.program_id}"
