"""One contact: a member and us over one channel."""

from __future__ import annotations

from django.db import models


class Contact(models.Model):
    """One conversation, from first word to receipt.

    home_case is where it began and where its entries stay; case is where it belongs now (they differ after an attach).
    number counts the contacts of the home case: the receipt's "7K4-29QM-1". first_word_at is the instant the member
    first told us, which legal clocks read (DOMAIN 10). plan: what they said before the contact, as JSON.
    watched_until: when somebody looks whether the member's messages were read (machine time), None when nobody will.
    The three lines of the summary: `did`, `you` (what the member needs to do); what we will do are the promises.
    """

    class Channel(models.TextChoices):
        CHAT = "chat"
        MESSAGE = "secure_message"
        SELF_SERVICE = "self_service"

    class State(models.TextChoices):
        WAITING = "waiting"  # the member waits for somebody
        ACTIVE = "active"  # somebody has it
        PROPOSED = "proposed"  # the three lines are before the member
        ENDED = "ended"

    class Verdict(models.TextChoices):
        NONE = "", "none yet"
        RIGHT = "right"
        NOT_QUITE = "not_quite"

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    home_case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    number = models.IntegerField()
    channel = models.CharField(max_length=16, choices=Channel.choices)
    state = models.CharField(max_length=12, choices=State.choices)
    member = models.ForeignKey("members.Member", null=True, on_delete=models.PROTECT)
    guest_key = models.CharField(max_length=64, default="", blank=True)
    agent = models.ForeignKey("staff.Agent", null=True, on_delete=models.PROTECT)
    queue = models.CharField(max_length=40)
    need = models.CharField(max_length=48)
    language = models.CharField(max_length=8, default="en")
    level = models.SmallIntegerField(default=0)
    plan = models.TextField(default="{}")
    first_word_at = models.DateTimeField()
    started_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    last_member_at = models.DateTimeField(null=True)
    last_staff_at = models.DateTimeField(null=True)
    watched_until = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=48, default="", blank=True)
    next_step = models.CharField(max_length=400, default="", blank=True)
    did = models.CharField(max_length=400, default="", blank=True)
    you = models.CharField(max_length=400, default="", blank=True)
    proposals = models.IntegerField(default=0)
    verdict = models.CharField(max_length=12, choices=Verdict.choices, default=Verdict.NONE, blank=True)
    verdict_text = models.CharField(max_length=400, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["home_case", "number"], name="one_number_per_contact"),
            models.CheckConstraint(
                condition=~models.Q(state="ended") | models.Q(ended_at__isnull=False), name="ended_has_a_time"
            ),
        ]
        indexes = [
            models.Index(
                fields=["queue", "started_at", "id"],
                condition=models.Q(state="waiting"),
                name="contacts_waiting",
            ),
            models.Index(
                fields=["agent", "started_at"], condition=~models.Q(state="ended"), name="contacts_of_agent"
            ),
            models.Index(fields=["queue", "answered_at"], name="contacts_answered"),
            models.Index(fields=["case", "started_at"], name="contacts_of_case"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.pk}"


class Move(models.Model):
    """A contact was attached to another case. Rows are only added; undoing one sets undone_at."""

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT)
    from_case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    to_case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    undone_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.contact_id}: {self.from_case_id} → {self.to_case_id}"
