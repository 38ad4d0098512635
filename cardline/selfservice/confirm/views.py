"""/confirm: somebody signed in shows once more that it is them, sees for what, and goes on where they were."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from cardline.identity.codes.commands import CODES_FROM_ONE_ADDRESS, ask_code, enter_code
from cardline.identity.passkeys.ceremony import to_use
from cardline.identity.passkeys.commands import ask_for_approval, use_to_approve
from cardline.kit import clock
from cardline.kit.actors import Actor, Kind
from cardline.kit.limits import count
from cardline.kit.redact import clean
from cardline.kit.refusals import NotThere
from cardline.kit.secret import Secret
from cardline.selfservice.confirm.forms import CodeForm
from cardline.selfservice.confirm.kept import Kept, drop_form, kept_form, note_confirmed, note_sent
from cardline.selfservice.confirm.middleware import AGAIN
from cardline.selfservice.confirm.page import confirm_page
from cardline.selfservice.signing_in.forms import AnswerForm
from cardline.selfservice.signing_in.views import PASSKEYS_FROM_ONE_ADDRESS, address_of, host_of
from cardline.ui.form_key import form_key
from cardline.ui.signed_in import own_page, wants_json


@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
@own_page
def confirm(request: HttpRequest) -> HttpResponse:
    """What waits and how to confirm it; by POST the code, and then the form that waited goes on its way."""
    kept = _waiting(request)
    if kept is None:
        return render(request, "selfservice/confirm/nothing.html", {"here": ""})
    if request.method == "GET":
        return _show(request, kept, CodeForm())
    if request.POST.get(AGAIN) != kept.id:  # the page of an earlier wish, still open in another tab
        return _to_confirm()
    form = CodeForm(request.POST)
    if form.is_valid():
        answer = enter_code(
            by=_member(request),
            key=form_key(request),
            now=clock.now(),
            action=kept.action,
            code=Secret(form.cleaned_data["code"]),
        )
        if answer["matched"]:
            note_confirmed(request, kept)
            return HttpResponseRedirect(kept.path, preserve_request=True)
        form = CodeForm()
        form.errors["code"] = form.error_class([_wrong(answer["left"])])
    return _show(request, kept, form, status=422)


@require_POST
@own_page
def code(request: HttpRequest) -> HttpResponse:
    """Send one to the phone that was chosen."""
    kept = _waiting(request)
    chosen = request.POST.get("phone", "")
    if kept is None or not (chosen.isdecimal() and len(chosen) <= 18):
        return _to_confirm()
    count(CODES_FROM_ONE_ADDRESS, str(request.META.get("REMOTE_ADDR", "")))
    ask_code(
        by=_member(request),
        key=form_key(request),
        now=clock.now(),
        action=kept.action,
        shown=clean(kept.said),
        word=kept.word,
        point_id=int(chosen),
    )
    note_sent(request, kept, int(chosen))
    return _to_confirm()


@require_http_methods(["GET", "POST"])
@own_page
def passkey(request: HttpRequest) -> HttpResponse:
    """For the script: what the device is asked for this one action, and what it said; then the form goes on its way."""
    kept = _waiting(request)
    if kept is None:
        if wants_json(request):
            return JsonResponse({}, status=409)
        return render(request, "selfservice/confirm/nothing.html", {"here": ""})
    if request.method == "GET":
        if not wants_json(request):
            return _to_confirm()
        count(PASSKEYS_FROM_ONE_ADDRESS, address_of(request))
        challenge = ask_for_approval(by=_member(request), now=clock.now(), action=kept.action)
        return JsonResponse({"request_options": to_use(host_of(request), challenge)})
    form = AnswerForm(request.POST)
    if request.POST.get(AGAIN) != kept.id or not form.is_valid():
        return _to_confirm()
    if use_to_approve(
        by=_member(request),
        key=form_key(request),
        now=clock.now(),
        action=kept.action,
        host=host_of(request),
        answer=form.cleaned_data["credential"],
    ):
        note_confirmed(request, kept)
        return HttpResponseRedirect(kept.path, preserve_request=True)
    return _show(request, kept, CodeForm(), status=422, not_taken=True)


@require_POST
@own_page
def cancel(request: HttpRequest) -> HttpResponse:
    """Back to where the form stands; nothing was done."""
    kept = _waiting(request)
    drop_form(request)
    return HttpResponseRedirect(kept.page if kept else reverse("home"))


def _show(
    request: HttpRequest, kept: Kept, form: CodeForm, *, status: int = 200, not_taken: bool = False
) -> HttpResponse:
    page = confirm_page(_member(request), kept)
    context = {"here": "", "page": page, "form": form, "again": AGAIN, "not_taken": not_taken}
    return render(request, "selfservice/confirm/confirm.html", context, status=status)


def _wrong(left: int) -> str:
    """One sentence for every code that is not it, whatever is the matter with it."""
    said = _("That is not the code, or it has run out. The newest message has the one that counts.")
    if not left:
        return said
    tries = ngettext("You have %(n)d try left.", "You have %(n)d tries left.", left) % {"n": left}
    return f"{said} {tries}"


def _waiting(request: HttpRequest) -> Kept | None:
    return kept_form(request, _member(request))


def _member(request: HttpRequest) -> Actor:
    """Raises NotThere for a guest, who has no account to confirm anything for."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.kind != Kind.MEMBER:
        raise NotThere()
    return actor


def _to_confirm() -> HttpResponse:
    return HttpResponseRedirect(reverse("confirm"), status=303)
