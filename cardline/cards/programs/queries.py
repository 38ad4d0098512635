"""The cards of a program as its administrator sees them: whose, their state, their limit, and sums. No charge, ever."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from cardline.cards.models import Freeze
from cardline.issuer.core import Card, CardSpending, CardState, Part, current_core
from cardline.kit.actors import Actor
from cardline.kit.money import Money
from cardline.kit.refusals import NotThere
from cardline.members.models import Program, ProgramMember
from cardline.members.programs.queries import administered

IN_USE = (CardState.ACTIVE, CardState.INACTIVE)


@dataclass(frozen=True, slots=True)
class EmployeeCard:
    """A card of a program that is not closed. spending: None where the core keeps no limits. mine: the administrator's
    own, which is handled like everybody's own card. ours: the freeze that stands is the company's.
    """

    program: Program
    member: ProgramMember
    card: Card
    spending: CardSpending | None
    mine: bool
    ours: bool

    @property
    def token(self) -> str:
        return self.card.token

    @property
    def name(self) -> str:
        return self.member.member.name

    @property
    def can_freeze(self) -> bool:
        return not self.mine and self.card.state in IN_USE

    @property
    def can_unfreeze(self) -> bool:
        return not self.mine and self.card.state == CardState.FROZEN and self.ours


def employee_cards(actor: Actor, now: datetime) -> list[EmployeeCard]:
    """The cards of every program this person administers now, by program and name. Raises NotThere for whoever
    administers none, and CoreUnknown.
    """
    programs = administered(actor, now)
    if not programs:
        raise NotThere()
    return [card for program, members in programs.items() for card in _cards_of(actor, program, members)]


def employee_card(actor: Actor, token: str, now: datetime) -> EmployeeCard:
    """One of them. Raises NotThere, CoreUnknown."""
    for card in employee_cards(actor, now):
        if card.token == token:
            return card
    raise NotThere()


def program_of_card(actor: Actor, token: str, now: datetime) -> Program:
    """The program a card is or was of, among those this person administers now: what was pressed twice is for the same
    company, whatever the first press did to the card. Raises NotThere, CoreUnknown.
    """
    for program in administered(actor, now):
        if any(card.token == token for card in current_core().cards(program.company.core_customer)):
            return program
    raise NotThere()


def highest_limit(program: Program, card: Card) -> Money | None:
    """The limit of the company's own account the card is on; None: it has none."""
    accounts = current_core().accounts(program.company.core_customer)
    return next((account.credit_limit for account in accounts if account.token == card.account), None)


def _cards_of(actor: Actor, program: Program, members: Iterable[ProgramMember]) -> list[EmployeeCard]:
    number = program.company.core_customer
    by_customer = {row.member.core_customer: row for row in members}
    held = [card for card in current_core().cards(number) if card.state != CardState.CLOSED]
    sums = _spending(number)
    ours = _frozen_by(program)
    found = [
        EmployeeCard(
            program=program,
            member=by_customer[card.customer],
            card=card,
            spending=sums.get(card.token),
            mine=by_customer[card.customer].member_id == actor.person_id,
            ours=card.token in ours,
        )
        for card in held
        if card.customer in by_customer
    ]
    order = list(by_customer)
    return sorted(found, key=lambda one: order.index(one.card.customer))


def _spending(number: str) -> dict[str, CardSpending]:
    if Part.CARD_LIMITS not in current_core().offers:
        return {}
    return {one.card: one for one in current_core().spending(number)}


def _frozen_by(program: Program) -> set[str]:
    """Which cards the company has frozen, of a program the caller has already seen."""
    return set(
        Freeze.objects.filter(member=program.company_id, unfrozen_at=None).values_list("card", flat=True)
    )
