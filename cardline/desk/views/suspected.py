"""A member tells a colleague whether a stopped purchase was theirs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from cardline.contact.commands import ContactEnded
from cardline.contact.models import Contact
from cardline.contact.queries import contact_for
from cardline.desk.access import actor_of
from cardline.desk.views.addresses import its_case, takes_forms
from cardline.desk.views.frame import back, case_url
from cardline.fraud.commands import confirm_charge, deny_charge
from cardline.kit import clock
from cardline.kit.reference import show_reference
from cardline.kit.refusals import Malformed
from cardline.ui.form_key import form_key

ANSWERS: dict[str, Any] = {"yes": confirm_charge, "no": deny_charge}


@takes_forms(its_case())
def answer(request: HttpRequest, contact_id: int, alert: str) -> HttpResponse:
    actor = actor_of(request)
    contact = contact_for(actor, contact_id)
    if contact.state == Contact.State.ENDED:  # what was proved in it, nobody stands behind any more
        raise ContactEnded()
    said = ANSWERS.get(request.POST.get("answer", ""))
    if said is None:
        raise Malformed(field="answer")
    said(by=actor, key=form_key(request), now=clock.now(), alert=alert, way="desk", contact_id=contact_id)
    return back(request, case_url(show_reference(contact.case.ref)))
