"""The code somebody was sent, as they type it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from cardline.identity.codes.rules import DIGITS


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        max_length=2 * DIGITS + 8,  # with gaps
        error_messages={"required": _("Type the six digits from the message.")},
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}
        ),
    )
