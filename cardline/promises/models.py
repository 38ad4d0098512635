"""Promises: "we will do X by Y", as rows that escalate by themselves."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class Promise(models.Model):
    """One promise. It leaves `open` exactly once; soon and late are computed (DOMAIN 13).

    n counts the promises of the case it was made in. owner is a person, queue the place; one of them is always set.
    due_at with due_zone: met until that instant. act_by_at: when it has to be worked on at the latest, by which lists
    of work are sorted; earlier than due_at only where a legal date falls on a day without business. next_step_at: when
    its ladder next acts, null when the ladder is over;
    the sweep's partial index stands on it. A missed promise stays missed for ever; doing it later sets done_at.
    """

    class State(models.TextChoices):
        OPEN = "open"
        KEPT = "kept"
        MISSED = "missed"
        REPLACED = "replaced"
        RELEASED = "released"

    class Source(models.TextChoices):
        PERSON = "person"
        FLOW = "flow"
        LAW = "law"
        ROUTING = "routing"

    class Audience(models.TextChoices):
        MEMBER = "member"
        STAFF = "staff"

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    home_case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey("contact.Contact", null=True, on_delete=models.PROTECT, related_name="+")
    n = models.IntegerField()
    text = models.CharField(max_length=240)
    owner = models.ForeignKey("staff.Agent", null=True, on_delete=models.PROTECT, related_name="+")
    queue = models.CharField(max_length=40)
    audience = models.CharField(max_length=8, choices=Audience.choices, default=Audience.MEMBER)
    source = models.CharField(max_length=8, choices=Source.choices)
    rule = models.CharField(max_length=40, default="", blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    made_by_name = models.CharField(max_length=120)
    due_at = models.DateTimeField()
    act_by_at = models.DateTimeField()
    due_zone = models.CharField(max_length=40)
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    left_open_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    evidence = models.CharField(max_length=400, default="", blank=True)
    done_by_name = models.CharField(max_length=120, default="", blank=True)
    release_reason = models.CharField(max_length=400, default="", blank=True)
    replaced_by = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaces")
    next_step = models.IntegerField(default=0)
    next_step_at = models.DateTimeField(null=True)
    stumbles = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["home_case", "n"], name="one_number_per_promise"),
            models.CheckConstraint(
                condition=Q(state="open") | Q(left_open_at__isnull=False), name="left_open_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="kept") | (Q(done_at__lte=F("due_at"))), name="kept_in_time"
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | ~Q(evidence=""), name="done_with_evidence"
            ),
            models.CheckConstraint(condition=~Q(queue=""), name="a_place_owns_it"),
            models.CheckConstraint(condition=Q(act_by_at__lte=F("due_at")), name="worked_on_before_due"),
        ]
        indexes = [
            models.Index(
                fields=["next_step_at", "id"],
                condition=Q(next_step_at__isnull=False),
                name="promises_to_step",
            ),
            models.Index(fields=["case", "due_at"], name="promises_of_case"),
            models.Index(fields=["owner", "act_by_at"], condition=Q(state="open"), name="promises_of_owner"),
            models.Index(
                fields=["queue", "act_by_at"], condition=Q(done_at__isnull=True), name="promises_of_queue"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.text} by {self.due_at:%Y-%m-%d %H:%M}"


class Escalation(models.Model):
    """A step of a promise's ladder that was taken, once. taken_by: the colleague who accepted it, when somebody did."""

    promise = models.ForeignKey(Promise, on_delete=models.PROTECT, related_name="escalations")
    step = models.IntegerField()
    moment = models.CharField(max_length=32)
    to = models.CharField(max_length=40)
    queue = models.CharField(max_length=40)
    at = models.DateTimeField()
    taken_by = models.ForeignKey("staff.Agent", null=True, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["promise", "step"], name="each_step_once")]

    def __str__(self) -> str:
        return f"{self.promise_id} step {self.step}"


class LegalClock(models.Model):
    """A legal clock of a case, as it was worked out (DOMAIN 1 and 2).

    promise: what we have to do by then; None for a window, which is somebody else's to use or ours to respect: a window
    is nobody's task and is never shortened. started_at: the instant its event happened; params: the facts it was worked
    out from. Its dates are dates of due_zone, met until 23:59:59 there; act_by: None of a window. about: the thing in
    the card core it is about ("application:AB12CD3"), by which its news finds it; "" for the case itself.
    """

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    promise = models.OneToOneField(Promise, null=True, on_delete=models.PROTECT, related_name="clock")
    rule = models.CharField(max_length=40)
    event = models.CharField(max_length=40)
    about = models.CharField(max_length=80, default="", blank=True)
    started_at = models.DateTimeField()
    params = models.JSONField(default=dict)
    due_on = models.DateField()
    act_by = models.DateField(null=True)
    due_zone = models.CharField(max_length=40)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=80)
    opened_by_name = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "event", "rule", "about", "started_at"], name="a_clock_starts_once"
            ),
            models.CheckConstraint(
                condition=Q(act_by__isnull=True) | Q(act_by__lte=F("due_on")), name="act_by_before_due"
            ),
            models.CheckConstraint(
                condition=Q(promise__isnull=True) | Q(act_by__isnull=False), name="a_task_has_an_act_by"
            ),
        ]
        indexes = [
            models.Index(fields=["case", "due_on"], name="clocks_of_case"),
            models.Index(fields=["about"], condition=~Q(about=""), name="clocks_about"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} by {self.due_on}"

    @property
    def is_window(self) -> bool:
        return self.promise_id is None


class ClockChange(models.Model):
    """What a legal clock said until somebody learned better: one row a recomputation, never changed."""

    clock = models.ForeignKey(LegalClock, on_delete=models.PROTECT, related_name="changes")
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    by_name = models.CharField(max_length=120)
    reason = models.CharField(max_length=400, default="", blank=True)
    rule = models.CharField(max_length=40)
    started_at = models.DateTimeField()
    params = models.JSONField(default=dict)
    due_on = models.DateField()
    act_by = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["clock", "id"], name="changes_of_clock")]

    def __str__(self) -> str:
        return f"{self.clock_id} was due {self.due_on}"
