"""What the parts of the embedded core share: who sees what, once-only, tokens, pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TypeVar
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.db.models import Model, Q, QuerySet

from cardline.clocks.local import end_of_day, start_of_day
from cardline.issuer import core
from cardline.issuer.embedded import models as rows
from cardline.issuer.profile import current_profile
from cardline.kit.pagination import BadCursor, paginate

Row = TypeVar("Row", bound=Model)
T = TypeVar("T")


def new_token(kind: str) -> str:
    return f"{kind}_{uuid4().hex[:20]}"


def day_of(at: datetime) -> date:
    """The day of the issuer's calendar."""
    return at.astimezone(ZoneInfo(current_profile().time_zone)).date()


def start_of(day: date) -> datetime:
    """The first instant of a day of the issuer's calendar, in UTC: what came before belongs to the day before."""
    return start_of_day(day, current_profile().zone)


def end_of(day: date) -> datetime:
    """The last second of it, at which its end is worked off, in UTC."""
    return end_of_day(day, current_profile().zone)


def first_time(key: str, what: str, at: datetime) -> rows.Request | None:
    """None when this very wish was carried out before; else the row to put the answer's token in.

    Raises CoreRefused("key_reused") when the key came with another wish.
    """
    request, is_new = rows.Request.objects.get_or_create(key=key, defaults={"what": what[:200], "at": at})
    if request.what != what[:200]:
        raise core.CoreRefused("key_reused")
    return request if is_new else None


def first_answer(key: str) -> str:
    """The token of what came of a wish that was carried out before."""
    return rows.Request.objects.values_list("answer", flat=True).get(key=key)


def account_held_by(customer: str, token: str) -> rows.Account:
    """Raises CoreNotFound unless the customer is one of its holders."""
    if not token.isprintable():  # nothing of ours, and PostgreSQL refuses to look for a NUL
        raise core.CoreNotFound("unprintable")
    row = rows.Account.objects.filter(token=token, holders__customer__number=customer).first()
    if row is None:
        raise core.CoreNotFound(token)
    return row


def cards_seen_by(customer: str) -> QuerySet[rows.Card]:
    """Every card of the accounts they hold, and the one made out to them."""
    held = rows.Account.objects.filter(holders__customer__number=customer)
    seen = Q(account__in=held) | Q(customer__number=customer)
    return rows.Card.objects.filter(seen).select_related("account", "customer", "replaced_by")


def card_seen_by(customer: str, token: str) -> rows.Card:
    """Raises CoreNotFound."""
    row = cards_seen_by(customer).filter(token=token).first()
    if row is None:
        raise core.CoreNotFound(token)
    return row


def movements_seen_by(customer: str) -> Q:
    """The condition on rows with an account and a card: of accounts they hold, or of their own card."""
    held = rows.Account.objects.filter(holders__customer__number=customer)
    own = rows.Card.objects.filter(customer__number=customer)
    return Q(account__in=held) | Q(card__in=own)


def page(
    found: QuerySet[Row], order: Sequence[str], after: str, most: int, say: Callable[[Row], T]
) -> core.Page[T]:
    """A page of rows as the protocol says them. Raises CoreRefused("bad_page") for a cursor of another list."""
    try:
        part = paginate(found, order, after or None, min(most, core.MOST))
    except BadCursor as problem:
        raise core.CoreRefused("bad_page") from problem
    return core.Page([say(row) for row in part.items], part.next_cursor or "")
