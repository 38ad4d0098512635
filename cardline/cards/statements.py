"""Questions about statements: whose they are, what stands on them, what is still due. Only holders have any.

Each raises NotThere for what is not there, for what is somebody else's, and where the core has no statements at all;
and CoreUnknown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from cardline.cards.visibility import member_seen_by
from cardline.issuer.core import (
    MOST,
    Account,
    Card,
    CardCore,
    CoreNotFound,
    CoreRefused,
    Due,
    Page,
    Part,
    Statement,
    Transaction,
    current_core,
)
from cardline.kit.actors import Actor
from cardline.kit.refusals import NotThere

Answer = TypeVar("Answer")
NO_ANSWERS = ("bad_page", "not_offered")  # `after` is none of this list's; the core lacks the part


@dataclass(frozen=True, slots=True)
class BilledAccount:
    """An account somebody holds. last4: of their own card on it, "" without one. several_cards: more than one stands
    on it, so that a line has to say which.
    """

    account: Account
    last4: str
    several_cards: bool


@dataclass(frozen=True, slots=True)
class Billed:
    """billed: the accounts a member holds, oldest first. has_cards: any at all, their own or on another's account."""

    accounts: tuple[BilledAccount, ...]
    has_cards: bool


def billed_to(actor: Actor) -> Billed:
    return _ask(actor, _billed)


def statements_of(actor: Actor, account: str, *, after: str = "", most: int = 12) -> Page[Statement]:
    """The newest first. after: what the page before said in `next`."""
    return _ask(actor, lambda core, customer: core.statements(customer, account, after=after, most=most))


def statement_of(actor: Actor, token: str) -> Statement:
    return _ask(actor, lambda core, customer: core.statement(customer, token))


def due_of(actor: Actor, account: str) -> Due:
    """What is left of the account's newest statement, and when the next one is made."""
    return _ask(actor, lambda core, customer: core.due(customer, account))


def lines_of(actor: Actor, token: str, *, after: str = "", most: int) -> tuple[list[Transaction], str]:
    """So many lines of a statement, oldest first, fees and interest at the end; and what to ask with for the next.

    Asks the core as often as that takes: one answer holds 200.
    """
    lines: list[Transaction] = []
    while True:
        part = _lines(actor, token, after, min(most - len(lines), MOST))
        lines += part.items
        after = part.next
        if not after or len(lines) >= most:
            return lines, after


def _lines(actor: Actor, token: str, after: str, most: int) -> Page[Transaction]:
    return _ask(actor, lambda core, customer: core.statement_lines(customer, token, after=after, most=most))


def _billed(core: CardCore, customer: str) -> Billed:
    cards = core.cards(customer)
    return Billed(
        accounts=tuple(_account(account, customer, cards) for account in core.accounts(customer)),
        has_cards=bool(cards),
    )


def _account(account: Account, customer: str, cards: list[Card]) -> BilledAccount:
    """The core says their own cards first, open ones before closed ones."""
    on_it = [card for card in cards if card.account == account.token]
    own = [card for card in on_it if card.customer == customer] or on_it
    return BilledAccount(account, own[0].last4 if own else "", several_cards=len(on_it) > 1)


def _ask(actor: Actor, question: Callable[[CardCore, str], Answer]) -> Answer:
    customer, core = member_seen_by(actor).core_customer, current_core()
    if Part.STATEMENTS not in core.offers:
        raise NotThere()
    try:
        return question(core, customer)
    except CoreNotFound as missing:
        raise NotThere() from missing
    except CoreRefused as no:
        if no.reason in NO_ANSWERS:
            raise NotThere() from no
        raise
