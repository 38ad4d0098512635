"""/payments for whoever may pay a bill and not see it: the form, a second look, and the press.

The addresses are those of the member's own payments (selfservice/payments), which send here who acts without sight.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cardline.issuer.profile import current_profile
from cardline.kit import clock
from cardline.kit.money import Money
from cardline.kit.reference import show_reference
from cardline.kit.refusals import Malformed
from cardline.payments.refusals import CountsOnAnotherDay
from cardline.selfservice.errands.payment import errand_page, errand_review
from cardline.selfservice.payments.forms import AgreedForm
from cardline.selfservice.payments.paying import pay_as_agreed
from cardline.ui.form_key import form_key

HERE = {"here": "payments"}
TYPED = ("account", "amount", "source", "on")


def payments(request: HttpRequest) -> HttpResponse:
    return _pay(request) if request.method == "POST" else _form(request)


def review(request: HttpRequest) -> HttpResponse:
    """It changes nothing; what cannot be stands on the form again."""
    now = clock.now()
    page = errand_page(request.actor, now, _language(), request.POST)  # type: ignore[attr-defined]
    if page.form is None or not page.form.is_valid():
        return _form(request, request.POST, status=422)
    if "change" in request.POST:
        return _form(request, request.POST)
    typed = {name: request.POST.get(name, "") for name in TYPED}
    context = {**HERE, "page": errand_review(page.form, now, _language()), "typed": typed}
    return render(request, "selfservice/payments/review.html", context)


def _form(request: HttpRequest, sent: Any = None, *, status: int = 200) -> HttpResponse:
    page = errand_page(request.actor, clock.now(), _language(), sent)  # type: ignore[attr-defined]
    return render(request, "selfservice/errands/payments.html", {**HERE, "page": page}, status=status)


def _pay(request: HttpRequest) -> HttpResponse:
    """Its receipt is the case in which it is written down: whoever began that may read it without seeing the rest."""
    form, key = AgreedForm(request.POST), form_key(request)
    if key is None or not form.is_valid():
        raise Malformed(_("This form was not whole. Reload the page and send it again; nothing was done."))
    agreed = form.cleaned_data
    try:
        done = pay_as_agreed(request, agreed, key)
    except CountsOnAnotherDay as later:
        return _look_once_more(request, agreed, key, later)
    return HttpResponseRedirect(reverse("case", args=[show_reference(done["ref"])]))


def _look_once_more(
    request: HttpRequest, agreed: dict[str, Any], key: str, later: CountsOnAnotherDay
) -> HttpResponse:
    """The same question with the day that is true now, and with the same key: done after all, it is not done again."""
    now = clock.now()
    typed = {
        "account": agreed["account"],
        "amount": str(Money(agreed["amount"], current_profile().currency).amount),
        "source": agreed["source"],
        "on": max(agreed["on"], now.astimezone(current_profile().zone).date()).isoformat(),
    }
    page = errand_page(request.actor, now, _language(), typed)  # type: ignore[attr-defined]
    if page.form is None or not page.form.is_valid():
        return _form(request, typed, status=422)
    context = {
        **HERE,
        "page": errand_review(page.form, now, _language()),
        "typed": typed,
        "key": key,
        "told": later,
    }
    return render(request, "selfservice/payments/review.html", context, status=later.status)


def _language() -> str:
    return get_language() or "en"
