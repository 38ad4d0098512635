"""A member's restrictions: those that stand, those that were, and placing and lifting one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from cardline.desk import restriction_form
from cardline.desk.access import actor_of
from cardline.desk.commands import note_view
from cardline.desk.restriction_form import RestrictionForm
from cardline.desk.restrictions import restrictions_page
from cardline.desk.views.addresses import check_numbers, takes_forms, takes_its_form
from cardline.desk.views.frame import frame
from cardline.kit import clock
from cardline.kit.redact import clean
from cardline.kit.refusals import Malformed, NotThere
from cardline.kit.visibility import visible
from cardline.members.models import Restriction
from cardline.members.restrictions.commands import lift_restriction, place_restriction
from cardline.ui.form_key import form_key


def _address(member_id: int) -> str:
    return reverse("desk_restrictions", args=[member_id])


def _page(request: HttpRequest, member_id: int, form: RestrictionForm | None = None) -> HttpResponse:
    actor, now = actor_of(request), clock.now()
    page = restrictions_page(actor, member_id, now)
    note_view(actor, page.case_id, None, now)
    context = {
        **frame(request, now),
        "here_is": "member",
        "here": _address(member_id),
        "page": page,
        "form": form or restriction_form.blank(now),
        "with_representative": restriction_form.with_representative(),
    }
    return render(request, "desk/restrictions.html", context, status=422 if form else 200)


@takes_its_form(_page)
def restrictions(request: HttpRequest, member_id: int) -> HttpResponse:
    """Place one. What cannot be taken comes back with what was typed."""
    actor, now = actor_of(request), clock.now()
    restrictions_page(actor, member_id, now)  # a member the actor does not see has no form to come back to
    form, wanted = restriction_form.read(request.POST)
    if wanted is None:
        return _page(request, member_id, form)
    try:
        place_restriction(by=actor, key=form_key(request), now=now, member_id=member_id, **wanted)
    except (Malformed, NotThere) as refusal:
        return _page(request, member_id, restriction_form.put_beside_its_field(form, refusal))
    return HttpResponseRedirect(_address(member_id))


def _its_page(request: HttpRequest, member_id: int, restriction_id: int) -> str:
    """The page of one of the member's restrictions. Raises NotThere."""
    check_numbers(member_id, restriction_id)
    theirs = visible(Restriction, actor_of(request)).filter(pk=restriction_id, people=member_id)
    if not theirs.exists():
        raise NotThere()
    return _address(member_id)


@takes_forms(_its_page)
def lifting(request: HttpRequest, member_id: int, restriction_id: int) -> HttpResponse:
    lift_restriction(
        by=actor_of(request),
        key=form_key(request),
        now=clock.now(),
        restriction_id=restriction_id,
        why=clean(request.POST.get("why", "").strip()),
    )
    return HttpResponseRedirect(_address(member_id))
