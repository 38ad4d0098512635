"""The door of the command path: whether a restriction stands in the way of what is about to be done (DOMAIN 8)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import QuerySet

from cardline.issuer.asking import ask
from cardline.issuer.core import current_core
from cardline.kit.actors import SELF, Actor
from cardline.kit.refusals import Refusal
from cardline.members.models import Member
from cardline.members.restrictions.queries import restrictions_touching
from cardline.members.restrictions.rules import Allow, Decision, Redirect, Refuse, Restricted, decide
from cardline.members.restrictions.table import TABLE
from cardline.members.restrictions.words import Audience, said_to


class UnderRestriction(Refusal):
    """A restriction says no. The sentence is made when it is read, in the language and for the eyes of whoever does."""

    status = 403
    code = "restricted"

    def __init__(self, audience: Audience, decision: Refuse | Redirect) -> None:
        super().__init__()
        self.audience, self.decision = audience, decision

    def __str__(self) -> str:
        return said_to(self.audience, self.decision)


def refuse_what_is_restricted(
    actor: Actor,
    action: str,
    people: int | QuerySet[Any],
    arguments: Mapping[str, Any],
    now: datetime,
    capacity: str = SELF,
) -> None:
    """Raise UnderRestriction where a restriction stands in the way of `action` ("family:action" of the matrix).

    people: who is spoken for, as restrictions_touching takes it. capacity: as what somebody else speaks for them; whom
    a restriction redirects to may go on. One statement, none for what protects. Only where a
    row about one account would refuse something done with a card, the core is asked whose account the card is of.
    Raises UnknownAction, and what the core raises.
    """
    if TABLE.protects(action):
        return
    rows = restrictions_touching(people, now)
    if not rows:
        return
    account = str(arguments.get("account") or "")
    decision = decide(rows, action, now, account, capacity)
    if not isinstance(decision, Allow) and not account and arguments.get("card"):
        decision = decide(rows, action, now, _account_of(rows, actor, str(arguments["card"])), capacity)
    if not isinstance(decision, Allow):
        raise UnderRestriction(_audience(actor, decision), decision)


def _account_of(rows: list[Restricted], actor: Actor, card: str) -> str:
    """The account of a card, where one of the rows is about one account; "" where all are about the person anyway."""
    if not any(row.account for row in rows):
        return ""
    spoken_for = actor.member_id or rows[0].touched
    customer = Member.objects.values_list("core_customer", flat=True).get(pk=spoken_for)
    return ask(partial(current_core().card, customer, card)).account


def _audience(actor: Actor, decision: Decision) -> Audience:
    if actor.is_staff:
        return Audience.STAFF
    assert not isinstance(decision, Allow)
    is_own = decision.by.member == actor.member_id and not actor.acting_for
    return Audience.OWN if is_own else Audience.OTHER
