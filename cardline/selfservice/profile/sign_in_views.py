"""The pages of a member's ways to sign in. What adds or removes one is strongly confirmed first (/confirm)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cardline.identity.arrivals import user_of_record
from cardline.identity.entering import stay
from cardline.identity.passkeys.ceremony import to_make
from cardline.identity.passkeys.commands import (
    PasskeyNotTaken,
    add_passkey,
    begin_passkey,
    close_offer,
    name_passkey,
    remove_passkey,
)
from cardline.identity.passkeys.queries import challenge_to_make
from cardline.identity.recovery.commands import stop_own
from cardline.identity.signing_in.passwords import choose_password, remove_password, shortest
from cardline.identity.ways import ways_offered
from cardline.issuer.profile.sign_in import PASSWORD
from cardline.kit import clock
from cardline.kit.actors import Actor
from cardline.kit.refusals import Malformed, NotThere
from cardline.members.authorities.door import check_oneself
from cardline.selfservice.profile.sign_in import sign_in_page
from cardline.selfservice.profile.views import HERE
from cardline.selfservice.signing_in.forms import NewPasskeyForm, NewPasswordForm, PasskeyNameForm
from cardline.selfservice.signing_in.views import host_of
from cardline.staff.rules import device_of
from cardline.ui.form_key import form_key
from cardline.ui.signed_in import own_page

SAVED = ("added", "named", "removed", "password", "password_removed", "stopped")


@require_GET
@own_page
def sign_in(request: HttpRequest) -> HttpResponse:
    saved = next((word for word in SAVED if word == request.GET.get("saved")), "")
    page = sign_in_page(_member(request), clock.now(), get_language() or "en", saved)
    return _page(request, "sign_in", {"page": page})


@require_POST
@own_page
def begin(request: HttpRequest) -> HttpResponse:
    """Strongly known, and on to the page on which the device makes one."""
    begin_passkey(by=_member(request), key=form_key(request), now=clock.now())
    return HttpResponseRedirect(reverse("profile_new_passkey"))


@require_http_methods(["GET", "POST"])
@own_page
def new_passkey(request: HttpRequest) -> HttpResponse:
    """Opened by `begin`, or after a recovery; else there is nothing to do here."""
    actor = _member(request)
    challenge = challenge_to_make(actor)
    if not challenge:
        return redirect("profile_sign_in")
    if request.method == "GET":
        return _make(request, actor, challenge, NewPasskeyForm(initial={"name": _device(request)}))
    form = NewPasskeyForm(request.POST)
    if not form.is_valid():
        return _make(request, actor, challenge, form, failed=True)
    try:
        add_passkey(
            by=actor,
            key=form_key(request),
            now=clock.now(),
            host=host_of(request),
            answer=form.cleaned_data["credential"],
            name=form.cleaned_data["name"],
        )
    except PasskeyNotTaken as no:
        form.add_error(None, str(no))
        return _make(request, actor, challenge, form, failed=True)
    return _saved("added")


@require_POST
@own_page
def name(request: HttpRequest, passkey_id: int) -> HttpResponse:
    form = PasskeyNameForm(request.POST)
    if not form.is_valid():
        raise Malformed(_("Give it a name you will know it by."), field="name")
    name_passkey(
        by=_member(request),
        key=form_key(request),
        now=clock.now(),
        passkey_id=passkey_id,
        name=form.cleaned_data["name"],
    )
    return _saved("named")


@require_POST
@own_page
def remove(request: HttpRequest, passkey_id: int) -> HttpResponse:
    remove_passkey(by=_member(request), key=form_key(request), now=clock.now(), passkey_id=passkey_id)
    return _saved("removed")


@require_POST
@own_page
def offer_close(request: HttpRequest) -> HttpResponse:
    close_offer(by=_member(request), key=form_key(request), now=clock.now())
    return redirect("account_home")


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
@own_page
def password(request: HttpRequest) -> HttpResponse:
    """Choose one, where the issuer has passwords."""
    actor = _member(request)
    if PASSWORD not in ways_offered():
        raise NotThere()
    form = NewPasswordForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _page(request, "password", {"form": form, "shortest": shortest()}, failed=form.is_bound)
    choose_password(by=actor, key=form_key(request), now=clock.now(), password=form.cleaned_data["password"])
    stay(request, request.user.pk or 0)
    return _saved("password")


@require_POST
@own_page
def password_remove(request: HttpRequest) -> HttpResponse:
    remove_password(by=_member(request), key=form_key(request), now=clock.now())
    stay(request, request.user.pk or 0)
    return _saved("password_removed")


@require_POST
@own_page
def recovery_stop(request: HttpRequest) -> HttpResponse:
    stop_own(by=_member(request), key=form_key(request), now=clock.now())
    return _saved("stopped")


def _make(
    request: HttpRequest, actor: Actor, challenge: str, form: NewPasskeyForm, *, failed: bool = False
) -> HttpResponse:
    options = to_make(host_of(request), challenge, user_of_record(actor.member_id), actor.name)
    context = {"form": form, "asked": {"creation_options": options}}
    return _page(request, "new_passkey", context, failed=failed)


def _page(
    request: HttpRequest, template: str, context: dict[str, Any], *, failed: bool = False
) -> HttpResponse:
    status = 422 if failed else 200
    return render(request, f"selfservice/profile/{template}.html", {"here": HERE, **context}, status=status)


def _device(request: HttpRequest) -> str:
    return device_of(request.headers.get("User-Agent", "")) or _("Passkey")


def _saved(what: str) -> HttpResponse:
    """Back to the page that says so (no toast: DESIGN 3)."""
    return HttpResponseRedirect(f"{reverse('profile_sign_in')}?saved={what}")


def _member(request: HttpRequest) -> Actor:
    """Raises NotThere for a guest, who has no account to sign in to."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not actor.member_id:
        raise NotThere()
    check_oneself(actor)
    return actor
