"""A field for an amount of money, for every form of the member's pages."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext

from cardline.issuer.profile import current_profile
from cardline.kit.money import Money

_AMOUNT = re.compile(r"\$?\s*((?:\d{1,3}(?:,\d{3})+|\d{1,12}))(?:\.(\d{1,4}))?")


class AmountField(forms.CharField):
    """An amount as people type it ("48.20", "$1,200"), without a sign. Its value is minor units, None for nothing."""

    def __init__(self, **more: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(required=False, max_length=20, widget=widget, **more)

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        if not typed:
            return None
        found = _AMOUNT.fullmatch(typed)
        decimals = Money(0, current_profile().currency).decimals
        if found is None or len(found[2] or "") > decimals:
            raise forms.ValidationError(gettext("Write the amount like 48.20, without a sign."))
        whole = Decimal(f"{found[1].replace(',', '')}.{found[2] or 0}")
        return int(whole.scaleb(decimals))
