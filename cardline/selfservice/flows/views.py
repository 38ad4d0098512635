"""The runner for pages: a question a page, each answer a form; nothing is begun before the first one is sent."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST

from cardline.flows.commands import hand_over, start_flow
from cardline.flows.forms import given_in, take_step
from cardline.flows.page import StepPage, step_page, with_error
from cardline.flows.queries import opening_of, run_of, standing_of
from cardline.flows.registry import Flow, flow_at
from cardline.identity.queries import become_guest
from cardline.kit import clock, limits
from cardline.kit.actors import Actor, Kind
from cardline.kit.redact import clean
from cardline.kit.reference import contact_reference
from cardline.kit.refusals import Malformed, NotThere
from cardline.routing.commands import start_chat
from cardline.selfservice.calls import line_for_questions
from cardline.selfservice.silence import core_page
from cardline.ui.form_key import form_key
from cardline.ui.signed_in import ask_to_sign_in, own_page

HERE = "help"


_core_page = core_page(HERE, for_all=True)


@require_http_methods(["GET", "POST"])
@_core_page
def begin(request: HttpRequest, slug: str) -> HttpResponse:
    """The first question. Sent, the conversation begins with its answer."""
    flow = _flow(slug)
    if not _may_begin(request.actor, flow):  # type: ignore[attr-defined]
        return ask_to_sign_in(request)
    return _begin(request, flow)


def _may_begin(actor: Actor, flow: Flow) -> bool:
    if actor.is_staff:
        raise NotThere()
    return not flow.level or bool(actor.member_id)


def _begin(request: HttpRequest, flow: Flow) -> HttpResponse:
    if request.method == "GET":
        return _show(request, flow, _opening(request, flow))
    limits.count(limits.CHAT_STARTS, _who(request))
    answer = given_in(request)
    actor = become_guest(request)
    try:
        begun = start_flow(
            by=actor,
            key=form_key(request),
            now=clock.now(),
            flow=flow.name,
            language=_language(),
            first=answer,
        )
    except Malformed as wrong:
        return _show(request, flow, with_error(_opening(request, flow), str(wrong), answer), status=422)
    return HttpResponseRedirect(_address(flow, begun["token"]))


@require_http_methods(["GET", "POST"])
@own_page
@_core_page
def step(request: HttpRequest, slug: str, run: str) -> HttpResponse:
    """Where a conversation stands; its address stays good after its end."""
    flow = _flow(slug)
    if request.method == "GET":
        return _show(request, flow, _standing(request, flow, run), run)
    try:
        take_step(request, request.actor, run)  # type: ignore[attr-defined]
    except Malformed as wrong:
        page = with_error(_standing(request, flow, run), str(wrong), given_in(request))
        return _show(request, flow, page, run, status=422)
    return HttpResponseRedirect(_address(flow, run))


@require_POST
@own_page
def person(request: HttpRequest, slug: str, run: str) -> HttpResponse:
    """To a person, with everything said so far."""
    there = hand_over(by=request.actor, key=form_key(request), now=clock.now(), token=run)  # type: ignore[attr-defined]
    return HttpResponseRedirect(reverse("chat", args=[contact_reference(there["ref"], there["number"])]))


@require_POST
def person_instead(request: HttpRequest, slug: str) -> HttpResponse:
    """The same from the first question, when nothing was said yet."""
    flow = _flow(slug)
    limits.count(limits.CHAT_STARTS, _who(request))
    began = start_chat(
        by=become_guest(request),
        key=form_key(request),
        now=clock.now(),
        need=flow.need,
        text=clean(""),
        language=_language(),
        plan={},
    )
    return HttpResponseRedirect(reverse("chat", args=[contact_reference(began["ref"], began["number"])]))


def _flow(slug: str) -> Flow:
    flow = flow_at(slug)
    if flow is None:
        raise NotThere()
    return flow


def _address(flow: Flow, token: str) -> str:
    return reverse("flow_step", args=[flow.slug, token])


def _opening(request: HttpRequest, flow: Flow) -> StepPage:
    now, language = clock.now(), _language()
    opening = opening_of(request.actor, flow, now, language)  # type: ignore[attr-defined]
    return step_page(opening, reverse("flow", args=[flow.slug]), language, now)


def _standing(request: HttpRequest, flow: Flow, token: str) -> StepPage:
    now, actor = clock.now(), request.actor  # type: ignore[attr-defined]
    run = run_of(actor, token)
    if run.flow != flow.name:
        raise NotThere()
    return step_page(standing_of(actor, run, now), _address(flow, token), _language(), now)


def _show(
    request: HttpRequest, flow: Flow, page: StepPage, token: str = "", *, status: int = 200
) -> HttpResponse:
    context = {
        "here": HERE,
        "step": page,
        "again": reverse("flow", args=[flow.slug]),
        "person_url": reverse("flow_step_person", args=[flow.slug, token])
        if token
        else reverse("flow_person", args=[flow.slug]),
        "call": line_for_questions(request.actor),  # type: ignore[attr-defined]
    }
    return render(request, "selfservice/flow.html", context, status=status)


def _who(request: HttpRequest) -> str:
    """Members are counted one by one; guests, who can be somebody new each time, by address."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return str(request.META.get("REMOTE_ADDR", "")) if actor.kind == Kind.GUEST else actor.key


def _language() -> str:
    return get_language() or "en"
