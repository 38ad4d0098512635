"""One movement explained: who, where, when, how it was paid, and what to do when something is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from cardline.cards.queries import others_of_merchant, transaction_of
from cardline.cards.recognition import asked_about
from cardline.issuer.core import CoreUnknown, Kind, Transaction, TransactionState
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor
from cardline.kit.dates import say_date, say_moment
from cardline.kit.money import format_money
from cardline.kit.reference import show_reference
from cardline.needs.catalogue import need
from cardline.selfservice.transaction_words import (
    BY_CARD,
    card_words,
    how_paid,
    is_disputed,
    kind_explained,
    recurring_words,
    tags_of,
)
from cardline.selfservice.transactions_page import TransactionRow, row_of
from cardline.ui.shapes import Fact, NeedRow

OTHERS_SHOWN = 5

# What may be wrong, most frequent first. Each leads to its plan, with the charge told.
WRONG_WITH_A_CHARGE = (
    "dispute.unrecognised_charge",
    "dispute.duplicate_charge",
    "dispute.wrong_amount",
    "dispute.refund_missing",
)
WRONG_WITH_CASH = ("dispute.cash_withdrawal_unrecognised", "dispute.wrong_amount")
WRONG_WHILE_PENDING = ("dispute.unrecognised_charge", "dispute.pending_or_reversed")
WRONG_WITH_A_FEE = ("dispute.fee_question",)
WRONG_WITH_A_PAYMENT = ("payment.failed",)
ANYTHING_ELSE = ("contact.human",)


@dataclass(frozen=True, slots=True)
class OpenCase:
    """The case in which they asked about this charge."""

    ref: str
    subject: str
    recognised: bool


@dataclass(frozen=True, slots=True)
class TransactionPage:
    """explained: what kind of movement it is and where it stands, a sentence each. others: of the same merchant.

    can_dispute: posted, and money a merchant took. wrong: the needs it may be about. phone: the merchant's.
    """

    token: str
    merchant: str
    amount: str
    tags: tuple[str, ...]
    explained: tuple[str, ...]
    facts: tuple[Fact, ...]
    phone: str
    wrong: tuple[NeedRow, ...]
    can_dispute: bool
    others: tuple[TransactionRow, ...]
    case: OpenCase | None


def transaction_page(actor: Actor, token: str, now: datetime, language: str) -> TransactionPage:
    """Raises NotThere, and CoreUnknown."""
    charge = transaction_of(actor, token)
    asked = asked_about(actor, token)
    return TransactionPage(
        token=charge.token,
        merchant=charge.merchant,
        amount=format_money(charge.amount, language),
        tags=tags_of(charge),
        explained=tuple(filter(None, _explained(charge, language))),
        facts=tuple(fact for fact in _facts(charge, now, language) if fact.value),
        phone=charge.phone,
        wrong=tuple(_need_row(need_id, charge, language) for need_id in _wrong_with(charge)),
        can_dispute=_is_taken(charge) and charge.state == TransactionState.POSTED,
        others=_others(actor, charge, now, language) if charge.kind in BY_CARD else (),
        case=OpenCase(show_reference(asked.contact.case.ref), asked.contact.case.subject, asked.recognised)
        if asked
        else None,
    )


def _explained(charge: Transaction, language: str) -> tuple[str, ...]:
    pending = _(
        "Pending: the merchant has asked for this amount and has not collected it yet. It can still change or go away."
    )
    disputed = ""
    if charge.disputed is not None and is_disputed(charge):
        said = {"amount": format_money(charge.disputed, language)}
        disputed = _("%(amount)s of it is disputed. You need not pay that part while we look into it.") % said
    return (
        pending if charge.state == TransactionState.PENDING else "",
        kind_explained(charge.kind),
        recurring_words(charge, language),
        disputed,
    )


def _facts(charge: Transaction, now: datetime, language: str) -> tuple[Fact, ...]:
    zone = current_profile().zone
    posted = charge.posted_at
    return (
        Fact(_("Where"), charge.place),
        Fact(_("When"), say_moment(charge.at, zone, language, now)),
        Fact(
            _("Posted"), say_date(posted.astimezone(zone).date(), language, now) if posted else _("Not yet")
        ),
        Fact(_("How it was paid"), how_paid(charge)),
        Fact(_("Card"), card_words(charge) if charge.kind in BY_CARD else ""),
    )


def _wrong_with(charge: Transaction) -> tuple[str, ...]:
    if charge.kind in (Kind.FEE, Kind.INTEREST):
        return WRONG_WITH_A_FEE
    if charge.kind == Kind.PAYMENT_RETURNED:
        return WRONG_WITH_A_PAYMENT
    if not _is_taken(charge):
        return ANYTHING_ELSE
    if charge.state == TransactionState.PENDING:
        return WRONG_WHILE_PENDING
    return WRONG_WITH_CASH if charge.kind == Kind.CASH else WRONG_WITH_A_CHARGE


def _is_taken(charge: Transaction) -> bool:
    """Money that somebody took with the card."""
    return charge.kind in (Kind.PURCHASE, Kind.CASH) and charge.amount.amount_minor > 0


def _need_row(need_id: str, charge: Transaction, language: str) -> NeedRow:
    one = need(need_id)
    address = f"{reverse('plan', args=[need_id])}?{urlencode({'txn': charge.token})}"
    return NeedRow(one.icon, one.name.in_language(language), "", address)


def _others(actor: Actor, charge: Transaction, now: datetime, language: str) -> tuple[TransactionRow, ...]:
    """Looked up last: a core that falls silent here takes this list away, not the page."""
    try:
        found = others_of_merchant(actor, charge, OTHERS_SHOWN)
    except CoreUnknown:
        return ()
    zone = current_profile().zone
    return tuple(
        row_of(
            one,
            language,
            several_cards=False,
            day=say_date(one.at.astimezone(zone).date(), language, now),
        )
        for one in found
    )
