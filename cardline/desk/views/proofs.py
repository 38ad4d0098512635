"""Finding out who speaks in a conversation: each press is one command, and the panel says what came of it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.debug import sensitive_post_parameters

from cardline.contact.asks.commands import ask_in_app, ask_passcode
from cardline.contact.proofs.commands import (
    check_facts,
    enter_members_code,
    record_call_back,
    send_code_to_member,
)
from cardline.contact.queries import contact_for
from cardline.desk.access import actor_of
from cardline.desk.views.addresses import its_case, takes_forms
from cardline.desk.views.frame import case_url
from cardline.kit import clock
from cardline.kit.redact import clean
from cardline.kit.reference import show_reference
from cardline.kit.refusals import Malformed
from cardline.kit.secret import Secret
from cardline.ui.form_key import form_key

LONGEST = 80


@takes_forms(its_case())
def code(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Send one to the number that was chosen from the file."""
    send_code_to_member(**_asked(request, contact_id), point_id=_point(request))
    return _to_panel(request, contact_id)


@sensitive_post_parameters("code")
@takes_forms(its_case())
def code_entry(request: HttpRequest, contact_id: int) -> HttpResponse:
    """What the member said it is."""
    said = Secret(request.POST.get("code", "")[:LONGEST])
    answer = enter_members_code(**_asked(request, contact_id), code=said)
    return _to_panel(request, contact_id, failed=not answer["matched"])


@takes_forms(its_case())
def approval(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Ask on the member's own pages whether it is them."""
    ask_in_app(**_asked(request, contact_id))
    return _to_panel(request, contact_id)


@takes_forms(its_case())
def passcode(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Have them key in their telephone passcode there."""
    ask_passcode(**_asked(request, contact_id))
    return _to_panel(request, contact_id)


@takes_forms(its_case())
def call_back(request: HttpRequest, contact_id: int) -> HttpResponse:
    """The number chosen from the file was called, and they answered."""
    record_call_back(**_asked(request, contact_id), point_id=_point(request))
    return _to_panel(request, contact_id)


@sensitive_post_parameters("name", "fact")
@takes_forms(its_case())
def facts(request: HttpRequest, contact_id: int) -> HttpResponse:
    """What the caller says their name and one fact is."""
    name, fact = request.POST.get("name", "")[:LONGEST], request.POST.get("fact", "")[:LONGEST]
    answer = check_facts(**_asked(request, contact_id), name=clean(name), fact=Secret(fact))
    return _to_panel(request, contact_id, failed=not answer["matched"])


def _asked(request: HttpRequest, contact_id: int) -> dict[str, Any]:
    return {
        "by": actor_of(request),
        "key": form_key(request),
        "now": clock.now(),
        "contact_id": contact_id,
    }


def _point(request: HttpRequest) -> int:
    chosen = request.POST.get("point", "")
    if not (chosen.isdecimal() and len(chosen) <= 18):
        raise Malformed(field="point")
    return int(chosen)


def _to_panel(request: HttpRequest, contact_id: int, *, failed: bool = False) -> HttpResponse:
    ref = show_reference(contact_for(actor_of(request), contact_id).case.ref)
    return HttpResponseRedirect(case_url(ref, "?check=failed" if failed else "") + "#member")
