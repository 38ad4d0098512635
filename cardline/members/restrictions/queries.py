"""What stands against a member now; and whether a message may leave."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet

from cardline.kit.actors import Actor
from cardline.kit.visibility import visible
from cardline.members.restrictions.models import HeldMessage, Restriction
from cardline.members.restrictions.rules import Decision, Restricted, decide

HELD_SHOWN = 50


def restrictions_touching(people: int | QuerySet[Any], now: datetime) -> list[Restricted]:
    """The restrictions that stand now and touch somebody, in one statement. people: a member's number, or a query that
    answers with one.
    """
    of = {"people__in": people} if isinstance(people, QuerySet) else {"people": people}
    rows = Restriction.objects.filter(_stands(now), **of).annotate(touched=F("people"))
    return [row.facts(row.touched) for row in rows]


def may_send(member_id: int, message_kind: str, now: datetime, account: str = "") -> Decision:
    """Whether a message may leave to a member: Allow, Refuse with its reason, Redirect to their representative.

    message_kind: as in the table, "message:news" or "alert:payment_due". account: the core's token, where the message
    is about one. A message that may not leave is kept by `hold_message`. Raises UnknownAction.
    """
    return decide(restrictions_touching(member_id, now), message_kind, now, account)


def restrictions_of(actor: Actor, member_id: int) -> list[Restriction]:
    """All of a member's restrictions, newest first: the history. Nothing for whoever may not see them."""
    rows = visible(Restriction, actor).filter(people=member_id).select_related("member")
    return list(rows.order_by("-placed_at", "-pk"))


def held_messages_of(actor: Actor, member_id: int) -> list[HeldMessage]:
    """The newest HELD_SHOWN messages that did not leave because of a restriction."""
    rows = visible(HeldMessage, actor).filter(member=member_id).select_related("restriction")
    return list(rows.order_by("-at", "-pk")[:HELD_SHOWN])


def that_stand(now: datetime) -> QuerySet[Restriction]:
    """All that stand now, of anybody: for deciding, never for showing."""
    return Restriction.objects.filter(_stands(now))


def _stands(now: datetime) -> Q:
    """As rules.state_at says it; a row is lifted at the moment its lift is written."""
    return Q(since__lte=now) & (Q(until=None) | Q(until__gt=now)) & (Q(lifted_at=None) | Q(lifted_at__gt=now))
