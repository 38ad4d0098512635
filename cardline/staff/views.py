"""One's own sign-in and sessions, and for administrators the colleagues."""

from __future__ import annotations

from functools import wraps
from typing import ParamSpec

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cardline.issuer.profile import current_profile
from cardline.kit import clock
from cardline.kit.refusals import NotThere, Refusal
from cardline.staff.commands import change_agent
from cardline.staff.factors import factors_of
from cardline.staff.forms import ROLES, ColleagueForm
from cardline.staff.gate import View, actor_of, administrators_only, enrolling, staff_only
from cardline.staff.models import Agent
from cardline.staff.queries import colleague, everybody, sessions_of
from cardline.staff.sessions import end_all_sessions, end_session
from cardline.ui.form_key import form_key

P = ParamSpec("P")


@require_GET
@enrolling
def enrol(request: HttpRequest) -> HttpResponse:
    """The choice of a first second factor; until there is one, nothing else opens."""
    return render(request, "staff/enrol.html")


@require_GET
@staff_only
def security(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    return render(
        request,
        "staff/security.html",
        {
            "factors": factors_of(request.user.pk or 0),
            "sessions": sessions_of(actor.agent_id),
            "this_session": actor.session,
            "here_is": "security",
        },
    )


class OnlyFactor(Refusal):
    code = "only_factor"
    sentence = _("This is your only second factor. Set up another one first.")


def keeping_one(view: View[P]) -> View[P]:
    """For the library's pages that remove a second factor: nobody inside is without one (SR-36)."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if factors_of(request.user.pk or 0).only_one:
            raise OnlyFactor()
        return view(request, *args, **kwargs)

    return guarded


@require_POST
@staff_only
def session_end(request: HttpRequest, session_id: int) -> HttpResponse:
    """Sign out on another device."""
    end_session(by=actor_of(request), key=form_key(request), now=clock.now(), session_id=session_id)
    return redirect("staff_security")


@require_POST
@staff_only
def everywhere_end(request: HttpRequest) -> HttpResponse:
    """Sign out on every device, this one too."""
    actor = actor_of(request)
    end_all_sessions(by=actor, now=clock.now(), agent_id=actor.agent_id)
    logout(request)
    return redirect(settings.LOGIN_URL)


@require_GET
@administrators_only
def people(request: HttpRequest) -> HttpResponse:
    teams = current_profile().teams
    found = [(agent, ROLES[Agent.Role(agent.role)], teams[agent.team].label) for agent in everybody()]
    return render(request, "staff/people.html", {"people": found, "here_is": "people"})


@require_http_methods(["GET", "POST"])
@administrators_only
@reauthentication_required(app="cardline.staff")
def person(request: HttpRequest, agent_id: int) -> HttpResponse:
    """Change a colleague's role, team, or whether they work here. Asks for a fresh proof of identity first (SR-36)."""
    agent = colleague(agent_id)
    if agent is None:
        raise NotThere()
    now_is = {"role": agent.role, "team": agent.team, "active": "yes" if agent.active else "no"}
    form = ColleagueForm(request.POST if request.method == "POST" else None, initial=now_is)
    if form.is_valid():
        change_agent(
            by=actor_of(request),
            key=form_key(request),
            now=clock.now(),
            agent_id=agent.pk,
            **form.cleaned_data,
        )
        return redirect("staff_people")
    return render(request, "staff/person.html", {"agent": agent, "form": form, "here_is": "people"})
