"""What we keep of a card that is gone, from the first word to the new card in hand (DOMAIN 10)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Report(models.Model):
    """Somebody said that a card is gone. At most one of a card goes on at a time; none is closed by time alone.

    card, last4: the core's token, and the end of the number. first_word_at: the instant of first contact, which rights
    are reckoned from, whoever was slow after it. reported_by: as in the audit log. source: where the first word came
    from. level: how surely we knew whoever said it. learned_on: when the member noticed, where that counts.
    gone_phone, gone_papers: what went with it; None while nobody said. reach: the promise to reach the member, 0 for
    none. new: the card that comes in its place. look_at: when its way is next asked for; null where nothing is to come.
    told_at: since when its written summary stands.
    """

    class State(models.TextChoices):
        REPORTED = "reported"
        FROZEN = "frozen"
        RECOVERED = "recovered"
        UNFROZEN = "unfrozen"
        CLOSED_LOST = "closed_lost"
        CLOSED_STOLEN = "closed_stolen"
        REPLACEMENT_ORDERED = "replacement_ordered"
        SHIPPED = "shipped"
        DELIVERED = "delivered"
        ACTIVATED = "activated"

    class Source(models.TextChoices):
        MEMBER = "member"
        AGENT = "agent"
        STRANGER = "stranger"
        FINDER = "finder"

    ENDED = (State.UNFROZEN, State.ACTIVATED)

    card = models.CharField(max_length=64)
    last4 = models.CharField(max_length=4)
    member = models.ForeignKey("members.Member", on_delete=models.PROTECT)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT)
    state = models.CharField(max_length=20, choices=State.choices, default=State.REPORTED)
    source = models.CharField(max_length=8, choices=Source.choices)
    level = models.SmallIntegerField()
    first_word_at = models.DateTimeField()
    reported_at = models.DateTimeField()
    reported_by = models.CharField(max_length=80)
    learned_on = models.DateField(null=True)
    gone_phone = models.BooleanField(null=True)
    gone_papers = models.BooleanField(null=True)
    charges_reviewed_at = models.DateTimeField(null=True)
    reach = models.BigIntegerField(default=0)
    charges_promise = models.BigIntegerField(default=0)
    new = models.CharField(max_length=64, default="", blank=True)
    look_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["card"],
                condition=~Q(state__in=["unfrozen", "activated"]),
                name="one_report_of_a_card_at_a_time",
            )
        ]
        indexes = [
            models.Index(fields=["member", "-reported_at"], name="reports_of_member"),
            models.Index(fields=["case"], name="reports_of_case"),
            models.Index(
                fields=["look_at", "id"], condition=Q(look_at__isnull=False), name="reports_to_look"
            ),
        ]

    def __str__(self) -> str:
        return f"report of {self.card}"


class ReportStep(models.Model):
    """When a report came to a state, and by whom; a frozen card may be found, and lost again."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="steps")
    state = models.CharField(max_length=20, choices=Report.State.choices)
    at = models.DateTimeField()
    by = models.CharField(max_length=80)

    class Meta:
        indexes = [models.Index(fields=["report", "id"], name="steps_of_report")]


class ReportCharge(models.Model):
    """A charge the member did not make, as they said when the last ones were read back to them. Each may become a
    dispute. charge: the core's token; the rest: as the core had it then.
    """

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="charges")
    charge = models.CharField(max_length=64)
    merchant = models.CharField(max_length=80)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    charged_at = models.DateTimeField()
    said_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "charge"], name="one_word_about_a_charge_in_a_report")
        ]


class ReportItem(models.Model):
    """Something else that used the card's number: a phone or watch that pays with it, a merchant that charges by
    itself.

    name: as the member knows it. result: ASKED until the core says itself that it cannot charge any more, then
    CONFIRMED, in which moment.
    """

    class Kind(models.TextChoices):
        WALLET = "wallet"
        MERCHANT = "merchant"

    class Result(models.TextChoices):
        ASKED = "asked"
        CONFIRMED = "confirmed"

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="items")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    token = models.CharField(max_length=64)
    name = models.CharField(max_length=80)
    result = models.CharField(max_length=10, choices=Result.choices, default=Result.ASKED)
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "kind", "token"], name="one_item_of_a_report_once")
        ]
