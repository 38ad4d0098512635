"""The money of disputes: what is contested, credited meanwhile, given back for good or taken back."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Q, Sum

from cardline.clocks.days import DAY
from cardline.issuer import core
from cardline.issuer.core import DisputeState, Kind
from cardline.issuer.embedded import ledger, rewards
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded.booking import OTHER_SIDE, book
from cardline.issuer.embedded.refunds import refunded_minor
from cardline.issuer.embedded.shared import first_answer, first_time, new_token, start_of
from cardline.kit.money import Money

# What can be contested: what a merchant took, and what we did (DOMAIN 3: "what is a billing error").
CONTESTABLE = (Kind.PURCHASE, Kind.CASH, Kind.FEE, Kind.INTEREST)


class EmbeddedDisputes:
    """See cardline.issuer.core.protocol.Notices for units and errors. Changes belong inside a command."""

    @transaction.atomic
    def open_dispute(
        self, transaction: str, *, amount: Money, credit: bool, at: datetime, key: str
    ) -> core.Dispute:
        row = _transaction(transaction)
        request = first_time(key, f"open_dispute {transaction} {amount} {credit}", at)
        if request is None:
            return _dispute(_dispute_row(first_answer(key)))
        # Held, so that two disputes at once cannot contest more together than was charged.
        ledger.lock_accounts([row.account_id])
        _check(row, amount)
        dispute = rows.Dispute.objects.create(
            token=new_token("dsp"), transaction=row, amount_minor=amount.amount_minor, opened_at=at
        )
        if credit:
            _give_credit(dispute, at)
        request.answer = dispute.token
        request.save(update_fields=["answer"])
        return _dispute(dispute)

    @transaction.atomic
    def close_dispute(self, dispute: str, *, won: bool, at: datetime, key: str) -> core.Dispute:
        row = _dispute_row(dispute)
        state = DisputeState.WON if won else DisputeState.LOST
        first_time(key, f"close_dispute {dispute} {won}", at)
        still_open = rows.Dispute.objects.filter(pk=row.pk, state=DisputeState.OPEN)
        if still_open.update(state=state, closed_at=at):
            _settle(row, at, won=won)
        row = _dispute_row(dispute)
        if row.state != state:
            raise core.CoreRefused("closed")
        return _dispute(row)


def disputed_minor(account_id: int, day: date) -> int:
    """What at the end of a day of the issuer's was contested and still stood in the balance, in minor units.

    The part that nobody has to pay, and that bears no interest, while it is looked into. A dispute with provisional
    credit counts for nothing here: the credit took its amount out of the balance already.
    """
    midnight = start_of(day + DAY)
    open_then = rows.Dispute.objects.filter(
        Q(closed_at=None) | Q(closed_at__gte=midnight),
        transaction__account=account_id,
        opened_at__lt=midnight,
    )
    total = open_then.aggregate(total=Sum(F("amount_minor") - F("credited_minor"), default=0))["total"]
    return int(total)


def _check(row: rows.Transaction, amount: Money) -> None:
    if amount.currency != row.account.currency:
        raise core.CoreRefused("wrong_currency")
    if amount.amount_minor <= 0:
        raise core.CoreRefused("not_positive")
    row.refresh_from_db(fields=["state", "amount_minor"])
    if row.state != core.TransactionState.POSTED:
        raise core.CoreRefused("not_posted")
    if amount.amount_minor > _contestable(row):
        raise core.CoreRefused("too_much")


def _contestable(row: rows.Transaction) -> int:
    """What of it is neither contested now nor given back for good, by us or by the merchant. After a lost dispute it
    may be contested again.
    """
    if row.kind not in CONTESTABLE:
        return 0
    taken = row.disputes.exclude(state=DisputeState.LOST).aggregate(sum=Sum("amount_minor", default=0))
    return row.amount_minor - int(taken["sum"]) - refunded_minor(row)


def _give_credit(dispute: rows.Dispute, at: datetime) -> None:
    _book(dispute, Kind.PROVISIONAL_CREDIT, -dispute.amount_minor, at)
    dispute.credited_minor = dispute.amount_minor
    dispute.save(update_fields=["credited_minor"])


def _settle(dispute: rows.Dispute, at: datetime, *, won: bool) -> None:
    """Won: whoever took the money pays for it, and the points go as with a refund. Lost: the credit goes back."""
    charge = dispute.transaction
    if not won:
        if dispute.credited_minor:
            _book(dispute, Kind.PROVISIONAL_CREDIT_TAKEN_BACK, dispute.credited_minor, at)
        return
    taker = OTHER_SIDE[Kind(charge.kind)]
    if dispute.credited_minor:
        money = ledger.move(taker, "provisional", dispute.amount_minor, charge.account.currency)
        ledger.post("dispute_won", money, at=at, key=f"dispute:{dispute.token}:won")
    else:
        _book(dispute, Kind.CREDIT, -dispute.amount_minor, at, other_side=taker)
    if charge.kind == Kind.PURCHASE:
        rewards.take_back(charge, dispute.amount_minor, at=at, key=f"dispute:{dispute.token}")


def _book(
    dispute: rows.Dispute, kind: Kind, amount_minor: int, at: datetime, *, other_side: str = ""
) -> None:
    """A line on the account, on the card and under the name of the contested charge, so that people find them
    together.
    """
    charge = dispute.transaction
    account = charge.account
    book(
        account,
        kind=kind,
        amount_minor=amount_minor,
        at=at,
        key=f"dispute:{dispute.token}:{kind}",
        words=charge.merchant,
        channel=charge.channel,
        card=charge.card,
        place=charge.place,
        posting_entries=ledger.move(
            ledger.receivable(account.pk), other_side or OTHER_SIDE[kind], amount_minor, account.currency
        ),
    )


def _transaction(token: str) -> rows.Transaction:
    row = rows.Transaction.objects.filter(token=token).select_related("account", "card").first()
    if row is None:
        raise core.CoreNotFound(token)
    return row


def _dispute_row(token: str) -> rows.Dispute:
    row = rows.Dispute.objects.filter(token=token).select_related("transaction__account", "transaction__card")
    found = row.first()
    if found is None:
        raise core.CoreNotFound(token)
    return found


def _dispute(row: rows.Dispute) -> core.Dispute:
    currency = row.transaction.account.currency
    return core.Dispute(
        token=row.token,
        transaction=row.transaction.token,
        amount=Money(row.amount_minor, currency),
        credited=Money(row.credited_minor, currency),
        state=DisputeState(row.state),
        opened_at=row.opened_at,
        closed_at=row.closed_at,
    )
