"""Who may act for a member: all of them, recording one, its papers, a supervisor's yes, revoking one; and who speaks
in a conversation.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from cardline.contact.proofs.commands import name_speaker
from cardline.contact.queries import contact_for
from cardline.desk import authority_form
from cardline.desk.access import actor_of
from cardline.desk.authorities import authorities_page
from cardline.desk.authority_form import AuthorityForm
from cardline.desk.commands import note_view
from cardline.desk.views.addresses import check_numbers, its_case, takes_forms, takes_its_form
from cardline.desk.views.frame import case_url, frame
from cardline.kit import clock
from cardline.kit.actors import SELF
from cardline.kit.redact import clean
from cardline.kit.reference import show_reference
from cardline.kit.refusals import Malformed, NotPermitted, NotThere
from cardline.kit.visibility import visible
from cardline.members.authorities.commands import (
    PaperUnknown,
    add_papers,
    confirm_authority,
    record_authority,
    revoke_authority,
)
from cardline.members.models import Authority
from cardline.ui.form_key import form_key


def _address(member_id: int) -> str:
    return reverse("desk_authorities", args=[member_id])


def _page(request: HttpRequest, member_id: int, form: AuthorityForm | None = None) -> HttpResponse:
    actor, now = actor_of(request), clock.now()
    page = authorities_page(actor, member_id, now)
    note_view(actor, page.case_id, None, now)
    context = {
        **frame(request, now),
        "here_is": "member",
        "here": _address(member_id),
        "page": page,
        "form": form or AuthorityForm(),
    }
    return render(request, "desk/authorities.html", context, status=422 if form else 200)


@takes_its_form(_page)
def authorities(request: HttpRequest, member_id: int) -> HttpResponse:
    """Record one. What cannot be taken comes back with what was typed."""
    actor, now = actor_of(request), clock.now()
    authorities_page(actor, member_id, now)  # a member the actor does not see has no form to come back to
    form, wanted = authority_form.read(request.POST)
    if wanted is None:
        return _page(request, member_id, form)
    try:
        record_authority(by=actor, key=form_key(request), now=now, member_id=member_id, **wanted)
    except Malformed as refusal:
        return _page(request, member_id, authority_form.put_beside_its_field(form, refusal))
    return HttpResponseRedirect(_address(member_id))


def _its_page(request: HttpRequest, member_id: int, authority_id: int) -> str:
    """The page of one of the authorities over a member. Raises NotThere."""
    check_numbers(member_id, authority_id)
    theirs = visible(Authority, actor_of(request)).filter(pk=authority_id, member=member_id)
    if not theirs.exists():
        raise NotThere()
    return _address(member_id)


@takes_forms(_its_page)
def papers(request: HttpRequest, member_id: int, authority_id: int) -> HttpResponse:
    """Its document came. Raises PaperUnknown, WrongPersonsPaper."""
    asked, paper = _asked(request, member_id, authority_id), authority_form.paper_of(request.POST)
    if paper is None:
        raise PaperUnknown(field="paper")
    add_papers(**asked, paper=paper)
    return HttpResponseRedirect(_address(member_id))


@takes_forms(_its_page)
def confirmation(request: HttpRequest, member_id: int, authority_id: int) -> HttpResponse:
    """A supervisor has looked at it, who did not record it. Others are answered alike, whether there is one (SR-22)."""
    if not actor_of(request).is_supervisor:
        raise NotPermitted()
    confirm_authority(**_asked(request, member_id, authority_id))
    return HttpResponseRedirect(_address(member_id))


@takes_forms(_its_page)
def revocation(request: HttpRequest, member_id: int, authority_id: int) -> HttpResponse:
    why = clean(request.POST.get("why", "").strip())
    revoke_authority(**_asked(request, member_id, authority_id), why=why)
    return HttpResponseRedirect(_address(member_id))


@takes_forms(its_case())
def speaker(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Who speaks in a conversation: its member, or one of those who may for them now."""
    person_id, capacity = _speaker(request.POST.get("speaker", ""))
    name_speaker(
        by=actor_of(request),
        key=form_key(request),
        now=clock.now(),
        contact_id=contact_id,
        person_id=person_id,
        capacity=capacity,
    )
    return HttpResponseRedirect(
        case_url(show_reference(contact_for(actor_of(request), contact_id).case.ref)) + "#member"
    )


def _speaker(sent: str) -> tuple[int, str]:
    """(person, capacity) of a SpeaksFor's value; "" for the member themselves. Raises NotThere for none of ours."""
    number, _colon, capacity = sent.partition(":")
    if not sent:
        return 0, SELF
    if not (number.isdecimal() and len(number) <= 18) or capacity == SELF:
        raise NotThere()
    return int(number), capacity


def _asked(request: HttpRequest, member_id: int, authority_id: int) -> dict[str, Any]:
    """Raises NotThere for an authority over somebody else."""
    _its_page(request, member_id, authority_id)
    return {
        "by": actor_of(request),
        "key": form_key(request),
        "now": clock.now(),
        "authority_id": authority_id,
    }
