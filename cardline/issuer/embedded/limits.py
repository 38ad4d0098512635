"""What one card may spend in a cycle of its account: counted in sums, and kept below the account's own limit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.db.models import Sum

from cardline.clocks.days import DAY
from cardline.issuer import core
from cardline.issuer.core import Kind
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded.cycle import last_closing, next_closing
from cardline.issuer.embedded.ledger import lock_accounts
from cardline.issuer.embedded.shared import cards_seen_by, day_of, first_time, start_of
from cardline.issuer.profile import current_profile
from cardline.kit import clock
from cardline.kit.money import Money

COUNTED = (Kind.PURCHASE, Kind.CASH, Kind.REFUND)


class EmbeddedLimits:
    """See cardline.issuer.core.protocol.Cards for units and errors."""

    def spending(self, customer: str) -> list[core.CardSpending]:
        now = clock.now()
        open_cards = list(cards_seen_by(customer).filter(closed_at=None).order_by("id"))
        spent = {account: _spent_on(account, now) for account in {card.account for card in open_cards}}
        return [_said(card, spent[card.account].get(card.customer_id, 0), now) for card in open_cards]

    @transaction.atomic
    def set_card_limit(self, token: str, *, limit: Money, at: datetime, key: str) -> core.CardSpending:
        lock_accounts(rows.Card.objects.filter(token=token).values_list("account", flat=True))
        card = rows.Card.objects.filter(token=token).select_related("account").first()
        if card is None:
            raise core.CoreNotFound(token)
        _check(card, limit)
        if first_time(key, f"set_card_limit {token} {limit.amount_minor} {limit.currency}", at):
            # With the copy that is on its way: they are one card to whoever holds them.
            theirs = rows.Card.objects.filter(account=card.account, customer=card.customer_id, closed_at=None)
            theirs.update(limit_minor=limit.amount_minor)
        card.refresh_from_db(fields=["limit_minor"])
        return _said(card, _spent_by(card, at), at)


def is_over_card_limit(card: rows.Card, amount_minor: int, at: datetime) -> bool:
    return card.limit_minor is not None and _spent_by(card, at) + amount_minor > card.limit_minor


def _check(card: rows.Card, limit: Money) -> None:
    account = card.account
    if card.closed_at is not None:
        raise core.CoreRefused("closed")
    if limit.currency != account.currency:
        raise core.CoreRefused("wrong_currency")
    if limit.amount_minor <= 0:
        raise core.CoreRefused("not_positive")
    if account.credit_limit_minor is not None and limit.amount_minor > account.credit_limit_minor:
        raise core.CoreRefused("over_account")


def _spent_by(card: rows.Card, at: datetime) -> int:
    return _spent_on(card.account, at, customer=card.customer_id).get(card.customer_id, 0)


def _spent_on(account: rows.Account, at: datetime, **of: int) -> Mapping[int, int]:
    """By the key of each customer who used a card of the account in the cycle that runs. of: one of them only."""
    since, _ = cycle_at(account, at)
    used = rows.Transaction.objects.filter(account=account, kind__in=COUNTED, at__gte=start_of(since))
    used = used.filter(**{f"card__{name}": value for name, value in of.items()})
    sums = used.order_by().values("card__customer").annotate(total=Sum("amount_minor"))
    return dict(sums.values_list("card__customer", "total"))


def cycle_at(account: rows.Account, at: datetime) -> tuple[date, date]:
    """The first and the last day of the account's cycle that runs at a moment. Raises CalendarEnds."""
    day, calendar = day_of(at), current_profile().calendar
    closed = last_closing(account.closing_day, day, calendar)
    return closed + DAY, next_closing(account.closing_day, day - DAY, calendar)


def _said(card: rows.Card, spent_minor: int, at: datetime) -> core.CardSpending:
    currency = card.account.currency
    since, until = cycle_at(card.account, at)
    return core.CardSpending(
        card=card.token,
        spent=Money(spent_minor, currency),
        limit=None if card.limit_minor is None else Money(card.limit_minor, currency),
        since=since,
        until=until,
    )
