"""Paying the bill: choose, look once more, pay; bank accounts; autopay. Each press calls one command."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cardline.issuer.asking import CoreSilent
from cardline.issuer.profile import current_profile
from cardline.kit import clock
from cardline.kit.money import Money
from cardline.kit.redact import clean
from cardline.kit.refusals import Malformed
from cardline.kit.secret import Secret
from cardline.payments.autopay import set_autopay, stop_autopay
from cardline.payments.bank_accounts import add_bank_account, remove_bank_account
from cardline.payments.commands import cancel_payment
from cardline.payments.queries import accounts_to_pay, bank_accounts_of, bill_of, one_of
from cardline.payments.refusals import CountsOnAnotherDay
from cardline.selfservice.errands import views as errands
from cardline.selfservice.payments.autopay_page import autopay_page
from cardline.selfservice.payments.banks_page import banks_page
from cardline.selfservice.payments.forms import OTHER, AgreedForm, AutopayForm, BankAccountForm
from cardline.selfservice.payments.one_payment import payment_page, review_page
from cardline.selfservice.payments.page import form_of, payments_page
from cardline.selfservice.payments.paying import pay_as_agreed
from cardline.selfservice.silence import core_page
from cardline.ui.form_key import form_key

HERE = {"here": "payments"}
NUMBERS = ("routing", "number", "number_again")
# Where somebody was who was sent to add a bank account first.
BACK_TO = ("payments", "autopay")
# What the address of the page may name: which account, which page of its history, what the form begins with.
ASKED = ("account", "after", "again", "source")


@require_http_methods(["GET", "POST"])
@core_page("payments")
def payments(request: HttpRequest) -> HttpResponse:
    """What is due and was paid; by POST a payment, as it stood on the page before."""
    if not request.actor.may_see:  # type: ignore[attr-defined]
        return errands.payments(request)
    if request.method == "POST":
        return _pay(request)
    asked: dict[str, Any] = {name: request.GET.get(name, "") for name in ASKED}
    return _payments(request, **asked)


@require_http_methods(["GET", "POST"])
@core_page("payments")
def review(request: HttpRequest) -> HttpResponse:
    """Everything once more before the last press. It changes nothing; what cannot be stands on the form again."""
    if request.method == "GET":
        return HttpResponseRedirect(reverse("payments"))
    if not request.actor.may_see:  # type: ignore[attr-defined]
        return errands.review(request)
    account = request.POST.get("account", "")
    form, bill = form_of(request.actor, request.POST, account, clock.now(), _language())  # type: ignore[attr-defined]
    if not form.is_valid():
        return _payments(request, account=account, sent=form, status=422)
    if "change" in request.POST:
        return _payments(request, account=account, sent=form)
    found = form.cleaned_data
    page = review_page(bill, found["source"], found["money"], found["on"], clock.now(), _language())
    typed = {name: request.POST.get(name, "") for name in ("what", "amount", "source", "on", "account")}
    return render(request, "selfservice/payments/review.html", {**HERE, "page": page, "typed": typed})


@require_GET
@core_page("payments")
def payment(request: HttpRequest, payment: str) -> HttpResponse:
    """One payment: its receipt, and what can be done with it."""
    page = payment_page(request.actor, payment, clock.now(), _language())  # type: ignore[attr-defined]
    return render(request, "selfservice/payments/payment.html", {**HERE, "page": page})


@require_POST
@core_page("payments", back=lambda request: reverse("payments"))
def cancellation(request: HttpRequest, payment: str) -> HttpResponse:
    cancel_payment(by=request.actor, key=form_key(request), now=clock.now(), payment=payment)  # type: ignore[attr-defined]
    return HttpResponseRedirect(reverse("payment", args=[payment]))


@sensitive_post_parameters(*NUMBERS)
@require_http_methods(["GET", "POST"])
@core_page("payments")
def bank_accounts(request: HttpRequest) -> HttpResponse:
    """Where payments come from. A number that was typed never stands on a page again, whatever comes of it."""
    if request.method == "GET":
        return _banks(request, BankAccountForm())
    form = BankAccountForm(request.POST)
    if not form.is_valid():
        return _banks(request, form, status=422)
    try:
        added = _add(request, form.cleaned_data)
    except CoreSilent as silence:
        answer = _banks(request, form, status=silence.status, unsure=True)
        answer.headers["Retry-After"] = str(silence.retry_after)
        return answer
    except Malformed as wrong:
        form.add_error(wrong.field or _field_of(wrong), str(wrong))
        return _banks(request, form, status=422)
    messages.success(request, _("Bank account ••%(last4)s is added.") % {"last4": added["last4"]})
    return HttpResponseRedirect(
        f"{reverse(_back(request) or 'payments')}?{urlencode({'source': added['source']})}"
    )


@require_POST
@core_page("payments", back=lambda request: reverse("bank_accounts"))
def removal(request: HttpRequest, source: str) -> HttpResponse:
    remove_bank_account(by=request.actor, key=form_key(request), now=clock.now(), source=source)  # type: ignore[attr-defined]
    messages.success(request, _("The bank account is removed. Nothing is paid from it any more."))
    return HttpResponseRedirect(reverse("bank_accounts"))


@require_http_methods(["GET", "POST"])
@core_page("payments")
def autopay(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return _autopay(request, request.GET.get("account", ""), source=request.GET.get("source", ""))
    actor = request.actor  # type: ignore[attr-defined]
    account = one_of(accounts_to_pay(actor), request.POST.get("account", "")).account.token
    form = AutopayForm(request.POST, bank_accounts_of(actor))
    if not form.is_valid():
        return _autopay(request, account, sent=form, status=422)
    key, found = _key(request), form.cleaned_data
    set_autopay(
        by=actor,
        key=key,
        now=clock.now(),
        account=account,
        source=found["source"],
        mode=found["mode"],
        amount_minor=found["amount"],
        wish=key,
    )
    return HttpResponseRedirect(_autopay_of(request, account))


@require_POST
@core_page("payments", back=lambda request: reverse("autopay"))
def autopay_stop(request: HttpRequest) -> HttpResponse:
    account, key = request.POST.get("account", ""), _key(request)
    stop_autopay(by=request.actor, key=key, now=clock.now(), account=account, wish=key)  # type: ignore[attr-defined]
    return HttpResponseRedirect(_autopay_of(request, account))


def _pay(request: HttpRequest) -> HttpResponse:
    form = AgreedForm(request.POST)
    if not form.is_valid():
        field, errors = next(iter(form.errors.items()))
        raise Malformed(str(errors[0]), field=field)
    key, agreed = _key(request), form.cleaned_data
    try:
        done = pay_as_agreed(request, agreed, key)
    except CountsOnAnotherDay as later:
        return _look_once_more(request, agreed, key, later)
    return HttpResponseRedirect(reverse("payment", args=[done["payment"]]))


def _look_once_more(
    request: HttpRequest, agreed: dict[str, Any], key: str, later: CountsOnAnotherDay
) -> HttpResponse:
    """The same question with the day that is true now. With the same key: if it was done after all, it is not again."""
    actor, now = request.actor, clock.now()  # type: ignore[attr-defined]
    held = one_of(accounts_to_pay(actor), agreed["account"])
    today: date = now.astimezone(current_profile().zone).date()
    bill, on = bill_of(actor, held, today), max(agreed["on"], today)
    money = Money(agreed["amount"], bill.due.balance.currency)
    page = review_page(bill, agreed["source"], money, on, now, _language())
    typed = {"what": OTHER, "amount": page.amount, "source": page.source, "on": page.on}
    context = {**HERE, "page": page, "typed": {**typed, "account": page.account}, "key": key, "told": later}
    return render(request, "selfservice/payments/review.html", context, status=later.status)


def _payments(request: HttpRequest, *, status: int = 200, **asked: Any) -> HttpResponse:
    page = payments_page(request.actor, clock.now(), _language(), **asked)  # type: ignore[attr-defined]
    if page is None:
        return render(request, "selfservice/payments/not_theirs.html", HERE)
    return render(request, "selfservice/payments/payments.html", {**HERE, "page": page}, status=status)


def _banks(
    request: HttpRequest, form: BankAccountForm, *, status: int = 200, unsure: bool = False
) -> HttpResponse:
    """unsure: the core has not answered, so the account may be there or not."""
    page = banks_page(request.actor, _language())  # type: ignore[attr-defined]
    if page is None:
        return render(request, "selfservice/payments/not_theirs.html", HERE)
    context = {**HERE, "page": page, "form": form, "unsure": unsure, "back": _back(request)}
    return render(request, "selfservice/payments/bank_accounts.html", context, status=status)


def _back(request: HttpRequest) -> str:
    """The page they came from for a bank account; "" for none."""
    back = request.POST.get("for", request.GET.get("for", ""))
    return back if back in BACK_TO else ""


def _add(request: HttpRequest, found: dict[str, str]) -> dict[str, Any]:
    key = _key(request)
    return add_bank_account(
        by=request.actor,  # type: ignore[attr-defined]
        key=key,
        now=clock.now(),
        routing=Secret(found["routing"]),
        number=Secret(found["number"]),
        kind=found["kind"],
        name=clean(found["name"]),
        wish=key,
    )


def _field_of(wrong: Malformed) -> str | None:
    """Which field a refusal of the core's is about; None for the whole form."""
    return {"bad_routing": "routing", "bad_number": "number"}.get(wrong.code)


def _autopay(
    request: HttpRequest,
    account: str,
    *,
    sent: AutopayForm | None = None,
    source: str = "",
    status: int = 200,
) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    page = autopay_page(actor, clock.now(), _language(), account=account, sent=sent, source=source)
    if page is None:
        return render(request, "selfservice/payments/not_theirs.html", HERE)
    return render(request, "selfservice/payments/autopay.html", {**HERE, "page": page}, status=status)


def _autopay_of(request: HttpRequest, account: str) -> str:
    """With several accounts the page has to know which."""
    several = len(accounts_to_pay(request.actor)) > 1  # type: ignore[attr-defined]
    return reverse("autopay") + (f"?{urlencode({'account': account})}" if several else "")


def _key(request: HttpRequest) -> str:
    """Money moves once for a form, so that one without its key is not taken."""
    key = form_key(request)
    if key is None:
        raise Malformed(_("This form was not whole. Reload the page and send it again; nothing was done."))
    return key


def _language() -> str:
    return get_language() or "en"
