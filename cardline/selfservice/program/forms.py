"""What an administrator looks for in a program, and the limit they set."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cardline.issuer.core import CardState
from cardline.kit.money import Money, format_money
from cardline.selfservice.amounts import AmountField

STATES = (
    ("", _("Every state")),
    (CardState.ACTIVE.value, _("Active")),
    (CardState.FROZEN.value, _("Frozen")),
    (CardState.INACTIVE.value, _("Not activated")),
)


class ProgramFilters(forms.Form):
    """Each field left empty lets every card through. q: in a name, or the last four."""

    q = forms.CharField(label=_("Name or last four digits"), required=False, max_length=80)
    state = forms.ChoiceField(label=_("State"), required=False, choices=STATES)

    def __init__(self, asked: QueryDict) -> None:
        super().__init__(asked, auto_id="f-%s", use_required_attribute=False)

    @property
    def kept(self) -> dict[str, str]:
        """What of it is filled in, as it stands in an address."""
        return {name: typed for name in self.fields if (typed := str(self[name].value() or "").strip())}


class LimitForm(forms.Form):
    """How much may be spent with a card in a cycle. Its value is minor units, at most what the account has."""

    limit = AmountField(label=_("Limit for a cycle"))

    def __init__(self, sent: Any, most: Money | None, language: str) -> None:
        super().__init__(sent, auto_id="l-%s", use_required_attribute=False)
        self.most, self.language = most, language

    def clean_limit(self) -> int:
        minor: int | None = self.cleaned_data["limit"]
        if not minor:
            raise forms.ValidationError(
                gettext("Write a limit like 2,500. To stop a card altogether, freeze it.")
            )
        if self.most is not None and minor > self.most.amount_minor:
            said = {
                "asked": format_money(Money(minor, self.most.currency), self.language),
                "most": format_money(self.most, self.language),
            }
            raise forms.ValidationError(
                gettext(
                    "You asked for %(asked)s, and the company’s account has %(most)s. Write at most that."
                )
                % said
            )
        return minor
