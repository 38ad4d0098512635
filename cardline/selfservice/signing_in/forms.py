"""What somebody types, or their device sends, to sign in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cardline.identity.facts import LONGEST_FACT
from cardline.identity.passkeys.rules import LONGEST_NAME
from cardline.identity.signing_in.lookup import MOST_TYPED
from cardline.identity.signing_in.passwords import LONGEST, problem_with
from cardline.kit.redact import Clean, clean
from cardline.kit.secret import Secret
from cardline.selfservice.confirm.forms import CodeForm

LONGEST_ANSWER = 16 << 10  # characters of what a device sends; those in use send a tenth of it
FEWEST_DIGITS = 7


def answer_field() -> forms.JSONField:
    return forms.JSONField(widget=forms.HiddenInput)


class AnswerForm(forms.Form):
    """What a device says when a passkey was used. It is judged by the ceremony, not here."""

    credential = answer_field()

    def clean_credential(self) -> Any:
        if len(str(self.data.get("credential", ""))) > LONGEST_ANSWER:
            raise forms.ValidationError("too long")
        return self.cleaned_data["credential"]


class NewPasskeyForm(AnswerForm):
    name = forms.CharField(
        label=_("What to call it"),
        max_length=LONGEST_NAME,
        error_messages={"required": _("Give it a name you will know it by.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_name(self) -> Clean:
        return clean(self.cleaned_data["name"])


class PasskeyNameForm(forms.Form):
    name = forms.CharField(max_length=LONGEST_NAME)

    def clean_name(self) -> Clean:
        return clean(self.cleaned_data["name"])


def phone_field() -> forms.CharField:
    return forms.CharField(
        label=_("Your phone number"),
        max_length=MOST_TYPED,
        error_messages={"required": _("Type the phone number we have of yours.")},
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )


class PhoneForm(forms.Form):
    phone = phone_field()

    def clean_phone(self) -> Secret:
        typed = self.cleaned_data["phone"]
        if sum(sign.isdigit() for sign in typed) < FEWEST_DIGITS:
            raise forms.ValidationError(_("Type the whole number, with its area code."))
        return Secret(typed)


class PasswordForm(PhoneForm):
    password = forms.CharField(
        label=_("Password"),
        max_length=LONGEST,
        strip=False,
        error_messages={"required": _("Type your password.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def clean_password(self) -> Secret:
        return Secret(self.cleaned_data["password"])


class RecoveryForm(CodeForm):
    name = forms.CharField(
        label=_("Your legal name"),
        max_length=160,
        error_messages={"required": _("Type given and family name, as they stand in your account.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    postal_code = forms.CharField(
        label=_("Postal code of your address"),
        max_length=LONGEST_FACT,
        error_messages={"required": _("Type the postal code we have of yours.")},
        widget=forms.TextInput(attrs={"autocomplete": "postal-code"}),
    )
    field_order = ("code", "name", "postal_code")


class NewPasswordForm(forms.Form):
    password = forms.CharField(
        label=_("New password"),
        max_length=4 * LONGEST,
        strip=False,
        error_messages={"required": _("Type the password you want.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_password(self) -> Secret:
        wanted = Secret(self.cleaned_data["password"])
        if problem := problem_with(wanted):
            raise forms.ValidationError(problem)
        return wanted
