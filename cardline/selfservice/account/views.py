"""A member's first page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from cardline.identity.passkeys.queries import is_to_be_offered
from cardline.kit import clock
from cardline.selfservice.account.page import account_home
from cardline.selfservice.approve.page import approve_page
from cardline.selfservice.errands.page import errands_page
from cardline.selfservice.silence import core_page
from cardline.selfservice.talking import talking_with


@require_GET
@core_page("account")
def home(request: HttpRequest) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    if not actor.may_see:
        context = {"here": "account", "page": errands_page(actor, clock.now(), get_language() or "en")}
        return render(request, "selfservice/errands/home.html", context)
    page = account_home(actor, clock.now(), get_language() or "en")
    context = {
        "here": "account",
        "page": page,
        "talking": talking_with(actor),
        "asked": approve_page(actor),
        "offers_passkey": is_to_be_offered(actor),
    }
    return render(request, "selfservice/account/home.html", context)
