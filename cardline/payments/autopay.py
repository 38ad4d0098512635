"""Autopay: a payment that is planned with each statement, until it is stopped. Its two changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from cardline.cards.speaking import spoken_for, tell_of_it
from cardline.cases.done import write_down
from cardline.contact.in_hand import write_down_in
from cardline.contact.models import Contact
from cardline.issuer.asking import ask
from cardline.issuer.core import Autopay, AutopayMode, current_core
from cardline.kit.actors import Kind, Standing
from cardline.kit.commands import command
from cardline.kit.limits import count
from cardline.kit.money import Money
from cardline.kit.redact import clean
from cardline.kit.refusals import Malformed
from cardline.members.models import Member
from cardline.payments.commands import PAYMENTS, currency_of
from cardline.payments.models import FollowedAutopay
from cardline.payments.refusals import PAYING

NEED = "payment.autopay"
SET, STOPPED = "autopay.set", "autopay.stopped"

# What the case is called. Kept in the row in the member's language, like every subject.
TURNED_ON = {"en": "Autopay turned on", "es": "Pago automático activado"}
CHANGED = {"en": "Autopay changed", "es": "Pago automático cambiado"}
TURNED_OFF = {"en": "Autopay stopped", "es": "Pago automático detenido"}


@command(
    "autopay.set", by=[Kind.MEMBER, Kind.AGENT], level="payment:change_autopay", about="account:{account}"
)
def set_autopay(
    *,
    by: Standing,
    now: datetime,
    account: str,
    source: str,
    mode: str,
    wish: str,
    amount_minor: int | None = None,
    contact_id: int | None = None,
) -> dict[str, Any]:
    """From the next due date on, or in place of what was set before. mode: a core.AutopayMode.

    amount_minor: for a fixed amount and no other mode. wish, contact_id: as in `pay_bill`. Returns {"case_id", "ref"}.
    Raises NotThere, NotYours, Malformed, those of refusals.PAYING, TooMany, CoreSilent.
    """
    if mode not in list(AutopayMode) or (mode == AutopayMode.FIXED) != (amount_minor is not None):
        raise Malformed(field="mode")
    member, contact = spoken_for(by, contact_id)
    before = _autopay_of(member, account)
    currency = currency_of(member, account)
    count(PAYMENTS, f"member:{member.pk}")
    amount = None if amount_minor is None else Money(amount_minor, currency)
    change = partial(
        current_core().set_autopay, account=account, source=source, mode=AutopayMode(mode), amount=amount
    )
    now_set = ask(partial(change, member.core_customer, at=now, key=f"autopay:{member.pk}:{wish}"), PAYING)
    words = TURNED_ON if before is None else CHANGED
    written = _write_down(by, now, member, contact, words, SET, _data(now_set))
    FollowedAutopay.objects.update_or_create(
        account=account, defaults={"member": member, "case_id": written["case_id"], "look_at": now}
    )
    return written


@command(
    "autopay.stop", by=[Kind.MEMBER, Kind.AGENT], level="payment:change_autopay", about="account:{account}"
)
def stop_autopay(
    *, by: Standing, now: datetime, account: str, wish: str, contact_id: int | None = None
) -> dict[str, Any]:
    """From now on, and with it what is planned, unless the bank was asked for that already. contact_id: as in
    `pay_bill`.

    Where there is none, nothing happens. Returns {"case_id", "ref", "changed"}; case_id and ref are None when nothing
    changed. Raises NotThere, NotYours, SentDifferently, TooMany, CoreSilent.
    """
    member, contact = spoken_for(by, contact_id)
    before = _autopay_of(member, account)
    if before is None:
        return {"case_id": None, "ref": None, "changed": False}
    count(PAYMENTS, f"member:{member.pk}")
    stop = partial(current_core().stop_autopay, member.core_customer, account)
    ask(partial(stop, at=now, key=f"autopay stop:{member.pk}:{wish}"), PAYING)
    FollowedAutopay.objects.filter(account=account).update(look_at=None)
    return {**_write_down(by, now, member, contact, TURNED_OFF, STOPPED, _data(before)), "changed": True}


def _autopay_of(member: Member, account: str) -> Autopay | None:
    return ask(partial(current_core().autopay, member.core_customer, account))


def _write_down(
    by: Standing,
    now: datetime,
    member: Member,
    contact: Contact | None,
    words: Mapping[str, str],
    kind: str,
    data: dict[str, Any],
) -> dict[str, Any]:
    if contact is not None:
        written = write_down_in(contact, kind, data)
        tell_of_it(member, written, now)
        return written
    subject = clean(words.get(member.language, words["en"]))
    return write_down(by=by, now=now, need=NEED, subject=subject, kind=kind, data=data)


def _data(autopay: Autopay) -> dict[str, Any]:
    """What its sentence is made of (ui/payment_entries.py). too_late: the bank has been asked for what comes next."""
    data: dict[str, Any] = {
        "account": autopay.account,
        "last4": autopay.source_last4,
        "mode": autopay.mode.value,
        "too_late": autopay.next_on is not None and autopay.stop_by is None,
    }
    if autopay.amount is not None:
        data |= {"amount_minor": autopay.amount.amount_minor, "currency": autopay.amount.currency}
    if autopay.next_on is not None and autopay.next_amount is not None:
        data["next_on"] = autopay.next_on.isoformat()
        data["next_minor"] = autopay.next_amount.amount_minor
        data["currency"] = autopay.next_amount.currency
    return data
