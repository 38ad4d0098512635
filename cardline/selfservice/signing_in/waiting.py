"""What a visitor's session keeps while they sign in: whom it would be, and where to go afterwards."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from cardline.identity.codes.rules import CODE_LASTS
from cardline.kit import clock

WHERE = "sign_in"


@dataclass(frozen=True, slots=True)
class Waiting:
    """member_id: whose number was typed, 0 for nobody's; it is shown to nobody. purpose: a `Way`, or "recovery".

    until: machine time, ISO; the code counts no longer.
    """

    member_id: int
    purpose: str
    next: str
    until: str


def keep(request: HttpRequest, member_id: int, purpose: str, wanted: str) -> None:
    until = (clock.machine_now() + CODE_LASTS).isoformat()
    request.session[WHERE] = asdict(Waiting(member_id, purpose, wanted, until))


def waiting(request: HttpRequest, *purposes: str) -> Waiting | None:
    """None: nothing was asked for here, it was for something else, or its code has run out."""
    kept = request.session.get(WHERE)
    found = Waiting(**kept) if kept else None
    if found is None or found.purpose not in purposes:
        return None
    return None if clock.machine_now() >= datetime.fromisoformat(found.until) else found


def drop(request: HttpRequest) -> None:
    request.session.pop(WHERE, None)


def page_after(wanted: str) -> str:
    """The page of ours somebody wanted, else their own first one: a sign-in leads nowhere else."""
    ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if ours else reverse("account_home")
