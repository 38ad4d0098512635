"""Beginning a conversation: who the person is to us from now on, and what they said before."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, QueryDict

from cardline.cards.queries import transaction_of
from cardline.identity.queries import GUEST_SESSION_KEY, actor_of_request, become_guest
from cardline.issuer.core import CoreUnknown
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor, Kind
from cardline.kit.marks import mark
from cardline.kit.redact import clean
from cardline.kit.refusals import NotThere

SAME_PRESS = timedelta(minutes=5)
SAID_KEPT = 300  # characters of what they said in their own words on the way here


def guest_of_form(request: HttpRequest, key: str | None) -> Actor:
    """The actor who begins; an unknown visitor becomes a guest.

    Two presses of one form arrive as two visitors without a session each. By the form's key they are one guest,
    so that the second press finds the conversation of the first (SR-65).
    """
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.kind != Kind.GUEST or request.session.get(GUEST_SESSION_KEY) or key is None:
        return become_guest(request)
    name, token = f"guest-of-form:{key}", secrets.token_urlsafe(32)
    request.session[GUEST_SESSION_KEY] = mark(name, SAME_PRESS, token)
    return actor_of_request(request)


def plan_of(actor: Actor, posted: QueryDict) -> dict[str, Any]:
    """What the plan page knew, for whoever answers: facts of ours, and what they said on the way here.

    said: their own words, redacted, whatever they wrote over them since;
    from: region id; card_type: id; charge: of a signed-in member's own, as the card core tells it (token, merchant,
    amount_minor, currency, at, last4).
    """
    profile = current_profile()
    plan: dict[str, Any] = {}
    if posted.get("from") in profile.regions:
        plan["from"] = posted["from"]
    if posted.get("card_type") in profile.card_types:
        plan["card_type"] = posted["card_type"]
    if said := " ".join(posted.get("said", "").split()):
        plan["said"] = clean(said)[:SAID_KEPT]
    if actor.member_id and actor.may_see and (charge := _charge(actor, posted.get("txn", ""))) is not None:
        plan["charge"] = charge
    return plan


def _charge(actor: Actor, token: str) -> dict[str, Any] | None:
    """One of the member's own charges. None for anything else, and while the core is silent: they can still say it."""
    if not token:
        return None
    try:
        charge = transaction_of(actor, token)
    except (CoreUnknown, NotThere):
        return None
    return {
        "token": charge.token,
        "merchant": charge.merchant,
        "amount_minor": charge.amount.amount_minor,
        "currency": charge.amount.currency,
        "at": charge.at.isoformat(),
        "last4": charge.last4,
    }
