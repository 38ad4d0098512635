"""/approve: what colleagues ask a member on their own page, and the member's answers."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from cardline.contact.asks.commands import answer_ask, answer_passcode, enter_own_code
from cardline.kit import clock
from cardline.kit.actors import Actor, Kind
from cardline.kit.reference import BadReference, parse_reference, show_reference
from cardline.kit.refusals import Malformed, NotThere, Refusal
from cardline.kit.secret import Secret
from cardline.selfservice.approve.page import Kind as QuestionKind
from cardline.selfservice.approve.page import Wrong, approve_page
from cardline.ui.form_key import form_key
from cardline.ui.signed_in import own_page

LONGEST = 40
OUTCOMES = ("approved", "denied", "elsewhere_approved", "elsewhere_denied", "late", "matched")
# What became of a question that another device, a newer question or time has settled.
SETTLED = {"approved": "elsewhere_approved", "denied": "elsewhere_denied"}


@require_GET
@own_page
def approve(request: HttpRequest) -> HttpResponse:
    """Everything that is asked, with what came of the answer just given."""
    return _show(request, done=request.GET.get("done", ""), ref=_reference(request.GET.get("ref", "")))


@require_GET
@own_page
def now(request: HttpRequest) -> HttpResponse:
    """The same questions as a fragment, for the pages that stand open."""
    context = {"page": approve_page(_member(request))}
    return render(request, "selfservice/approve/_asked.html", context)


@require_POST
@own_page
def answer(request: HttpRequest, ask_id: int) -> HttpResponse:
    said = request.POST.get("answer", "")
    if said not in ("yes", "no"):
        raise Malformed(field="answer")
    told = answer_ask(**_asked(request), ask_id=ask_id, approved=said == "yes")
    if told["won"]:
        return _to_page(told["answer"], told["ref"])
    return _to_page(SETTLED.get(told["answer"], "late"))


@sensitive_post_parameters("passcode")
@require_POST
@own_page
def passcode(request: HttpRequest, ask_id: int) -> HttpResponse:
    keyed = Secret(request.POST.get("passcode", "")[:LONGEST])
    try:
        told = answer_passcode(**_asked(request), ask_id=ask_id, passcode=keyed)
    except NotThere:  # answered meanwhile, or it ran out: the page says so either way
        return _to_page("late")
    return _compared(request, told, "passcode", ask_id, _("That is not your telephone passcode."))


@sensitive_post_parameters("code")
@require_POST
@own_page
def code(request: HttpRequest, contact_id: int) -> HttpResponse:
    typed = Secret(request.POST.get("code", "")[:LONGEST])
    try:
        told = enter_own_code(**_asked(request), contact_id=contact_id, code=typed)
    except Refusal as refusal:
        if refusal.status != 409:
            raise
        return _to_page("late")  # the conversation has ended
    return _compared(request, told, "code", contact_id, _("That is not the code, or it has run out."))


def _compared(
    request: HttpRequest, told: dict[str, Any], kind: QuestionKind, of: int, wrong: str
) -> HttpResponse:
    if told["matched"]:
        return _to_page("matched")
    left = told["left"]
    tries = (
        ngettext("You have %(n)d try left.", "You have %(n)d tries left.", left) % {"n": left} if left else ""
    )
    return _show(request, wrong=Wrong(kind, of, f"{wrong} {tries}".strip()), status=422)


def _show(
    request: HttpRequest, *, done: str = "", ref: str = "", wrong: Wrong | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "here": "",
        "page": approve_page(_member(request), wrong),
        "done": done if done in OUTCOMES else "",
        "ref": ref,
    }
    return render(request, "selfservice/approve/approve.html", context, status=status)


def _to_page(done: str, ref: str = "") -> HttpResponse:
    said = {"done": done, **({"ref": show_reference(ref)} if ref else {})}
    return HttpResponseRedirect(f"{reverse('approve')}?{urlencode(said)}", status=303)


def _reference(typed: str) -> str:
    try:
        return show_reference(parse_reference(typed))
    except BadReference:
        return ""


def _asked(request: HttpRequest) -> dict[str, Any]:
    return {"by": _member(request), "key": form_key(request), "now": clock.now()}


def _member(request: HttpRequest) -> Actor:
    """Raises NotThere for a guest, whom nobody asks this."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.kind != Kind.MEMBER:
        raise NotThere()
    return actor
