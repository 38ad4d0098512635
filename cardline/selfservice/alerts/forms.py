"""The one form of the alerts page: how each event is told, from which amount on, and when not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from cardline.issuer.core import AlertEvent, AlertRule
from cardline.kit.money import Money
from cardline.notify.queries import AccountAlerts, Choices
from cardline.notify.rules import Quiet
from cardline.selfservice.amounts import AmountField

OFF, HERE, MAIL = "off", "here", "mail"
QUIET = ("quiet_from", "quiet_to", "urgent_passes")
WITH_AMOUNT = (AlertEvent.PURCHASE, AlertEvent.ONLINE_PURCHASE)


class ClockField(forms.TimeField):
    """A time of the wall clock, as browsers send it and as people without a time field write it."""

    def __init__(self, **more: Any) -> None:
        super().__init__(
            required=False,
            widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
            input_formats=["%H:%M", "%H:%M:%S", "%I:%M %p", "%I %p"],
            error_messages={"invalid": _("Write the time like 22:00 or 10:00 pm.")},
            **more,
        )


class AlertsForm(forms.Form):
    """Filled with what holds now. Without an address there is no e-mail to choose, and no hours to keep quiet in."""

    quiet_from = ClockField(label=_("From"))
    quiet_to = ClockField(label=_("To"))
    urgent_passes = forms.BooleanField(
        label=_("Declined purchases and failed payments come at once all the same"), required=False
    )

    def __init__(self, choices: Choices, sent: QueryDict | None = None) -> None:
        super().__init__(sent, initial=_as_chosen(choices), auto_id="a-%s", use_required_attribute=False)
        self.choices = choices
        ways = [(OFF, pgettext("an alert", "Off")), (HERE, pgettext("an alert", "Here"))]
        if choices.address:
            ways.append((MAIL, pgettext("an alert", "Email")))
        else:
            for name in QUIET:
                del self.fields[name]
        for account in choices.accounts:
            for rule in account.rules:
                self.fields[name_of(rule)] = forms.ChoiceField(choices=ways, widget=forms.RadioSelect)
                if rule.event in WITH_AMOUNT:
                    self.fields[least_of(rule)] = AmountField(label=gettext("From this amount on"))
        # As they stand on the page, so that what is to be mended is listed in that order.
        self.order_fields([name for name in self.fields if name not in QUIET])

    def clean(self) -> dict[str, Any]:
        """Two different times, or none at all."""
        found = self.cleaned_data
        if "quiet_from" not in self.fields or self.errors.keys() & {"quiet_from", "quiet_to"}:
            return found
        starts, ends = found["quiet_from"], found["quiet_to"]
        if (starts is None) != (ends is None):
            missing = "quiet_from" if starts is None else "quiet_to"
            self.add_error(missing, gettext("Give both times, or leave both empty for no quiet hours."))
        elif starts is not None and starts == ends:
            self.add_error("quiet_to", gettext("Both times are the same. Choose a later end, or empty both."))
        return found

    def rules(self) -> tuple[AlertRule, ...]:
        """What is to hold in the core, once it is valid."""
        return tuple(
            AlertRule(
                account=rule.account,
                event=rule.event,
                on=self.cleaned_data[name_of(rule)] != OFF,
                at_least=self._least(account, rule),
            )
            for account in self.choices.accounts
            for rule in account.rules
        )

    def by_mail(self) -> tuple[tuple[str, str], ...] | None:
        """(account, event) of what is e-mailed; None where no e-mail could be chosen."""
        if not self.choices.address:
            return None
        every = (rule for account in self.choices.accounts for rule in account.rules)
        return tuple(
            (rule.account, rule.event.value) for rule in every if self.cleaned_data[name_of(rule)] == MAIL
        )

    def quiet(self) -> Quiet | None:
        found = self.cleaned_data
        if found.get("quiet_from") is None:
            return None
        return Quiet(found["quiet_from"], found["quiet_to"], self.choices.zone, found["urgent_passes"])

    def _least(self, account: AccountAlerts, rule: AlertRule) -> Money | None:
        least = self.cleaned_data.get(least_of(rule))
        return Money(least, account.account.balance.currency) if least else None


def name_of(rule: AlertRule) -> str:
    """The field of a rule, and of the amount it begins at."""
    return f"{rule.account}-{rule.event}"


def least_of(rule: AlertRule) -> str:
    return f"{name_of(rule)}-least"


def _as_chosen(choices: Choices) -> dict[str, Any]:
    chosen: dict[str, Any] = {}
    if quiet := choices.quiet:
        chosen = {
            "quiet_from": quiet.starts,
            "quiet_to": quiet.ends,
            "urgent_passes": quiet.urgent_passes,
        }
    for account in choices.accounts:
        chosen |= dict(_of_account(account, has_mail=bool(choices.address)))
    return chosen


def _of_account(account: AccountAlerts, *, has_mail: bool) -> Iterable[tuple[str, str]]:
    for rule in account.rules:
        mailed = has_mail and rule.event in account.by_mail
        yield name_of(rule), (MAIL if mailed else HERE) if rule.on else OFF
        if rule.at_least is not None:
            yield least_of(rule), str(rule.at_least.amount)
