"""Whether one is there, said by oneself; and who else is."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from cardline.desk.access import actor_of, staff_only
from cardline.desk.people import myself, people
from cardline.desk.views.addresses import page_called, takes_forms
from cardline.desk.views.frame import back
from cardline.kit import clock
from cardline.staff.commands import set_presence
from cardline.ui.form_key import form_key


@takes_forms(page_called("desk"))
def presence(request: HttpRequest) -> HttpResponse:
    set_presence(
        by=actor_of(request), key=form_key(request), now=clock.now(), state=request.POST.get("state", "")
    )
    return back(request, reverse("desk"))


@require_GET
@staff_only
def colleagues(request: HttpRequest) -> HttpResponse:
    """Who is there, as a fragment that open screens fetch when somebody came or went."""
    actor = actor_of(request)
    found = people(actor, clock.machine_now())
    return render(request, "desk/_people_fresh.html", {"people": found, "me": myself(actor, found)})
