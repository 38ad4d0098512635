"""Bank accounts of holders: where payments come from.

Of a routing and account number we keep the last four and a keyed hash, by which the same account is known when it is
added again. The numbers themselves are in no row, no request and no log.
"""

from __future__ import annotations

import re
from datetime import datetime

from django.db import transaction
from django.utils.crypto import salted_hmac

from cardline.issuer import core
from cardline.issuer.core import BankAccountKind, PaymentState
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded.shared import first_answer, first_time, new_token

_ROUTING = re.compile(r"[0-9]{9}")
_NUMBER = re.compile(r"[0-9]{4,17}")
# How a number may begin: Reserve districts, savings institutions, electronic ones, travellers' cheques. 00 is the
# government's own, from which nobody pays a card. Source: ABA routing number policy.
_PREFIXES = frozenset([*range(1, 13), *range(21, 33), *range(61, 73), 80])
_WEIGHTS = (3, 7, 1) * 3


class EmbeddedBanking:
    """See cardline.issuer.core.protocol.Billing for units and errors. Changes belong inside a command."""

    def bank_accounts(self, customer: str) -> list[core.BankAccount]:
        return [_bank_account(row) for row in _kept(customer).order_by("-added_at", "-id")]

    @transaction.atomic
    def add_bank_account(
        self,
        customer: str,
        *,
        routing: str,
        number: str,
        kind: BankAccountKind,
        name: str,
        at: datetime,
        key: str,
    ) -> core.BankAccount:
        if not is_routing_number(routing):
            raise core.CoreRefused("bad_routing")
        if not _NUMBER.fullmatch(number):
            raise core.CoreRefused("bad_number")
        owner = rows.Customer.objects.filter(number=customer).first()
        if owner is None:
            raise core.CoreNotFound(customer)
        known_by = salted_hmac("cardline.bank_account", f"{routing} {number}", algorithm="sha256").hexdigest()
        request = first_time(key, f"add_bank_account {customer} {kind} {known_by}", at)
        if request is None:
            return _bank_account(rows.BankAccount.objects.get(token=first_answer(key)))
        row = _kept(customer).filter(known_by=known_by, kind=kind).first()
        if row is None:
            row = rows.BankAccount.objects.create(
                token=new_token("bank"),
                customer=owner,
                bank=name[:80],
                kind=kind,
                last4=number[-4:],
                known_by=known_by,
                added_at=at,
            )
        request.answer = row.token
        request.save(update_fields=["answer"])
        return _bank_account(row)

    @transaction.atomic
    def remove_bank_account(self, customer: str, token: str, *, at: datetime, key: str) -> None:
        own = rows.BankAccount.objects.filter(customer__number=customer, token=token)
        row = own.select_for_update().first()
        if row is None:
            raise core.CoreNotFound(token)
        if first_time(key, f"remove_bank_account {token}", at) is None:
            return
        to_come = row.payments.filter(state__in=(PaymentState.SCHEDULED, PaymentState.SENT))
        if to_come.exists() or row.autopays.exists():
            raise core.CoreRefused("in_use")
        rows.BankAccount.objects.filter(pk=row.pk, removed_at=None).update(removed_at=at)


def is_routing_number(text: str) -> bool:
    """Nine digits whose sum, weighted 3-7-1, is a multiple of ten (ABA)."""
    if not _ROUTING.fullmatch(text) or int(text[:2]) not in _PREFIXES:
        return False
    return sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, text, strict=True)) % 10 == 0


def bank_account_of(customer: str, token: str) -> rows.BankAccount:
    """One they may pay from. Held until the command ends, so that it is not removed meanwhile. Raises CoreNotFound."""
    row = _kept(customer).filter(token=token).select_for_update().first()
    if row is None:
        raise core.CoreNotFound(token)
    return row


def _kept(customer: str) -> rows.models.QuerySet[rows.BankAccount]:
    return rows.BankAccount.objects.filter(customer__number=customer, removed_at=None)


def _bank_account(row: rows.BankAccount) -> core.BankAccount:
    return core.BankAccount(
        token=row.token,
        bank=row.bank,
        kind=BankAccountKind(row.kind),
        last4=row.last4,
        added_at=row.added_at,
    )
