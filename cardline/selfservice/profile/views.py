"""The pages of a member's profile. The language has its own address (config/language.py), as on every page."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cardline.identity.commands import end_other_sessions, end_session
from cardline.kit import clock
from cardline.kit.actors import Actor
from cardline.kit.pagination import BadCursor
from cardline.kit.refusals import Malformed, NotThere
from cardline.members.authorities.door import check_oneself
from cardline.members.commands import choose_zone, prefer_name, say_access_needs
from cardline.members.models import AccessNeeds, Member
from cardline.selfservice.profile.forms import AccessForm, NameForm, ZoneForm
from cardline.selfservice.profile.looks import looks_page
from cardline.selfservice.profile.page import Forms, forms_of, own_record, profile_page
from cardline.selfservice.silence import core_page
from cardline.ui.form_key import form_key
from cardline.ui.signed_in import own_page

HERE = "profile"
SECTIONS = ("name", "language", "zone", "needs", "devices")


@require_http_methods(["GET", "POST"])
@core_page(HERE)
def profile(request: HttpRequest) -> HttpResponse:
    """The whole profile; a POST says in `change` which part of it is meant."""
    member, told = own_record(_actor(request))
    if request.method == "POST":
        return _change(request, member, told)
    saved = next((part for part in SECTIONS if part == request.GET.get("saved")), "")
    return _show(request, member, forms_of(member, told), saved=saved)


@require_GET
@own_page
def looks(request: HttpRequest) -> HttpResponse:
    """Who looked at the member's data. Asks no card core: it can be read while that is silent."""
    actor = _actor(request)
    if not actor.member_id:
        raise NotThere()
    check_oneself(actor)
    try:
        page = looks_page(actor, request.GET.get("after"), get_language() or "en")
    except BadCursor as unknown:
        raise NotThere() from unknown
    return render(request, "selfservice/profile/looks.html", {"here": HERE, "looks": page})


@require_POST
@core_page(HERE)
def device_end(request: HttpRequest, device_id: int) -> HttpResponse:
    end_session(by=_actor(request), key=form_key(request), now=clock.now(), session_id=device_id)
    return _saved("devices")


@require_POST
@core_page(HERE)
def other_devices_end(request: HttpRequest) -> HttpResponse:
    end_other_sessions(by=_actor(request), key=form_key(request), now=clock.now())
    return _saved("devices")


def _change(request: HttpRequest, member: Member, told: AccessNeeds | None) -> HttpResponse:
    """Kept, or the page again with what was typed and how to mend it. Raises Malformed for a part there is not."""
    part = request.POST.get("change", "")
    if part not in _PARTS:
        raise Malformed(field="change")
    return _PARTS[part](request, member, told)


def _change_name(request: HttpRequest, member: Member, told: AccessNeeds | None) -> HttpResponse:
    form = NameForm(member, request.POST)
    if not form.is_valid():
        return _show(request, member, Forms(form, ZoneForm(member), AccessForm(told)), status=422)
    prefer_name(by=_actor(request), key=form_key(request), now=clock.now(), name=form.cleaned_data["name"])
    return _saved("name")


def _change_zone(request: HttpRequest, member: Member, told: AccessNeeds | None) -> HttpResponse:
    form = ZoneForm(member, request.POST)
    if not form.is_valid():
        return _show(request, member, Forms(NameForm(member), form, AccessForm(told)), status=422)
    choose_zone(by=_actor(request), key=form_key(request), now=clock.now(), zone=form.cleaned_data["zone"])
    return _saved("zone")


def _change_needs(request: HttpRequest, member: Member, told: AccessNeeds | None) -> HttpResponse:
    form = AccessForm(told, request.POST)
    if not form.is_valid():
        return _show(request, member, Forms(NameForm(member), ZoneForm(member), form), status=422)
    said = form.cleaned_data
    say_access_needs(
        by=_actor(request),
        key=form_key(request),
        now=clock.now(),
        needs=said["needs"],
        interpreter=said["interpreter"],
        note=said["note"],
    )
    return _saved("needs")


_PARTS: dict[str, Callable[[HttpRequest, Member, AccessNeeds | None], HttpResponse]] = {
    "name": _change_name,
    "zone": _change_zone,
    "needs": _change_needs,
}


def _show(
    request: HttpRequest, member: Member, forms: Forms, *, saved: str = "", status: int = 200
) -> HttpResponse:
    page = profile_page(_actor(request), member, forms, clock.now(), get_language() or "en", saved)
    return render(request, "selfservice/profile/profile.html", {"here": HERE, "page": page}, status=status)


def _saved(part: str) -> HttpResponse:
    """Back to the part that was changed, which says so (no toast: DESIGN 3)."""
    return HttpResponseRedirect(f"{reverse('profile')}?saved={part}#{part}")


def _actor(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined]
