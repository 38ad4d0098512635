"""A case: its page, the lines a screen lacks, and what is written in it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cardline.cases.queries import case_by_reference
from cardline.contact.commands import send_message
from cardline.contact.models import Contact
from cardline.contact.queries import contacts_of_case
from cardline.desk import promise_forms
from cardline.desk.access import actor_of, staff_only
from cardline.desk.case_page import CasePage, acting_contact, by_number, case_page
from cardline.desk.commands import add_note, finish_case
from cardline.desk.looking import ReasonNeeded, look_at
from cardline.desk.promise_forms import PromiseForm
from cardline.desk.talk import read_after, talk_of
from cardline.desk.views.addresses import its_case, takes_forms
from cardline.desk.views.frame import back, case_url, frame
from cardline.desk.views.looking import ask_why
from cardline.desk.wrap_up import WrapUp, need_choices, outcome_choices
from cardline.issuer.profile import current_profile
from cardline.kit import clock, limits
from cardline.kit.redact import clean
from cardline.kit.reference import show_reference
from cardline.kit.refusals import NotThere, Refusal
from cardline.promises.commands import make_promise
from cardline.promises.models import Promise
from cardline.promises.queries import promises_of_case
from cardline.ui.form_key import form_key
from cardline.ui.signed_in import wants_json

MODES = ("message", "note", "promise", "wrap")


@require_GET
@staff_only
def case(request: HttpRequest, ref: str) -> HttpResponse:
    found = case_by_reference(actor_of(request), ref)
    shown = show_reference(found.ref)
    if ref != shown:
        query = request.META.get("QUERY_STRING", "")
        return HttpResponseRedirect(case_url(shown, f"?{query}" if query else ""))
    return case_response(request, shown)


def case_response(
    request: HttpRequest,
    ref: str,
    *,
    mode: str = "",
    promise: PromiseForm | None = None,
    wrap: WrapUp | None = None,
) -> HttpResponse:
    """The page, with what was typed and what is wrong with it where a form comes back. Raises NotThere."""
    actor, now = actor_of(request), clock.now()
    asked = request.GET
    try:
        page = case_page(
            actor, ref, now, whole=asked.get("whole") == "1", failed=asked.get("check") == "failed"
        )
    except ReasonNeeded as closed:
        return ask_why(request, closed.case)
    context = {
        **frame(request, now),
        "page": page,
        "open_ref": page.case.ref,
        **_writing(request, page, mode),
    }
    context["here"] = case_url(page.reference, context["kept"])
    if promise or wrap:  # the browser shows the address of the form; a reload is to ask for the page
        context["address"] = f"{context['here']}&mode={mode}"
    context["promise_form"] = promise or promise_forms.blank(now)
    context["promise_keep"] = f"promise:{page.reference}"
    context["drop_to"] = "message" if context["speaks"] else "note"
    context["owners"] = promise_forms.owners(actor, page.case)
    if page.contact:
        context["wrap"] = wrap or page.wrap
        context["need_choices"] = need_choices()
        context["outcome_choices"] = outcome_choices(context["wrap"].need)
    return render(request, "desk/case.html", context, status=422 if promise or wrap else 200)


def _writing(request: HttpRequest, page: CasePage, mode: str) -> dict[str, Any]:
    """Which ways of writing there are, and which is open."""
    speaks = page.is_mine and not page.is_ended
    modes = [one for one in MODES if speaks or one in ("note", "promise")]
    wanted = mode or request.GET.get("mode", "")
    return {"modes": modes, "mode": wanted if wanted in modes else modes[0], "speaks": speaks}


@require_GET
@staff_only
def lines(request: HttpRequest, ref: str) -> HttpResponse:
    """The lines a screen lacks, oldest first. after: the numbers it has, as "5.12 n44"."""
    actor, now = actor_of(request), clock.now()
    found = case_by_reference(actor, ref)
    contacts = contacts_of_case(actor, found.pk)
    look_at(actor, found, contacts, "lines", now)
    promises = by_number(promises_of_case(actor, found.pk))
    after = read_after(request.GET.get("after", ""))
    new, _more = talk_of(actor, found, contacts, promises, now, after=after)
    return render(request, "desk/_lines.html", {"lines": new})


@require_GET
@staff_only
def outcomes(request: HttpRequest) -> HttpResponse:
    """The outcomes of a need, for the wrap-up's second field when the first changes."""
    context = {"outcome_choices": outcome_choices(request.GET.get("need", "")), "chosen": ""}
    return render(request, "desk/_outcomes.html", context)


@takes_forms(its_case("note"))
def notes(request: HttpRequest, ref: str) -> HttpResponse:
    actor = actor_of(request)
    found = case_by_reference(actor, ref)
    contact = _acting(request, found.pk)
    note = add_note(
        by=actor,
        key=form_key(request),
        now=clock.now(),
        case_id=found.pk,
        contact_id=contact.pk if contact else None,
        text=clean(request.POST.get("text", "")),
    )
    return _written(request, ref, {"note": note})


@takes_forms(its_case("message"))
def messages(request: HttpRequest, ref: str) -> HttpResponse:
    actor = actor_of(request)
    contact = _acting(request, case_by_reference(actor, ref).pk)
    if contact is None:
        raise NotThere()
    limits.count(limits.MESSAGES, actor.key)
    sent = send_message(
        by=actor,
        key=form_key(request),
        now=clock.now(),
        contact_id=contact.pk,
        text=clean(request.POST.get("text", "")),
    )
    return _written(request, ref, sent)


@takes_forms(its_case("promise"))
def promises(request: HttpRequest, ref: str) -> HttpResponse:
    """A promise from the maker. What cannot be kept comes back with what was typed and the reason beside it."""
    actor = actor_of(request)
    found = case_by_reference(actor, ref)
    form, wanted = promise_forms.read(request.POST, actor, found)
    if wanted is None:
        return case_response(request, ref, mode="promise", promise=form)
    contact = _acting(request, found.pk)
    try:
        make_promise(
            by=actor,
            key=form_key(request),
            now=clock.now(),
            case_id=found.pk,
            text=wanted.text,
            due_at=wanted.due_at,
            due_zone=current_profile().time_zone,
            source=Promise.Source.PERSON,
            contact_id=contact.pk if contact else None,
            owner_id=wanted.owner_id,
            queue=wanted.queue,
        )
    except Refusal as refusal:
        return case_response(
            request, ref, mode="promise", promise=promise_forms.put_beside_its_field(form, refusal)
        )
    return back(request, case_url(ref, f"?{request.GET.urlencode()}" if request.GET else ""))


@takes_forms(its_case())
def closing(request: HttpRequest, ref: str) -> HttpResponse:
    actor = actor_of(request)
    found = case_by_reference(actor, ref)
    finish_case(by=actor, key=form_key(request), now=clock.now(), case_id=found.pk)
    return back(request, case_url(ref))


def _acting(request: HttpRequest, case_id: int) -> Contact | None:
    return acting_contact(contacts_of_case(actor_of(request), case_id))


def _written(request: HttpRequest, ref: str, answer: dict[str, int]) -> HttpResponse:
    """By script the page stays and fetches its lines; without, it comes again."""
    return JsonResponse(answer, status=201) if wants_json(request) else back(request, case_url(ref))
