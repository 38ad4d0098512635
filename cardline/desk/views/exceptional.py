"""Exceptional verification on the desk: one page a conversation, each press one command; and what waits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from cardline.audit.commands import note_looks
from cardline.audit.rules import Look, Why
from cardline.cards.emergency.commands import hand_over_emergency_card, order_emergency_card
from cardline.contact.asks.commands import ask_in_app
from cardline.contact.exceptional.commands import (
    begin_exception,
    decide_exception,
    record_exceptional_proof,
    revoke_exception,
)
from cardline.contact.models import Contact
from cardline.contact.queries import contact_for
from cardline.desk.access import actor_of, staff_only, supervisors_only
from cardline.desk.exceptional import WANTED, ExceptionalPage, exceptional_page, exceptions_waiting
from cardline.desk.looking import look_at
from cardline.desk.views.frame import frame
from cardline.issuer.asking import CoreSilent
from cardline.kit import clock
from cardline.kit.actors import Actor
from cardline.kit.redact import clean
from cardline.kit.refusals import LevelTooLow, Malformed, Refusal
from cardline.kit.secret import Secret
from cardline.ui.form_key import form_key

LONGEST = 400
BIGGEST_NUMBER = 2**63 - 1


@sensitive_post_parameters("fact")
@staff_only
@require_http_methods(["GET", "POST"])
def exceptional(request: HttpRequest, contact_id: int) -> HttpResponse:
    """How it stands; a POST says in `step` what is done next."""
    contact = contact_for(actor_of(request), min(contact_id, BIGGEST_NUMBER))
    if request.method == "GET":
        return _show(request, contact)
    step = _STEPS.get(request.POST.get("step", ""))
    if step is None:
        raise Malformed(field="step")
    try:
        said = step(request, contact)
    except (Refusal, CoreSilent) as refusal:
        if isinstance(refusal, LevelTooLow) or refusal.status in (403, 404):
            raise
        return _show(request, contact, problem=str(refusal), status=refusal.status)
    if said:
        return _show(request, contact, problem=said, status=422)
    return HttpResponseRedirect(reverse("desk_exceptional", args=[contact.pk]), status=302)


@require_GET
@supervisors_only
def waiting(request: HttpRequest) -> HttpResponse:
    """Those that wait for a second person."""
    actor, now = actor_of(request), clock.now()
    context = {**frame(request, now), "here_is": "exceptional", "waiting": exceptions_waiting(actor)}
    return render(request, "desk/exceptions.html", context)


def _begin(request: HttpRequest, contact: Contact) -> str:
    said: dict[str, Any] = {"why": _typed(request, "why")}
    if contact.member_id is None:
        said |= {"name": _typed(request, "name"), "fact": Secret(request.POST.get("fact", "")[:LONGEST])}
    one = begin_exception(**_asked(request), contact_id=contact.pk, **said)
    if one is not None:
        return ""
    return _("That name with that number or reference points to nobody. Ask for another number or reference.")


def _prove(request: HttpRequest, contact: Contact) -> str:
    record_exceptional_proof(
        **_asked(request),
        exceptional_id=_number(request, "one"),
        proof=request.POST.get("proof", "")[:LONGEST],
        note=_typed(request, "note"),
        file_id=_number(request, "file") or None,
    )
    return ""


def _confirm(request: HttpRequest, contact: Contact) -> str:
    decide_exception(**_asked(request), exceptional_id=_number(request, "one"), granted=True)
    return ""


def _refuse(request: HttpRequest, contact: Contact) -> str:
    why = _typed(request, "why")
    decide_exception(**_asked(request), exceptional_id=_number(request, "one"), granted=False, why=why)
    return ""


def _end(request: HttpRequest, contact: Contact) -> str:
    revoke_exception(**_asked(request), exceptional_id=_number(request, "one"), why=_typed(request, "why"))
    return ""


def _order(request: HttpRequest, contact: Contact) -> str:
    order_emergency_card(
        **_asked(request),
        card=request.POST.get("card", "")[:64],
        contact_id=contact.pk,
        place=_typed(request, "place"),
    )
    return ""


def _hand_over(request: HttpRequest, contact: Contact) -> str:
    hand_over_emergency_card(
        **_asked(request),
        card=request.POST.get("card", "")[:64],
        contact_id=contact.pk,
        seen=_typed(request, "seen"),
    )
    return ""


def _ask_for_order(request: HttpRequest, contact: Contact) -> str:
    """Have the member approve exactly this order on their own page."""
    exactly = {"card": request.POST.get("card", "")[:64], "place": _typed(request, "place")}
    ask_in_app(**_asked(request), contact_id=contact.pk, wanted=WANTED, arguments=exactly)
    return ""


_STEPS: dict[str, Callable[[HttpRequest, Contact], str]] = {
    "begin": _begin,
    "prove": _prove,
    "confirm": _confirm,
    "refuse": _refuse,
    "end": _end,
    "order": _order,
    "hand_over": _hand_over,
    "ask": _ask_for_order,
}


def _show(request: HttpRequest, contact: Contact, *, problem: str = "", status: int = 200) -> HttpResponse:
    actor, now = actor_of(request), clock.now()
    look_at(actor, contact.case, [contact], "exceptional", now)
    page = exceptional_page(actor, contact.pk, now)
    _note_whom(actor, contact, page)
    context = {
        **frame(request, now),
        "here_is": "member",
        "here": reverse("desk_exceptional", args=[contact.pk]),
        "page": page,
        "problem": problem,
        "said": request.POST if problem else {},
    }
    return render(request, "desk/exceptional.html", context, status=status)


def _note_whom(actor: Actor, contact: Contact, page: ExceptionalPage) -> None:
    """In a visitor's conversation the page shows a member whose case this is not: that is a look at them (SR-25)."""
    if contact.member_id is None and page.member is not None:
        ref, case = contact.case.ref, contact.case_id
        since, channel = contact.started_at, contact.channel
        note_looks(
            actor,
            [Look(page.member.pk, case, ref, "exceptional", Why.CONTACT, ref, channel, since=since)],
        )


def _typed(request: HttpRequest, field: str) -> Any:
    """As the form confirms it again, word by word: what was approved is what is ordered."""
    return clean(" ".join(request.POST.get(field, "").split()))


def _number(request: HttpRequest, field: str) -> int:
    typed = request.POST.get(field, "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= 18 else 0


def _asked(request: HttpRequest) -> dict[str, Any]:
    return {"by": actor_of(request), "key": form_key(request), "now": clock.now()}
