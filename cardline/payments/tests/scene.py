"""Accounts with a bill: few of the cast, few charges, the days that ended since, and a bank account to pay from."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from cardline.demo.cast import ACCOUNTS, MEMBERS
from cardline.demo.commands import customer_number, settle_account, settle_member
from cardline.demo.people import member_of
from cardline.identity.models import User
from cardline.issuer.core import Payment, current_core
from cardline.issuer.embedded.commands import end_of_days
from cardline.issuer.embedded.opening import Movement, record_transactions
from cardline.issuer.embedded.tests.world import inside
from cardline.issuer.profile import current_profile
from cardline.kit.actors import SYSTEM, Actor
from cardline.kit.redact import clean
from cardline.kit.secret import Secret
from cardline.members.models import Member
from cardline.payments.bank_accounts import add_bank_account
from cardline.payments.commands import pay_bill
from cardline.payments.queries import Bill, accounts_to_pay, bill_of

ROUTING = "123456780"  # its check digit fits, and no bank of the country has it
NUMBER = "000555010142"


class Few:
    """People of the demo's cast, each settled with their account when they are first named; Maya has a statement.

    An account has $500.00 from before its last closing, $60.00 since, and $12.00 pending.
    """

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._settled: dict[str, Member] = {}
        self._settle("maya")
        end_days(now)

    def __getattr__(self, key: str) -> Member:
        if key not in self._settled:
            self._settle(key)
        return self._settled[key]

    def _settle(self, key: str) -> None:
        account = next(one for one in ACCOUNTS if key in (*one.holders, *one.additional))
        together = (*account.holders, *account.additional)
        for sketch in (one for one in MEMBERS if one.key in together):
            user = User.objects.create(username=sketch.username, password="!")
            settle_member(by=SYSTEM, now=self.now, user_id=user.pk, sketch=sketch)
        settle_account(by=SYSTEM, now=self.now, sketch=replace(account, closed_days_ago=6), charges=False)
        card = current_core().cards(customer_number(account.holders[0]))[0].token
        inside(partial(record_transactions, card=card, movements=_charges(self.now)))
        self._settled |= {key: member_of(key) for key in together}


def _charges(now: datetime) -> list[Movement]:
    return [
        Movement(
            clean("Alder Pharmacy"),
            clean("Albany, NY"),
            minor,
            "chip",
            now - timedelta(days=ago),
            posted_at=now - timedelta(days=ago) if is_posted else None,
        )
        for minor, ago, is_posted in ((500_00, 8, True), (60_00, 2, True), (12_00, 1, False))
    ]


def end_days(now: datetime) -> None:
    """Work off every day that has ended by then: statements, payments, what banks give back."""
    while end_of_days(by=SYSTEM, now=now):
        pass


def bank(actor: Actor, now: datetime, number: str = NUMBER) -> str:
    """A bank account to pay from; the core's token."""
    added = add_bank_account(
        by=actor,
        now=now,
        routing=Secret(ROUTING),
        number=Secret(number),
        kind="checking",
        name=clean("Quillstone Savings Bank"),
        wish=f"bank {number}",
    )
    return str(added["source"])


def today(now: datetime, days_on: int = 0) -> date:
    """The issuer's day, or one so many days later."""
    return now.astimezone(current_profile().zone).date() + timedelta(days=days_on)


def bill(actor: Actor, now: datetime) -> Bill:
    return bill_of(actor, accounts_to_pay(actor)[0], today(now))


def pay(
    actor: Actor, now: datetime, source: str, amount_minor: int, on: date | None = None, **other: Any
) -> dict[str, Any]:
    """A payment as somebody agrees to it who has just read the page."""
    day = on or today(now)
    wish = {
        "account": accounts_to_pay(actor)[0].account.token,
        "counts_on": current_core().payment_time(day, at=now).counts_on,
        "wish": "a wish of ours",
        **other,
    }
    return pay_bill(**{"by": actor, **wish}, now=now, source=source, amount_minor=amount_minor, on=day)


def payments(member: Member) -> list[Payment]:
    core, customer = current_core(), member.core_customer
    return list(core.payments(customer, core.accounts(customer)[0].token).items)
