"""/verify-us: is a message or a caller really us?

A code is posted and never stands in an address, though it is no secret of the member's (trust/commands.py): it is our
proof, and an address is kept by histories, logs and previews from which somebody else could read it out on the phone.
Nor do our messages link to this page with a code in it: a page somebody else made would answer "yes" to that link. So
one types our address and the code, and the page works without a script and without signing in.
"""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from cardline.issuer.profile import current_profile
from cardline.kit import clock
from cardline.kit.actors import Actor
from cardline.kit.dates import say_when
from cardline.kit.limits import count
from cardline.selfservice.calls import line_for_questions
from cardline.selfservice.talking import talking_with
from cardline.trust.queries import CHECKS, CHECKS_IN_ALL, Ours, look_up
from cardline.trust.rules import LONGEST_TYPED, read


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("The code"),
        max_length=LONGEST_TYPED,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={
            "required": _("Type the code that stands in the message, or that the caller reads to you.")
        },
    )

    def clean_code(self) -> str:
        if not read(self.cleaned_data["code"]):
            raise forms.ValidationError(
                _(
                    "A code of ours has 10 letters and no digits. Read it again. If that is all they gave you, hang up."
                )
            )
        return str(self.cleaned_data["code"])


@require_http_methods(["GET", "HEAD", "POST"])
def verify_us(request: HttpRequest) -> HttpResponse:
    """Who of us speaks with the member now, and what a code belongs to. Unknown and run out answer alike."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    form = CodeForm(request.POST if request.method == "POST" else None)
    checked, ours = False, None
    if form.is_valid():
        count(CHECKS_IN_ALL, "all")
        count(CHECKS, str(request.META.get("REMOTE_ADDR", "")))
        checked, ours = True, look_up(form.cleaned_data["code"], actor)
    context = {
        "here": "verify",
        "form": form,
        "checked": checked,
        "ours": ours,
        "said": _sentences(ours) if ours else (),
        "talking": talking_with(actor),
        "is_member": bool(actor.member_id),
        "call": line_for_questions(actor),
    }
    return render(request, "selfservice/verify_us.html", context, status=422 if form.errors else 200)


def _sentences(ours: Ours) -> tuple[str, ...]:
    """What it is and what it is about, and nothing of whom it was for to anybody but them."""
    when = say_when(ours.at, current_profile().zone, get_language() or "en", clock.machine_now())
    kinds = {
        "message": gettext("A message of ours, sent %(when)s."),
        "email": gettext("An email of ours, sent %(when)s."),
        "letter": gettext("A letter of ours, written %(when)s."),
        "call": gettext("A call of ours, begun %(when)s, that goes on now."),
    }
    theirs = {
        "account": gettext("It is about your account."),
        "case": gettext("It is about your case."),
        "card": gettext("It is about your card."),
        "payment": gettext("It is about your payment."),
        "sign_in": gettext("It is about how you sign in."),
    }
    anybodys = {
        "account": gettext("It is about an account."),
        "case": gettext("It is about a case."),
        "card": gettext("It is about a card."),
        "payment": gettext("It is about a payment."),
        "sign_in": gettext("It is about signing in."),
    }
    return kinds[ours.kind] % {"when": when}, (theirs if ours.is_theirs else anybodys)[ours.about]
