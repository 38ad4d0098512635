"""How colleagues sign in: password and second factor, or passkey (SR-36). Nobody signs up by themselves.

What the library asks us about (allauth's adapters). Its answers tell nothing about who has an account (SR-34).
"""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cardline.issuer.profile import current_profile
from cardline.kit.refusals import TooMany
from cardline.staff.factors import factors_of, proved_lately
from cardline.staff.models import Agent
from cardline.staff.rules import device_of

log = logging.getLogger("cardline.signin")


class TooManySignIns(TooMany):
    retry_after = 1_800  # the longest window of ACCOUNT_RATE_LIMITS
    sentence = _("That was too often with a wrong password or code. Wait half an hour, then sign in again.")


class StaffAccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("This name and this password don’t belong together. Check both."),
        "enter_current_password": _("That is not your password. Check it and try again."),
        "incorrect_password": _("That is not your password. Check it and try again."),
        "incorrect_code": _("That code has run out or was used. Wait for the next one."),
    }

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """The right password of somebody who is no colleague counts, and is answered, like a wrong one."""
        user = super().authenticate(request, **credentials)
        if user is None or _works_here(user):
            return user
        self.pre_authenticate(request, **credentials)
        return None

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        """The same for a passkey of theirs."""
        if _works_here(user):
            return None
        log.warning("signin.no_colleague", extra={"user": user.pk})
        request.session.flush()
        messages.error(request, str(self.error_messages["incorrect_code"]))
        return redirect("account_login")

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """Raises TooManySignIns in place of an error beside a field, so that the answer is a 429 (SR-44)."""
        if code in ("too_many_login_attempts", "rate_limited"):
            raise TooManySignIns()
        return super().validation_error(code, *args)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        return not proved_lately(context.request)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Passkey first, then code, then password."""
        return list(reversed(super().get_reauthentication_methods(user)))

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return str(settings.LOGIN_REDIRECT_URL)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Every session ended with the old one; the sign-in page says why it is there."""
        return f"{settings.LOGIN_URL}?changed=1"

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return str(settings.LOGIN_URL)

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """What went well shows where it happened; only what did not is said on the next page."""
        if level >= messages.ERROR:
            super().add_message(request, level, *args, **kwargs)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """No mail leaves from sign-in: staff accounts have no e-mail, and notices are rows (audit, signals)."""


class StaffMFAAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": StaffAccountAdapter.error_messages["incorrect_code"],
        "cannot_delete_authenticator": _("This is your only second factor. Set up another one first."),
    }

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not factors_of(authenticator.user_id).only_one

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:
        return device_of(context.request.headers.get("User-Agent", "")) or gettext("Passkey")

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {
            **super().get_public_key_credential_rp_entity(),
            "name": current_profile().short_name.in_("en"),
        }


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """The library's other limits come here (handler429 in config/urls.py)."""
    raise TooManySignIns()


def _works_here(user: Any) -> bool:
    return bool(user.is_active) and Agent.objects.filter(user=user, active=True).exists()
