"""What the alerts page shows: what there is to choose, and what happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.forms.boundfield import BoundField
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from cardline.issuer.core import Alert, AlertEvent, AlertRule
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor
from cardline.kit.dates import say_moment
from cardline.kit.money import format_money
from cardline.members.models import ContactPoint
from cardline.members.rules import masked
from cardline.notify.models import Delivery
from cardline.notify.queries import AccountAlerts, alerts_of, choices_of, mail_goes_out, mailed
from cardline.selfservice.alerts import words
from cardline.selfservice.alerts.forms import AlertsForm, least_of, name_of

A_PAGE = 10
OF_A_CHARGE = (AlertEvent.PURCHASE, AlertEvent.ONLINE_PURCHASE, AlertEvent.REFUND)
OF_A_STATEMENT = (AlertEvent.STATEMENT_READY, AlertEvent.PAYMENT_DUE)
WHY_DECLINED = "card_access.declined"


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event to choose: way is its radio buttons, least the amount it begins at (None where it has none)."""

    name: str
    way: BoundField
    least: BoundField | None


@dataclass(frozen=True, slots=True)
class AccountRows:
    """name: "" where there is only one account. is_joint: others hold it too, and see the same alerts."""

    name: str
    token: str
    rows: tuple[EventRow, ...]
    is_joint: bool


@dataclass(frozen=True, slots=True)
class AlertLine:
    """Something that happened. url: "" where there is nothing more to see."""

    name: str
    line: str
    amount: str
    url: str


@dataclass(frozen=True, slots=True)
class News:
    """older, newest: addresses, "" where there is nothing behind them."""

    lines: tuple[AlertLine, ...]
    older: str
    newest: str


@dataclass(frozen=True, slots=True)
class AlertsPage:
    """form: None for an additional card member, who has no account. address: masked, "" without one.

    mail_stays: why e-mail does not leave the house, "" where it does. mails_url: where it can be read instead.
    """

    form: AlertsForm | None
    accounts: tuple[AccountRows, ...]
    address: str
    zone: str
    mail_stays: str
    mails_url: str
    news: News


def alerts_page(
    actor: Actor, after: str, now: datetime, language: str, form: AlertsForm | None = None
) -> AlertsPage:
    """form: as it was sent, where something in it is wrong. Raises NotThere, and CoreUnknown."""
    choices = form.choices if form else choices_of(actor)
    if not choices.accounts:
        return AlertsPage(None, (), "", "", "", "", News((), "", ""))
    form = form or AlertsForm(choices)
    several = len(choices.accounts) > 1
    return AlertsPage(
        form=form,
        accounts=tuple(_account(account, form, several=several) for account in choices.accounts),
        address=masked(ContactPoint.Kind.EMAIL, choices.address) if choices.address else "",
        zone=words.zone_name(choices.zone, language),
        mail_stays=_mail_stays() if choices.address else "",
        mails_url=reverse("demo_outbox") if settings.CARDLINE_DEMO else "",
        news=_news(actor, form, after, now, language),
    )


def _account(account: AccountAlerts, form: AlertsForm, *, several: bool) -> AccountRows:
    return AccountRows(
        name=account.account.product if several else "",
        token=account.account.token,
        rows=tuple(_event(rule, form) for rule in account.rules),
        is_joint=len(account.account.holders) > 1,
    )


def _event(rule: AlertRule, form: AlertsForm) -> EventRow:
    least = least_of(rule)
    return EventRow(
        name=words.to_choose(rule.event),
        way=form[name_of(rule)],
        least=form[least] if least in form.fields else None,
    )


def _mail_stays() -> str:
    if mail_goes_out():
        return ""
    if settings.CARDLINE_DEMO:
        return _("This is a demo: no email leaves it.")
    return _("No mail server is set up here yet: emails are kept and not sent.")


# ------------------------------------------------------------------------------------------- what happened


def _news(actor: Actor, form: AlertsForm, after: str, now: datetime, language: str) -> News:
    found = alerts_of(actor, after=after, most=A_PAGE)
    sent = mailed(actor, found.items)
    here = reverse("alerts")
    return News(
        lines=tuple(_line(alert, sent.get(alert.token), form, now, language) for alert in found.items),
        older=f"{here}?{urlencode({'after': found.next})}#latest" if found.next else "",
        newest=f"{here}#latest" if after else "",
    )


def _line(
    alert: Alert, delivery: Delivery | None, form: AlertsForm, now: datetime, language: str
) -> AlertLine:
    at = say_moment(alert.at, current_profile().zone, language, now)
    mail = words.by_mail(delivery, form.choices.zone, language, now)
    return AlertLine(
        name=words.happened(alert.event),
        line=" · ".join(filter(None, (alert.merchant, at, mail))),
        amount=format_money(alert.amount, language) if alert.amount is not None else "",
        url=_leads_to(alert),
    )


def _leads_to(alert: Alert) -> str:
    """The page of what it is about, where the core has that part and the product its pages."""
    if alert.event in OF_A_CHARGE:
        return reverse("transaction", args=[alert.about])
    if alert.event == AlertEvent.DECLINED:
        return reverse(
            "plan", args=[WHY_DECLINED]
        )  # a declined purchase has no page of its own, but a reason
    if alert.event in OF_A_STATEMENT:
        return _address("statement", alert.about)
    return _address("payments")


def _address(name: str, *about: str) -> str:
    try:
        return reverse(name, args=about)
    except NoReverseMatch:
        return ""
