"""Applying: which card, the name, the day of birth, one look at everything, and the receipt. No account is needed.

Each question is a page of its own; what was typed waits in the draft (draft.py), so that "back" and "change" work
without script and nothing about anybody stands in an address (SR-41).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from cardline.applications.commands import send_application
from cardline.applications.queries import application_of, are_taken_here, open_product
from cardline.cards.visibility import member_seen_by
from cardline.clocks.local import local_date
from cardline.issuer.asking import CoreSilent
from cardline.issuer.core import CoreUnknown
from cardline.issuer.profile import Product, current_profile
from cardline.kit import clock
from cardline.kit.dates import say_full_date, say_moment
from cardline.kit.limits import Limit, count
from cardline.kit.redact import clean
from cardline.kit.reference import show_reference
from cardline.kit.refusals import NotPermitted, NotThere
from cardline.selfservice.apply.draft import Draft, draft_of, keep
from cardline.selfservice.apply.forms import ApplicantBirthForm, ConsentForm, NameForm
from cardline.selfservice.apply.page import application_page, choices, receipt_facts, review_facts
from cardline.selfservice.calls import line_for_questions

View = Callable[..., HttpResponse]
Step = Callable[[HttpRequest, Product, Draft], HttpResponse]
APPLICATIONS = Limit("applications", 10, 3_600)
APPLICATIONS_IN_ALL = Limit("applications_in_all", 600, 3_600)
HERE = {"here": "apply"}


def where_taken(view: View) -> View:
    """Where the card core takes no applications there is no such page."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        if not are_taken_here():
            raise NotThere()
        return view(request, *args, **kwargs)

    return guarded


@require_GET
@where_taken
def choose(request: HttpRequest) -> HttpResponse:
    """Every card that can be applied for, and what to know of it."""
    context = {**HERE, "products": choices(_language()), "note": current_profile().offer.note}
    return render(request, "selfservice/apply/choose.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@where_taken
def step(request: HttpRequest, product: str, step: str) -> HttpResponse:
    """One question. Answered, it leads to the next; the last one sends the application."""
    if request.method == "POST" and request.actor.is_staff:  # type: ignore[attr-defined]
        raise NotPermitted(_("Colleagues apply as everybody does: sign out of the desk first."))
    if step not in STEPS:
        raise NotThere()
    return STEPS[step](request, open_product(product), draft_of(request).without_receipt())


@require_GET
@where_taken
def receipt(request: HttpRequest) -> HttpResponse:
    """What was sent a moment ago, to keep. Later the reference and the day of birth show where it stands."""
    draft, now = draft_of(request), clock.now()
    born = draft.day_of_birth
    if not draft.sent or born is None:
        return HttpResponseRedirect(reverse("application"))
    context = {**HERE, "ref": show_reference(draft.sent), "born": born}
    try:
        found = application_of(draft.sent, born)
        context["facts"] = receipt_facts(found, draft.ref, _language())
        context["page"] = application_page(found, now, _language())
    except CoreUnknown:
        pass  # the reference is what counts, and we have it
    return render(request, "selfservice/apply/receipt.html", context)


# ------------------------------------------------------------------------------------------- one question each


def _name(request: HttpRequest, product: Product, draft: Draft) -> HttpResponse:
    """Not asked of a member: we hold it."""
    if request.actor.member_id:  # type: ignore[attr-defined]
        return _to(product, "birth")
    typed = {"given_name": draft.given_name, "family_name": draft.family_name}
    form = NameForm(request.POST if request.method == "POST" else None, initial=typed)
    if request.method == "POST" and form.is_valid():
        return keep(_to(product, "birth"), replace(draft, **form.cleaned_data))
    return _ask(request, product, form, "name", reverse("apply"))


def _birth(request: HttpRequest, product: Product, draft: Draft) -> HttpResponse:
    draft = _with_our_name(request, draft)
    if not draft.has_name:
        return _to(product, "name")
    born = draft.day_of_birth
    form = ApplicantBirthForm(
        request.POST if request.method == "POST" else None,
        initial={"month": str(born.month), "day": born.day, "year": born.year} if born else {},
        today=local_date(clock.now(), current_profile().zone),
        least_age=current_profile().offer.least_age,
        say_day=lambda day: say_full_date(day, _language()),
    )
    if request.method == "POST" and form.is_valid() and form.born:
        return keep(_to(product, "review"), replace(draft, born=form.born.isoformat()))
    is_known = bool(request.actor.member_id)  # type: ignore[attr-defined]
    before = reverse("apply") if is_known else reverse("apply_step", args=[product.id, "name"])
    return _ask(request, product, form, "birth", before)


def _review(request: HttpRequest, product: Product, draft: Draft) -> HttpResponse:
    draft = _with_our_name(request, draft)
    if not draft.has_name:
        return _to(product, "name")
    if draft.day_of_birth is None:
        return _to(product, "birth")
    form = ConsentForm(
        request.POST if request.method == "POST" else None, current_profile().consents.values(), _language()
    )
    if request.method == "POST" and form.is_valid():
        return _send(request, product, draft, form.agreed)
    context = {
        **HERE,
        "product": product,
        "facts": review_facts(product, draft, _language()),
        "form": form,
        "note": current_profile().offer.note,
    }
    return render(request, "selfservice/apply/review.html", context, status=422 if form.errors else 200)


STEPS: dict[str, Step] = {"name": _name, "birth": _birth, "review": _review}


def _send(request: HttpRequest, product: Product, draft: Draft, agreed: str) -> HttpResponse:
    """Once for the same answers, however often it is pressed: their key is made of them."""
    assert draft.day_of_birth is not None
    count(APPLICATIONS_IN_ALL, "all")
    count(APPLICATIONS, str(request.META.get("REMOTE_ADDR", "")))
    wish = draft.wish(product.id)
    try:
        sent = send_application(
            by=request.actor,  # type: ignore[attr-defined]
            key=wish,
            now=clock.now(),
            wish=wish,
            product=product.id,
            given_name=clean(draft.given_name),
            family_name=clean(draft.family_name),
            born=draft.day_of_birth,
            agreed=agreed,
        )
    except CoreSilent as silence:
        return _asked(request, product, draft, silence)
    after = draft.after_sending(sent["application"], sent["ref"] or "")
    return keep(HttpResponseRedirect(reverse("application_receipt")), after)


def _asked(request: HttpRequest, product: Product, draft: Draft, silence: CoreSilent) -> HttpResponse:
    """Asked, not confirmed yet. The draft stays, so that asking again is the same wish."""
    now = clock.now()
    context = {
        **HERE,
        "asked_at": say_moment(now, current_profile().zone, _language(), now),
        "again": {name: value for name, value in request.POST.items() if name.startswith("agree_")},
        "call": line_for_questions(request.actor),  # type: ignore[attr-defined]
        "back": reverse("apply_step", args=[product.id, "review"]),
    }
    response = render(request, "selfservice/asked.html", context, status=silence.status)
    response.headers["Retry-After"] = str(silence.retry_after)
    return keep(response, draft)


def _ask(
    request: HttpRequest, product: Product, form: NameForm | ApplicantBirthForm, step: str, back: str
) -> HttpResponse:
    context = {**HERE, "product": product, "form": form, "back": back}
    return render(request, f"selfservice/apply/{step}.html", context, status=422 if form.errors else 200)


def _to(product: Product, step: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("apply_step", args=[product.id, step]))


def _with_our_name(request: HttpRequest, draft: Draft) -> Draft:
    """A member's name is the one we have, whatever was typed here before."""
    actor = request.actor  # type: ignore[attr-defined]
    if not actor.member_id:
        return draft
    member = member_seen_by(actor)
    return replace(draft, given_name=member.given_name, family_name=member.family_name)


def _language() -> str:
    return get_language() or "en"
