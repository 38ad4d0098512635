"""Which transactions somebody wants to see, as the address says it: a plain form that is sent by GET."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cardline.cards.queries import HeldCard
from cardline.issuer.core import Kind, TransactionState, Which
from cardline.selfservice.amounts import AmountField

# A calendar that ends before the first card and after anybody reading this.
FIRST_DAY, LAST_DAY = date(1950, 1, 1), date(2199, 12, 31)
LONGEST_WISH = 80  # characters; merchants' names are no longer

KINDS: dict[str, tuple[Kind, ...]] = {
    "purchase": (Kind.PURCHASE,),
    "refund": (Kind.REFUND,),
    "cash": (Kind.CASH,),
    "payment": (Kind.PAYMENT, Kind.PAYMENT_RETURNED),
    "cost": (Kind.FEE, Kind.INTEREST),
    "credit": (Kind.CREDIT, Kind.PROVISIONAL_CREDIT, Kind.PROVISIONAL_CREDIT_TAKEN_BACK),
}
KIND_LABELS = (
    ("", _("Everything")),
    ("purchase", _("Purchases")),
    ("refund", _("Refunds")),
    ("cash", _("Cash")),
    ("payment", _("Payments")),
    ("cost", _("Fees and interest")),
    ("credit", _("Credits from us")),
)
STATE_LABELS = (
    ("", _("Pending and posted")),
    (TransactionState.PENDING.value, _("Pending only")),
    (TransactionState.POSTED.value, _("Posted only")),
)


class DayField(forms.DateField):
    def __init__(self, **more: Any) -> None:
        super().__init__(
            required=False,
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            input_formats=["%Y-%m-%d"],
            validators=[MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)],
            error_messages={"invalid": _("Write the day like 2026-11-23.")},
            **more,
        )


class Filters(forms.Form):
    """Each field left empty lets everything through. An amount is meant without its sign, as people say it."""

    q = forms.CharField(label=_("Merchant or place"), required=False, max_length=LONGEST_WISH)
    card = forms.ChoiceField(label=_("Card"), required=False)
    since = DayField(label=_("From day"))
    until = DayField(label=_("To day"))
    least = AmountField(label=_("Amount from"))
    most = AmountField(label=_("Amount to"))
    state = forms.ChoiceField(label=_("State"), required=False, choices=STATE_LABELS)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=KIND_LABELS)

    def __init__(self, asked: QueryDict, cards: Sequence[HeldCard]) -> None:
        super().__init__(asked, auto_id="f-%s", use_required_attribute=False)
        named = [(card.token, f"{card.last4}, {card.holder}") for card in cards]
        self.fields["card"].choices = [("", gettext("Every card")), *named]  # type: ignore[attr-defined]
        self.has_several_cards = len(cards) > 1

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        if _backwards(found.get("since"), found.get("until")):
            self.add_error("until", gettext("This day is before the first one."))
        if _backwards(found.get("least"), found.get("most")):
            self.add_error("most", gettext("This amount is smaller than the first one."))
        return found

    def which(self, zone: ZoneInfo) -> Which:
        """The same for the card core, once it is valid. Days are those of the issuer's calendar."""
        found = self.cleaned_data
        until = found["until"] + timedelta(days=1) if found["until"] else None
        return Which(
            card=found["card"],
            text=found["q"],
            since=_midnight(found["since"], zone),
            until=_midnight(until, zone),
            smallest=found["least"],
            largest=found["most"],
            state=TransactionState(found["state"]) if found["state"] else None,
            kinds=KINDS.get(found["kind"], ()),
        )

    @property
    def kept(self) -> dict[str, str]:
        """What of it is filled in, as it stands in an address."""
        return {name: typed for name in self.fields if (typed := str(self[name].value() or "").strip())}

    @property
    def is_narrow(self) -> bool:
        """Whether more than the search box is filled in: then its fields stand open."""
        return bool(self.kept.keys() - {"q"})


def _backwards(first: Any, last: Any) -> bool:
    return first is not None and last is not None and last < first


def _midnight(day: date | None, zone: ZoneInfo) -> datetime | None:
    return datetime.combine(day, time(), zone) if day else None
