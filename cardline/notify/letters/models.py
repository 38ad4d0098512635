"""Letters as they were sent, what members agreed to have on their pages instead, and addresses that are no good."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Letter(models.Model):
    """One letter to one member. What it says never changes: a newer text is for newer letters.

    case: the number of the case it belongs to. version: of the text it was written from. content: the letter as sent
    (writing.Written); seal: the hash of it. name: in its address. country, law: whose required parts it holds.
    due_on: the law's last day, where a clock gave one. act_by: the last day on which it leaves. why: a word of
    rules.py: why by this way, or why it is held. look_at: when the worker looks again at one on their pages or held.
    announced: the e-mail that says that it is there. proves_us: the code on a printed one that says to its reader that
    it is ours. posted_by_name, certified: who posted it, and the number of the
    certified mail, "" for ordinary post, which proves nothing. came_back_at: the post returned it.
    """

    class Way(models.TextChoices):
        PAPER = "paper"
        ELECTRONIC = "electronic"

    class State(models.TextChoices):
        TO_PRINT = "to_print"
        HELD = "held"  # on paper, and must not or cannot leave now
        POSTED = "posted"
        SHOWN = "shown"  # on their pages

    member = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="letters")
    case = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    version = models.CharField(max_length=12)
    language = models.CharField(max_length=8)
    country = models.CharField(max_length=2)
    law = models.CharField(max_length=4, default="", blank=True)
    reference = models.CharField(max_length=7)
    content = models.JSONField()
    seal = models.CharField(max_length=64)
    name = models.CharField(max_length=32, unique=True)
    way = models.CharField(max_length=10, choices=Way.choices)
    state = models.CharField(max_length=8, choices=State.choices)
    why = models.CharField(max_length=20)
    to = models.CharField(max_length=200, default="", blank=True)
    due_on = models.DateField(null=True)
    act_by = models.DateField()
    made_at = models.DateTimeField()
    look_at = models.DateTimeField(null=True)
    announced = models.OneToOneField(
        "notify.Outgoing", null=True, on_delete=models.PROTECT, related_name="letter"
    )
    proves_us = models.OneToOneField("trust.Code", null=True, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField(null=True)
    spoiled = models.IntegerField(default=0)
    posted_at = models.DateTimeField(null=True)
    posted_by = models.CharField(max_length=80, default="", blank=True)
    posted_by_name = models.CharField(max_length=120, default="", blank=True)
    certified = models.CharField(max_length=40, default="", blank=True)
    came_back_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="posted", posted_at__isnull=False) & ~Q(posted_by_name="")
                | (~Q(state="posted") & Q(posted_at__isnull=True)),
                name="notify_letter_posted_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state="shown", way="electronic") | (~Q(state="shown") & Q(way="paper")),
                name="notify_letter_way_and_state",
            ),
            models.CheckConstraint(
                condition=~Q(state="to_print") | ~Q(to=""), name="notify_letter_goes_somewhere"
            ),
        ]
        indexes = [
            models.Index(fields=["act_by", "id"], condition=Q(state="to_print"), name="notify_to_print"),
            models.Index(fields=["look_at", "id"], condition=Q(look_at__isnull=False), name="notify_look_at"),
            models.Index(fields=["-posted_at", "-id"], condition=Q(state="posted"), name="notify_posted"),
            models.Index(fields=["member", "-id"], name="notify_letters_of"),
            models.Index(fields=["case"], name="notify_letters_in"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"


class PaperConsent(models.Model):
    """A member wants one class of letters on their pages instead of on paper (15 USC 7001(c)). Dated at both ends.

    disclosure: the version of what they were told before they agreed. withdrawn_by: the key of whoever said so, who
    may be a colleague; agreeing is the member's alone.
    """

    member = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="paper_consents")
    covers = models.CharField(max_length=20)
    disclosure = models.CharField(max_length=12)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=80, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "covers"], condition=Q(withdrawn_at=None), name="notify_one_consent_a_class"
            )
        ]

    def __str__(self) -> str:
        return f"{self.covers} of {self.member_id}"


class BadAddress(models.Model):
    """A postal address from which a letter came back. It is never corrected from the sticker (DOMAIN 12): the member
    says what is right, by another address or by saying that this one is. right_at: when they, or a colleague, did.
    """

    member = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="bad_addresses")
    place = models.CharField(max_length=200)
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    right_at = models.DateTimeField(null=True)
    right_by = models.CharField(max_length=80, default="", blank=True)

    class Meta:
        verbose_name_plural = "bad addresses"
        constraints = [
            models.UniqueConstraint(
                fields=["member", "place"], condition=Q(right_at=None), name="notify_bad_address_once"
            )
        ]

    def __str__(self) -> str:
        return f"bad address of {self.member_id}"
