"""The cast's history, told in the order in which it happened.

Between two moments at which somebody does something, charges are posted and days are worked off, as they would have
been. Only charges take a shorter way than in life: they come posted, many at once, without being authorised first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import partial

from cardline.clocks.days import add_months
from cardline.clocks.local import instant_of, local_date
from cardline.demo.alerts import ask_for_alerts
from cardline.demo.bills import HABITS, Habit, open_bank_account, pay_bill
from cardline.demo.cast import AccountSketch
from cardline.demo.charges import SUBSCRIBED, Charge, charges_of, earlier_charges_of, subscriptions_of
from cardline.demo.commands import TOWNS, customer_number, movement_of
from cardline.demo.incidents import INCIDENTS, Person
from cardline.issuer.core import current_core
from cardline.issuer.embedded.days import end_of_days
from cardline.issuer.embedded.opening import record_movements
from cardline.issuer.embedded.rewards import earn_on_all
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Kind, Standing
from cardline.kit.commands import command

PAID_AT = time(11)
FIRST_MONTHS = timedelta(days=60)  # nothing happens before somebody has bought things and earned points
MADE_GOOD_AFTER = 7  # days: the bank has given the money back by then, and there is still time


@command("demo.tell_history", by=[Kind.SYSTEM], about="demo")
def tell_history(*, by: Standing, now: datetime, sketches: Sequence[AccountSketch], months: int) -> int:
    """So many months of accounts that are open and have not moved yet. Returns how many charges were booked."""
    began = now - (now.date() - add_months(now.date(), -months))
    history = History(now, [Told.of(sketch, now) for sketch in sketches])
    for told in history.accounts:
        ask_for_alerts(told.customer, told.token, began)
        history.charges += _charges(told, now, months)
        history.moments += _bills(told, began, now)
    history.moments += _incidents(history.accounts, began, now)
    return history.tell()


@dataclass(frozen=True, slots=True)
class Told:
    """An account whose history is told. customer: the first holder's number."""

    sketch: AccountSketch
    customer: str
    token: str
    debit: bool
    closing_day: int

    @classmethod
    def of(cls, sketch: AccountSketch, now: datetime) -> Told:
        customer = customer_number(sketch.holders[0])
        account = current_core().accounts(customer)[0]
        debit = account.credit_limit is None and sketch.limit is not None
        return cls(sketch, customer, account.token, debit, sketch.closing_day(now))

    @property
    def people(self) -> tuple[str, ...]:
        return (*self.sketch.holders, *self.sketch.additional)


@dataclass(frozen=True, slots=True)
class Moment:
    """may_replace: somebody may use another card afterwards."""

    at: datetime
    happens: Callable[[datetime], None]
    may_replace: bool = False


@dataclass(slots=True)
class History:
    """charges: by the word of who made them."""

    now: datetime
    accounts: list[Told]
    charges: list[tuple[str, Charge]] = field(default_factory=list)
    moments: list[Moment] = field(default_factory=list)
    cards: dict[str, str] = field(default_factory=dict)

    def tell(self) -> int:
        told = 0
        self.charges.sort(key=lambda one: one[1].posted_at or self.now, reverse=True)
        for moment in sorted(self.moments, key=lambda one: one.at):
            told += self._let_time_pass(moment.at)
            moment.happens(moment.at)
            if moment.may_replace:
                self.cards.clear()
        return told + self._let_time_pass(self.now)

    def _let_time_pass(self, until: datetime) -> int:
        """What was posted meanwhile, and the ends of the days. What is pending comes last of all."""
        met: list[tuple[str, Charge]] = []
        while self.charges and (self.charges[-1][1].posted_at or self.now) <= until:
            met.append(self.charges.pop())
        if met:
            booked = record_movements((self._card_of(key), movement_of(charge)) for key, charge in met)
            earn_on_all([row for row in booked if row.posted_at])
        end_of_days(until)
        return len(met)

    def _card_of(self, key: str) -> str:
        if key not in self.cards:
            self.cards[key] = card_of(key)
        return self.cards[key]


def card_of(key: str) -> str:
    """The card they use: their own, the newest one that is open. A replaced one stands behind the one in its place."""
    return current_core().cards(customer_number(key))[0].token


# --------------------------------------------------------------------------------------- what will happen


def _charges(told: Told, now: datetime, months: int) -> Iterator[tuple[str, Charge]]:
    for key in told.people:
        town = TOWNS[key]
        recent = charges_of(key, now, town=town, debit=told.debit)
        earlier = earlier_charges_of(key, now, town=town, debit=told.debit, months=months)
        for charge in (*recent, *earlier):
            # Bills are paid for real here, and subscriptions told from their beginning.
            if charge.channel != SUBSCRIBED and (told.debit or charge.channel != "payment"):
                yield key, charge
    first = told.people[0]
    for charge in subscriptions_of(first, now, debit=told.debit, months=months):
        yield first, charge


def _bills(told: Told, began: datetime, now: datetime) -> Iterator[Moment]:
    habit = HABITS.get(told.people[0])
    if habit is None or told.debit:
        return
    bank = open_bank_account(told.customer, told.token, habit, began)
    if habit.autopay:
        return
    days = list(_payment_times(told, habit, began, now))
    pay = partial(_pay, told, bank, habit)
    for left, at in zip(range(len(days) - 1, -1, -1), days, strict=True):
        bounces = bool(habit.bounced) and left == habit.bounced
        yield Moment(at, partial(pay, bounces=bounces))
        if bounces:
            yield Moment(at + timedelta(days=MADE_GOOD_AFTER), pay)


def _pay(told: Told, bank: str, habit: Habit, at: datetime, *, bounces: bool = False) -> None:
    pay_bill(told.customer, told.token, bank, at, percent=habit.percent, bounces=bounces)


def _payment_times(told: Told, habit: Habit, began: datetime, now: datetime) -> Iterator[datetime]:
    """Once a cycle, always as many days after the day it closes on."""
    zone = current_profile().zone
    closing = local_date(began, zone).replace(day=told.closing_day)
    while (at := instant_of(closing + timedelta(days=habit.after), PAID_AT, zone)) < now:
        if at > began:
            yield at
        closing = add_months(closing, 1)


def _incidents(accounts: Sequence[Told], began: datetime, now: datetime) -> Iterator[Moment]:
    for incident in INCIDENTS:
        at = now - timedelta(days=incident.days_ago)
        told = next((one for one in accounts if incident.key in one.people), None)
        if told is not None and at - began > FIRST_MONTHS:
            yield Moment(at, partial(_happen, told, incident.key, incident.happens), may_replace=True)


def _happen(told: Told, key: str, happens: Callable[[Person, datetime], None], at: datetime) -> None:
    happens(Person(customer_number(key), told.token, card_of(key), TOWNS[key]), at)
