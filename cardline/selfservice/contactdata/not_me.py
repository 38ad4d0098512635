"""/not-me/<token>, /not-me/sign-in/<token>: the link of a notice. Anybody who has it may press; nobody has to sign in.

GET shows and changes nothing, so that a program that follows links presses nothing. A link that is none says the same
whether it ran out, was made up, or somebody pressed it long ago (SR-34).
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from cardline.contactdata.notices.commands import NOT_ME_LOOKS, Pressed, notice_behind, was_me, was_not_me
from cardline.contactdata.notices.sign_in import sign_in_change_behind, sign_in_was_not_me
from cardline.contactdata.notices.writing import SAID
from cardline.identity.models import SignInChange
from cardline.kit import clock
from cardline.kit.actors import SYSTEM, Actor
from cardline.kit.limits import count
from cardline.kit.refusals import NotThere
from cardline.kit.secret import Secret
from cardline.members.contactdata.tokens import LONGEST
from cardline.selfservice.calls import line_for_questions
from cardline.ui.form_key import form_key

ME, NOT_ME = "me", "not_me"
NAMES = {
    "phone": _("phone number"),
    "email": _("email address"),
    "address": _("postal address"),
    "name": _("legal name"),
}

SIGN_INS: dict[str, LazyText] = {
    SignInChange.Kind.PASSKEY_ADDED: _("A passkey was added."),
    SignInChange.Kind.PASSKEY_REMOVED: _("A passkey was removed."),
    SignInChange.Kind.PASSWORD: _("The password was changed."),
    SignInChange.Kind.PASSWORD_REMOVED: _("The password was removed."),
    SignInChange.Kind.RECOVERED: _("Somebody came back in without their usual way to sign in."),
}


@require_http_methods(["GET", "HEAD", "POST"])
def not_me(request: HttpRequest, notice_token: str) -> HttpResponse:
    count(NOT_ME_LOOKS, str(request.META.get("REMOTE_ADDR", "")))
    now, token = clock.now(), notice_token
    pressed = notice_behind(token[: LONGEST + 1], now)
    if pressed is None:
        return _show(request, None, status=404)
    if request.method != "POST":
        return _show(request, pressed)
    try:
        if request.POST.get("said") == ME:
            was_me(by=SYSTEM, key=form_key(request), now=now, token=Secret(token))
        elif request.POST.get("said") == NOT_ME:
            was_not_me(by=SYSTEM, key=form_key(request), now=now, token=Secret(token))
    except NotThere:  # taken back a moment ago; the page says how it stands
        pass
    return HttpResponseRedirect(reverse("not_me", args=[token]), status=303)


@require_http_methods(["GET", "HEAD", "POST"])
def not_me_sign_in(request: HttpRequest, sign_in_token: str) -> HttpResponse:
    """The same for a change of how somebody signs in."""
    count(NOT_ME_LOOKS, str(request.META.get("REMOTE_ADDR", "")))
    now, token = clock.now(), sign_in_token[: LONGEST + 1]
    pressed = sign_in_change_behind(token, now)
    if pressed is not None and request.method == "POST":
        sign_in_was_not_me(by=SYSTEM, key=form_key(request), now=now, token=Secret(token))
        return HttpResponseRedirect(reverse("not_me_sign_in", args=[sign_in_token]), status=303)
    context = {
        "here": "",
        "pressed": pressed,
        "what": SIGN_INS[pressed.kind] if pressed else "",
        "call": line_for_questions(request.actor),  # type: ignore[attr-defined]
    }
    status = 404 if pressed is None else 200
    return render(request, "selfservice/contactdata/not_me_sign_in.html", context, status=status)


def _show(request: HttpRequest, pressed: Pressed | None, *, status: int = 200) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    context = {
        "here": "",
        "pressed": pressed,
        "what": NAMES[SAID[pressed.kind]] if pressed else "",
        "call": line_for_questions(actor),
        "said": {"me": ME, "not_me": NOT_ME},
    }
    return render(request, "selfservice/contactdata/not_me.html", context, status=status)
