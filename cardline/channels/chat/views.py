"""A member's conversation with us: begun, gone on with, checked. Each view calls one command or none."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from cardline.cases.queries import case_by_reference
from cardline.channels.chat.beginning import guest_of_form, plan_of
from cardline.channels.chat.queries import (
    contact_by_reference,
    contact_id_by_reference,
    conversation,
    entries_as_json,
)
from cardline.contact.commands import answer_summary, send_message
from cardline.contact.models import Contact
from cardline.identity.middleware import keep_in_use
from cardline.kit import clock, limits
from cardline.kit.actors import Kind
from cardline.kit.commands import Command
from cardline.kit.redact import clean
from cardline.kit.reference import contact_reference
from cardline.kit.refusals import Malformed, NotThere
from cardline.needs.catalogue import needs
from cardline.routing.commands import start_chat, start_message
from cardline.ui.form_key import form_key
from cardline.ui.signed_in import SignInNeeded, own_page, wants_json


@require_POST
def start_a_chat(request: HttpRequest) -> HttpResponse:
    """Live when somebody is there, else at once a message with a promised answer time: the command decides."""
    return _begin(request, start_chat)


@require_POST
def leave_a_message(request: HttpRequest) -> HttpResponse:
    return _begin(request, start_message)


def _begin(request: HttpRequest, command: Command[Any, dict[str, Any]]) -> HttpResponse:
    need = request.POST.get("need", "")
    if need not in needs():
        raise NotThere()
    if request.POST.get("as") == "member" and not request.actor.member_id:  # type: ignore[attr-defined]
        raise SignInNeeded()  # their session ended while they wrote: as a guest's, the case would not be theirs
    key = form_key(request)
    limits.count(limits.CHAT_STARTS, _who_starts(request))
    actor = guest_of_form(request, key)
    typed_case = request.POST.get("case", "")
    began = command(
        by=actor,
        key=key,
        now=clock.now(),
        need=need,
        text=clean(request.POST.get("text", "")),
        language=get_language() or "en",
        plan=plan_of(actor, request.POST),
        case_id=case_by_reference(actor, typed_case).pk if typed_case else None,
    )
    return HttpResponseRedirect(reverse("chat", args=[contact_reference(began["ref"], began["number"])]))


def _who_starts(request: HttpRequest) -> str:
    """Members are counted one by one; guests, who can be somebody new each time, by address."""
    actor = request.actor  # type: ignore[attr-defined]
    return str(request.META.get("REMOTE_ADDR", "")) if actor.kind == Kind.GUEST else str(actor.key)


@require_GET
@own_page
def chat(request: HttpRequest, reference: str) -> HttpResponse:
    contact = contact_by_reference(request.actor, reference)  # type: ignore[attr-defined]
    page = conversation(request.actor, contact, clock.now(), get_language() or "en")  # type: ignore[attr-defined]
    return render(request, "chat/chat.html", {"here": "contacts", "page": page, "contact": contact})


@require_GET
@own_page
def entries(request: HttpRequest, reference: str) -> HttpResponse:
    """What came after an entry number, for screens without a socket, with every sentence said."""
    contact = contact_by_reference(request.actor, reference)  # type: ignore[attr-defined]
    if contact.state != Contact.State.ENDED:
        keep_in_use(request.actor)  # type: ignore[attr-defined]  # an open chat is use of a session (SR-37)
    after = request.GET.get("after", "")
    number = int(after) if after.isdecimal() and len(after) < 10 else 0
    return JsonResponse(
        entries_as_json(request.actor, contact, number, clock.now(), get_language() or "en")  # type: ignore[attr-defined]
    )


@require_POST
@own_page
def send(request: HttpRequest, reference: str) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    contact_id = contact_id_by_reference(actor, reference)
    limits.count(limits.MESSAGES, actor.key)
    sent = send_message(
        by=actor,
        key=form_key(request),
        now=clock.now(),
        contact_id=contact_id,
        text=clean(request.POST.get("text", "")),
    )
    if wants_json(request):
        return JsonResponse(sent, status=201)
    return HttpResponseRedirect(f"{reverse('chat', args=[reference])}#write")


@require_GET
@own_page
def summary(request: HttpRequest, reference: str) -> HttpResponse:
    """Where the conversation stands, as a fragment that the page swaps in when something happened."""
    contact = contact_by_reference(request.actor, reference)  # type: ignore[attr-defined]
    page = conversation(request.actor, contact, clock.now(), get_language() or "en")  # type: ignore[attr-defined]
    return render(request, "chat/_standing.html", {"page": page, "contact": contact})


@require_POST
@own_page
def verdict(request: HttpRequest, reference: str) -> HttpResponse:
    """The member says whether the three lines are right."""
    contact = contact_by_reference(request.actor, reference)  # type: ignore[attr-defined]
    shown, said = request.POST.get("round", ""), request.POST.get("verdict", "")
    if not shown.isdecimal() or len(shown) > 4 or said not in ("right", "not_quite"):
        raise Malformed()
    answer_summary(
        by=request.actor,  # type: ignore[attr-defined]
        key=form_key(request),
        now=clock.now(),
        contact_id=contact.pk,
        round=int(shown),
        right=said == "right",
        text=clean(request.POST.get("text", "")),
    )
    return HttpResponseRedirect(f"{reverse('chat', args=[reference])}#standing")
