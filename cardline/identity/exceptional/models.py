"""Exceptional verification: two of us vouch for somebody stranded who can show nothing else (DOMAIN 8, VX)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class EmergencyContact(models.Model):
    """Somebody a member named whom we may call when the member has lost everything. since: business time."""

    member = models.OneToOneField("members.Member", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    phone = models.CharField(max_length=40)
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"emergency contact of {self.member_id}"


class Exceptional(models.Model):
    """One such verification, in one contact: begun by an agent, proved in at least two ways, confirmed by somebody
    else, over by itself.

    contact, case_id: where they speak and where it is written down. member: whom they say they are. why: in the agent's
    words, why nothing else works. until: from then on it lets nothing pass (machine time); the evidence row says the
    same and is what the authority asks. closed_at: refused, revoked, or begun anew after its end. Else business time.
    """

    class State(models.TextChoices):
        ASKED = "asked"
        GRANTED = "granted"
        REFUSED = "refused"
        REVOKED = "revoked"
        OVER = "over"

    member = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="+")
    contact = models.BigIntegerField()
    case_id = models.BigIntegerField()
    why = models.CharField(max_length=400)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    asked_by = models.ForeignKey("staff.Agent", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey("staff.Agent", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    closed_by = models.ForeignKey("staff.Agent", null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_why = models.CharField(max_length=400, default="", blank=True)

    class Meta:
        verbose_name_plural = "exceptional"
        constraints = [
            models.UniqueConstraint(
                fields=["contact"],
                condition=Q(state__in=["asked", "granted"]),
                name="one_exception_a_contact",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("asked_by")),
                name="exception_by_two_people",
            ),
        ]
        indexes = [
            models.Index(fields=["asked_at"], condition=Q(state="asked"), name="exceptions_to_decide"),
            models.Index(fields=["contact", "-asked_at"], name="exceptions_of_contact"),
        ]

    def __str__(self) -> str:
        return f"exception {self.pk}, {self.state}"


class ExceptionalProof(models.Model):
    """One way in which a stranded member was recognised, each kind once. file: of an identity document, as a number.
    note: who was spoken with, or who looks at the passport and where."""

    class Kind(models.TextChoices):
        EMERGENCY_CONTACT = "emergency_contact"
        DOCUMENT = "document"
        PASSPORT = "passport_at_handover"

    exceptional = models.ForeignKey(Exceptional, on_delete=models.CASCADE, related_name="proofs")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    by = models.ForeignKey("staff.Agent", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    file = models.BigIntegerField(null=True)
    note = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["exceptional", "kind"], name="one_exceptional_proof_of_a_kind")
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.exceptional_id}"
