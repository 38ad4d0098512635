"""Paying a bill one may not see: how much is typed, and no page before or after says what is owed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cardline.issuer.core import BankAccount
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor
from cardline.kit.money import Money, format_money
from cardline.payments.queries import Payable, accounts_to_pay_unseen, bank_accounts_of, payment_time
from cardline.selfservice.amounts import AmountField
from cardline.selfservice.payments.forms import CHOOSE, day_to_pay, offer_days
from cardline.selfservice.payments.one_payment import ReviewPage
from cardline.selfservice.payments.words import (
    counts_sentence,
    cut_off_sentence,
    is_today,
    pay_sentence,
    product_name,
    source_name,
    source_with_bank,
    until_sentence,
)
from cardline.selfservice.transaction_filters import DayField
from cardline.ui.shapes import Fact


class ErrandForm(forms.Form):
    """Which bill, how much, from which bank account, on which day; the fields stand as they are asked.

    Whether it is more than is owed, the core says once it is to be paid, and not how much that is.
    """

    account = forms.ChoiceField(label=_("Which bill"), widget=forms.RadioSelect, error_messages=CHOOSE)
    amount = AmountField(label=_("Amount"))
    source = forms.ChoiceField(label=_("From"), widget=forms.RadioSelect, error_messages=CHOOSE)
    on = DayField(label=_("On which day"))

    def __init__(
        self, sent: Any, accounts: Sequence[Payable], sources: Sequence[BankAccount], today: date
    ) -> None:
        first = {"account": accounts[0].token, "source": sources[0].token, "on": today}
        super().__init__(sent, auto_id="e-%s", use_required_attribute=False, initial=first)
        self.accounts, self.sources, self.today = accounts, sources, today
        self.fields["account"].choices = [(one.token, _name(one)) for one in accounts]  # type: ignore[attr-defined]
        self.fields["source"].choices = [(one.token, source_with_bank(one)) for one in sources]  # type: ignore[attr-defined]
        offer_days(self.fields["on"], today)

    def clean_amount(self) -> int:
        minor: int | None = self.cleaned_data["amount"]
        if not minor:
            raise forms.ValidationError(gettext("Write how much you want to pay, like 48.20."))
        return minor

    def clean_on(self) -> date:
        return day_to_pay(self.cleaned_data["on"], self.today)


@dataclass(frozen=True, slots=True)
class ErrandPage:
    """form: None where there is no bill to pay, or no bank account to pay it from. has_bill: which of the two."""

    form: ErrandForm | None
    has_bill: bool
    cut_off: str


def errand_page(actor: Actor, now: datetime, language: str, sent: Any = None) -> ErrandPage:
    """sent: what the form came back with. Raises CapacityMissing, NotThere, CoreUnknown."""
    accounts, sources, today = accounts_to_pay_unseen(actor), bank_accounts_of(actor), _today(now)
    return ErrandPage(
        form=ErrandForm(sent, accounts, sources, today) if accounts and sources else None,
        has_bill=bool(accounts),
        cut_off=cut_off_sentence(payment_time(today, now), now, language),
    )


def errand_review(form: ErrandForm, now: datetime, language: str) -> ReviewPage:
    """Everything once more before the press. form: a valid one."""
    found = form.cleaned_data
    account = next(one for one in form.accounts if one.token == found["account"])
    bank = next(one for one in form.sources if one.token == found["source"])
    on, money = found["on"], Money(found["amount"], account.currency)
    time, amount = payment_time(on, now), format_money(money, language)
    title, button = (
        (gettext("Pay %(amount)s?"), gettext("Pay %(amount)s"))
        if is_today(on, now)
        else (gettext("Plan a payment of %(amount)s?"), gettext("Plan %(amount)s"))
    )
    return ReviewPage(
        title=title % {"amount": amount},
        sentence=pay_sentence(amount, source_name(bank), on, now, language),
        counts=counts_sentence(time.counts_on, now, language),
        until=until_sentence(on, time, now, language),
        late="",
        facts=(Fact(gettext("For"), _name(account)), Fact(gettext("From"), source_with_bank(bank))),
        button=button % {"amount": amount},
        account=account.token,
        source=bank.token,
        amount=str(money.amount),
        on=on.isoformat(),
        counts_on=time.counts_on.isoformat(),
    )


def _name(account: Payable) -> str:
    return product_name(account.product, account.last4)


def _today(now: datetime) -> date:
    return now.astimezone(current_profile().zone).date()
