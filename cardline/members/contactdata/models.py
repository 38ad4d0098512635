"""Changes of contact data and names as rows, the notices of them, and how a member may safely be reached."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class ContactChange(models.Model):
    """A contact point or the legal name of a member became another, or is to. A change leaves each state once.

    kind: of members.ContactPoint, or `name`. old, new: snapshots (contactdata/changes/writing.py), {} for none; they
    are what a change is taken back with, and stand in no message. point: the row it made or is about, while we have it.
    why_waits: a word of `Why`, "" for one that did not wait. due_at: when it is done by itself, unless somebody says
    no. case, promise: numbers, 0 for none. asked_by, decided_by: actors as in the audit log. decided: their reason in
    words of ours (a `Reason`) or theirs. validated_at: since when we are sure that the member wanted it, and how.
    """

    class Kind(models.TextChoices):
        PHONE = "phone"
        EMAIL = "email"
        POST = "post"
        NAME = "name"

    class What(models.TextChoices):
        ADDED = "added"
        CHANGED = "changed"
        REMOVED = "removed"

    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"  # by the member, before it was done
        TAKEN_BACK = "taken_back"  # somebody said "not me"

    class Why(models.TextChoices):
        LINK = "link"  # the new address has not answered
        DELAY = "delay"  # whoever asked was not known strongly: the old address hears of it first
        PAPER = "paper"  # a person checks a document
        CARD = "card"  # a card was just asked for (SR-33)
        DOUBT = "doubt"  # an earlier change was said not to be theirs

    member = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="contact_changes")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    what = models.CharField(max_length=8, choices=What.choices)
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    why_waits = models.CharField(max_length=8, choices=Why.choices, default="", blank=True)
    point = models.ForeignKey("members.ContactPoint", null=True, on_delete=models.SET_NULL, related_name="+")
    old = models.JSONField(default=dict)
    new = models.JSONField(default=dict)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=80)
    asked_by_name = models.CharField(max_length=120)
    due_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, default="", blank=True)
    decided_by_name = models.CharField(max_length=120, default="", blank=True)
    decided = models.CharField(max_length=400, default="", blank=True)
    validated_at = models.DateTimeField(null=True)
    validated_by = models.CharField(max_length=80, default="", blank=True)
    validated_how = models.CharField(max_length=400, default="", blank=True)
    case = models.BigIntegerField(default=0)
    promise = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="done") | Q(done_at__isnull=False), name="contact_change_done_has_its_time"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "done"]) | Q(ended_at__isnull=False),
                name="contact_change_ended_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(due_at=None) | ~Q(state="waiting") | Q(why_waits="delay"),
                name="contact_change_delay_alone_is_due",
            ),
        ]
        indexes = [
            models.Index(fields=["member", "-asked_at", "-id"], name="contact_changes_of_member"),
            models.Index(
                fields=["due_at", "id"],
                condition=Q(state="waiting", due_at__isnull=False),
                name="contact_changes_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.member_id} {self.what}"


class ChangeNotice(models.Model):
    """One message that told of a change, and what was answered by its link. outgoing: the number of the message.

    to_old: it went to a place we had before the change. answer: "" while nobody pressed, else a word of `Answer`.
    """

    class Answer(models.TextChoices):
        ME = "me"
        NOT_ME = "not_me"

    change = models.ForeignKey(ContactChange, on_delete=models.CASCADE, related_name="notices")
    channel = models.CharField(max_length=8)
    to_old = models.BooleanField()
    outgoing = models.BigIntegerField()
    sent_at = models.DateTimeField()
    answer = models.CharField(max_length=8, choices=Answer.choices, default="", blank=True)
    answered_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"notice of {self.change_id} by {self.channel}"


class SafeContact(models.Model):
    """How a member may be reached without danger to them. It overrides every notice, letter, call and reminder.

    only: the one phone to use, None where any may be used. No row: they said nothing of the kind.
    """

    member = models.OneToOneField("members.Member", on_delete=models.CASCADE, related_name="safe_contact")
    only = models.ForeignKey("members.ContactPoint", null=True, on_delete=models.SET_NULL, related_name="+")
    no_voicemail = models.BooleanField(default=False)
    no_post = models.BooleanField(default=False)
    since = models.DateTimeField()
    set_by = models.CharField(max_length=80)

    def __str__(self) -> str:
        return f"safe contact of {self.member_id}"


class FormerName(models.Model):
    """A legal name a member had, and until when; letters from before carry it."""

    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="former_names")
    given_name = models.CharField(max_length=80)
    family_name = models.CharField(max_length=80)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"former name of {self.member_id}"
