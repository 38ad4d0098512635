"""The forms of paying: how much, from where and when; a bank account; autopay."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cardline.issuer.core import AutopayMode, BankAccount, BankAccountKind
from cardline.kit.money import Money, format_money
from cardline.payments.queries import Bill
from cardline.payments.rules import last_day_to_plan
from cardline.selfservice.amounts import AmountField
from cardline.selfservice.payments.words import source_with_bank
from cardline.selfservice.transaction_filters import DayField

STATEMENT, MINIMUM, OWED, OTHER = "statement", "minimum", "owed", "other"
MOST_DIGITS = 17
CHOOSE = {"required": _("Choose one of these."), "invalid_choice": _("Choose one of these.")}
FILL_IN = {"required": _("Fill this in.")}


def offer_days(field: forms.Field, today: date) -> None:
    """What a browser lets choose."""
    field.widget.attrs |= {"min": today.isoformat(), "max": last_day_to_plan(today).isoformat()}


def day_to_pay(typed: date | None, today: date) -> date:
    """Today where none was said. Raises ValidationError for one that is over, or too far ahead."""
    on = typed or today
    if on < today:
        raise forms.ValidationError(gettext("This day is over. Choose today or a later day."))
    if on > last_day_to_plan(today):
        raise forms.ValidationError(gettext("A payment can be planned for at most a year ahead."))
    return on


class PayForm(forms.Form):
    """How much, from which bank account, on which day. `what` stands for an amount as it is now; `other` is typed."""

    what = forms.ChoiceField(label=_("How much"), widget=forms.RadioSelect, error_messages=CHOOSE)
    amount = AmountField(label=_("Another amount"))
    source = forms.ChoiceField(label=_("From"), widget=forms.RadioSelect, error_messages=CHOOSE)
    on = DayField(label=_("On which day"))

    def __init__(self, sent: Any, bill: Bill, today: date, language: str, **more: Any) -> None:
        super().__init__(sent, auto_id="p-%s", use_required_attribute=False, **more)
        self.bill, self.today, self.language = bill, today, language
        self.presets = _presets(bill)
        labels = [(name, _preset_label(name, amount, language)) for name, amount in self.presets.items()]
        self.fields["what"].choices = [*labels, (OTHER, gettext("Another amount"))]  # type: ignore[attr-defined]
        self.fields["source"].choices = [(one.token, source_with_bank(one)) for one in bill.sources]  # type: ignore[attr-defined]
        offer_days(self.fields["on"], today)

    def clean_on(self) -> date:
        return day_to_pay(self.cleaned_data["on"], self.today)

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        what = found.get("what")
        if what in self.presets:
            # What stands in the hidden field is of no interest then, whatever it is.
            self.errors.pop("amount", None)
            found["money"] = self.presets[what]
        elif what == OTHER and "amount" not in self.errors:
            self._take_typed(found.get("amount"))
        return found

    def _take_typed(self, minor: int | None) -> None:
        most = self.bill.left.most
        if not minor:
            self.add_error("amount", gettext("Write how much you want to pay, like 48.20."))
        elif minor > most.amount_minor:
            said = {"most": format_money(most, self.language)}
            self.add_error(
                "amount", gettext("At most %(most)s is owed now. Choose no more than that.") % said
            )
        else:
            self.cleaned_data["money"] = Money(minor, most.currency)


class AgreedForm(forms.Form):
    """What stood on the page that was confirmed, as it comes back."""

    account = forms.CharField(max_length=64)
    source = forms.CharField(max_length=64)
    amount = AmountField()
    on = DayField()
    counts_on = DayField()

    def clean(self) -> dict[str, Any]:
        for name in ("amount", "on", "counts_on"):
            if not self.cleaned_data.get(name) and name not in self.errors:
                self.add_error(name, gettext("Something is missing. Go back and choose again."))
        return self.cleaned_data


class _Digits(forms.CharField):
    """Digits that are typed each time: what was sent never stands in a page again."""

    def __init__(self, most: int, **more: Any) -> None:
        # A few more than needed, for the spaces and dashes that people put in.
        widget = forms.PasswordInput(
            render_value=False, attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": most + 8}
        )
        super().__init__(max_length=most + 8, widget=widget, error_messages=FILL_IN, **more)

    def clean(self, value: Any) -> Any:
        return re.sub(r"[\s-]", "", str(super().clean(value)))


class BankAccountForm(forms.Form):
    """The number is typed twice; whether a number can be is the core's to say."""

    name = forms.CharField(label=_("Name of the bank"), max_length=60, error_messages=FILL_IN)
    kind = forms.ChoiceField(
        label=_("Kind of account"),
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
        choices=(
            (BankAccountKind.CHECKING.value, _("Checking")),
            (BankAccountKind.SAVINGS.value, _("Savings")),
        ),
    )
    routing = _Digits(9, label=_("Routing number"), help_text=_("Nine digits, at the lower left of a check."))
    number = _Digits(MOST_DIGITS, label=_("Account number"))
    number_again = _Digits(MOST_DIGITS, label=_("Account number once more"))

    def __init__(self, sent: Any = None, **more: Any) -> None:
        super().__init__(sent, auto_id="b-%s", use_required_attribute=False, **more)

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        if "number" in found and "number_again" in found and found["number"] != found["number_again"]:
            self.add_error("number_again", gettext("The two account numbers differ. Type both once more."))
        return found


class AutopayForm(forms.Form):
    mode = forms.ChoiceField(
        label=_("What autopay pays on each due date"),
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
        choices=(
            (AutopayMode.FULL.value, _("The whole balance of the statement")),
            (AutopayMode.MINIMUM.value, _("The minimum: interest is added to what is left")),
            (AutopayMode.FIXED.value, _("An amount of my choice, but never more than is owed")),
        ),
    )
    amount = AmountField(label=_("Amount"))
    source = forms.ChoiceField(label=_("From"), widget=forms.RadioSelect, error_messages=CHOOSE)

    def __init__(self, sent: Any, sources: Sequence[BankAccount], **more: Any) -> None:
        super().__init__(sent, auto_id="a-%s", use_required_attribute=False, **more)
        self.fields["source"].choices = [(one.token, source_with_bank(one)) for one in sources]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        if found.get("mode") != AutopayMode.FIXED:
            self.errors.pop("amount", None)
            found["amount"] = None
        elif "amount" not in self.errors and not found.get("amount"):
            self.add_error("amount", gettext("Write which amount autopay shall pay, like 48.20."))
        return found


def _presets(bill: Bill) -> dict[str, Money]:
    """Amounts one press chooses, without those that are nothing or stand there already."""
    presets: dict[str, Money] = {}
    for name, amount in (
        (STATEMENT, bill.left.statement),
        (MINIMUM, bill.left.minimum),
        (OWED, min(bill.left.owed, bill.left.most)),
    ):
        if amount.amount_minor > 0 and amount not in presets.values():
            presets[name] = amount
    return presets


def _preset_label(name: str, amount: Money, language: str) -> str:
    said = {"amount": format_money(amount, language)}
    if name == STATEMENT:
        return gettext("Statement balance: %(amount)s") % said
    if name == MINIMUM:
        return gettext("Minimum: %(amount)s") % said
    return gettext("All that is owed: %(amount)s") % said
