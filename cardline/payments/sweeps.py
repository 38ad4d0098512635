"""What time alone makes known about payments: that a bank gave one back.

The core works off its days by itself and tells nobody; so each payment made here is asked after, once a day, until the
bank can no longer give it back. The core is asked outside any transaction; what came of it is a command of its own.
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from cardline.issuer.core import (
    MOST,
    CoreNotFound,
    CoreUnknown,
    Payment,
    PaymentKind,
    PaymentState,
    current_core,
)
from cardline.issuer.profile import current_profile
from cardline.kit.actors import SYSTEM
from cardline.payments.commands import (
    look_at_autopay_later,
    look_later,
    tell_failed,
    tell_not_made,
    wait_for_core,
)
from cardline.payments.models import FollowedAutopay, FollowedPayment
from cardline.payments.rules import COMING, LOOK_AGAIN, next_look, tomorrow

log = logging.getLogger("cardline.payments")

AT_ONCE = 100


def sweep(now: datetime) -> int:
    """Ask what autopay has planned, and after every payment whose time has come. Returns how many were settled.

    While the core is silent all of them wait: each question would hold up whatever else time makes happen. One that
    raises is pushed aside, so that it cannot block the others.
    """
    try:
        _look_at_autopay(now)
        return _look_at_payments(now)
    except CoreUnknown:
        log.warning("payments.core_silent")
        wait_for_core(by=SYSTEM, now=now, until=now + LOOK_AGAIN)
        return 0


def _look_at_payments(now: datetime) -> int:
    settled = 0
    due = FollowedPayment.objects.filter(look_at__lte=now).select_related("member")
    for followed in due.order_by("look_at", "id")[:AT_ONCE]:
        try:
            settled += _look(followed, now)
        except CoreUnknown:
            raise
        except Exception:
            log.exception("payment.not_looked_at", extra={"payment": followed.payment})
            look_later(by=SYSTEM, now=now, payment=followed.payment, look_at=now + LOOK_AGAIN)
    return settled


def _look_at_autopay(now: datetime) -> None:
    due = FollowedAutopay.objects.filter(look_at__lte=now).select_related("member")
    for following in due.order_by("look_at", "id")[:AT_ONCE]:
        planned: list[str] = []
        look_at: datetime | None = now + LOOK_AGAIN
        try:
            planned = _planned(following)
            is_on = current_core().autopay(following.member.core_customer, following.account)
            look_at = tomorrow(now, current_profile().zone) if is_on else None
        except CoreNotFound:  # the account is theirs no longer
            look_at = None
        except CoreUnknown:
            raise
        except Exception:
            log.exception("autopay.not_looked_at", extra={"account": following.account})
        look_at_autopay_later(by=SYSTEM, now=now, account=following.account, planned=planned, look_at=look_at)


def _planned(following: FollowedAutopay) -> list[str]:
    """What autopay is about to pay. Planned ones come first, so that a page has them."""
    page = current_core().payments(following.member.core_customer, following.account, most=MOST)
    return [one.token for one in page.items if one.kind == PaymentKind.AUTOPAY and one.state in COMING]


def _look(followed: FollowedPayment, now: datetime) -> bool:
    try:
        payment = current_core().payment(followed.member.core_customer, followed.payment)
    except CoreNotFound:  # the account is theirs no longer, and neither is the news
        return look_later(by=SYSTEM, now=now, payment=followed.payment, look_at=None)
    return _settle(payment, now)


def _settle(payment: Payment, now: datetime) -> bool:
    about: dict[str, Any] = {
        "payment": payment.token,
        "amount_minor": payment.amount.amount_minor,
        "currency": payment.amount.currency,
    }
    if payment.state == PaymentState.FAILED:
        return tell_failed(by=SYSTEM, now=now, reason=payment.reason, mend_by=payment.mend_by, **about)
    if payment.state == PaymentState.CANCELLED and payment.kind != PaymentKind.AUTOPAY:
        return tell_not_made(by=SYSTEM, now=now, **about)
    profile = current_profile()
    look_at = next_look(payment, now, profile.zone, profile.calendar)
    look_later(by=SYSTEM, now=now, payment=payment.token, look_at=look_at)
    return look_at is None
