"""The outside world's side of the core: what merchants and their banks ask of us.

Nobody in the product calls this; the demo, tests and benchmarks do, in the place of a card network.
"""

from __future__ import annotations

from datetime import datetime

from cardline.issuer.core import (
    AlertEvent,
    CoreNotFound,
    CoreRefused,
    Decline,
    Kind,
    Outcome,
    TransactionState,
)
from cardline.issuer.embedded import ledger, notices, recurring, rewards
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded.booking import book, settle
from cardline.issuer.embedded.declines import why_declined
from cardline.issuer.embedded.recurring import Every
from cardline.issuer.embedded.refunds import refunded_minor, refunds_of
from cardline.issuer.embedded.replacing import block_number
from cardline.issuer.embedded.shared import day_of, first_answer, first_time, new_token
from cardline.kit.commands import executing
from cardline.kit.events import happened

CASH = "cash"
ONLINE = "online"


def authorise(
    card_token: str,
    *,
    merchant: str,
    place: str,
    phone: str,
    amount_minor: int,
    channel: str,
    at: datetime,
    key: str,
    recurring_every: Every | None = None,
    looks_wrong: bool = False,
) -> rows.Authorisation:
    """A merchant asks whether the card is good for an amount. Approved, it is pending from now on.

    recurring_every: given when the member agrees to be charged again and again. looks_wrong: whoever watches charges
    there thinks it is somebody else's; a good card is then blocked, and the product hears "charge.suspected".
    Asked with the same key, the first answer again. Raises CoreNotFound, CoreRefused("not_positive", "key_reused").
    """
    executing()
    _check_positive(amount_minor)
    ledger.lock_accounts(rows.Card.objects.filter(token=card_token).values_list("account", flat=True))
    card = rows.Card.objects.select_related("account", "customer").filter(token=card_token).first()
    if card is None:
        raise CoreNotFound(card_token)
    request = first_time(key, f"authorise {card_token} {amount_minor} {channel} {merchant}", at)
    if request is None:
        return rows.Authorisation.objects.get(token=first_answer(key))
    decline = why_declined(card, merchant=merchant, amount_minor=amount_minor, channel=channel, at=at)
    is_suspected = looks_wrong and decline is None
    if is_suspected:
        decline = Decline.SUSPECTED_FRAUD
        block_number(card, at)
    asked = rows.Authorisation.objects.create(
        token=new_token("auth"),
        card=card,
        account=card.account,
        merchant=merchant[:80],
        place=place[:80],
        phone=phone,
        amount_minor=amount_minor,
        channel=channel,
        at=at,
        outcome=Outcome.DECLINED if decline else Outcome.APPROVED,
        decline=decline or "",
    )
    _answer(request, asked.token)
    if is_suspected:
        _tell_suspected(asked)
    elif decline:
        _tell_declined(asked, decline)
    else:
        _hold(asked, recurring_every)
    return asked


def reverse(authorisation: rows.Authorisation, at: datetime) -> rows.Authorisation:
    """The merchant gives an approved amount back before it was posted; nothing is pending any more.

    Reversing it again changes nothing. Raises CoreRefused("not_pending") for a declined or posted one.
    """
    executing()
    ledger.lock_accounts([authorisation.account_id])
    authorisation.refresh_from_db()
    if authorisation.outcome == Outcome.REVERSED:
        return authorisation
    held = rows.Transaction.objects.filter(authorisation=authorisation, state=TransactionState.PENDING)
    if not held.delete()[0]:
        raise CoreRefused("not_pending")
    authorisation.outcome, authorisation.reversed_at = Outcome.REVERSED, at
    authorisation.save(update_fields=["outcome", "reversed_at"])
    return authorisation


def post_pending(
    transaction_token: str, *, at: datetime, amount_minor: int | None = None
) -> rows.Transaction:
    """The merchant collects. amount_minor: where it is not what was authorised (a tip, part of an order).

    Posted before, it stays as it was. Raises CoreNotFound, CoreRefused("not_positive").
    """
    executing()
    row = _transaction(transaction_token)
    wanted = row.amount_minor if amount_minor is None else amount_minor
    _check_positive(wanted)
    if settle(row, at=at, amount_minor=wanted):
        rewards.earn_on(row, at)
        _tell(row, AlertEvent.PURCHASE, at)
        if row.channel == ONLINE:
            _tell(row, AlertEvent.ONLINE_PURCHASE, at)
    return row


def refund(transaction_token: str, *, amount_minor: int, at: datetime, key: str) -> rows.Transaction:
    """The merchant gives back a posted purchase, or a part of it, on the card that bought it.

    Asked with the same key, the first refund again. Raises CoreNotFound, CoreRefused("not_positive", "not_posted",
    "too_much", "key_reused").
    """
    executing()
    _check_positive(amount_minor)
    purchase = _transaction(transaction_token)
    request = first_time(key, f"refund {transaction_token} {amount_minor}", at)
    if request is None:
        return _transaction(first_answer(key))
    if purchase.state != TransactionState.POSTED or purchase.kind != Kind.PURCHASE:
        raise CoreRefused("not_posted")
    if amount_minor > purchase.amount_minor - refunded_minor(purchase):
        raise CoreRefused("too_much")
    row = book(
        purchase.account,
        kind=Kind.REFUND,
        amount_minor=-amount_minor,
        at=at,
        key=f"{refunds_of(purchase)}{key}",
        words=purchase.merchant,
        channel=purchase.channel,
        card=purchase.card,
        place=purchase.place,
        phone=purchase.phone,
    )
    _answer(request, row.token)
    rewards.earn_on(row, at)
    _tell(row, AlertEvent.REFUND, at)
    return row


def bank_answers(bank_account: str, reason: str) -> None:
    """From now on this bank gives back what it is asked for, for a reason of core.Payment's; "": it pays.

    Raises CoreNotFound.
    """
    executing()
    if not rows.BankAccount.objects.filter(token=bank_account).update(answers=reason):
        raise CoreNotFound(bank_account)


def _hold(asked: rows.Authorisation, every: Every | None) -> None:
    """An approved amount is pending until the merchant collects it."""
    subscription = None
    if every is not None or asked.channel == recurring.CHANNEL:
        subscription = recurring.charged(
            asked.card,
            merchant=asked.merchant,
            amount_minor=asked.amount_minor,
            on=day_of(asked.at),
            every=every,
        )
    rows.Transaction.objects.create(
        token=new_token("txn"),
        account=asked.account,
        card=asked.card,
        state=TransactionState.PENDING,
        kind=Kind.CASH if asked.channel == CASH else Kind.PURCHASE,
        merchant=asked.merchant,
        place=asked.place,
        phone=asked.phone,
        amount_minor=asked.amount_minor,
        channel=asked.channel,
        at=asked.at,
        recurring_since=subscription.since if subscription else None,
        authorisation=asked,
    )


def _transaction(token: str) -> rows.Transaction:
    """As it is now, with nobody else at work on its account."""
    ledger.lock_accounts(rows.Transaction.objects.filter(token=token).values_list("account", flat=True))
    found = rows.Transaction.objects.select_related("account", "card").filter(token=token).first()
    if found is None:
        raise CoreNotFound(token)
    return found


def _check_positive(amount_minor: int) -> None:
    if amount_minor <= 0:
        raise CoreRefused("not_positive")


def _answer(request: rows.Request, token: str) -> None:
    request.answer = token
    request.save(update_fields=["answer"])


def _tell(row: rows.Transaction, event: AlertEvent, at: datetime) -> None:
    notices.tell(
        row.account,
        event,
        about=row.token,
        at=at,
        merchant=row.merchant,
        amount_minor=abs(row.amount_minor),
    )


def _tell_declined(asked: rows.Authorisation, decline: Decline) -> None:
    # Who asked for the merchant to be declined does not want to hear of it each month.
    if decline != Decline.MERCHANT_STOPPED:
        notices.tell(
            asked.account,
            AlertEvent.DECLINED,
            about=asked.token,
            at=asked.at,
            merchant=asked.merchant,
            amount_minor=asked.amount_minor,
        )


def _tell_suspected(asked: rows.Authorisation) -> None:
    """The holder is asked whether it was theirs; that says more than the alert about a declined purchase."""
    happened(
        "charge.suspected",
        authorisation=asked.token,
        customer=asked.card.customer.number,
        card=asked.card.token,
        merchant=asked.merchant,
        place=asked.place,
        amount_minor=asked.amount_minor,
        currency=asked.account.currency,
        at=asked.at,
    )
