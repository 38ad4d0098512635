"""A telephone passcode and an emergency contact, as somebody types them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cardline.identity.exceptional.commands import FEWEST_DIGITS, MOST_DIGITS
from cardline.identity.passcodes.commands import WHY_NOT
from cardline.identity.passcodes.rules import tidy_passcode, trouble_with
from cardline.kit.redact import Clean, clean
from cardline.members.rules import LONGEST_NAME, can_be_called, hides_something, tidy_name

KEYPAD = {"inputmode": "numeric", "autocomplete": "off", "maxlength": 20}
LONGEST_NUMBER = 40


class PasscodeForm(forms.Form):
    """phones: numbers of theirs, whose digits somebody would try."""

    passcode = forms.CharField(
        label=_("New passcode, 6 to 8 digits"),
        error_messages={"required": _("Type 6 to 8 digits.")},
        widget=forms.PasswordInput(attrs=KEYPAD),
    )
    again = forms.CharField(
        label=_("The same again"),
        error_messages={"required": _("Type the same digits again.")},
        widget=forms.PasswordInput(attrs=KEYPAD),
    )

    def __init__(self, phones: Sequence[str], data: Any = None) -> None:
        super().__init__(data)
        self.phones = phones

    def clean_passcode(self) -> str:
        digits = tidy_passcode(self.cleaned_data["passcode"])
        trouble = trouble_with(digits, self.phones)
        if trouble is not None:
            raise forms.ValidationError(str(WHY_NOT[trouble]))
        return digits

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if "passcode" in said and "again" in said and tidy_passcode(said["again"]) != said["passcode"]:
            self.add_error("again", _("The two are not the same. Type both again."))
        return said


class EmergencyContactForm(forms.Form):
    name = forms.CharField(
        label=_("Their name"),
        error_messages={"required": _("Say whom we may call.")},
        widget=forms.TextInput(attrs={"maxlength": LONGEST_NAME, "autocomplete": "off", "dir": "auto"}),
    )
    phone = forms.CharField(
        label=_("Their phone number"),
        error_messages={"required": _("Say on which number.")},
        widget=forms.TextInput(attrs={"maxlength": LONGEST_NUMBER, "autocomplete": "off", "type": "tel"}),
    )

    def clean_name(self) -> Clean:
        typed = tidy_name(self.cleaned_data["name"])
        if hides_something(typed) or not can_be_called(typed):
            raise forms.ValidationError(_("Write the name as we should say it: letters of any script."))
        return clean(typed)

    def clean_phone(self) -> Clean:
        typed = clean(" ".join(self.cleaned_data["phone"].split()))
        digits = sum(sign.isascii() and sign.isdecimal() for sign in typed)
        if not FEWEST_DIGITS <= digits <= MOST_DIGITS or len(typed) > LONGEST_NUMBER:
            raise forms.ValidationError(
                _("Write the whole number with its area code; from abroad with a plus and the country code.")
            )
        return typed
