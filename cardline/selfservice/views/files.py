"""Files a member adds to a case of theirs, and opens again."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from cardline.cases.queries import case_by_reference
from cardline.contact.queries import contacts_of_case
from cardline.files.commands import UPLOADS_BY_ADDRESS
from cardline.files.incoming import takes_files
from cardline.files.taking import take_file
from cardline.files.views import hand_over
from cardline.kit import clock
from cardline.kit.limits import count
from cardline.kit.reference import show_reference
from cardline.ui.form_key import form_key
from cardline.ui.signed_in import own_page


@takes_files
@require_POST
@own_page
def add(request: HttpRequest, reference: str) -> HttpResponse:
    """Add the form's file to the case, in the conversation that is open in it, if one is."""
    actor = request.actor  # type: ignore[attr-defined]
    case = case_by_reference(actor, reference)
    count(UPLOADS_BY_ADDRESS, str(request.META.get("REMOTE_ADDR", "")))
    contact = next((one for one in contacts_of_case(actor, case.pk) if one.state != one.State.ENDED), None)
    take_file(
        actor,
        case.pk,
        request.FILES.get("file"),
        key=form_key(request),
        now=clock.now(),
        contact_id=contact.pk if contact else None,
    )
    return HttpResponseRedirect(f"{reverse('case', args=[show_reference(case.ref)])}#files")


@require_GET
@own_page
def open_own(request: HttpRequest, token: str) -> HttpResponse:
    return hand_over(request, request.actor, token)  # type: ignore[attr-defined]
