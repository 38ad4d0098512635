"""Forms of contact data. What is wrong stands beside its field, in the words of the rules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cardline.kit.redact import clean
from cardline.kit.refusals import Malformed, Refusal
from cardline.members.contactdata.rules import (
    COUNTRIES,
    LONGEST_EMAIL,
    LONGEST_EMBOSSED,
    LONGEST_LINE,
    LONGEST_TOWN,
    address_of,
    email_of,
    phone_of,
)
from cardline.members.models import ContactPoint, Member
from cardline.members.rules import LONGEST_NAME
from cardline.selfservice.profile.words import country_name

FILL_IN = {"required": _("Fill this in.")}


class PointForm(forms.Form):
    """One contact point, as it is typed. point: the one it takes the place of, None for one more."""

    def __init__(self, data: Any, member: Member, point: ContactPoint | None = None) -> None:
        super().__init__(data, auto_id="c-%s", use_required_attribute=False)
        self.member, self.point = member, point

    def refuse(self, no: Refusal) -> None:
        """Show a command's no where it can be mended."""
        field = no.field if isinstance(no, Malformed) and no.field in self.fields else None
        self.add_error(field, str(no))

    def arguments(self) -> dict[str, Any]:
        """What the command is asked with."""
        raise NotImplementedError

    def check(self, rule: Callable[[], object]) -> None:
        try:
            rule()
        except Malformed as wrong:
            self.refuse(wrong)


class PhoneForm(PointForm):
    phone = forms.CharField(
        label=_("Phone number"),
        max_length=40,
        error_messages=FILL_IN,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    landline = forms.BooleanField(label=_("This is a landline and takes no text messages"), required=False)

    def clean(self) -> dict[str, Any]:
        if typed := self.cleaned_data.get("phone"):
            self.check(lambda: phone_of(typed, self.member.country))
        return self.cleaned_data

    def arguments(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {"number": clean(said["phone"]), "takes_texts": not said["landline"]}


class EmailForm(PointForm):
    email = forms.CharField(
        label=_("Email address"),
        max_length=LONGEST_EMAIL,
        strip=False,
        error_messages=FILL_IN,
        widget=forms.TextInput(attrs={"type": "email", "autocomplete": "email"}),
    )

    def clean(self) -> dict[str, Any]:
        if typed := self.cleaned_data.get("email"):
            self.check(lambda: email_of(typed))
        return self.cleaned_data

    def arguments(self) -> dict[str, Any]:
        return {"email": clean(self.cleaned_data["email"])}


class AddressForm(PointForm):
    country = forms.ChoiceField(label=_("Country"))
    street = forms.CharField(
        label=_("Street and number"),
        max_length=LONGEST_LINE,
        error_messages=FILL_IN,
        widget=forms.TextInput(attrs={"autocomplete": "address-line1", "dir": "auto"}),
    )
    more = forms.CharField(
        label=_("Apartment, floor or care of"),
        max_length=LONGEST_LINE,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "address-line2", "dir": "auto"}),
    )
    town = forms.CharField(
        label=_("Town or city"),
        max_length=LONGEST_TOWN,
        error_messages=FILL_IN,
        widget=forms.TextInput(attrs={"autocomplete": "address-level2", "dir": "auto"}),
    )
    state = forms.CharField(
        label=_("State (United States only)"),
        max_length=2,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "address-level1", "size": 4}),
    )
    postal_code = forms.CharField(
        label=_("Postal code"),
        max_length=12,
        error_messages=FILL_IN,
        widget=forms.TextInput(attrs={"autocomplete": "postal-code", "size": 12}),
    )

    def __init__(self, data: Any, member: Member, point: ContactPoint | None = None) -> None:
        super().__init__(data, member, point)
        language = get_language() or "en"
        self.fields["country"] = forms.ChoiceField(
            label=_("Country"),
            choices=[(code, country_name(code, language)) for code in COUNTRIES],
            initial=member.country if member.country in COUNTRIES else COUNTRIES[0],
            error_messages={"invalid_choice": _("Choose one of the countries in the list.")},
        )

    def clean(self) -> dict[str, Any]:
        if not self.errors:
            self.check(lambda: address_of(**self._lines()))
        return self.cleaned_data

    def arguments(self) -> dict[str, Any]:
        lines = self._lines()
        return {name: typed if name == "country" else clean(typed) for name, typed in lines.items()}

    def _lines(self) -> dict[str, str]:
        names = ("country", "street", "more", "town", "state", "postal_code")
        return {name: self.cleaned_data[name] for name in names}


class LegalNameForm(forms.Form):
    given_name = forms.CharField(
        label=_("Given names"),
        max_length=LONGEST_NAME,
        error_messages=FILL_IN,
        widget=forms.TextInput(attrs={"autocomplete": "given-name", "dir": "auto"}),
    )
    family_name = forms.CharField(
        label=_("Family name"),
        max_length=LONGEST_NAME,
        error_messages=FILL_IN,
        widget=forms.TextInput(attrs={"autocomplete": "family-name", "dir": "auto"}),
    )

    def __init__(self, data: Any, member: Member) -> None:
        names = {"given_name": member.given_name, "family_name": member.family_name}
        super().__init__(data, auto_id="n-%s", initial=names, use_required_attribute=False)

    def refuse(self, no: Refusal) -> None:
        """Show a command's no where it can be mended."""
        self.add_error(no.field if isinstance(no, Malformed) and no.field in self.fields else None, str(no))

    def arguments(self) -> dict[str, Any]:
        return {name: clean(self.cleaned_data[name]) for name in ("given_name", "family_name")}


class EmbossedForm(forms.Form):
    embossed = forms.CharField(
        label=_("Name on your next card"),
        required=False,
        max_length=LONGEST_EMBOSSED,
        widget=forms.TextInput(attrs={"autocomplete": "cc-name", "autocapitalize": "characters"}),
    )

    def __init__(self, data: Any, member: Member) -> None:
        super().__init__(
            data, auto_id="e-%s", initial={"embossed": member.embossed_name}, use_required_attribute=False
        )


class SafeForm(forms.Form):
    only = forms.ChoiceField(label=_("Which phone may we use?"), widget=forms.RadioSelect)
    no_voicemail = forms.BooleanField(label=_("Leave no message on an answering machine"), required=False)
    no_post = forms.BooleanField(label=_("Send nothing by post"), required=False)

    def __init__(self, data: Any, phones: list[tuple[str, str]], initial: dict[str, Any]) -> None:
        super().__init__(data, auto_id="s-%s", initial=initial, use_required_attribute=False)
        self.fields["only"] = forms.ChoiceField(
            label=_("Which phone may we use?"),
            choices=[("0", _("Any of them")), *phones],
            widget=forms.RadioSelect,
            error_messages={
                "required": _("Choose one of these."),
                "invalid_choice": _("Choose one of these."),
            },
        )
