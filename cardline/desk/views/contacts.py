"""What an agent does with a conversation: take it, give it back, sum it up, end it, let it belong to another case."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from cardline.contact.commands import (
    WrapUpMissing,
    attach_contact,
    end_contact,
    propose_summary,
    put_back_contact,
    take_contact,
    take_over_contact,
    undo_move,
)
from cardline.contact.models import Move
from cardline.contact.queries import contact_for
from cardline.desk.access import actor_of
from cardline.desk.views.addresses import its_case, page_called, takes_forms
from cardline.desk.views.case import case_response
from cardline.desk.views.frame import back, case_url
from cardline.desk.wrap_up import typed
from cardline.kit import clock
from cardline.kit.redact import clean
from cardline.kit.reference import show_reference
from cardline.kit.refusals import Malformed, NotThere
from cardline.needs.catalogue import needs
from cardline.ui.form_key import form_key


@takes_forms(its_case())
def assignment(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Take a conversation that waits."""
    take_contact(by=actor_of(request), key=form_key(request), now=clock.now(), contact_id=contact_id)
    return _to_its_case(request, contact_id)


@takes_forms(its_case())
def takeover(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Go on with a colleague's."""
    take_over_contact(by=actor_of(request), key=form_key(request), now=clock.now(), contact_id=contact_id)
    return _to_its_case(request, contact_id)


@takes_forms(its_case())
def give_back(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Put one's own back in its queue, for whoever is free."""
    put_back_contact(by=actor_of(request), key=form_key(request), now=clock.now(), contact_id=contact_id)
    return _to_its_case(request, contact_id)


@takes_forms(its_case("wrap"))
def summary(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Put the wrap-up's three lines before the member. What is missing is said where it was typed."""
    actor = actor_of(request)
    contact = contact_for(actor, contact_id)
    wrap = typed(request.POST)
    try:
        if wrap.need not in needs():
            raise WrapUpMissing()
        propose_summary(
            by=actor,
            key=form_key(request),
            now=clock.now(),
            contact_id=contact_id,
            need=wrap.need,
            outcome=wrap.outcome,
            next_step=clean(wrap.next_step),
            did=clean(wrap.did),
            you=clean(wrap.you),
        )
    except (WrapUpMissing, Malformed) as refusal:
        wrap.error = str(refusal)
        return case_response(request, show_reference(contact.case.ref), mode="wrap", wrap=wrap)
    return _to_its_case(request, contact_id)


@takes_forms(its_case())
def end(request: HttpRequest, contact_id: int) -> HttpResponse:
    end_contact(by=actor_of(request), key=form_key(request), now=clock.now(), contact_id=contact_id)
    return _to_its_case(request, contact_id)


@takes_forms(its_case())
def attachment(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Let it belong to another case of the same member, and go on there."""
    actor = actor_of(request)
    wanted = request.POST.get("case", "")
    if not wanted.isdecimal() or len(wanted) > 18:
        raise NotThere()
    attach_contact(
        by=actor, key=form_key(request), now=clock.now(), contact_id=contact_id, to_case_id=int(wanted)
    )
    return HttpResponseRedirect(_case_url_of(request, contact_id))


@takes_forms(page_called("desk"))
def undoing(request: HttpRequest, move_id: int) -> HttpResponse:
    """Put a moved contact back where it was."""
    undo_move(by=actor_of(request), key=form_key(request), now=clock.now(), move_id=move_id)
    came_from = Move.objects.select_related("from_case").get(pk=move_id).from_case
    return HttpResponseRedirect(case_url(show_reference(came_from.ref)))


def _to_its_case(request: HttpRequest, contact_id: int) -> HttpResponse:
    """To the page the form stood on, else to the case the contact belongs to now."""
    return back(request, _case_url_of(request, contact_id))


def _case_url_of(request: HttpRequest, contact_id: int) -> str:
    return case_url(show_reference(contact_for(actor_of(request), contact_id).case.ref))
