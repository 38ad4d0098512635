"""/profile/contact/name: the legal name, which changes with a document, and what the next card carries."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods

from cardline.cases.models import Case
from cardline.contactdata.changes.filing import NAME_NEED
from cardline.contactdata.names.commands import ask_for_name, change_name, choose_embossed_name
from cardline.contactdata.queries import former_names_of
from cardline.contactdata.refusals import WaitsAlready
from cardline.issuer.profile import current_profile
from cardline.kit import clock, limits
from cardline.kit.dates import say_full_date
from cardline.kit.redact import clean
from cardline.kit.reference import show_reference
from cardline.kit.refusals import Malformed, NotThere
from cardline.kit.visibility import visible
from cardline.members.contactdata.names import on_the_card
from cardline.members.models import ContactChange, Member
from cardline.selfservice.contactdata.forms import EmbossedForm, LegalNameForm
from cardline.selfservice.contactdata.page import can_be_texted
from cardline.selfservice.contactdata.views import HERE, LATER, NOW, actor_of, done, own_member
from cardline.selfservice.contactdata.words import title_of
from cardline.selfservice.silence import core_page
from cardline.ui.form_key import form_key
from cardline.ui.paper import can_make_paper, pdf_of

FOLDER = "selfservice/contactdata"


@require_http_methods(["GET", "POST"])
@core_page(HERE)
def name(request: HttpRequest) -> HttpResponse:
    """Both names of the law and the card; a POST says in `change` which one is meant."""
    member = own_member(request)
    legal, card = LegalNameForm(None, member), EmbossedForm(None, member)
    if request.method == "POST" and request.POST.get("change") == "embossed":
        card = EmbossedForm(request.POST, member)
        if _embossed(request, card):
            return HttpResponseRedirect(f"{reverse('contact_name')}?saved=embossed")
    elif request.method == "POST":
        legal = LegalNameForm(request.POST, member)
        if asked := _legal(request, legal):
            return done(asked)
    return _show(request, member, legal, card)


@require_GET
@core_page(HERE)
def cover_sheet(request: HttpRequest, change_id: int) -> HttpResponse:
    """A sheet to lay on top of a document that is posted: whose it is and what for, by our reference. A PDF, where
    papers can be made here, else a page to print.
    """
    actor = actor_of(request)
    rows = visible(ContactChange, actor).filter(member=actor.member_id, state=ContactChange.State.WAITING)
    change = rows.filter(pk=change_id).first() if change_id < 2**63 else None
    case = visible(Case, actor).filter(pk=change.case).first() if change else None
    if change is None or case is None:
        raise NotThere()
    limits.count(limits.DOWNLOADS, actor.key)
    profile = current_profile()
    reference = show_reference(case.ref)
    context = {
        "reference": reference,
        "title": title_of(change),
        "name": actor.name,
        "addresses": profile.addresses_for(NAME_NEED)[:1],
        "foot": reference,
    }
    if not can_make_paper():
        return render(request, f"{FOLDER}/cover_sheet.html", {**context, "profile": profile})
    response = HttpResponse(pdf_of(f"{FOLDER}/cover_sheet.html", context), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{reference}.pdf"'
    return response


def _embossed(request: HttpRequest, form: EmbossedForm) -> bool:
    if not form.is_valid():
        return False
    wanted = clean(form.cleaned_data["embossed"])
    try:
        choose_embossed_name(by=actor_of(request), key=form_key(request), now=clock.now(), name=wanted)
    except Malformed as no:
        form.add_error("embossed", str(no))
        return False
    return True


def _legal(request: HttpRequest, form: LegalNameForm) -> int:
    """The number of the change that waits now; 0 when something is to be mended."""
    if not form.is_valid():
        return 0
    command = ask_for_name if request.POST.get("road") == LATER else change_name
    try:
        asked = command(by=actor_of(request), key=form_key(request), now=clock.now(), **form.arguments())
    except (Malformed, WaitsAlready) as no:
        form.refuse(no)
        return 0
    return int(asked["change"])


def _show(request: HttpRequest, member: Member, legal: LegalNameForm, card: EmbossedForm) -> HttpResponse:
    zone, language = current_profile().zone, get_language() or "en"
    former = [
        (f"{one.given_name} {one.family_name}", say_full_date(one.until.astimezone(zone).date(), language))
        for one in former_names_of(actor_of(request))
    ]
    context = {
        "here": HERE,
        "member": member,
        "legal": legal,
        "card": card,
        "carries": on_the_card(member.given_name, member.family_name, member.embossed_name),
        "former": former,
        "saved": request.GET.get("saved") == "embossed",
        "can_be_texted": can_be_texted(actor_of(request), clock.now()),
        "roads": {"now": NOW, "later": LATER},
        "wrong": legal if legal.errors else card,
    }
    status = 422 if legal.errors or card.errors else 200
    return render(request, f"{FOLDER}/name.html", context, status=status)
