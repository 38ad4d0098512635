"""How the cast pays its bills: from which bank, when, and how much of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cardline.clocks.local import local_date
from cardline.issuer.core import AutopayMode, BankAccountKind, current_core
from cardline.issuer.embedded import network
from cardline.issuer.profile import current_profile
from cardline.kit.money import Money

ROUTING = "123456780"  # its check digit is right, and no bank of the country has it
BANK = "Quillstone Savings Bank"
NO_FUNDS = "no_funds"


@dataclass(frozen=True, slots=True)
class Habit:
    """How the bills of an account are paid.

    number: of the bank account. after: days from the day cycles close on to the payment. percent: of the statement.
    autopay: the bank is asked by us, and `after` and `percent` say nothing. bounced: so many payments ago one came
    back, and was made good; 0 for never.
    """

    number: str
    after: int = 18
    percent: int = 100
    autopay: bool = False
    bounced: int = 0


# By the first holder. With a debit card there is no bill.
HABITS = {
    "maya": Habit("5550142"),
    "luis": Habit("5550117", after=15),
    "hannah": Habit("5550163", autopay=True),
    "owen": Habit("5550128", after=12, bounced=7),
    "rosa": Habit("5550175", after=20, percent=45),
    "tomasz": Habit("5550134", after=10),
}


def open_bank_account(customer: str, account: str, habit: Habit, at: datetime) -> str:
    """Where they will pay from, autopay included where they want that. Returns its token."""
    core = current_core()
    bank = core.add_bank_account(
        customer,
        routing=ROUTING,
        number=habit.number,
        kind=BankAccountKind.CHECKING,
        name=BANK,
        at=at,
        key=f"demo bank {account}",
    )
    if habit.autopay:
        core.set_autopay(
            customer,
            account=account,
            source=bank.token,
            mode=AutopayMode.FULL,
            amount=None,
            at=at,
            key=f"demo autopay {account}",
        )
    return bank.token


def pay_bill(
    customer: str, account: str, bank: str, at: datetime, *, percent: int, bounces: bool = False
) -> None:
    """Pay so much of the newest statement, its minimum at least; where nothing is due, nothing happens.

    bounces: the bank will give this one back.
    """
    due = current_core().due(customer, account)
    amount = max(due.minimum.amount_minor, due.statement.amount_minor * percent // 100)
    if amount <= 0:
        return
    network.bank_answers(bank, NO_FUNDS if bounces else "")
    current_core().pay(
        customer,
        account=account,
        source=bank,
        amount=Money(amount, due.statement.currency),
        on=local_date(at, current_profile().zone),
        at=at,
        key=f"demo payment {account} {at:%Y-%m-%d}",
    )
