"""What holders want to hear of, and what of it happened."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from cardline.issuer import core
from cardline.issuer.core import AlertEvent
from cardline.issuer.embedded import models as rows
from cardline.issuer.embedded.shared import account_held_by, first_time, new_token, page
from cardline.kit.commands import executing
from cardline.kit.events import happened
from cardline.kit.money import Money

WITH_AMOUNT = (AlertEvent.PURCHASE, AlertEvent.ONLINE_PURCHASE)


class EmbeddedNotices:
    """See cardline.issuer.core.protocol.Notices for units and errors. Changes belong inside a command."""

    def alert_rules(self, customer: str, account: str) -> list[core.AlertRule]:
        row = account_held_by(customer, account)
        asked = {rule.event: rule for rule in row.alert_rules.all()}
        return [_rule(row, event, asked.get(event)) for event in AlertEvent]

    @transaction.atomic
    def set_alert(self, customer: str, rule: core.AlertRule, *, at: datetime, key: str) -> core.AlertRule:
        row = account_held_by(customer, rule.account)
        if rule.at_least is not None and rule.at_least.currency != row.currency:
            raise core.CoreRefused("wrong_currency")
        least = rule.at_least.amount_minor if rule.at_least and rule.event in WITH_AMOUNT else None
        if first_time(key, f"set_alert {customer} {row.token} {rule.event} {rule.on} {least}", at):
            rows.AlertRule.objects.update_or_create(
                account=row, event=rule.event, defaults={"on": rule.on, "at_least_minor": least}
            )
        return _rule(row, rule.event, row.alert_rules.get(event=rule.event))

    def alerts(self, customer: str, *, after: str = "", most: int = 50) -> core.Page[core.Alert]:
        held = rows.Account.objects.filter(holders__customer__number=customer)
        found = rows.Alert.objects.filter(account__in=held).select_related("account")
        return page(found, ("-at", "-id"), after, most, _alert)


def tell(
    account: rows.Account,
    event: AlertEvent,
    *,
    about: str,
    at: datetime,
    merchant: str = "",
    amount_minor: int | None = None,
) -> None:
    """An alert, if the holders asked for this event; once for each thing it is about, however often it is told.

    Whoever sends alerts hears "alert.raised", in the same transaction.

    about: the token of the transaction, authorisation, statement or payment. amount_minor: compared with the rule's
    without its sign. Inside a command.
    """
    executing()
    rule = rows.AlertRule.objects.filter(account=account, event=event, on=True).first()
    if rule is None or abs(amount_minor or 0) < (rule.at_least_minor or 0):
        return
    alert, is_new = rows.Alert.objects.get_or_create(
        event=event,
        about=about,
        defaults={
            "token": new_token("alr"),
            "account": account,
            "at": at,
            "merchant": merchant[:80],
            "amount_minor": amount_minor,
        },
    )
    if is_new:
        happened(
            "alert.raised",
            alert=alert.token,
            account=account.token,
            customers=tuple(account.holders.values_list("customer__number", flat=True)),
            of=event.value,
            at=at,
        )


def _rule(account: rows.Account, event: AlertEvent, asked: rows.AlertRule | None) -> core.AlertRule:
    least = asked.at_least_minor if asked else None
    return core.AlertRule(
        account=account.token,
        event=event,
        on=asked is not None and asked.on,
        at_least=None if least is None else Money(least, account.currency),
    )


def _alert(row: rows.Alert) -> core.Alert:
    amount = row.amount_minor
    return core.Alert(
        token=row.token,
        account=row.account.token,
        event=AlertEvent(row.event),
        at=row.at,
        about=row.about,
        merchant=row.merchant,
        amount=None if amount is None else Money(amount, row.account.currency),
    )
