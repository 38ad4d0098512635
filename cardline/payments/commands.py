"""Paying the bill, cancelling what was not sent yet, and what is written down when a bank gives a payment back.

Each payment is one line in a case, so that it has a reference number. The case is closed at once; it opens again when
the payment comes back, and the next payment on that account is written there too.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from cardline.cards.speaking import spoken_for, tell_of_it
from cardline.cards.visibility import member_spoken_for
from cardline.cases import timeline
from cardline.cases.commands import close_case, reopen_case, set_attention
from cardline.cases.done import write_down
from cardline.cases.models import Case, Entry
from cardline.contact.in_hand import write_down_in
from cardline.contact.models import Contact
from cardline.issuer.asking import ask
from cardline.issuer.core import Payment, PaymentState, current_core
from cardline.issuer.profile import current_profile
from cardline.kit.actors import SYSTEM, Kind, Standing
from cardline.kit.commands import command
from cardline.kit.events import happened
from cardline.kit.limits import Limit, count
from cardline.kit.money import Money, format_money
from cardline.kit.redact import Clean, clean
from cardline.kit.refusals import NotThere
from cardline.kit.visibility import visible
from cardline.members.models import Member
from cardline.payments.models import FollowedAutopay, FollowedPayment
from cardline.payments.refusals import CANCELLING, PAYING, CountsOnAnotherDay
from cardline.payments.rules import next_look
from cardline.promises.queries import nobody_waits_in

PAYMENTS = Limit("payments", 20, 3_600)
MAKE_NEED = "payment.make"
CANCEL_NEED = "payment.cancel"

MADE, CANCELLED = "payment.made", "payment.cancelled"
FAILED, NOT_MADE = "payment.failed", "payment.not_made"

# What the case is called. Kept in the row in the member's language, like every subject.
PAYMENT_OF = {"en": "Payment of {amount}", "es": "Pago de {amount}"}


@command(
    "payment.make",
    by=[Kind.MEMBER, Kind.AGENT],
    level="payment:pay_from_known_account",
    about="account:{account}",
)
def pay_bill(
    *,
    by: Standing,
    now: datetime,
    account: str,
    source: str,
    amount_minor: int,
    on: date,
    counts_on: date,
    wish: str,
    contact_id: int | None = None,
) -> dict[str, Any]:
    """Pay from a bank account (source: the core's token), today or on a later day of the issuer's calendar.

    amount_minor: in the account's currency. counts_on: the day as of which it counts, as the member read it before
    they agreed. wish: what makes this payment one and the same when it is asked for again; the core's key is made of
    it. contact_id: the conversation a colleague has in hand; then the member is sent a notice of it, so that a payment
    made by voice is known to them before it settles (Nacha TEL; DOMAIN 8). Returns {"payment", "case_id", "ref"}.
    Raises NotThere, NotYours, those of refusals.PAYING, CountsOnAnotherDay, TooMany, CoreSilent.
    """
    member, contact = spoken_for(by, contact_id)
    currency = currency_of(member, account)
    count(PAYMENTS, f"member:{member.pk}")
    core = current_core()
    if ask(partial(core.payment_time, on, at=now)).counts_on != counts_on:
        raise CountsOnAnotherDay()
    pay = partial(core.pay, account=account, source=source, amount=Money(amount_minor, currency), on=on)
    made = ask(partial(pay, member.core_customer, at=now, key=f"pay:{member.pk}:{wish}"), PAYING)
    written = _write_down(by, now, member, made, contact)
    if contact is not None:
        tell_of_it(member, written, now)
    _follow(made, member, int(written["case_id"]), now)
    happened(MADE, member_id=member.pk, payment=made.token, case_id=written["case_id"], now=now)
    return {"payment": made.token, **written}


@command(
    "payment.cancel", by=[Kind.MEMBER], level="payment:pay_from_known_account", about="payment:{payment}"
)
def cancel_payment(*, by: Standing, now: datetime, payment: str) -> dict[str, Any]:
    """Take back a payment that was planned, before its day begins; one that autopay planned, too.

    One that is cancelled already is a normal result. Returns {"payment", "case_id", "ref", "changed"}; case_id and
    ref are None when nothing changed. Raises NotThere, TooLateToCancel, TooMany, CoreSilent.
    """
    member = member_spoken_for(by)
    core = current_core()
    before = ask(partial(core.payment, member.core_customer, payment))
    if before.state == PaymentState.CANCELLED:
        return {"payment": payment, "case_id": None, "ref": None, "changed": False}
    count(PAYMENTS, f"member:{member.pk}")
    # A payment is cancelled once: asked again after a silence is the same wish.
    cancel = partial(core.cancel_payment, member.core_customer, payment)
    ask(partial(cancel, at=now, key=f"cancel:{payment}"), CANCELLING)
    FollowedPayment.objects.filter(payment=payment).update(look_at=None)
    case = _case_of(by, payment)
    if case is None:
        written = write_down(
            by=by,
            now=now,
            need=CANCEL_NEED,
            subject=_subject(member, before),
            kind=CANCELLED,
            data=_data(before),
        )
    else:
        timeline.append(case.pk, CANCELLED, data=_data(before))
        written = {"case_id": case.pk, "ref": case.ref}
    happened(CANCELLED, member_id=member.pk, payment=payment, case_id=written["case_id"], now=now)
    return {"payment": payment, **written, "changed": True}


# ------------------------------------------------------------------------------- what became of it (sweeps.py)


@command("payment.tell_failed", by=[Kind.SYSTEM], about="payment:{payment}")
def tell_failed(
    *,
    by: Standing,
    now: datetime,
    payment: str,
    amount_minor: int,
    currency: str,
    reason: str,
    mend_by: date | None,
) -> bool:
    """The bank gave a payment back: its case opens again, with the reason and the day by which it can be mended.

    reason: the core's word (core.Payment). False: it was told before.
    """
    followed = _settle(payment)
    if followed is None:
        return False
    reopen_case(by=SYSTEM, now=now, case_id=followed.case_id)
    set_attention(followed.case_id, None, now)  # the next step is the member's
    until = {"mend_by": mend_by.isoformat()} if mend_by else {}
    told = {"payment": payment, "account": followed.account, "reason": reason, **until}
    timeline.append(followed.case_id, FAILED, data={**told, **_amount(amount_minor, currency)})
    happened(FAILED, member_id=followed.member_id, payment=payment, case_id=followed.case_id, now=now)
    return True


@command("payment.tell_not_made", by=[Kind.SYSTEM], about="payment:{payment}")
def tell_not_made(*, by: Standing, now: datetime, payment: str, amount_minor: int, currency: str) -> bool:
    """The core left a planned payment out, since nothing was owed any more when its day came, or somebody cancelled it
    elsewhere. False: told before.
    """
    followed = _settle(payment)
    if followed is None:
        return False
    timeline.append(followed.case_id, NOT_MADE, data={"payment": payment, **_amount(amount_minor, currency)})
    return True


@command("payment.look_later", by=[Kind.SYSTEM], housekeeping=True)
def look_later(*, by: Standing, now: datetime, payment: str, look_at: datetime | None) -> bool:
    """look_at: None for a payment nothing more can happen to. False: somebody settled it meanwhile."""
    followed = FollowedPayment.objects.filter(payment=payment, look_at__isnull=False)
    return bool(followed.update(look_at=look_at))


@command("autopay.look_later", by=[Kind.SYSTEM], housekeeping=True)
def look_at_autopay_later(
    *, by: Standing, now: datetime, account: str, planned: Sequence[str], look_at: datetime | None
) -> int:
    """Follow what autopay has planned, told in the case in which it was set. planned: payments, new or known ones.

    look_at: None where it was stopped. Returns how many are followed from now on.
    """
    following = FollowedAutopay.objects.filter(account=account, look_at__isnull=False).first()
    if following is None:
        return 0
    FollowedAutopay.objects.filter(pk=following.pk).update(look_at=look_at)
    told_in = {"account": account, "member_id": following.member_id, "case_id": following.case_id}
    known = {**told_in, "look_at": now}
    return sum(FollowedPayment.objects.get_or_create(payment=one, defaults=known)[1] for one in planned)


@command("payment.wait_for_core", by=[Kind.SYSTEM], housekeeping=True)
def wait_for_core(*, by: Standing, now: datetime, until: datetime) -> int:
    """Put off every question that is due now. Returns how many."""
    payments = FollowedPayment.objects.filter(look_at__lte=now).update(look_at=until)
    return payments + FollowedAutopay.objects.filter(look_at__lte=now).update(look_at=until)


# ------------------------------------------------------------------------------------------------- their parts


def currency_of(member: Member, account: str) -> str:
    """Of an account they hold. Raises NotThere."""
    for held in ask(partial(current_core().accounts, member.core_customer)):
        if held.token == account:
            return held.balance.currency
    raise NotThere()


def _write_down(
    by: Standing, now: datetime, member: Member, made: Payment, contact: Contact | None
) -> dict[str, Any]:
    """Where a payment of this account came back, that is mended. What a colleague does stands in their conversation."""
    to_mend = _case_to_mend(by, member, made.account)
    if contact is not None and (to_mend is None or to_mend.pk != contact.case_id):
        written = write_down_in(contact, MADE, _data(made))
        if to_mend is not None:
            _mend(to_mend, made, now)
        return written
    if to_mend is None:
        subject = _subject(member, made)
        return write_down(by=by, now=now, need=MAKE_NEED, subject=subject, kind=MADE, data=_data(made))
    _mend(to_mend, made, now)
    return {"case_id": to_mend.pk, "ref": to_mend.ref}


def _mend(case: Case, made: Payment, now: datetime) -> None:
    timeline.append(case.pk, MADE, data=_data(made))
    if nobody_waits_in(case):
        close_case(by=SYSTEM, now=now, case_id=case.pk)


def _case_to_mend(by: Standing, member: Member, account: str) -> Case | None:
    """The member's newest open case in which a payment of this account came back."""
    told = visible(Entry, by.actor).filter(
        kind=FAILED, data__contains=f'"{account}"', case__state=Case.State.OPEN, case__member=member
    )
    entry = told.select_related("case").order_by("-id").first()
    return entry.case if entry else None


def _case_of(by: Standing, payment: str) -> Case | None:
    told = visible(Entry, by.actor).filter(kind=MADE, data__contains=f'"{payment}"')
    entry = told.select_related("case").order_by("-id").first()
    return entry.case if entry else None


def _follow(made: Payment, member: Member, case_id: int, now: datetime) -> None:
    profile = current_profile()
    look_at = next_look(made, now, profile.zone, profile.calendar)
    FollowedPayment.objects.get_or_create(
        payment=made.token,
        defaults={"account": made.account, "member": member, "case_id": case_id, "look_at": look_at},
    )


def _settle(payment: str) -> FollowedPayment | None:
    """Whoever is first has it; None for everybody after them."""
    if not FollowedPayment.objects.filter(payment=payment, look_at__isnull=False).update(look_at=None):
        return None
    return FollowedPayment.objects.get(payment=payment)


def _subject(member: Member, payment: Payment) -> Clean:
    words = PAYMENT_OF.get(member.language, PAYMENT_OF["en"])
    return clean(words.format(amount=format_money(payment.amount, member.language)))


def _data(payment: Payment) -> dict[str, Any]:
    """What its sentence is made of (ui/payment_entries.py)."""
    return {
        "payment": payment.token,
        **_amount(payment.amount.amount_minor, payment.amount.currency),
        "last4": payment.source_last4,
        "state": payment.state.value,
        "on": payment.on.isoformat(),
        "counts_on": (payment.value_on or payment.on).isoformat(),
    }


def _amount(amount_minor: int, currency: str) -> dict[str, Any]:
    return {"amount_minor": amount_minor, "currency": currency}
