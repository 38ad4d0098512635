"""Conversations under way: what was answered so far, and nothing else."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class FlowRun(models.Model):
    """One conversation of one flow. Its state is flow, version and answers (flows/engine.py).

    token: its address. answers: JSON, a list of [step, answer, words shown]. steps: how many there are; whoever answers
    says for which, so that two who answer at once are told apart. written: how many stand in the timeline.
    member, or guest_key: whose it is. began_by: a colleague who leads it (guided action), else the same person.
    source: where a stranger comes from, as a keyed hash; "" where that is not known.
    first_word_at: when they first turned to us about it, the instant rights are reckoned from (DOMAIN 10).
    private_since: an answer told for one command alone lies in it, and the command has not run yet.
    silent_since: a command was asked of the card core and is not confirmed. called_at: since when the desk knows.
    """

    class State(models.TextChoices):
        OPEN = "open"
        DONE = "done"
        HANDED_OVER = "handed_over"

    token = models.CharField(max_length=32, unique=True)
    flow = models.CharField(max_length=48)
    version = models.IntegerField()
    answers = models.TextField(default="[]")
    steps = models.IntegerField(default=0)
    written = models.IntegerField(default=0)
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    outcome = models.CharField(max_length=40, default="", blank=True)
    channel = models.CharField(max_length=12)
    language = models.CharField(max_length=8)
    member = models.ForeignKey("members.Member", null=True, on_delete=models.PROTECT)
    guest_key = models.CharField(max_length=64, default="", blank=True)
    began_by = models.CharField(max_length=80)
    source = models.CharField(max_length=64, default="", blank=True)
    contact = models.ForeignKey("contact.Contact", null=True, on_delete=models.PROTECT)
    case = models.ForeignKey("cases.Case", null=True, on_delete=models.PROTECT)
    first_word_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    private_since = models.DateTimeField(null=True)
    silent_since = models.DateTimeField(null=True)
    called_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contact"],
                condition=Q(state="open", contact__isnull=False),
                name="one_open_flow_of_a_contact",
            )
        ]
        indexes = [
            models.Index(fields=["member", "-moved_at"], name="flows_of_member"),
            models.Index(fields=["case"], name="flows_of_case"),
            models.Index(
                fields=["silent_since", "id"],
                condition=Q(state="open", called_at=None, silent_since__isnull=False),
                name="flows_to_call_for",
            ),
            models.Index(
                fields=["private_since", "id"],
                condition=Q(private_since__isnull=False),
                name="flows_to_forget_in",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.flow} {self.token}"
