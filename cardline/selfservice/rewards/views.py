"""A member's points: what they are, using them, and asking after missing ones."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods

from cardline.cards.queries import AccountSummary
from cardline.issuer.core import RewardsOption
from cardline.kit import clock
from cardline.kit.reference import show_reference
from cardline.kit.refusals import NotThere
from cardline.rewards.commands import CannotUseThese, PointsWait, UnknownOption, redeem_points
from cardline.rewards.queries import Purse
from cardline.rewards.rules import Why
from cardline.selfservice.rewards.forms import PointsForm
from cardline.selfservice.rewards.missing_page import charge_points_page, which_charge_page
from cardline.selfservice.rewards.page import NotYours, rewards_page
from cardline.selfservice.rewards.redeem_page import (
    done_page,
    options_page,
    points_page,
    purse_for,
    review_page,
)
from cardline.selfservice.rewards.words import why_words
from cardline.selfservice.silence import core_page
from cardline.ui.form_key import form_key
from cardline.ui.signed_in import wants_json

HERE = "rewards"


@require_GET
@core_page(HERE)
def rewards(request: HttpRequest) -> HttpResponse:
    asked = request.GET
    page = rewards_page(
        request.actor,  # type: ignore[attr-defined]
        asked.get("account", ""),
        asked.get("after", ""),
        clock.now(),
        _language(),
    )
    return _show(request, "points", page)


@require_http_methods(["GET", "POST"])
@core_page(HERE)
def redeem(request: HttpRequest) -> HttpResponse:
    """For what, how many, is that right: each is asked by what the address lacks. Sent, it is done."""
    if request.method == "POST":
        return _use(request)
    asked = request.GET
    accounts, purse = purse_for(request.actor, asked.get("account", ""))  # type: ignore[attr-defined]
    if isinstance(purse, NotYours):
        return _show(request, "", purse)
    option = purse.option(asked.get("option", ""))
    if option is None:
        return _for_what(request, accounts, purse, gone=bool(asked.get("option")))
    typed = asked if "points" in asked else None
    form = PointsForm(typed, option, purse.rewards.points, _language())
    if not form.is_valid():
        return _how_many(request, purse, option, form, 422 if form.errors else 200)
    page = review_page(purse, option, form.cleaned_data["points"], asked.get("wish", ""), _language())
    return _show(request, "review", page)


@require_GET
@core_page(HERE)
def redeemed(request: HttpRequest, reference: str) -> HttpResponse:
    page = done_page(request.actor, reference, clock.now(), _language())  # type: ignore[attr-defined]
    return _show(request, "done", page)


@require_GET
@core_page(HERE)
def missing(request: HttpRequest) -> HttpResponse:
    """Which charge is it; and what became of the points of that one."""
    actor, now, token = request.actor, clock.now(), request.GET.get("txn", "")  # type: ignore[attr-defined]
    if token:
        return _show(request, "charge", charge_points_page(actor, token, now, _language()))
    page = which_charge_page(actor, request.GET.get("after", ""), now, _language())
    return _show(request, "missing", page)


def _use(request: HttpRequest) -> HttpResponse:
    """The command alone decides: what was sent twice finds other points there than the first time."""
    sent, key = request.POST, form_key(request)
    form = PointsForm(sent, None, None, _language())
    if not form.is_valid():
        return _ask_again(request, form, 422)
    try:
        done = redeem_points(
            by=request.actor,  # type: ignore[attr-defined]
            key=key,
            now=clock.now(),
            account=sent.get("account", ""),
            option=sent.get("option", ""),
            points=form.cleaned_data["points"],
            wish=key or str(uuid4()),
        )
    except CannotUseThese as no:
        if wants_json(request):
            raise
        return _ask_again(request, form, no.status, no)
    return HttpResponseRedirect(reverse("rewards_redeemed", args=[show_reference(done["ref"])]))


def _ask_again(
    request: HttpRequest, form: PointsForm, status: int, no: CannotUseThese | None = None
) -> HttpResponse:
    """The question whose answer did not do, with what was typed and why, by what is on the account now."""
    sent = request.POST
    accounts, purse = purse_for(request.actor, sent.get("account", ""))  # type: ignore[attr-defined]
    if isinstance(purse, NotYours):
        raise NotThere()
    option = purse.option(sent.get("option", ""))
    if option is None:
        return _for_what(request, accounts, purse, gone=True)
    asked_again = PointsForm(sent, option, None, _language())
    asked_again.is_valid()
    if no is not None:
        held, points = purse.rewards.points, form.cleaned_data["points"]
        if isinstance(no, PointsWait):
            asked_again.add_error(None, str(no))
            return _how_many(request, purse, option, asked_again, status)
        asked_again.add_error("points", why_words(Why(no.code), option, points, held, _language()))
    return _how_many(request, purse, option, asked_again, status)


def _for_what(
    request: HttpRequest, accounts: list[AccountSummary], purse: Purse, *, gone: bool
) -> HttpResponse:
    page = options_page(accounts, purse, _language(), gone=gone)
    return _show(request, "options", page, UnknownOption.status if gone else 200)


def _how_many(
    request: HttpRequest, purse: Purse, option: RewardsOption, form: PointsForm, status: int
) -> HttpResponse:
    wish = request.GET.get("wish", "")
    return _show(request, "how_many", points_page(purse, option, form, wish, _language()), status)


def _show(request: HttpRequest, name: str, page: Any, status: int = 200) -> HttpResponse:
    face = "not_yours" if isinstance(page, NotYours) else name
    context = {"here": HERE, "page": page}
    return render(request, f"selfservice/rewards/{face}.html", context, status=status)


def _language() -> str:
    return get_language() or "en"
