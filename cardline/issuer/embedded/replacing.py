"""One card after another: closed and replaced when it is lost, copied when it is damaged or runs out."""

from __future__ import annotations

from datetime import datetime

from cardline.issuer.core import CloseReason, CoreRefused, Delivery
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded.issuing import issue_again, new_last4
from cardline.issuer.embedded.wallets import move_wallets, remove_wallets

LOSS = (CloseReason.LOST, CloseReason.STOLEN)
WEAR = (CloseReason.DAMAGED, CloseReason.EXPIRED)


def take_over_from(new: rows.Card, at: datetime) -> None:
    """A replacement that keeps the number is in use from here on: devices and subscriptions follow it, and the damaged
    or expired card it came for is closed. After a loss there is nothing left to take over.
    """
    for old in rows.Card.objects.filter(replaced_by=new, closed_at=None):
        move_wallets(old, new)
        old.subscriptions.update(card=new)
        close_all([old], CloseReason(old.closed_reason), at)


def another_number(row: rows.Card, reason: CloseReason, at: datetime, key: str, to: Delivery) -> rows.Card:
    """Whoever found the card has its number: it is closed, and the new card has another one.

    A card that was closed as lost or stolen before anybody asked for a new one still gets it.
    """
    is_replaced = row.replaced_by is not None and row.replaced_by.closed_at is None
    if row.closed_at is not None and (is_replaced or row.closed_reason not in LOSS):
        raise CoreRefused("closed")
    gone = {row.pk, *close_all(same_number(row), reason, at)}
    new = issue_again(row, last4=new_last4(row.account, key), at=at, to=to)
    rows.Card.objects.filter(pk__in=gone).update(replaced_by=new)
    return new


def another_copy(row: rows.Card, reason: CloseReason, at: datetime, to: Delivery) -> rows.Card:
    """The same number on a new card; the old one works on until that is activated. One that is on its way already is
    the answer to every further wish.
    """
    if row.closed_at is not None:
        raise CoreRefused("closed")
    if row.replaced_by is not None and row.replaced_by.closed_at is None:
        return row.replaced_by
    new = issue_again(row, last4=row.last4, at=at, to=to)
    if row.blocked_at is not None:  # it bears the number that is blocked
        block_number(new, row.blocked_at)
    rows.Card.objects.filter(pk=row.pk).update(replaced_by=new, closed_reason=reason)
    return new


def carry_name(row: rows.Card, name: str) -> rows.Card:
    """The name a card that was just made carries; one that is on its way already keeps its own."""
    if name and not row.embossed and row.activated_at is None and name != row.customer.name:
        rows.Card.objects.filter(pk=row.pk).update(embossed=name[:26])
        row.refresh_from_db()
    return row


def same_number(row: rows.Card) -> list[rows.Card]:
    """Every open card that bears its number: a damaged card and the copy on its way are lost together."""
    return list(
        rows.Card.objects.filter(
            account=row.account, customer=row.customer, bin=row.bin, last4=row.last4, closed_at=None
        )
    )


def block_number(row: rows.Card, at: datetime) -> None:
    """Whoever tries a number tries every card that bears it."""
    alike = [card.pk for card in same_number(row)]
    rows.Card.objects.filter(pk__in=alike, blocked_at=None).update(blocked_at=at)


def lift_from_number(row: rows.Card) -> None:
    rows.Card.objects.filter(pk__in=[card.pk for card in same_number(row)]).update(blocked_at=None)


def close_all(cards: list[rows.Card], reason: CloseReason, at: datetime) -> list[int]:
    """For good, as far as they are open. Returns the keys of those it closed."""
    closed = []
    for card in cards:
        if rows.Card.objects.filter(pk=card.pk, closed_at=None).update(closed_at=at, closed_reason=reason):
            remove_wallets(card)
            closed.append(card.pk)
    return closed
