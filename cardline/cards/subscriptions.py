"""Merchants that charge by themselves: letting one charge again that the member had stopped."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from cardline.cards.visibility import member_spoken_for
from cardline.cases.done import write_down
from cardline.issuer.asking import ask
from cardline.issuer.core import Subscription, current_core
from cardline.kit.actors import Kind, Standing
from cardline.kit.commands import command
from cardline.kit.limits import CARD_CHANGES, count
from cardline.kit.redact import clean
from cardline.kit.refusals import NotThere
from cardline.members.models import Member

NEED = "card_access.subscription"
ALLOWED = "merchant.allowed"

# What the case is called. Kept in the row in the member's language, like every subject.
MAY_CHARGE = {"en": "{merchant} may charge again", "es": "{merchant} puede cobrar de nuevo"}


@command("merchant.allow", by=[Kind.MEMBER], level="card_access:activate", about="card:{card}")
def allow_merchant(*, by: Standing, now: datetime, card: str, merchant: str) -> dict[str, Any]:
    """Let a merchant charge by itself again whom the member had stopped. merchant: as a declined charge names it.

    One that is not stopped is a normal result. Returns {"merchant", "case_id", "ref", "changed"}; case_id and ref are
    None when nothing changed. Raises NotThere, TooMany, CoreSilent, NotOffered.
    """
    member = member_spoken_for(by)
    known = _subscription(member, card, merchant)
    if known.stopped_at is None:
        return {"merchant": known.merchant, "case_id": None, "ref": None, "changed": False}
    count(CARD_CHANGES, f"member:{member.pk}")
    allow = partial(current_core().allow_merchant, member.core_customer, known.token)
    ask(partial(allow, at=now, key=f"allow:{known.token}:{known.stopped_at.timestamp():.6f}"))
    words = MAY_CHARGE.get(member.language, MAY_CHARGE["en"])
    written = write_down(
        by=by,
        now=now,
        need=NEED,
        subject=clean(words.format(merchant=known.merchant)),
        kind=ALLOWED,
        data={"merchant": known.merchant, "card": known.card, "last4": known.last4},
    )
    return {"merchant": known.merchant, **written, "changed": True}


def _subscription(member: Member, card: str, merchant: str) -> Subscription:
    """A stop holds for the account, so that another card of it names the same merchant."""
    found = [
        one
        for one in ask(partial(current_core().subscriptions, member.core_customer))
        if one.merchant == merchant
    ]
    if not found:
        raise NotThere()
    return min(found, key=lambda one: one.card != card)
