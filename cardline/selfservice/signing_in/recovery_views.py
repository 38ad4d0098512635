"""Getting back in without a way in, and the press in the notice that stops it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from cardline.identity.codes.commands import CODES_FROM_ONE_ADDRESS
from cardline.identity.entering import enter, session_of
from cardline.identity.recovery.commands import ask_recovery, let_in, stop_by_link
from cardline.identity.recovery.queries import can_be_stopped
from cardline.identity.recovery.rules import State
from cardline.identity.rules import Way
from cardline.identity.signing_in.commands import RECOVER, ask_sign_in_code
from cardline.issuer.profile import current_profile
from cardline.issuer.profile.sign_in import PASSKEY
from cardline.kit import clock, plugs
from cardline.kit.actors import SYSTEM
from cardline.kit.limits import count
from cardline.kit.secret import Secret
from cardline.selfservice.calls import line_for_questions
from cardline.selfservice.signing_in.forms import PhoneForm, RecoveryForm
from cardline.selfservice.signing_in.views import address_of
from cardline.selfservice.signing_in.waiting import drop, keep, waiting
from cardline.ui.form_key import form_key


@require_http_methods(["GET", "POST"])
def recovery(request: HttpRequest) -> HttpResponse:
    """What it takes, and where to send the code. Where it cannot be done here, who helps."""
    form = PhoneForm(request.POST if request.method == "POST" else None)
    if not _can_be_done() or not form.is_valid():
        return _page(request, "recovery", {"form": form, "can": _can_be_done()}, failed=form.is_bound)
    count(CODES_FROM_ONE_ADDRESS, address_of(request))
    member_id = ask_sign_in_code(
        by=SYSTEM,
        key=form_key(request),
        now=clock.now(),
        typed=form.cleaned_data["phone"],
        session=session_of(request),
        action=RECOVER,
    )
    keep(request, member_id, Way.RECOVERY, "")
    return HttpResponseRedirect(reverse("recovery_entry"), status=303)


@sensitive_post_parameters("code", "name", "postal_code")
@require_http_methods(["GET", "POST"])
def entry(request: HttpRequest) -> HttpResponse:
    """The code and the facts; then the wait, or after it the way in."""
    asked = waiting(request, Way.RECOVERY)
    if asked is None:
        return redirect("recovery")
    form = RecoveryForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _page(request, "recovery_entry", {"form": form}, failed=form.is_bound)
    now = clock.now()
    answer = ask_recovery(
        by=SYSTEM,
        key=form_key(request),
        now=now,
        member_id=asked.member_id,
        session=session_of(request),
        name=Secret(form.cleaned_data["name"]),
        postal_code=Secret(form.cleaned_data["postal_code"]),
        code=Secret(form.cleaned_data["code"]),
    )
    if answer["state"] == State.NO:
        said = _(
            "What you typed does not fit together, or the code has run out. Check all three, or begin again."
        )
        form.add_error(None, said)
        return _page(request, "recovery_entry", {"form": form}, failed=True)
    drop(request)
    if answer["state"] == State.OPEN:
        return _come_in(request, answer, now)
    due_at = datetime.fromisoformat(answer["due_at"])
    return _page(request, "recovery_wait", {"due_at": due_at, "state": answer["state"]}, failed=False)


@require_http_methods(["GET", "POST"])
def stop(request: HttpRequest, word: str) -> HttpResponse:
    """From the notice. Looking at it does nothing: programs open links, too."""
    was_stopped = False
    if request.method == "POST":
        was_stopped = stop_by_link(by=request.actor, key=form_key(request), now=clock.now(), word=word)  # type: ignore[attr-defined]
    context = {"can": can_be_stopped(word), "was_stopped": was_stopped}
    return _page(request, "stop", context, failed=False)


def _come_in(request: HttpRequest, answer: dict[str, Any], now: datetime) -> HttpResponse:
    enter(request, answer["user"], Way.RECOVERY)
    let_in(by=SYSTEM, now=now, recovery_id=answer["recovery"], session=session_of(request))
    return redirect("profile_new_passkey")


def _can_be_done() -> bool:
    """It ends with a passkey, and begins with a code."""
    return PASSKEY in current_profile().sign_in.ways and plugs.codes.is_there


def _page(request: HttpRequest, name: str, context: dict[str, Any], *, failed: bool) -> HttpResponse:
    context["call"] = line_for_questions(request.actor)  # type: ignore[attr-defined]
    context["wait_hours"] = int(current_profile().sign_in.recovery_wait.total_seconds() // 3600)
    status = 422 if failed else 200
    return render(request, f"selfservice/signing_in/{name}.html", context, status=status)
