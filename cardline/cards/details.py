"""Everything about one card, as its page tells it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from cardline.cards.models import Freeze
from cardline.cards.rules import may_activate, reasons_to_replace
from cardline.cards.visibility import member_seen_by
from cardline.cases.models import Entry
from cardline.issuer.core import (
    Card,
    CardCore,
    CardState,
    CloseReason,
    CoreNotFound,
    CoreUnknown,
    Part,
    ShippingEvent,
    Use,
    WalletState,
    WalletToken,
    current_core,
)
from cardline.kit.actors import Actor
from cardline.kit.refusals import NotThere
from cardline.kit.visibility import visible


@dataclass(frozen=True, slots=True)
class CardDetails:
    """works: the core's answer for each use, as the card is now; empty where it gives none. shipping: its way to the
    holder, oldest step first.

    wallets: the devices that carry it. reasons_to_replace: why this member may ask for another one, none for not at
    all. can_end_by_itself: a freeze may have an end. sent_for: the card this one replaces or replaced, as far as the
    member sees it.
    """

    works: Mapping[Use, bool]
    shipping: tuple[ShippingEvent, ...]
    wallets: tuple[WalletToken, ...]
    expires: date | None
    network: str
    closed_reason: CloseReason | None
    replaced_by: Card | None
    sent_for: Card | None
    reasons_to_replace: tuple[CloseReason, ...]
    can_activate: bool
    can_end_by_itself: bool


@dataclass(frozen=True, slots=True)
class PaidWith:
    """A device and the card it pays with. card: the core's token."""

    card: str
    last4: str
    wallet: WalletToken


@dataclass(frozen=True, slots=True)
class Written:
    """Where it stands what was done with a card."""

    ref: str
    subject: str


def details_of(actor: Actor, token: str) -> CardDetails:
    """Of a card the member sees. Raises NotThere, and CoreUnknown."""
    customer = member_seen_by(actor).core_customer
    core = current_core()
    try:
        works = _works(core, customer, token)
        shipping = core.shipping(customer, token) if Part.SHIPPING in core.offers else []
        others = {other.token: other for other in core.cards(customer)}
        card = others.pop(token, None) or core.card(customer, token)
    except CoreNotFound as missing:
        raise NotThere() from missing
    return CardDetails(
        works=works,
        shipping=tuple(shipping),
        wallets=tuple(one for one in card.wallets if one.state != WalletState.REMOVED),
        expires=card.expires,
        network=card.network,
        closed_reason=card.closed_reason,
        replaced_by=others.get(card.replaced_by),
        sent_for=next((other for other in others.values() if other.replaced_by == token), None),
        reasons_to_replace=reasons_to_replace(card) if Part.REPLACEMENTS in core.offers else (),
        can_activate=may_activate(card, customer=customer),
        can_end_by_itself=Part.TIMED_FREEZE in core.offers,
    )


def _works(core: CardCore, customer: str, token: str) -> Mapping[Use, bool]:
    """Nothing while the core is silent and the card changed since it last said: what it said then is not true now."""
    try:
        return core.still_works(customer, token)
    except CoreUnknown:
        return {}


def devices_that_pay(actor: Actor) -> list[PaidWith]:
    """Phones and watches that carry a card made out to this member. Raises NotThere, and CoreUnknown."""
    customer = member_seen_by(actor).core_customer
    mine = [card for card in current_core().cards(customer) if card.customer == customer]
    return [
        PaidWith(card.token, card.last4, wallet)
        for card in mine
        if card.state != CardState.CLOSED
        for wallet in card.wallets
        if wallet.state != WalletState.REMOVED
    ]


def written_about(actor: Actor, token: str) -> Written | None:
    """The newest case in which this member, or somebody for them, did something with the card."""
    about = Q(data__contains=f'"{token}"', kind__startswith="card.")
    entry = visible(Entry, actor).filter(about).select_related("case").order_by("-id").first()
    return Written(entry.case.ref, entry.case.subject) if entry else None


def freezes_we_know_of(actor: Actor, now: datetime) -> list[Freeze]:
    """The member's freezes that nobody undid, as far as we wrote them down; for while the core is silent."""
    lasting = Q(until=None) | Q(until__gt=now)
    return list(visible(Freeze, actor).filter(lasting, unfrozen_at=None).order_by("frozen_at"))
