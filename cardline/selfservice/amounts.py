"""A field for an amount of money, for every form of the member's pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext

from cardline.issuer.profile import current_profile
from cardline.kit.money import read_amount


class AmountField(forms.CharField):
    """An amount as people type it ("48.20", "$1,200"), without a sign. Its value is minor units, None for nothing."""

    def __init__(self, **more: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(required=False, max_length=20, widget=widget, **more)

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        if not typed:
            return None
        try:
            return read_amount(typed, current_profile().currency)
        except ValueError as wrong:
            raise forms.ValidationError(gettext("Write the amount like 48.20, without a sign.")) from wrong
