"""Freezing a member's card from their conversation, and giving it back into use."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from cardline.cards.commands import freeze_card, unfreeze_card
from cardline.contact.commands import ContactEnded
from cardline.contact.models import Contact
from cardline.contact.queries import contact_for
from cardline.desk.access import actor_of
from cardline.desk.views.addresses import its_case, takes_forms
from cardline.desk.views.frame import back, case_url
from cardline.kit import clock
from cardline.kit.reference import show_reference
from cardline.ui.form_key import form_key


@takes_forms(its_case())
def freeze(request: HttpRequest, contact_id: int, card: str) -> HttpResponse:
    return _change(request, freeze_card, contact_id, card)


@takes_forms(its_case())
def unfreeze(request: HttpRequest, contact_id: int, card: str) -> HttpResponse:
    return _change(request, unfreeze_card, contact_id, card)


def _change(request: HttpRequest, command: Any, contact_id: int, card: str) -> HttpResponse:
    actor = actor_of(request)
    contact = contact_for(actor, contact_id)
    if contact.state == Contact.State.ENDED:  # what was proved in it, nobody stands behind any more
        raise ContactEnded()
    command(by=actor, key=form_key(request), now=clock.now(), card=card, contact_id=contact_id)
    return back(request, case_url(show_reference(contact.case.ref)))
