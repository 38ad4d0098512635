"""A member's contact data: changed in a conversation, decided where it waits, and how they may safely be reached."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from cardline.cards.holds.commands import refuse_held_card
from cardline.contactdata.changes.commands import (
    ask_for_address,
    ask_for_email,
    ask_for_phone,
    change_address,
    change_email,
    change_phone,
)
from cardline.contactdata.decisions.commands import (
    approve_change,
    be_sure_of_change,
    refuse_change,
    settle_dispute,
)
from cardline.contactdata.people import NoConversation
from cardline.contactdata.safe.commands import say_safe_contact
from cardline.desk.access import actor_of, staff_only
from cardline.desk.commands import note_view
from cardline.desk.contact_data import ENOUGH, contact_data_page
from cardline.desk.views.addresses import takes_forms
from cardline.desk.views.frame import frame
from cardline.desk.views.restrictions import BIGGEST_NUMBER
from cardline.kit import clock
from cardline.kit.redact import clean
from cardline.kit.refusals import LevelTooLow, Malformed, NotThere
from cardline.members.contactdata.rules import COUNTRIES
from cardline.ui.form_key import form_key

Asking = Callable[..., dict[str, Any]]

# By the kind of contact point: at once for somebody known strongly, and the road that waits.
_ROADS: dict[str, tuple[Asking, Asking]] = {
    "phone": (change_phone, ask_for_phone),
    "email": (change_email, ask_for_email),
    "post": (change_address, ask_for_address),
}
_LINES = ("street", "more", "town", "state", "postal_code")


@staff_only
def contact_data(request: HttpRequest, member_id: int) -> HttpResponse:
    """GET shows it; POST takes a change down in the conversation the agent has with them."""
    _check(member_id)
    if request.method == "GET":
        return _page(request, member_id)
    if request.method != "POST":
        return HttpResponseNotAllowed(["GET", "POST"])
    try:
        _ask(request, member_id)
    except Malformed as wrong:
        return _page(request, member_id, wrong)
    return _back(member_id)


def _its_page(request: HttpRequest, member_id: int, **_others: Any) -> str:
    """The page these forms stand on. Raises NotThere for a member the actor does not see."""
    _check(member_id)
    contact_data_page(actor_of(request), member_id, clock.now())
    return _address(member_id)


@takes_forms(_its_page)
def decision(request: HttpRequest, member_id: int, change_id: int) -> HttpResponse:
    """What waits, is made unsure or disputed is settled; `what` says how."""
    _check(member_id, change_id)
    what, how = request.POST.get("what", ""), clean(request.POST.get("how", "").strip())
    asked: dict[str, Any] = {
        "by": actor_of(request),
        "key": form_key(request),
        "now": clock.now(),
        "change_id": change_id,
    }
    if what == "approve":
        approve_change(**asked, how=how, file_id=_number(request.POST.get("file")) or None)
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
    _check(member_id, hold_id)
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
        only_id=_number(request.POST.get("only")),
        no_voicemail="no_voicemail" in request.POST,
        no_post="no_post" in request.POST,
    )
    return _back(member_id)


def _ask(request: HttpRequest, member_id: int) -> None:
    """Made at once where the level allows it, else taken down to wait. Raises Malformed, LevelTooLow and refusals."""
    sent = request.POST
    at_once, to_wait = _ROADS.get(sent.get("kind", ""), (None, None))
    if at_once is None or to_wait is None:
        raise Malformed(field="kind")
    arguments: dict[str, Any] = {
        **_typed(sent, sent["kind"]),
        "point_id": _number(sent.get("point")),
        "contact_id": _contact(request, member_id),
    }
    asked: dict[str, Any] = {"by": actor_of(request), "key": form_key(request), "now": clock.now()}
    try:
        at_once(**asked, **arguments)
    except LevelTooLow as low:
        if low.reached < ENOUGH:
            raise
        to_wait(**asked, **arguments)


def _typed(sent: Any, kind: str) -> dict[str, Any]:
    if kind == "phone":
        return {"number": clean(sent.get("phone", "")[:80]), "takes_texts": "landline" not in sent}
    if kind == "email":
        return {"email": clean(sent.get("email", "")[:400])}
    lines = {name: clean(sent.get(name, "")[:400]) for name in _LINES}
    return {"country": sent.get("country", ""), **lines}


def _contact(request: HttpRequest, member_id: int) -> int:
    """The conversation the agent has with this member. Raises NoConversation."""
    page = contact_data_page(actor_of(request), member_id, clock.now())
    if page.contact is None:
        raise NoConversation()
    return page.contact.pk


def _page(request: HttpRequest, member_id: int, wrong: Malformed | None = None) -> HttpResponse:
    actor, now = actor_of(request), clock.now()
    page = contact_data_page(actor, member_id, now)
    note_view(actor, page.case_id, page.contact.pk if page.contact else None, now)
    context = {
        **frame(request, now),
        "here_is": "member",
        "here": _address(member_id),
        "page": page,
        "said": request.POST if wrong else {},
        "wrong": str(wrong) if wrong else "",
        "countries": COUNTRIES,
    }
    return render(request, "desk/contact_data.html", context, status=422 if wrong else 200)


def _check(*numbers: int) -> None:
    """Nothing has a number that no database could hold. Raises NotThere."""
    if any(number > BIGGEST_NUMBER for number in numbers):
        raise NotThere()


def _number(written: str | None) -> int:
    return int(written) if written and written.isascii() and written.isdecimal() and len(written) <= 18 else 0


def _address(member_id: int) -> str:
    return reverse("desk_contact_data", args=[member_id])


def _back(member_id: int) -> HttpResponse:
    return HttpResponseRedirect(_address(member_id))
