"""What the cast wants to be alerted of, from the beginning of their history on."""

from __future__ import annotations

from datetime import datetime

from cardline.demo.commands import customer_number
from cardline.issuer.core import AlertEvent, AlertRule, current_core

OF_BILLS = (AlertEvent.STATEMENT_READY, AlertEvent.PAYMENT_DUE, AlertEvent.PAYMENT_FAILED)
OF_THE_CARD = (AlertEvent.DECLINED, AlertEvent.REFUND)

# By the first holder. Who is not named never asked for any.
WANTED = {
    "maya": (*OF_BILLS, *OF_THE_CARD),
    "owen": OF_BILLS,
    "rosa": (*OF_THE_CARD, AlertEvent.PAYMENT_POSTED),
}


def ask_for_alerts(customer: str, account: str, at: datetime) -> None:
    """customer: the number of the account's first holder. Inside a command."""
    events = next((wanted for key, wanted in WANTED.items() if customer_number(key) == customer), ())
    for event in events:
        rule = AlertRule(account, event, on=True)
        current_core().set_alert(customer, rule, at=at, key=f"demo alert {account} {event}")
