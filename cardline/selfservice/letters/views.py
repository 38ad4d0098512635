"""/profile/paper: a member's letters, on paper or without; and one of them as a PDF."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods

from cardline.kit import clock, limits
from cardline.kit.actors import Actor, Kind
from cardline.kit.refusals import Malformed, NotThere
from cardline.members.authorities.door import check_oneself
from cardline.notify.letters.consents.commands import (
    NoEmail,
    NothingChosen,
    OtherTerms,
    give_paper_consent,
    withdraw_paper_consent,
)
from cardline.notify.letters.paper import pdf_of_letter
from cardline.notify.letters.printing.commands import say_address_right
from cardline.notify.letters.queries import letter_named
from cardline.notify.letters.reading import note_read
from cardline.selfservice.letters.page import paper_page
from cardline.ui.form_key import form_key
from cardline.ui.signed_in import own_page

CHANGES = ("agreed", "paper", "right")


@require_http_methods(["GET", "POST"])
@own_page
def paper(request: HttpRequest) -> HttpResponse:
    """The letters and the choice; a POST says in `change` what is chosen."""
    actor = _member(request)
    check_oneself(actor)
    if request.method == "GET":
        saved = request.GET.get("saved", "")
        return _show(request, saved=saved if saved in CHANGES else "")
    change = _CHANGES.get(request.POST.get("change", ""))
    if change is None:
        raise Malformed(field="change")
    try:
        saved = change(request, actor)
    except (NothingChosen, NoEmail, OtherTerms) as refusal:
        return _show(request, wrong=str(refusal), status=refusal.status)
    return HttpResponseRedirect(f"{reverse('profile_paper')}?saved={saved}#without-paper")


@require_GET
@own_page
def pdf(request: HttpRequest, letter: str) -> HttpResponse:
    """One letter as it was sent; opening it says that it arrived."""
    actor = _member(request)
    found = letter_named(actor, letter)
    limits.count(limits.DOWNLOADS, actor.key)
    made = pdf_of_letter(found)
    if found.read_at is None:
        note_read(by=actor, now=clock.now(), letter_id=found.pk)
    response = HttpResponse(made, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{found.reference}-{found.kind}.pdf"'
    return response


def _agree(request: HttpRequest, actor: Actor) -> str:
    terms = request.POST.get("terms", "")[:12]
    give_paper_consent(**_asked(request, actor), covers=request.POST.getlist("covers")[:10], disclosure=terms)
    return "agreed"


def _back_to_paper(request: HttpRequest, actor: Actor) -> str:
    covers = request.POST.getlist("covers")[:10]
    withdraw_paper_consent(**_asked(request, actor), member_id=actor.member_id, covers=covers)
    return "paper"


def _is_right(request: HttpRequest, actor: Actor) -> str:
    say_address_right(**_asked(request, actor))
    return "right"


_CHANGES: dict[str, Callable[[HttpRequest, Actor], str]] = {
    "agree": _agree,
    "paper": _back_to_paper,
    "right": _is_right,
}


def _show(request: HttpRequest, *, saved: str = "", wrong: str = "", status: int = 200) -> HttpResponse:
    page = paper_page(_member(request), get_language() or "en", saved, wrong)
    return render(request, "selfservice/letters/paper.html", {"here": "profile", "page": page}, status=status)


def _asked(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    return {"by": actor, "key": form_key(request), "now": clock.now()}


def _member(request: HttpRequest) -> Actor:
    """Raises NotThere for a guest, who gets no letters."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.kind != Kind.MEMBER:
        raise NotThere()
    return actor
