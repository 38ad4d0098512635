"""Paying the bill: what there is to pay, as of when it counts, and the payment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from cardline.clocks.local import local_date
from cardline.flows.doing import does
from cardline.flows.finding import finds
from cardline.flows.here import Here, sees_money
from cardline.issuer.core import Part, current_core
from cardline.issuer.profile import current_profile
from cardline.kit.refusals import NotThere
from cardline.payments.autopay import set_autopay, stop_autopay
from cardline.payments.commands import pay_bill
from cardline.payments.queries import accounts_to_pay, bill_of, payment_time
from cardline.payments.rules import last_day_to_plan

Json = Any
MOST_SOURCES = 5
_SOURCE = {"token": "bank_1", "bank": "First Bank", "last4": "6789"}
_BILL = {
    "account": "acc_1", "currency": "USD", "statement": 50_000, "minimum": 3_500, "most": 61_000,
    "due_on": "2026-12-12", "today": "2026-11-23", "sources": [_SOURCE], "autopay": "", "read_out": None,
}  # fmt: skip
_READ_OUT = {"payer": "Maya Okafor", "number": "1-800-528-4800"}
_NO_BILL: dict[str, Json] = {"accounts": []}


@finds(
    "payments.bills",
    samples=[
        _NO_BILL,
        {"accounts": [_BILL]},
        {"accounts": [{**_BILL, "read_out": _READ_OUT}]},
        {"accounts": [{**_BILL, "most": 0, "statement": 0, "minimum": 0}]},
        {"accounts": [{**_BILL, "sources": []}]},
        {"accounts": [{**_BILL, "autopay": "full"}]},
        {
            "accounts": [
                {**_BILL, "minimum": 0, "due_on": None, "sources": [_SOURCE, {**_SOURCE, "token": "bank_2"}]}
            ]
        },
    ],
)
def bills(here: Here) -> Json:
    """What there is to pay, of whoever asks or of the member a colleague speaks with and has known surely: nothing for
    a stranger and an additional card member.
    """
    if not sees_money(here) or Part.PAYMENTS not in current_core().offers:
        return _NO_BILL
    today = local_date(here.now, current_profile().zone)
    try:
        held = accounts_to_pay(here.actor, here.staff_member)
        found = [bill_of(here.actor, one, today, here.staff_member) for one in held]
    except NotThere:
        return _NO_BILL
    return {
        "accounts": [
            {
                "account": bill.account,
                "currency": bill.left.most.currency,
                "statement": bill.left.statement.amount_minor,
                "minimum": bill.left.minimum.amount_minor,
                "most": bill.left.most.amount_minor,
                "autopay": str(bill.autopay.mode) if bill.autopay else "",
                "due_on": bill.due.on.isoformat() if bill.due.on else None,
                "today": today.isoformat(),
                "read_out": _read_out(here),
                "sources": [
                    {"token": one.token, "bank": one.bank, "last4": one.last4}
                    for one in bill.sources[:MOST_SOURCES]
                ],
            }
            for bill in sorted(found, key=lambda bill: -bill.left.most.amount_minor)
        ]
    }


def _read_out(here: Here) -> Json:
    """What a colleague says besides before a payment: who pays, and our number to take it back (Nacha TEL; DOMAIN 8).
    None where the member reads it on a page of theirs.
    """
    if not here.actor.is_staff or here.member is None:
        return None
    lines = current_profile().lines_for(here.member.country, here.member.card_type)
    return {"payer": here.member.name, "number": next((one.display for one in lines if one.display), "")}


@finds("payments.day", samples=[{"on": "2026-11-23", "counts_on": "2026-11-23", "asked": True},
                                {"on": "2026-11-23", "counts_on": "2026-11-24", "asked": False}])  # fmt: skip
def day(here: Here, *, on: str | None) -> Json:
    """The day of a payment and the one it counts as of. asked: it is the day they named, not today in its place."""
    today = local_date(here.now, current_profile().zone)
    wanted = date.fromisoformat(on) if on else today
    fits = today <= wanted <= last_day_to_plan(today)
    chosen = wanted if fits else today
    counts_on = payment_time(chosen, here.now).counts_on
    return {"on": chosen.isoformat(), "counts_on": counts_on.isoformat(), "asked": fits}


@does(
    "payments.pay",
    results=[{"payment": "pay_1", "case_id": 1, "ref": "7K429QM"}],
    refusals=["more_than_owed", "day_is_over", "counts_on_another_day", "too_many", "not_permitted"],
)
def pay(
    here: Here, *, account: str, source: str, amount_minor: int, on: str, counts_on: str
) -> Mapping[str, Json]:
    """One conversation makes one payment: its token is the wish."""
    assert here.run is not None
    return pay_bill(
        by=here.by,
        now=here.now,
        account=account,
        source=source,
        amount_minor=amount_minor,
        on=date.fromisoformat(on),
        counts_on=date.fromisoformat(counts_on),
        wish=f"flow:{here.run.token}",
        contact_id=here.staff_contact,
    )


@does(
    "autopay.set",
    results=[{"case_id": 1, "ref": "7K429QM"}],
    refusals=["not_positive", "too_many", "not_permitted"],
)
def autopay(
    here: Here, *, account: str, source: str, mode: str, amount_minor: int | None
) -> Mapping[str, Json]:
    assert here.run is not None
    wish = f"flow:{here.run.token}"
    return set_autopay(
        by=here.by,
        now=here.now,
        account=account,
        source=source,
        mode=mode,
        amount_minor=amount_minor,
        wish=wish,
        contact_id=here.staff_contact,
    )


@does(
    "autopay.stop",
    results=[
        {"case_id": 1, "ref": "7K429QM", "changed": True},
        {"case_id": None, "ref": None, "changed": False},
    ],
    refusals=["sent_differently", "too_many", "not_permitted"],
)
def no_autopay(here: Here, *, account: str) -> Mapping[str, Json]:
    assert here.run is not None
    return stop_autopay(
        by=here.by,
        now=here.now,
        account=account,
        wish=f"flow:{here.run.token}",
        contact_id=here.staff_contact,
    )
