"""A guided conversation inside a chat: begun by a press, answered by presses or by a few typed words."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from cardline.channels.chat.queries import contact_by_reference
from cardline.contact.commands import ContactEnded
from cardline.contact.models import Contact
from cardline.flows.commands import end_for_person, start_flow
from cardline.flows.forms import take_step
from cardline.flows.queries import open_run_of_contact
from cardline.flows.registry import flows
from cardline.kit import clock, limits
from cardline.kit.refusals import Malformed
from cardline.ui.form_key import form_key
from cardline.ui.signed_in import own_page


@require_POST
@own_page
def begin(request: HttpRequest, reference: str) -> HttpResponse:
    contact = _open(request, reference)
    name = request.POST.get("flow", "")
    if name not in flows:
        raise Malformed(field="flow")
    limits.count(limits.MESSAGES, request.actor.key)  # type: ignore[attr-defined]
    start_flow(
        by=request.actor,  # type: ignore[attr-defined]
        key=form_key(request),
        now=clock.now(),
        flow=name,
        language=get_language() or "en",
        channel="chat",
        contact_id=contact.pk,
    )
    return _back(reference)


@require_POST
@own_page
def step(request: HttpRequest, reference: str) -> HttpResponse:
    """One of several at once is enough: whoever answers a question that is gone is shown the one that stands."""
    contact = _open(request, reference)
    limits.count(limits.MESSAGES, request.actor.key)  # type: ignore[attr-defined]
    run = open_run_of_contact(request.actor, contact.pk)  # type: ignore[attr-defined]
    if run is None:
        return _back(reference)
    if request.POST.get("press") == "person":
        end_for_person(by=request.actor, key=form_key(request), now=clock.now(), token=run.token)  # type: ignore[attr-defined]
    else:
        take_step(request, request.actor, run.token)  # type: ignore[attr-defined]
    return _back(reference)


def _open(request: HttpRequest, reference: str) -> Contact:
    contact = contact_by_reference(request.actor, reference)  # type: ignore[attr-defined]
    if contact.state == Contact.State.ENDED:
        raise ContactEnded()
    return contact


def _back(reference: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('chat', args=[reference])}#standing")
