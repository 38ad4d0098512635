"""What somebody said of a card who is not signed in: kept before anybody looks whose it is (docs/decisions/0030)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class StrangersWord(models.Model):
    """A stranger's word that a card is gone, or found. Whoever said it is never told what came of it.

    case: the stranger's own. kind: of their own card, or of one they found. source: where it came from, as a keyed
    hash. name, facts, place: what they typed (place: where a found card is), cleared once it was looked up. came:
    what came of it; "" until then. report: of the member whose card it is. false_at: when that member said that it
    was not them. tries, next_try_at: the lane's, in machine time. looked_at: null while it waits.
    """

    class Kind(models.TextChoices):
        OWN = "own"
        FOUND = "found"

    class Came(models.TextChoices):
        FROZEN = "frozen"  # one card, frozen now or before
        NOBODY = "nobody"  # no card, or more than one
        TOO_OFTEN = "too_often"  # one card, which strangers have had frozen too often by now: a person looks
        HELD_BACK = "held_back"  # too many from the same place: not looked up by machine

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    source = models.CharField(max_length=64)
    name = models.CharField(max_length=200, default="", blank=True)
    facts = models.CharField(max_length=400, default="", blank=True)
    place = models.CharField(max_length=400, default="", blank=True)
    said_at = models.DateTimeField()
    held_back = models.BooleanField(default=False)
    came = models.CharField(max_length=10, choices=Came.choices, default="", blank=True)
    report = models.ForeignKey("cards.Report", null=True, on_delete=models.PROTECT, related_name="words")
    member = models.ForeignKey("members.Member", null=True, on_delete=models.PROTECT)
    looked_at = models.DateTimeField(null=True)
    false_at = models.DateTimeField(null=True)
    tries = models.IntegerField(default=0)
    next_try_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["next_try_at", "id"], condition=Q(looked_at=None), name="words_to_look_up"),
            models.Index(fields=["case"], name="words_of_case"),
            models.Index(fields=["member", "-said_at"], name="words_about_member"),
        ]

    def __str__(self) -> str:
        return f"word {self.pk}"
