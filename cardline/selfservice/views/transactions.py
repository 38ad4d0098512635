"""A member's transactions: the list, one of them explained, and all of them as a file."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from cardline.cards.recognition import recognise_charge
from cardline.issuer.core import CoreUnknown
from cardline.issuer.profile import current_profile
from cardline.kit import clock, limits
from cardline.selfservice.silence import core_page
from cardline.selfservice.transaction_page import transaction_page
from cardline.selfservice.transactions_file import transactions_file
from cardline.selfservice.transactions_page import filters_of, transactions_page
from cardline.ui.form_key import form_key
from cardline.ui.signed_in import own_page

HERE = {"here": "transactions"}
_core_page = core_page("transactions")


@require_GET
@_core_page
def transactions(request: HttpRequest) -> HttpResponse:
    """The list as the address asks for it; 422 where it asks for what cannot be."""
    page = transactions_page(request.actor, request.GET, clock.now(), _language())  # type: ignore[attr-defined]
    status = 422 if page.filters.errors else 200
    return render(request, "selfservice/transactions.html", {**HERE, "page": page}, status=status)


@require_GET
@_core_page
def transaction(request: HttpRequest, transaction: str) -> HttpResponse:
    page = transaction_page(request.actor, transaction, clock.now(), _language())  # type: ignore[attr-defined]
    return render(request, "selfservice/transaction.html", {**HERE, "page": page})


@require_GET
@own_page
def file(request: HttpRequest) -> HttpResponse:
    """The same list as a file. Where the page would say why there is none, it is asked to."""
    try:
        filters = filters_of(request.actor, request.GET)  # type: ignore[attr-defined]
        if not filters.is_valid():
            return _back_to_the_list(request)
        limits.count(limits.DOWNLOADS, request.actor.key)  # type: ignore[attr-defined]
        name, content = transactions_file(request.actor, filters.which(current_profile().zone))  # type: ignore[attr-defined]
    except CoreUnknown:
        return _back_to_the_list(request)
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
@_core_page
def recognise(request: HttpRequest, transaction: str) -> HttpResponse:
    """ "I recognize it now", in the case that is open about it."""
    recognise_charge(
        by=request.actor,  # type: ignore[attr-defined]
        key=form_key(request),
        now=clock.now(),
        charge=transaction,
    )
    return HttpResponseRedirect(reverse("transaction", args=[transaction]))


def _back_to_the_list(request: HttpRequest) -> HttpResponse:
    query = urlencode(list(request.GET.items()))
    return HttpResponseRedirect(reverse("transactions") + (f"?{query}" if query else ""))


def _language() -> str:
    return get_language() or "en"
