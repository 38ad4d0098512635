"""A member's contact data: changed in a conversation, decided where it waits, and how they may safely be reached."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext

from cardline.cards.holds.commands import refuse_held_card
from cardline.contact.asks.commands import ask_in_app
from cardline.contactdata.decisions.commands import (
    approve_change,
    be_sure_of_change,
    refuse_change,
    settle_dispute,
)
from cardline.contactdata.people import NoConversation
from cardline.contactdata.safe.commands import say_safe_contact
from cardline.desk import contact_form
from cardline.desk.access import actor_of
from cardline.desk.commands import note_view
from cardline.desk.contact_data import ENOUGH, contact_data_page
from cardline.desk.views.addresses import check_numbers, takes_forms, takes_its_form
from cardline.desk.views.frame import frame
from cardline.kit import clock
from cardline.kit.languages import country_name
from cardline.kit.redact import clean
from cardline.kit.refusals import LevelTooLow, Malformed
from cardline.kit.row_numbers import row_number
from cardline.members.contactdata.rules import COUNTRIES
from cardline.ui.form_key import form_key

ASK, APPROVED = "ask", "approved"


def _address(member_id: int) -> str:
    return reverse("desk_contact_data", args=[member_id])


def _page(
    request: HttpRequest, member_id: int, *, said: str = "", status: int = 200, asked: str = ""
) -> HttpResponse:
    """said: why something was not taken. asked: the kind of wish that was just put to the member in the app."""
    actor, now = actor_of(request), clock.now()
    page = contact_data_page(actor, member_id, now)
    note_view(actor, page.case_id, page.contact.pk if page.contact else None, now)
    context = {
        **frame(request, now),
        "here_is": "member",
        "here": _address(member_id),
        "page": page,
        "said": request.POST if said or asked else {},
        "wrong": said,
        "asked": asked,
        "countries": [(code, country_name(code, get_language() or "en")) for code in COUNTRIES],
    }
    return render(request, "desk/contact_data.html", context, status=status)


@takes_its_form(_page)
def contact_data(request: HttpRequest, member_id: int) -> HttpResponse:
    """Take a change down in the conversation the agent has with them."""
    try:
        asked = _take_down(request, member_id)
    except LevelTooLow as low:
        still = request.POST["kind"] if request.POST.get("road") == APPROVED else ""
        return _page(request, member_id, said=_too_low(low), status=low.status, asked=still)
    except Malformed as wrong:
        return _page(request, member_id, said=str(wrong), status=wrong.status)
    return _page(request, member_id, asked=asked) if asked else _back(member_id)


def _its_page(request: HttpRequest, member_id: int, **_others: Any) -> str:
    """The page these forms stand on. Raises NotThere for a member the actor does not see."""
    check_numbers(member_id)
    contact_data_page(actor_of(request), member_id, clock.now())
    return _address(member_id)


@takes_forms(_its_page)
def decision(request: HttpRequest, member_id: int, change_id: int) -> HttpResponse:
    """What waits, is made unsure or disputed is settled; `what` says how."""
    check_numbers(member_id, change_id)
    what, how = request.POST.get("what", ""), clean(request.POST.get("how", "").strip())
    asked: dict[str, Any] = {
        "by": actor_of(request),
        "key": form_key(request),
        "now": clock.now(),
        "change_id": change_id,
    }
    if what == "approve":
        approve_change(**asked, how=how, file_id=row_number(request.POST.get("file")) or None)
    elif what == "refuse":
        refuse_change(**asked, reason=request.POST.get("reason", ""), note=how)
    elif what == "sure":
        be_sure_of_change(**asked, how=how)
    elif what in ("was_member", "was_not"):
        settle_dispute(**asked, was_member=what == "was_member", how=how)
    else:
        raise Malformed(field="what")
    return _back(member_id)


@takes_forms(_its_page)
def held_card(request: HttpRequest, member_id: int, hold_id: int) -> HttpResponse:
    """The card that waits is not sent."""
    check_numbers(member_id, hold_id)
    why = clean(request.POST.get("why", "").strip())
    refuse_held_card(by=actor_of(request), key=form_key(request), now=clock.now(), hold_id=hold_id, why=why)
    return _back(member_id)


@takes_forms(_its_page)
def safe(request: HttpRequest, member_id: int) -> HttpResponse:
    """What the member said in this conversation about how they can safely be reached."""
    say_safe_contact(
        by=actor_of(request),
        key=form_key(request),
        now=clock.now(),
        contact_id=_contact(request, member_id),
        only_id=row_number(request.POST.get("only")),
        no_voicemail="no_voicemail" in request.POST,
        no_post="no_post" in request.POST,
    )
    return _back(member_id)


def _take_down(request: HttpRequest, member_id: int) -> str:
    """What was said is done at once where the level allows it, else taken down to wait. Returns the kind of wish that
    was put to the member in the app instead, "" for none.

    road: "ask" puts exactly this to them first, "approved" says that they answered, so that nothing is left to wait.
    Raises Malformed, LevelTooLow and refusals.
    """
    wish, road = contact_form.read(request.POST), request.POST.get("road", "")
    asked: dict[str, Any] = {"by": actor_of(request), "key": form_key(request), "now": clock.now()}
    contact_id = _contact(request, member_id)
    if road == ASK:
        ask_in_app(**asked, contact_id=contact_id, wanted=wish.at_once.name, arguments=wish.arguments)
        return str(request.POST["kind"])
    try:
        wish.at_once(**asked, **wish.arguments, contact_id=contact_id)
    except LevelTooLow as low:
        if low.reached < ENOUGH or road == APPROVED or wish.to_wait is None:
            raise
        wish.to_wait(**asked, **wish.arguments, contact_id=contact_id)
    return ""


def _too_low(low: LevelTooLow) -> str:
    """To the agent, who asks for somebody else."""
    levels = {"needed": low.needed, "reached": low.reached}
    words = gettext(
        "This needs level %(needed)d, and level %(reached)d was reached. Ask the member in the app for exactly this, "
        "and press again once they said yes."
    )
    return words % levels


def _contact(request: HttpRequest, member_id: int) -> int:
    """The conversation the agent has with this member. Raises NoConversation."""
    page = contact_data_page(actor_of(request), member_id, clock.now())
    if page.contact is None:
        raise NoConversation()
    return page.contact.pk


def _back(member_id: int) -> HttpResponse:
    return HttpResponseRedirect(_address(member_id))
