"""What we keep about freezes. The cards themselves, and whether they are frozen, are the card core's."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Freeze(models.Model):
    """A card was frozen: for which member, in which case it is written down, and whether it was undone.

    card: the core's token. member: whose freeze it is; on an additional card that may be the account's holder.
    until: when it ends by itself, as the core confirmed it; None: when somebody undoes it.
    """

    card = models.CharField(max_length=64)
    last4 = models.CharField(max_length=4)
    member = models.ForeignKey("members.Member", on_delete=models.PROTECT)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT)
    frozen_at = models.DateTimeField()
    frozen_by = models.CharField(max_length=80)
    until = models.DateTimeField(null=True)
    unfrozen_at = models.DateTimeField(null=True)
    unfrozen_by = models.CharField(max_length=80, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["card"], condition=Q(unfrozen_at=None), name="one_freeze_at_a_time"
            )
        ]
        indexes = [
            models.Index(fields=["case"], condition=Q(unfrozen_at=None), name="freezes_of_case"),
            models.Index(
                fields=["until", "id"],
                condition=Q(unfrozen_at=None, until__isnull=False),
                name="freezes_that_end",
            ),
        ]


class FreezeWish(models.Model):
    """A freeze that was asked of a card core elsewhere; kept before anybody asks it (docs/decisions/0016).

    state: ASKED until a try ended in silence, then UNKNOWN: it may have happened. settled_at: since when it is neither.
    key: what the core knows this wish by, however often it is asked. taken_back_at: the member changed their mind; then
    the lane asks for the undoing as well, until that is answered.
    card: the core's token; last4: "" where the core was silent before it ever told us of the card. contact: the one an
    agent acted in. until: as Freeze.until. refused: the core's word for why not.
    tries, next_try_at, lease, leased_until: the lane's, in machine time. called_at: since when the desk knows of it.
    """

    class State(models.TextChoices):
        ASKED = "asked"
        UNKNOWN = "unknown"
        CONFIRMED = "confirmed"
        REFUSED = "refused"
        TAKEN_BACK = "taken_back"

    card = models.CharField(max_length=64)
    last4 = models.CharField(max_length=4, default="", blank=True)
    member = models.ForeignKey("members.Member", on_delete=models.PROTECT)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT)
    contact = models.BigIntegerField(null=True)
    key = models.CharField(max_length=96, unique=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=80)
    until = models.DateTimeField(null=True)
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.CharField(max_length=80, default="", blank=True)
    settled_at = models.DateTimeField(null=True)
    refused = models.CharField(max_length=40, default="", blank=True)
    called_at = models.DateTimeField(null=True)
    tries = models.IntegerField(default=0)
    next_try_at = models.DateTimeField()
    lease = models.IntegerField(default=0)
    leased_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["card", "member"], condition=Q(settled_at=None), name="one_open_wish_of_a_member"
            )
        ]
        indexes = [
            models.Index(fields=["next_try_at", "id"], condition=Q(settled_at=None), name="freezes_to_ask"),
            models.Index(
                fields=["asked_at", "id"],
                condition=Q(settled_at=None, called_at=None),
                name="freezes_to_call_for",
            ),
            models.Index(fields=["case"], condition=Q(settled_at=None), name="open_wishes_of_case"),
            models.Index(fields=["card", "-asked_at"], name="wishes_of_card"),
        ]


class Hold(models.Model):
    """A card that was asked for and waits, because the address or the name was changed within 30 days (SR-33).

    card, last4: the one it is to replace. reason: a CloseReason. because: the change that is in doubt. promise: what
    was promised with it. new: the card that was sent, "" while none was. settled_by: as in the audit log.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        RELEASED = "released"
        REFUSED = "refused"

    card = models.CharField(max_length=64)
    last4 = models.CharField(max_length=4)
    member = models.ForeignKey("members.Member", on_delete=models.PROTECT)
    reason = models.CharField(max_length=12)
    because = models.ForeignKey("members.ContactChange", on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT)
    promise = models.BigIntegerField(default=0)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=80)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=80, default="", blank=True)
    settled_how = models.CharField(max_length=400, default="", blank=True)
    new = models.CharField(max_length=64, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["card"], condition=Q(state="waiting"), name="one_hold_of_a_card_at_a_time"
            )
        ]
        indexes = [models.Index(fields=["member", "-asked_at"], name="holds_of_member")]

    def __str__(self) -> str:
        return f"hold of {self.card}"


class EmergencyCard(models.Model):
    """A card with a low limit that was ordered for a member far from home, to be handed over where they are.

    card, last4: the one it stands in for. place: where, in the words of whoever ordered it. promise: ours to have it
    handed over in time. One for each card. issued: the core's token of it; "" where the core makes none and a person
    sees to it. handed_over_at: since when they have it.
    """

    card = models.CharField(max_length=64, unique=True)
    last4 = models.CharField(max_length=4)
    member = models.ForeignKey("members.Member", on_delete=models.PROTECT)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT)
    contact = models.BigIntegerField()
    place = models.CharField(max_length=200)
    limit_minor = models.IntegerField()
    currency = models.CharField(max_length=3)
    promise = models.BigIntegerField()
    ordered_at = models.DateTimeField()
    ordered_by = models.CharField(max_length=80)
    issued = models.CharField(max_length=64, default="", blank=True)
    handed_over_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"emergency card for {self.last4}"


# Last: Django finds the tables of an app in this module.
from cardline.cards.delivery.models import Shipment  # noqa: E402
from cardline.cards.reports.models import Report, ReportCharge, ReportItem, ReportStep  # noqa: E402
from cardline.cards.strangers.models import StrangersWord  # noqa: E402

__all__ = [
    "EmergencyCard",
    "Freeze",
    "FreezeWish",
    "Hold",
    "Report",
    "ReportCharge",
    "ReportItem",
    "ReportStep",
    "Shipment",
    "StrangersWord",
]
