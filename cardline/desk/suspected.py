"""Purchases that were stopped, as the member's pane shows them: what was asked where, and the answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language, gettext

from cardline.contact.models import Contact
from cardline.desk.verification import allows
from cardline.fraud.models import FraudAlert
from cardline.fraud.queries import latest_alerts
from cardline.identity.queries import Proven
from cardline.kit.actors import Actor
from cardline.kit.money import Money, format_money
from cardline.kit.reference import show_reference
from cardline.notify.words import DOORS

State = FraudAlert.State


@dataclass(frozen=True, slots=True)
class SuspectedRow:
    """asked: where the question went. can_say_yes, can_say_no: what the member may say in this conversation now;
    why_not: what is missing for a yes, "" for nothing.
    """

    token: str
    charge: str
    last4: str
    at: datetime
    asked: str
    state: str
    tone: str
    reference: str
    can_say_yes: bool
    can_say_no: bool
    why_not: str


def suspected_rows(
    actor: Actor, contact: Contact | None, member_id: int, proven: Proven
) -> list[SuspectedRow]:
    """contact: the conversation to answer in; None where there is none, and then nobody answers. proven: what was
    shown in it."""
    found = latest_alerts(actor, member_id)
    if contact is None or not found:
        return [_row(one, may_yes=False, may_no=False, talks=False) for one in found]
    may_no, may_yes = allows(proven, "freeze"), allows(proven, "unfreeze")
    return [_row(one, may_yes=may_yes, may_no=may_no, talks=True) for one in found]


def _row(one: FraudAlert, *, may_yes: bool, may_no: bool, talks: bool) -> SuspectedRow:
    language = get_language() or "en"
    asks_yes = one.state != State.YES
    return SuspectedRow(
        token=one.token,
        charge=f"{one.merchant}, {format_money(Money(one.amount_minor, one.currency), language)}",
        last4=one.last4,
        at=one.charged_at,
        asked=", ".join(str(DOORS[ask.channel]) for ask in one.asks.all())
        or gettext("Nowhere: no way to ask them"),
        state=_states()[State(one.state)],
        tone="warn" if one.state in FraudAlert.OPEN else "",
        reference=show_reference(one.case.ref),
        can_say_yes=may_yes and asks_yes,
        can_say_no=may_no and one.state != State.NO,
        why_not=gettext("The level reached is not enough for a yes.")
        if talks and asks_yes and not may_yes
        else "",
    )


def _states() -> dict[State, str]:
    return {
        State.ASKED: gettext("Asked, no answer yet"),
        State.SILENT: gettext("No answer: reach them"),
        State.YES: gettext("They say it was theirs"),
        State.NO: gettext("They say it was not theirs"),
    }
