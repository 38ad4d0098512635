"""/profile/safety: the telephone passcode and the emergency contact, set and removed by the member."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from cardline.identity.exceptional.commands import (
    NotTheirNumber,
    forget_emergency_contact,
    name_emergency_contact,
)
from cardline.identity.passcodes.commands import remove_passcode, set_passcode
from cardline.kit import clock
from cardline.kit.actors import Actor, Kind
from cardline.kit.refusals import Malformed, NotThere
from cardline.kit.secret import Secret
from cardline.members.authorities.door import check_oneself
from cardline.selfservice.safety.forms import EmergencyContactForm, PasscodeForm
from cardline.selfservice.safety.page import phones_of, safety_page
from cardline.ui.form_key import form_key
from cardline.ui.signed_in import own_page

PARTS = ("passcode", "passcode_removed", "contact", "contact_removed")


@sensitive_post_parameters("passcode", "again")
@require_http_methods(["GET", "POST"])
@own_page
def safety(request: HttpRequest) -> HttpResponse:
    """Both parts; a POST says in `change` which one is meant."""
    actor = _member(request)
    if request.method == "POST":
        change = request.POST.get("change", "")
        if change not in _CHANGES:
            raise Malformed(field="change")
        return _CHANGES[change](request, actor)
    saved = request.GET.get("saved", "")
    return _show(request, saved=saved if saved in PARTS else "")


def _set_passcode(request: HttpRequest, actor: Actor) -> HttpResponse:
    form = PasscodeForm(phones_of(actor), request.POST)
    if not form.is_valid():
        return _show(request, passcode=form, status=422)
    set_passcode(**_asked(request), passcode=Secret(form.cleaned_data["passcode"]))
    return _saved("passcode")


def _remove_passcode(request: HttpRequest, actor: Actor) -> HttpResponse:
    remove_passcode(**_asked(request))
    return _saved("passcode_removed")


def _name_contact(request: HttpRequest, actor: Actor) -> HttpResponse:
    form = EmergencyContactForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            name_emergency_contact(**_asked(request), name=said["name"], phone=said["phone"])
        except NotTheirNumber as refusal:
            form.add_error("phone", str(refusal))
        else:
            return _saved("contact")
    return _show(request, contact=form, status=422)


def _forget_contact(request: HttpRequest, actor: Actor) -> HttpResponse:
    forget_emergency_contact(**_asked(request))
    return _saved("contact_removed")


_CHANGES: dict[str, Callable[[HttpRequest, Actor], HttpResponse]] = {
    "passcode": _set_passcode,
    "passcode_removal": _remove_passcode,
    "contact": _name_contact,
    "contact_removal": _forget_contact,
}


def _show(
    request: HttpRequest,
    *,
    passcode: PasscodeForm | None = None,
    contact: EmergencyContactForm | None = None,
    saved: str = "",
    status: int = 200,
) -> HttpResponse:
    actor = _member(request)
    page = safety_page(
        actor,
        passcode or PasscodeForm(phones_of(actor)),
        contact or EmergencyContactForm(),
        get_language() or "en",
        saved,
    )
    context = {"here": "profile", "page": page}
    return render(request, "selfservice/safety/safety.html", context, status=status)


def _saved(part: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('profile_safety')}?saved={part}#{part.partition('_')[0]}")


def _asked(request: HttpRequest) -> dict[str, Any]:
    return {"by": _member(request), "key": form_key(request), "now": clock.now()}


def _member(request: HttpRequest) -> Actor:
    """Raises NotThere for a guest, who has no profile."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.kind != Kind.MEMBER:
        raise NotThere()
    check_oneself(actor)
    return actor
