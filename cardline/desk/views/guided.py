"""Leading a member through a conversation: begun, answered for them, left."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from cardline.contact.in_hand import in_hand
from cardline.contact.models import Contact
from cardline.desk.access import actor_of
from cardline.desk.views.addresses import its_case, takes_forms
from cardline.desk.views.frame import case_url
from cardline.flows.commands import end_for_person, start_flow
from cardline.flows.forms import take_step
from cardline.flows.queries import open_run_of_contact
from cardline.flows.registry import flows
from cardline.kit import clock
from cardline.kit.reference import show_reference
from cardline.kit.refusals import Malformed
from cardline.ui.form_key import form_key


@takes_forms(its_case())
def begin(request: HttpRequest, contact_id: int) -> HttpResponse:
    contact = in_hand(actor_of(request), contact_id)
    name = request.POST.get("flow", "")
    if name not in flows:
        raise Malformed(field="flow")
    start_flow(
        by=actor_of(request),
        key=form_key(request),
        now=clock.now(),
        flow=name,
        language=contact.language,
        channel="desk",
        contact_id=contact_id,
    )
    return _to_panel(contact)


@takes_forms(its_case())
def step(request: HttpRequest, contact_id: int) -> HttpResponse:
    """What the member said to the question. A question that is gone is answered by the one that stands."""
    actor = actor_of(request)
    contact = in_hand(actor, contact_id)
    run = open_run_of_contact(actor, contact_id)
    if run is not None and request.POST.get("press") == "person":
        end_for_person(by=actor, key=form_key(request), now=clock.now(), token=run.token)
    elif run is not None:
        take_step(request, actor, run.token)
    return _to_panel(contact)


def _to_panel(contact: Contact) -> HttpResponse:
    return HttpResponseRedirect(case_url(show_reference(contact.case.ref)) + "#guided")
