"""/profile/contact: what we have of a member, and changing it one thing at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cardline.contactdata.changes.commands import (
    ask_for_address,
    ask_for_email,
    ask_for_phone,
    change_address,
    change_email,
    change_phone,
    confirm_email,
    link_of,
    prefer_point,
    remove_email,
    remove_phone,
    seen_mark,
    withdraw_change,
)
from cardline.contactdata.queries import safe_contact_of
from cardline.contactdata.refusals import ChangedMeanwhile, TooManyPoints, WaitsAlready
from cardline.contactdata.safe.commands import say_safe_contact
from cardline.kit import clock
from cardline.kit.actors import Actor
from cardline.kit.refusals import Malformed, NotThere
from cardline.kit.row_numbers import BIGGEST, row_number
from cardline.kit.secret import Secret
from cardline.kit.visibility import visible
from cardline.members.authorities.door import check_oneself
from cardline.members.models import ContactPoint, Member
from cardline.members.rules import masked
from cardline.selfservice.contactdata.forms import AddressForm, EmailForm, PhoneForm, PointForm, SafeForm
from cardline.selfservice.contactdata.page import can_be_texted, contact_page
from cardline.selfservice.silence import core_page
from cardline.ui.form_key import form_key

HERE = "profile"
FOLDER = "selfservice/contactdata"
NOW, LATER = "now", "later"
_MENDED_HERE = (Malformed, ChangedMeanwhile, WaitsAlready, TooManyPoints)


@dataclass(frozen=True, slots=True)
class Edit:
    """One kind of contact point: its form, and the command for each of the two roads."""

    kind: str
    form: type[PointForm]
    now: Callable[..., dict[str, Any]]
    later: Callable[..., dict[str, Any]]


_PHONE = Edit(ContactPoint.Kind.PHONE, PhoneForm, change_phone, ask_for_phone)
_EMAIL = Edit(ContactPoint.Kind.EMAIL, EmailForm, change_email, ask_for_email)
_ADDRESS = Edit(ContactPoint.Kind.POST, AddressForm, change_address, ask_for_address)


@require_GET
@core_page(HERE)
def contact(request: HttpRequest) -> HttpResponse:
    """Everything we have, masked; what waits, and what it waits for."""
    own_member(request)
    page = contact_page(actor_of(request), clock.now(), _language(), row_number(request.GET.get("done")))
    return render(request, f"{FOLDER}/contact.html", {"here": HERE, "page": page})


@require_http_methods(["GET", "POST"])
@core_page(HERE)
def phone(request: HttpRequest) -> HttpResponse:
    return _edit(request, _PHONE)


@require_http_methods(["GET", "POST"])
@core_page(HERE)
def email(request: HttpRequest) -> HttpResponse:
    return _edit(request, _EMAIL)


@require_http_methods(["GET", "POST"])
@core_page(HERE)
def address(request: HttpRequest) -> HttpResponse:
    return _edit(request, _ADDRESS)


@require_http_methods(["GET", "POST"])
@core_page(HERE)
def email_link(request: HttpRequest, email_token: str) -> HttpResponse:
    """The link that went to a new e-mail address. GET asks, POST says yes."""
    now, token = clock.now(), email_token
    change = link_of(actor_of(request), token, now)
    if request.method == "POST":
        confirm_email(by=actor_of(request), key=form_key(request), now=now, token=Secret(token))
        return done(change.pk)
    shown = masked(change.kind, change.new["value"])
    is_done = change.state == change.State.DONE
    context = {"here": HERE, "shown": shown, "is_done": is_done, "token": token}
    return render(request, f"{FOLDER}/email_link.html", context)


@require_POST
@core_page(HERE)
def removal(request: HttpRequest, point_id: int) -> HttpResponse:
    point = _own_point(request, point_id)
    if point is None:
        raise NotThere()
    command = remove_email if point.kind == ContactPoint.Kind.EMAIL else remove_phone
    asked = command(by=actor_of(request), key=form_key(request), now=clock.now(), point_id=point.pk)
    return done(asked["change"])


@require_POST
@core_page(HERE)
def preference(request: HttpRequest, point_id: int) -> HttpResponse:
    if point_id > BIGGEST:
        raise NotThere()
    prefer_point(by=actor_of(request), key=form_key(request), now=clock.now(), point_id=point_id)
    return HttpResponseRedirect(reverse("contact_data"))


@require_POST
@core_page(HERE)
def withdrawal(request: HttpRequest, change_id: int) -> HttpResponse:
    if change_id > BIGGEST:
        raise NotThere()
    withdraw_change(by=actor_of(request), key=form_key(request), now=clock.now(), change_id=change_id)
    return HttpResponseRedirect(reverse("contact_data"))


@require_http_methods(["GET", "POST"])
@core_page(HERE)
def safe(request: HttpRequest) -> HttpResponse:
    """How they may be reached without danger to them."""
    actor = actor_of(request)
    own_member(request)
    phones = visible(ContactPoint, actor).filter(member=actor.member_id, kind=ContactPoint.Kind.PHONE)
    choices = [(str(one.pk), masked(one.kind, one.value)) for one in phones.order_by("pk")]
    told = safe_contact_of(actor)
    initial = {
        "only": str(told.only_id or 0) if told else "0",
        "no_voicemail": bool(told and told.no_voicemail),
        "no_post": bool(told and told.no_post),
    }
    form = SafeForm(request.POST if request.method == "POST" else None, choices, initial)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            say_safe_contact(
                by=actor,
                key=form_key(request),
                now=clock.now(),
                only_id=int(said["only"]),
                no_voicemail=said["no_voicemail"],
                no_post=said["no_post"],
            )
            return HttpResponseRedirect(f"{reverse('contact_data')}#safe")
        except Malformed as wrong:
            form.add_error(wrong.field if wrong.field in form.fields else None, str(wrong))
    status = 422 if form.errors else 200
    return render(request, f"{FOLDER}/safe.html", {"here": HERE, "form": form}, status=status)


def _edit(request: HttpRequest, edit: Edit) -> HttpResponse:
    """The question, and by POST the wish; what cannot be taken comes back with what was typed."""
    member = own_member(request)
    sent = request.POST if request.method == "POST" else request.GET
    point = _own_point(request, row_number(sent.get("point")), edit.kind)
    if sent.get("point") and point is None:
        raise NotThere()
    form = edit.form(request.POST if request.method == "POST" else None, member, point)
    if request.method == "POST" and form.is_valid():
        command = edit.later if request.POST.get("road") == LATER else edit.now
        try:
            asked = command(
                by=actor_of(request),
                key=form_key(request),
                now=clock.now(),
                point_id=point.pk if point else 0,
                seen=row_number(request.POST.get("seen")),
                **form.arguments(),
            )
            return done(asked["change"])
        except _MENDED_HERE as no:
            form.refuse(no)
    return _show(request, edit, form, point)


def _show(request: HttpRequest, edit: Edit, form: PointForm, point: ContactPoint | None) -> HttpResponse:
    context = {
        "here": HERE,
        "kind": edit.kind,
        "form": form,
        "point": point,
        "instead_of": masked(point.kind, point.value) if point else "",
        "seen": seen_mark(point) if point else 0,
        "can_be_texted": can_be_texted(actor_of(request), clock.now()),
        "roads": {"now": NOW, "later": LATER},
    }
    return render(request, f"{FOLDER}/edit.html", context, status=422 if form.errors else 200)


def own_member(request: HttpRequest) -> Member:
    """Raises NotThere for anybody who is no member."""
    actor = actor_of(request)
    member = visible(Member, actor).filter(pk=actor.member_id).first()
    if member is None:
        raise NotThere()
    return member


def _own_point(request: HttpRequest, point_id: int, kind: str = "") -> ContactPoint | None:
    if not 0 < point_id <= BIGGEST:
        return None
    rows = visible(ContactPoint, actor_of(request)).filter(pk=point_id)
    return (rows.filter(kind=kind) if kind else rows).first()


def done(change_id: int) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('contact_data')}?done={change_id}")


def actor_of(request: HttpRequest) -> Actor:
    """Raises CapacityMissing for somebody who acts for another: how a member is reached is theirs alone."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    check_oneself(actor)
    return actor


def _language() -> str:
    return get_language() or "en"
