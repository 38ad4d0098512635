"""What a movement is called and how it was paid, in plain words."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from cardline.issuer.core import Kind, Transaction, TransactionState
from cardline.kit.dates import say_full_date

# Made with a card; everything else stands on the account, whichever card the core files it under.
BY_CARD = frozenset({Kind.PURCHASE, Kind.REFUND, Kind.CASH})


def kind_name(kind: Kind) -> str:
    """As a tag beside the merchant."""
    return {
        Kind.PURCHASE: _("Purchase"),
        Kind.REFUND: _("Refund"),
        Kind.CASH: _("Cash"),
        Kind.PAYMENT: _("Payment"),
        Kind.PAYMENT_RETURNED: _("Payment returned"),
        Kind.FEE: _("Fee"),
        Kind.INTEREST: _("Interest"),
        Kind.CREDIT: _("Credit"),
        Kind.PROVISIONAL_CREDIT: _("Credit for now"),
        Kind.PROVISIONAL_CREDIT_TAKEN_BACK: _("Credit taken back"),
    }[kind]


def kind_explained(kind: Kind) -> str:
    """What such a movement means for the account; "" for a purchase, which needs no explaining."""
    return {
        Kind.PURCHASE: "",
        Kind.REFUND: _("The merchant gave this back. It lowers what is owed."),
        Kind.CASH: _("Cash that was taken out with the card."),
        Kind.PAYMENT: _("A payment to the account. It lowers what is owed."),
        Kind.PAYMENT_RETURNED: _("The bank gave a payment back to us, so that amount is owed again."),
        Kind.FEE: _("A fee that the terms of the account name. If it looks wrong to you, ask us."),
        Kind.INTEREST: _("Interest on what was not paid by its due date."),
        Kind.CREDIT: _("A credit from us. It lowers what is owed."),
        Kind.PROVISIONAL_CREDIT: _(
            "A credit while we look into a charge. It stays if the decision is for you, and is taken back if not."
        ),
        Kind.PROVISIONAL_CREDIT_TAKEN_BACK: _(
            "The credit we gave while we looked into a charge, taken back after the decision."
        ),
    }[kind]


def how_paid(charge: Transaction) -> str:
    """ "" where there is nothing to say: a fee is not paid with anything."""
    return {
        "chip": _("Card put into the terminal (chip)"),
        "contactless": _("Card held to the terminal (contactless)"),
        "wallet": _("With a phone or watch"),
        "online": _("Online, with the card’s details"),
        "recurring": _("By the merchant itself, as agreed with it (recurring)"),
        "cash": _("At a cash machine or counter"),
    }.get(charge.channel, "")


def recurring_words(charge: Transaction, language: str) -> str:
    if charge.recurring_since is None:
        return ""
    since = say_full_date(charge.recurring_since, language)
    return _("This merchant has been charging by itself since %(since)s.") % {"since": since}


def line_of(charge: Transaction, *, several_cards: bool) -> str:
    """Under the merchant in a list: where, and on which card where there are several."""
    parts = [charge.place] if charge.place else []
    if several_cards and charge.kind in BY_CARD:
        parts.append(card_words(charge))
    return " · ".join(parts)


def card_words(charge: Transaction) -> str:
    said = {"last4": charge.last4, "holder": charge.holder}
    if charge.holder:
        return _("Card ending %(last4)s, %(holder)s") % said
    return _("Card ending %(last4)s") % said


def tags_of(charge: Transaction) -> tuple[str, ...]:
    """What sets it apart from a posted purchase."""
    tags = [] if charge.kind == Kind.PURCHASE else [kind_name(charge.kind)]
    if charge.state == TransactionState.PENDING:
        tags.append(_("Pending"))
    if is_disputed(charge):
        tags.append(_("Disputed"))
    return tuple(tags)


def is_disputed(charge: Transaction) -> bool:
    return charge.disputed is not None and charge.disputed.amount_minor != 0


def day_there(at: datetime, zone: ZoneInfo) -> str:
    """ISO 8601: 2026-11-23."""
    return at.astimezone(zone).date().isoformat()
