"""/track: a reference and a second fact. Both are posted, so that neither stands in an address (SR-41)."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from cardline.kit import clock
from cardline.kit.limits import LOOK_UPS, LOOK_UPS_IN_ALL, count
from cardline.kit.reference import BadReference, explain, parse_reference, show_reference
from cardline.kit.refusals import NotThere
from cardline.selfservice.tracking import LONGEST_FACT, track_case

NO_MATCH = _(
    "We can’t find a case with that reference and that detail. Check both, or sign in and look in “My contacts”."
)


class TrackForm(forms.Form):
    """A reference as people type it, and something only its member would have at hand."""

    reference = forms.CharField(
        label=_("Reference number"), help_text=_("7 letters and numbers, like 7K4-29QM."), max_length=100
    )
    fact = forms.CharField(
        label=_("Last four digits of your card, or your postal code"),
        help_text=_("Never type the whole card number."),
        max_length=LONGEST_FACT,
    )

    def clean_reference(self) -> str:
        try:
            return parse_reference(self.cleaned_data["reference"])
        except BadReference as problem:
            raise forms.ValidationError(explain(problem.kind, get_language() or "en")) from problem


@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """State and next date of a case. A wrong check character is told; beyond that every miss answers alike (SR-34)."""
    form = TrackForm(request.POST or None)
    found = None
    if form.is_valid():
        count(LOOK_UPS_IN_ALL, "all")
        count(LOOK_UPS, str(request.META.get("REMOTE_ADDR", "")))
        # Four digits are soon tried by many addresses together; the reference itself has its own limit.
        count(LOOK_UPS, f"ref:{form.cleaned_data['reference']}")
        try:
            found = track_case(form.cleaned_data["reference"], form.cleaned_data["fact"], clock.now())
        except NotThere:
            form.add_error(None, str(NO_MATCH))
    context = {
        "here": "track",
        "form": form,
        "found": found,
        "ref": show_reference(found.ref) if found else "",
    }
    return render(request, "selfservice/track.html", context, status=422 if form.errors else 200)
