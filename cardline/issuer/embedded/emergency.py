"""A card to live on until they are home: made for whoever holds one that cannot be used, and handed over where they
are.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from cardline.issuer import core
from cardline.issuer.core import CardState, Delivery
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded.card_states import state_of
from cardline.issuer.embedded.cards import any_card, as_said, held_card
from cardline.issuer.embedded.issuing import end_of_month, issue, new_last4
from cardline.issuer.embedded.shared import day_of, first_answer, first_time
from cardline.kit.money import Money

VALID_MONTHS = 2  # long enough to come home with, and to have the real one by then


class EmbeddedEmergency:
    """See cardline.issuer.core.protocol.Cards for units and errors. Changes belong inside a command."""

    @transaction.atomic
    def emergency_card(self, token: str, *, limit: Money, place: str, at: datetime, key: str) -> core.Card:
        row = held_card(token)
        request = first_time(key, f"emergency_card {token} {limit.amount_minor} {limit.currency} {place}", at)
        if request is None:
            return as_said(any_card(first_answer(key)), at)
        if state_of(row, at) not in (CardState.FROZEN, CardState.CLOSED):
            raise core.CoreRefused("still_works")
        if limit.amount_minor <= 0:
            raise core.CoreRefused("not_positive")
        if limit.currency != row.account.currency:
            raise core.CoreRefused("wrong_currency")
        new = issue(
            row.account,
            row.customer,
            role=row.role,
            network=row.network,
            bin=row.bin,
            last4=new_last4(row.account, key),
            at=at,
            to=Delivery.HANDED_OVER,
            limit_minor=limit.amount_minor,
        )
        rows.Card.objects.filter(pk=new.pk).update(expires=end_of_month(day_of(at), VALID_MONTHS))
        request.answer = new.token
        request.save(update_fields=["answer"])
        return as_said(any_card(new.token), at)
