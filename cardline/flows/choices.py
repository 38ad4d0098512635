"""What can be answered to a question here and now: a member’s cards, a card’s last charges, the flow’s own options."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from cardline.cards.queries import CAN_BE_FROZEN, HeldCard, cards_for_urgent_band, cards_of, transactions_of
from cardline.flows.here import Here
from cardline.flows.talk import option
from cardline.flows.verbs import Ask, Kind, Option
from cardline.issuer.core import CardState, Transaction, Which
from cardline.kit.words import Words, a_date, money

MOST_CHARGES = 10
YES, NO = "yes", "no"


def choices_of(here: Here, ask: Ask) -> tuple[Option, ...]:
    """The answers one can pick; empty for a question that is answered in one's own words or digits."""
    match ask.kind:
        case Kind.CHOICE:
            return ask.options
        case Kind.YES_NO:
            return option(YES, _("Yes")), option(NO, _("No"))
        case Kind.CARD:
            return tuple(_of_card(card) for card in _cards(here) if _is_among(card, ask.among))
        case Kind.CHARGES:
            return tuple(_of_charge(charge) for charge in _charges(here, ask.among))
    return ()


def _cards(here: Here) -> list[HeldCard]:
    """Freezing takes no sight of anything: who may only protect still sees which cards there are."""
    if here.member is None:
        return []
    if here.actor.is_staff:
        return cards_of(here.actor, here.staff_member)
    return cards_of(here.actor) if here.actor.may_see else cards_for_urgent_band(here.actor)


def _is_among(card: HeldCard, among: str) -> bool:
    match among:
        case "freezable":
            return card.state in CAN_BE_FROZEN or card.is_frozen
        case "frozen":
            return card.is_frozen
        case "replaceable":
            return card.state in (CardState.ACTIVE, CardState.FROZEN)
        case "coming":
            return card.state == CardState.INACTIVE and card.mine
        case "unfrozen":
            return card.state in CAN_BE_FROZEN and not card.is_asked
    return card.state != CardState.CLOSED


def _of_card(card: HeldCard) -> Option:
    if card.mine:
        return option(card.token, _("Card ending %(last4)s"), last4=card.last4)
    return option(card.token, _("Card ending %(last4)s, %(holder)s"), last4=card.last4, holder=card.holder)


def _charges(here: Here, card: str) -> list[Transaction]:
    if here.member is None or not here.actor.may_see:
        return []
    page = transactions_of(here.actor, Which(card=card), most=MOST_CHARGES, member_id=here.staff_member)
    return [charge for charge in page.items if charge.amount.amount_minor > 0]


def _of_charge(charge: Transaction) -> Option:
    words = Words(
        _("%(amount)s, %(merchant)s, %(day)s"),
        {
            "amount": money(charge.amount.amount_minor, charge.amount.currency),
            "merchant": charge.merchant,
            "day": a_date(charge.at.date().isoformat()),
        },
    )
    return Option(charge.token, words)
