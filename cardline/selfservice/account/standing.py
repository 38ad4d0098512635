"""How somebody stands with the card core, asked in one round."""

from __future__ import annotations

from dataclasses import dataclass, field

from cardline.cards.queries import HeldCard, cards_of
from cardline.cards.visibility import member_seen_by
from cardline.issuer.core import (
    Account,
    Authorisation,
    CardState,
    CoreUnknown,
    Due,
    Kind,
    Part,
    Payment,
    Rewards,
    ShippingEvent,
    Transaction,
    Which,
    current_core,
)
from cardline.kit.actors import Actor
from cardline.members.models import Member

# Payments and credits have lines of their own on that page.
MADE_BY_CARD = Which(kinds=(Kind.PURCHASE, Kind.REFUND, Kind.CASH))
CHARGES = 5
AUTHORISATIONS = 20  # a fortnight of a busy card; only declined ones are told
PAYMENTS = 10  # what is planned, and the last ones made


@dataclass(frozen=True, slots=True)
class AccountStanding:
    """due, payments: None and none without Part.PAYMENTS; what is planned first, then the newest. points: None without
    Part.REWARDS.
    """

    account: Account
    due: Due | None
    payments: tuple[Payment, ...]
    points: Rewards | None


@dataclass(slots=True)
class Standing:
    """What the core answered. is_whole: it answered everything; what it was asked after its silence is empty here.

    cards: None where even they are unknown. shipping: the way of each card of theirs that is not in use yet, by its
    token, oldest step first.
    """

    member: Member
    cards: tuple[HeldCard, ...] | None = None
    accounts: tuple[AccountStanding, ...] = ()
    charges: tuple[Transaction, ...] = ()
    authorisations: tuple[Authorisation, ...] = ()
    shipping: dict[str, tuple[ShippingEvent, ...]] = field(default_factory=dict)
    is_whole: bool = False


def standing_of(actor: Actor) -> Standing:
    """Each thing is asked once, cards first: they can be frozen whatever else stays unanswered. The first silence ends
    the round, so that nobody waits for one time-out after the other. Raises NotThere.
    """
    return _Round(actor).standing


class _Round:
    """One question after the other, each answer written down at once."""

    def __init__(self, actor: Actor) -> None:
        member = member_seen_by(actor)
        self.actor, self.customer, self.core = actor, member.core_customer, current_core()
        self.standing = Standing(member)
        try:
            self.ask()
        except CoreUnknown:
            return
        self.standing.is_whole = True

    def ask(self) -> None:
        told, core, customer = self.standing, self.core, self.customer
        told.cards = tuple(cards_of(self.actor))
        told.accounts = tuple(self.account(one) for one in core.accounts(customer))
        told.charges = tuple(core.transactions(customer, MADE_BY_CARD, most=CHARGES).items)
        told.authorisations = tuple(core.authorisations(customer, most=AUTHORISATIONS).items)
        for card in told.cards if Part.SHIPPING in core.offers else ():
            if card.mine and card.state == CardState.INACTIVE:
                told.shipping[card.token] = tuple(core.shipping(customer, card.token))

    def account(self, account: Account) -> AccountStanding:
        core, customer = self.core, self.customer
        pays, earns = Part.PAYMENTS in core.offers, Part.REWARDS in core.offers
        return AccountStanding(
            account=account,
            due=core.due(customer, account.token) if pays else None,
            payments=tuple(core.payments(customer, account.token, most=PAYMENTS).items) if pays else (),
            points=core.rewards(customer, account.token) if earns else None,
        )
