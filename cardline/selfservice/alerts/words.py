"""What an event is called: as something to choose, and once it happened."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import get_timezone_location
from django.utils.translation import gettext as _

from cardline.issuer.core import AlertEvent
from cardline.kit.dates import say_when
from cardline.kit.languages import locale_of
from cardline.notify.models import Delivery
from cardline.notify.queries import mail_goes_out


def to_choose(event: AlertEvent) -> str:
    """As it stands beside the choice."""
    return {
        AlertEvent.PURCHASE: _("A purchase"),
        AlertEvent.ONLINE_PURCHASE: _("An online purchase"),
        AlertEvent.DECLINED: _("A purchase was declined"),
        AlertEvent.REFUND: _("A refund"),
        AlertEvent.STATEMENT_READY: _("A new statement"),
        AlertEvent.PAYMENT_DUE: _("A payment is due soon"),
        AlertEvent.PAYMENT_POSTED: _("A payment arrived"),
        AlertEvent.PAYMENT_FAILED: _("A payment failed"),
    }[event]


def happened(event: AlertEvent) -> str:
    """As it stands in the list, over merchant, time and amount."""
    return {
        AlertEvent.PURCHASE: _("Purchase"),
        AlertEvent.ONLINE_PURCHASE: _("Online purchase"),
        AlertEvent.DECLINED: _("Declined purchase"),
        AlertEvent.REFUND: _("Refund"),
        AlertEvent.STATEMENT_READY: _("Your statement is ready"),
        AlertEvent.PAYMENT_DUE: _("A payment is due soon"),
        AlertEvent.PAYMENT_POSTED: _("Your payment arrived"),
        AlertEvent.PAYMENT_FAILED: _("Your payment failed"),
    }[event]


def by_mail(delivery: Delivery | None, zone: ZoneInfo, language: str, now: datetime) -> str:
    """What became of its e-mail; "" where none was wanted. Sent is said, never that it arrived (SR-82)."""
    if delivery is None or delivery.state == Delivery.State.LEFT_OUT:
        return ""
    if delivery.state == Delivery.State.SENT:
        return _("Email sent") if mail_goes_out() else _("Email written")
    if delivery.state == Delivery.State.FAILED:
        return _("Email not sent")
    if delivery.due_at is not None and delivery.due_at > now:
        return _("Email waits until %(when)s") % {"when": say_when(delivery.due_at, zone, language, now)}
    return _("Email on its way")


def zone_name(zone: ZoneInfo, language: str) -> str:
    """The clock somebody lives by, after its city: "New York"."""
    return get_timezone_location(zone, locale_of(language), return_city=True)
