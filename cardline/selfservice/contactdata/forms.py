"""Forms of contact data. What is wrong stands beside its field, in the words of the rules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cardline.kit.languages import country_name
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

FILL_IN = {"required": _("Fill this in.")}


def _line(
    label: Any,
    longest: int,
    fills_in: str,
    *,
    required: bool = True,
    strip: bool = True,
    **attributes: Any,
) -> forms.CharField:
    """One line to type. fills_in: what a browser may offer for it (HTML's autocomplete)."""
    return forms.CharField(
        label=label,
        max_length=longest,
        required=required,
        strip=strip,
        error_messages=FILL_IN,
        widget=forms.TextInput(attrs={"autocomplete": fills_in, **attributes}),
    )


class WishForm(forms.Form):
    """What a command is asked with, as it is typed; the command's no comes back beside the field it is about."""

    def arguments(self) -> dict[str, Any]:
        """What was typed, by the command's own words."""
        return {name: clean(typed) for name, typed in self.cleaned_data.items()}

    def refuse(self, no: Refusal) -> None:
        field = no.field if isinstance(no, Malformed) and no.field in self.fields else None
        self.add_error(field, str(no))

    def check(self, rule: Callable[[], object]) -> None:
        try:
            rule()
        except Malformed as wrong:
            self.refuse(wrong)


class PointForm(WishForm):
    """One contact point. point: the one it takes the place of, None for one more."""

    def __init__(self, data: Any, member: Member, point: ContactPoint | None = None) -> None:
        super().__init__(data, auto_id="c-%s", use_required_attribute=False)
        self.member, self.point = member, point


class PhoneForm(PointForm):
    phone = _line(_("Phone number"), 40, "tel", type="tel", inputmode="tel")
    landline = forms.BooleanField(label=_("This is a landline and takes no text messages"), required=False)

    def clean(self) -> dict[str, Any]:
        if typed := self.cleaned_data.get("phone"):
            self.check(lambda: phone_of(typed, self.member.country))
        return self.cleaned_data

    def arguments(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {"number": clean(said["phone"]), "takes_texts": not said["landline"]}


class EmailForm(PointForm):
    email = _line(_("Email address"), LONGEST_EMAIL, "email", strip=False, type="email")

    def clean(self) -> dict[str, Any]:
        if typed := self.cleaned_data.get("email"):
            self.check(lambda: email_of(typed))
        return self.cleaned_data


class AddressForm(PointForm):
    country = forms.ChoiceField(label=_("Country"))
    street = _line(_("Street and number"), LONGEST_LINE, "address-line1", dir="auto")
    more = _line(_("Apartment, floor or care of"), LONGEST_LINE, "address-line2", required=False, dir="auto")
    town = _line(_("Town or city"), LONGEST_TOWN, "address-level2", dir="auto")
    state = _line(_("State (United States only)"), 2, "address-level1", required=False, size=4)
    postal_code = _line(_("Postal code"), 12, "postal-code", size=12)

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
            self.check(lambda: address_of(**self.cleaned_data))
        return self.cleaned_data


class LegalNameForm(WishForm):
    given_name = _line(_("Given names"), LONGEST_NAME, "given-name", dir="auto")
    family_name = _line(_("Family name"), LONGEST_NAME, "family-name", dir="auto")

    def __init__(self, data: Any, member: Member) -> None:
        names = {"given_name": member.given_name, "family_name": member.family_name}
        super().__init__(data, auto_id="n-%s", initial=names, use_required_attribute=False)


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
