"""The library's sign-in forms with our labels, and the form that changes a colleague."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ReauthenticateByCodeForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cardline.issuer.profile import current_profile
from cardline.kit.redact import clean
from cardline.staff.models import Agent

ROLES = {
    Agent.Role.AGENT: _("Agent"),
    Agent.Role.SUPERVISOR: _("Supervisor"),
    Agent.Role.ADMINISTRATOR: _("Administrator"),
}


class _Labelled:
    """A label above says it; the library's grey words inside the field would say it again."""

    labels: dict[str, Any] = {}
    first = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, forms.Field] = self.fields  # type: ignore[attr-defined]
        for name, field in fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.help_text = ""
            field.label = self.labels.get(name, field.label)
        fields[self.first].widget.attrs["autofocus"] = True


class SignInForm(_Labelled, LoginForm):
    labels = {"login": _("User name"), "password": _("Password")}
    first = "login"


class ConfirmByPasswordForm(_Labelled, ReauthenticateForm):
    labels = {"password": _("Your password")}
    first = "password"


class NewPasswordForm(_Labelled, ChangePasswordForm):
    labels = {
        "oldpassword": _("Your password now"),
        "password1": _("New password"),
        "password2": _("New password, once more"),
    }
    first = "oldpassword"

    def clean_password1(self) -> str:
        wanted: str = self.cleaned_data["password1"]
        if wanted == self.cleaned_data.get("oldpassword"):
            raise forms.ValidationError(_("That is the one you have. Choose another one."))
        return wanted


class _Code(_Labelled):
    labels = {"code": _("Code")}
    first = "code"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["inputmode"] = "numeric"  # type: ignore[attr-defined]


class CodeForm(_Code, AuthenticateForm):
    pass


class ConfirmByCodeForm(_Code, ReauthenticateByCodeForm):
    pass


class AddAppForm(_Code, ActivateTOTPForm):
    labels = {"code": _("The code it shows now")}


class AddPasskeyForm(_Labelled, AddWebAuthnForm):
    labels = {"name": _("What to call it"), "passwordless": _("Sign in with it alone")}
    first = "name"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].initial = True
        self.fields["name"].widget.attrs["maxlength"] = 60

    def clean_name(self) -> str:
        return clean(super().clean_name()[:60])


class ColleagueForm(forms.Form):
    """What an administrator may change about a colleague."""

    role = forms.ChoiceField(label=_("Role"), choices=list(ROLES.items()), widget=forms.RadioSelect)
    team = forms.ChoiceField(label=_("Team"))
    active = forms.TypedChoiceField(
        label=_("Works here"),
        choices=[("yes", _("Yes")), ("no", _("No, they left: every session of theirs ends now"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "en"
        teams = [(team.id, team.label.in_(language)) for team in current_profile().teams.values()]
        self.fields["team"] = forms.ChoiceField(label=_("Team"), choices=teams)
        self.order_fields(["role", "team", "active"])
