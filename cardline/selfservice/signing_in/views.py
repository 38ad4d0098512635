"""Signing in with a passkey, a code to a phone, or a password. Nothing a page says tells whose number is known."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from cardline.identity.codes.commands import CODES_FROM_ONE_ADDRESS
from cardline.identity.entering import enter, session_of
from cardline.identity.passkeys.ceremony import to_use
from cardline.identity.passkeys.commands import ask_for_any, use_to_sign_in
from cardline.identity.rules import Way
from cardline.identity.signing_in.commands import (
    PASSWORDS_FOR_ONE_NUMBER,
    PASSWORDS_FROM_ONE_ADDRESS,
    ask_second_code,
    ask_sign_in_code,
    enter_sign_in_code,
    judge_password,
)
from cardline.identity.signing_in.lookup import holder_of, known_by
from cardline.identity.signing_in.passwords import is_password_of
from cardline.identity.ways import ways_offered
from cardline.issuer.profile import current_profile
from cardline.issuer.profile.sign_in import CODE, PASSKEY, PASSWORD
from cardline.kit import clock
from cardline.kit.actors import SYSTEM
from cardline.kit.limits import Limit, count
from cardline.kit.secret import Secret
from cardline.selfservice.calls import line_for_questions
from cardline.selfservice.confirm.forms import CodeForm
from cardline.selfservice.signing_in.forms import AnswerForm, PasswordForm, PhoneForm
from cardline.selfservice.signing_in.waiting import Waiting, drop, keep, page_after, waiting
from cardline.ui.form_key import form_key
from cardline.ui.signed_in import wants_json

PASSKEYS_FROM_ONE_ADDRESS = Limit("passkeys_from_one_address", 60, 600)
BY_CODE = (Way.CODE, Way.PASSWORD_AND_CODE)


@require_http_methods(["GET", "POST"])
def passkey(request: HttpRequest) -> HttpResponse:
    """For the script: what the device is asked, and then what it said. Nobody types who they are."""
    _refuse_unless(PASSKEY)
    count(PASSKEYS_FROM_ONE_ADDRESS, address_of(request))
    if request.method == "GET":
        if not wants_json(request):
            return redirect("sign_in")
        challenge = ask_for_any(by=SYSTEM, now=clock.now(), session=session_of(request))
        return JsonResponse({"request_options": to_use(host_of(request), challenge)})
    form = AnswerForm(request.POST)
    wanted = page_after(request.POST.get("next", ""))
    used = (
        use_to_sign_in(
            by=SYSTEM,
            now=clock.now(),
            session=session_of(request),
            host=host_of(request),
            answer=form.cleaned_data["credential"],
        )
        if form.is_valid()
        else {"user": 0}
    )
    if not used["user"]:
        return render(request, "sign_in.html", {"next": wanted, "not_taken": True}, status=422)
    enter(request, used["user"], Way.PASSKEY)
    return HttpResponseRedirect(wanted)


@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Where to send one."""
    _refuse_unless(CODE)
    form = PhoneForm(request.POST if request.method == "POST" else None)
    wanted = page_after(request.POST.get("next") or request.GET.get("next", ""))
    if not form.is_valid():
        return _page(request, "code", {"form": form, "next": wanted}, form.is_bound)
    count(CODES_FROM_ONE_ADDRESS, address_of(request))
    member_id = ask_sign_in_code(
        by=SYSTEM,
        key=form_key(request),
        now=clock.now(),
        typed=form.cleaned_data["phone"],
        session=session_of(request),
    )
    keep(request, member_id, Way.CODE, wanted)
    return _see(reverse("sign_in_entry"))


@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def entry(request: HttpRequest) -> HttpResponse:
    """The code that was sent, if any was."""
    asked = waiting(request, *BY_CODE)
    if asked is None:
        return redirect("sign_in")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        answer = enter_sign_in_code(
            by=SYSTEM,
            key=form_key(request),
            now=clock.now(),
            member_id=asked.member_id,
            session=session_of(request),
            code=Secret(form.cleaned_data["code"]),
        )
        if answer["matched"]:
            return _come_in(request, answer["user"], asked)
        form = wrong_code()
        return _entry(request, asked, form, failed=True)
    return _entry(request, asked, form, failed=form.is_bound)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Number and password; where the issuer wants a code besides, that is the next page."""
    _refuse_unless(PASSWORD)
    form = PasswordForm(request.POST if request.method == "POST" else None)
    wanted = page_after(request.POST.get("next") or request.GET.get("next", ""))
    if form.is_valid():
        typed: Secret = form.cleaned_data["phone"]
        count(PASSWORDS_FROM_ONE_ADDRESS, address_of(request))
        count(PASSWORDS_FOR_ONE_NUMBER, known_by(typed.reveal()))
        member_id = holder_of(typed.reveal()).member_id
        is_right = is_password_of(member_id, form.cleaned_data["password"])
        judged = judge_password(by=SYSTEM, now=clock.now(), member_id=member_id, is_right=is_right)
        if judged["matched"]:
            return _after_password(request, member_id, judged["user"], wanted)
        form.add_error("password", _("This number and this password don’t belong together. Check both."))
    return _page(request, "password", {"form": form, "next": wanted}, form.is_bound)


def _after_password(request: HttpRequest, member_id: int, user_id: int, wanted: str) -> HttpResponse:
    if not current_profile().sign_in.password_needs_code:
        enter(request, user_id, Way.PASSWORD)
        return HttpResponseRedirect(wanted)
    ask_second_code(by=SYSTEM, now=clock.now(), member_id=member_id, session=session_of(request))
    keep(request, member_id, Way.PASSWORD_AND_CODE, wanted)
    return _see(reverse("sign_in_entry"))


def _come_in(request: HttpRequest, user_id: int, asked: Waiting) -> HttpResponse:
    drop(request)
    enter(request, user_id, Way(asked.purpose))
    return HttpResponseRedirect(page_after(asked.next))


def _entry(request: HttpRequest, asked: Waiting, form: CodeForm, *, failed: bool) -> HttpResponse:
    again = reverse("sign_in_code" if asked.purpose == Way.CODE else "sign_in_password")
    return _page(request, "entry", {"form": form, "again": again, "next": asked.next}, failed)


def _page(request: HttpRequest, name: str, context: dict[str, object], failed: bool) -> HttpResponse:
    context["call"] = line_for_questions(request.actor)  # type: ignore[attr-defined]
    status = 422 if failed else 200
    return render(request, f"selfservice/signing_in/{name}.html", context, status=status)


def wrong_code() -> CodeForm:
    """One sentence for every code that is not it, whatever is the matter with it, and for one that was never sent."""
    form = CodeForm()
    form.errors["code"] = form.error_class(
        [_("That is not the code, or it has run out. The newest message has the one that counts.")]
    )
    return form


def address_of(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


def host_of(request: HttpRequest) -> str:
    """What passkeys are bound to: the name of this site, without the port."""
    return request.get_host().partition(":")[0]


def _refuse_unless(way: str) -> None:
    if way not in ways_offered():
        raise Http404


def _see(address: str) -> HttpResponse:
    return HttpResponseRedirect(address, status=303)
