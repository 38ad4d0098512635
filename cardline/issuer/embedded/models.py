"""The embedded card core's own tables. Only cardline/issuer/embedded reads and writes them.

Amounts are minor units of the account's currency. Days are days of the issuer's calendar. Money and points themselves
stand in the ledger (Book, Posting, Line); the other rows say what a posting was about.
"""

from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.db.models import F, Q

from cardline.issuer import core


def _of(words: type[StrEnum]) -> list[tuple[str, str]]:
    return [(word.value, word.value) for word in words]


class Customer(models.Model):
    """A person as the core knows them, by number."""

    number = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=120)


class Account(models.Model):
    """product: what it is sold as; version: which edition. credit_limit_minor: null without a limit.

    closing_day: the day of the month a cycle closes on, 1 to 28; closings may shift (DOMAIN 1.7). payment_days: from
    closing to due. rate: yearly, in hundredths of a per cent (2199 is 21.99 %). late_fee_minor: for a minimum not paid
    in time. points_rate: points for each whole major unit spent, in hundredths; 0 for a product without points.
    """

    token = models.CharField(max_length=40, unique=True)
    product = models.CharField(max_length=80)
    version = models.CharField(max_length=40, default="", blank=True)
    currency = models.CharField(max_length=3)
    credit_limit_minor = models.BigIntegerField(null=True)
    opened_at = models.DateTimeField()
    closing_day = models.SmallIntegerField(default=20)
    payment_days = models.SmallIntegerField(default=25)
    rate = models.IntegerField(default=2199)
    late_fee_minor = models.IntegerField(default=2900)
    points_rate = models.IntegerField(default=0)


class Holder(models.Model):
    """Who owns the account: one basic member, or joint ones. Additional card members hold a card, not the account."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="holders")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="holdings")
    role = models.CharField(
        max_length=12, choices=[(r.value, r.value) for r in (core.Role.BASIC, core.Role.JOINT)]
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "customer"], name="core_holds_once")]


class Card(models.Model):
    """A card: token, BIN, last four. There is no column a number could stand in (SR-1, SR-2).

    Its state is read from three times: closed before frozen before activated. A freeze whose freeze_expires is over is
    none any more. closed_reason: of a card that works until its copy is activated, why it will be closed then.
    embossed: the name it carries, "" for its customer's.
    blocked_at: since when purchases are declined, because one of them looked as if it were somebody else's.
    limit_minor: the most its holder may spend with it in a cycle of the account, null without a limit of its own.
    """

    token = models.CharField(max_length=40, unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="cards")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="cards")
    role = models.CharField(max_length=12, choices=_of(core.Role))
    network = models.CharField(max_length=20, default="", blank=True)
    bin = models.CharField(max_length=8)
    last4 = models.CharField(max_length=4)
    embossed = models.CharField(max_length=26, default="", blank=True)
    expires = models.DateField(null=True)
    activated_at = models.DateTimeField(null=True)
    frozen_at = models.DateTimeField(null=True)
    freeze_scope = models.CharField(max_length=16, choices=_of(core.FreezeScope), default="new_purchases")
    freeze_expires = models.DateTimeField(null=True)
    blocked_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_reason = models.CharField(max_length=12, choices=_of(core.CloseReason), default="", blank=True)
    replaced_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="replaces")
    sent_to = models.CharField(max_length=16, choices=_of(core.Delivery), default="cardholder")
    limit_minor = models.BigIntegerField(null=True)


class WalletToken(models.Model):
    """The card as a phone or watch carries it."""

    token = models.CharField(max_length=40, unique=True)
    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="wallets")
    device = models.CharField(max_length=40)
    state = models.CharField(max_length=8, choices=_of(core.WalletState), default="active")
    added_at = models.DateTimeField()


class ShippingEvent(models.Model):
    """A step of a card's way to its holder."""

    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="shipping")
    step = models.CharField(max_length=10, choices=_of(core.ShippingStep))
    at = models.DateTimeField()
    carrier = models.CharField(max_length=40, default="", blank=True)
    tracking = models.CharField(max_length=40, default="", blank=True)
    expected = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["card", "step"], name="core_ships_once")]


# ------------------------------------------------------------------------------------------ the ledger


class Book(models.Model):
    """One account of the ledger: "receivable:7", "merchants", "points:7". unit: a currency, or PTS for points.

    balance_minor: of a book of one account the sum of its lines, kept in the same transaction; `core check` counts
    again. The house's own books stay at 0 there, see ledger.py.
    """

    name = models.CharField(max_length=40)
    unit = models.CharField(max_length=3)
    balance_minor = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "unit"], name="core_one_book")]


class Posting(models.Model):
    """One booked event; its lines add up to nothing in each unit. key: what makes it happen once."""

    key = models.CharField(max_length=160, unique=True)
    kind = models.CharField(max_length=32)
    at = models.DateTimeField()


class Line(models.Model):
    """One side of a posting. amount_minor: positive for a debit, negative for a credit."""

    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="lines")
    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="lines")
    amount_minor = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(amount_minor=0), name="core_line_moves")]


# ------------------------------------------------------------------------------- movements and billing


class Authorisation(models.Model):
    """A merchant asked whether a card is good for an amount. reversed_at: when it gave an approved one back."""

    token = models.CharField(max_length=40, unique=True)
    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="authorisations")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="authorisations")
    merchant = models.CharField(max_length=80)
    place = models.CharField(max_length=80, blank=True)
    phone = models.CharField(max_length=24, default="", blank=True)
    amount_minor = models.BigIntegerField()
    channel = models.CharField(max_length=12)
    at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=_of(core.Outcome))
    decline = models.CharField(max_length=16, choices=_of(core.Decline), default="", blank=True)
    reversed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["account", "-at", "-id"], name="core_auth_of_account"),
            models.Index(fields=["card", "-at", "-id"], name="core_auth_of_card"),
        ]


class Statement(models.Model):
    """A closed cycle: see core.Statement. paid_in_full: by its due date, which gives the next cycle its grace."""

    token = models.CharField(max_length=40, unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="statements")
    opened_on = models.DateField()
    closed_on = models.DateField()
    due_on = models.DateField()
    opening_minor = models.BigIntegerField()
    purchases_minor = models.BigIntegerField()
    fees_minor = models.BigIntegerField()
    interest_minor = models.BigIntegerField()
    payments_minor = models.BigIntegerField()
    credits_minor = models.BigIntegerField()
    closing_minor = models.BigIntegerField()
    minimum_minor = models.BigIntegerField()
    paid_in_full = models.BooleanField(null=True)

    class Meta:
        indexes = [models.Index(fields=["due_on"], name="core_statements_due")]
        constraints = [models.UniqueConstraint(fields=["account", "closed_on"], name="core_closes_once")]


class Transaction(models.Model):
    """One movement on an account. amount_minor: positive for what the holders owe, negative for what comes back.

    What belongs to no card (payments, fees, interest) stands on the card of the account's first holder. statement:
    the one it was billed on. recurring_since: when its merchant began to charge by itself.
    """

    token = models.CharField(max_length=40, unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="transactions")
    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="transactions")
    state = models.CharField(max_length=8, choices=_of(core.TransactionState))
    kind = models.CharField(max_length=32, choices=_of(core.Kind), default="purchase")
    merchant = models.CharField(max_length=80)
    place = models.CharField(max_length=80, blank=True)
    phone = models.CharField(max_length=24, default="", blank=True)
    amount_minor = models.BigIntegerField()
    channel = models.CharField(max_length=12)
    at = models.DateTimeField()
    posted_at = models.DateTimeField(null=True)
    recurring_since = models.DateField(null=True)
    authorisation = models.OneToOneField(Authorisation, null=True, on_delete=models.PROTECT)
    posting = models.OneToOneField(Posting, null=True, on_delete=models.PROTECT)
    statement = models.ForeignKey(Statement, null=True, on_delete=models.PROTECT, related_name="lines")

    class Meta:
        indexes = [
            models.Index(fields=["account", "-at", "-id"], name="core_tx_of_account"),
            models.Index(fields=["card", "-at", "-id"], name="core_tx_of_card"),
            models.Index(
                fields=["account", "amount_minor"], condition=Q(state="pending"), name="core_tx_pending"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="pending", posted_at=None) | Q(state="posted", posted_at__gte=F("at")),
                name="core_posted_has_a_time",
            )
        ]


class Subscription(models.Model):
    """A merchant that charges by itself. every_days: 7, or 0 for a calendar month, or 365."""

    token = models.CharField(max_length=40, unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="subscriptions")
    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="subscriptions")
    merchant = models.CharField(max_length=80)
    amount_minor = models.BigIntegerField()
    every_days = models.SmallIntegerField(default=0)
    since = models.DateField()
    last_on = models.DateField()
    next_on = models.DateField(null=True)
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "merchant"], name="core_subscribes_once")]


class BankAccount(models.Model):
    """Where payments come from. The number itself is not kept: last four, and a keyed hash to know it again.

    answers: what this bank says to a debit, "" for yes; the stand-in for the banking network.
    """

    token = models.CharField(max_length=40, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="bank_accounts")
    bank = models.CharField(max_length=80)
    kind = models.CharField(max_length=8, choices=_of(core.BankAccountKind))
    last4 = models.CharField(max_length=4)
    known_by = models.CharField(max_length=64)
    answers = models.CharField(max_length=16, default="", blank=True)
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["answers"], condition=Q(answers__gt=""), name="core_banks_saying_no")]


class Payment(models.Model):
    """A payment of the bill, from wish to posting: see core.Payment."""

    token = models.CharField(max_length=40, unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="payments")
    source = models.ForeignKey(BankAccount, null=True, on_delete=models.PROTECT, related_name="payments")
    amount_minor = models.BigIntegerField()
    kind = models.CharField(max_length=8, choices=_of(core.PaymentKind))
    state = models.CharField(max_length=10, choices=_of(core.PaymentState))
    made_at = models.DateTimeField()
    on = models.DateField()
    value_on = models.DateField(null=True)
    reason = models.CharField(max_length=16, default="", blank=True)
    mend_by = models.DateField(null=True)
    statement = models.ForeignKey(Statement, null=True, on_delete=models.PROTECT, related_name="paid_by")

    class Meta:
        indexes = [
            models.Index(fields=["account", "-made_at", "-id"], name="core_payments_of_account"),
            models.Index(fields=["on"], condition=Q(state="scheduled"), name="core_payments_to_make"),
            models.Index(fields=["value_on"], condition=Q(state="sent"), name="core_payments_to_post"),
            models.Index(fields=["mend_by"], condition=Q(state="failed"), name="core_payments_to_mend"),
        ]


class Autopay(models.Model):
    """At most one an account; stopping deletes it."""

    account = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="autopay")
    source = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="autopays")
    mode = models.CharField(max_length=8, choices=_of(core.AutopayMode))
    amount_minor = models.BigIntegerField(null=True)
    since = models.DateTimeField()


class WorkedDay(models.Model):
    """A day of the issuer's calendar whose end was worked off: see days.py."""

    day = models.DateField(unique=True)
    at = models.DateTimeField()


# ------------------------------------------------------------------------------------- points and the rest


class RewardsEntry(models.Model):
    """A line of the points' history. left: what of an earning is neither used nor expired; expires_on: its last day."""

    token = models.CharField(max_length=40, unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="rewards")
    kind = models.CharField(max_length=8, choices=_of(core.RewardsKind))
    points = models.BigIntegerField()
    at = models.DateTimeField()
    words = models.CharField(max_length=120)
    transaction = models.ForeignKey(Transaction, null=True, on_delete=models.PROTECT, related_name="points")
    posting = models.OneToOneField(Posting, on_delete=models.PROTECT)
    left = models.BigIntegerField(default=0)
    expires_on = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["account", "-at", "-id"], name="core_points_of_account"),
            models.Index(fields=["expires_on"], condition=Q(left__gt=0), name="core_points_to_expire"),
        ]


class AlertRule(models.Model):
    """Somebody wants to hear of an event. at_least_minor: for purchases."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="alert_rules")
    event = models.CharField(max_length=20, choices=_of(core.AlertEvent))
    on = models.BooleanField()
    at_least_minor = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "event"], name="core_one_alert_rule")]


class Alert(models.Model):
    """What a rule asked for and happened; once for each thing it is about."""

    token = models.CharField(max_length=40, unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="alerts")
    event = models.CharField(max_length=20, choices=_of(core.AlertEvent))
    at = models.DateTimeField()
    about = models.CharField(max_length=40)
    merchant = models.CharField(max_length=80, default="", blank=True)
    amount_minor = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["account", "-at", "-id"], name="core_alerts_of_account")]
        constraints = [models.UniqueConstraint(fields=["event", "about"], name="core_alerts_once")]


class Application(models.Model):
    """Somebody asked for a product. Nothing but what the status needs is kept here."""

    reference = models.CharField(max_length=16, unique=True)
    product = models.CharField(max_length=80)
    given_name = models.CharField(max_length=80)
    family_name = models.CharField(max_length=80)
    born = models.DateField()
    customer = models.ForeignKey(Customer, null=True, on_delete=models.PROTECT)
    state = models.CharField(max_length=12, choices=_of(core.ApplicationState))
    submitted_at = models.DateTimeField()
    state_since = models.DateTimeField()
    next_on = models.DateField(null=True)

    class Meta:
        indexes = [
            # Those of applications.AFTER_WAITING, in its order: what time alone ends.
            models.Index(
                fields=["next_on"],
                condition=Q(state__in=("incomplete", "counteroffer")),
                name="core_applications_waiting",
            )
        ]


class Dispute(models.Model):
    """A contested purchase, as far as money is concerned."""

    token = models.CharField(max_length=40, unique=True)
    transaction = models.ForeignKey(Transaction, on_delete=models.PROTECT, related_name="disputes")
    amount_minor = models.BigIntegerField()
    credited_minor = models.BigIntegerField(default=0)
    state = models.CharField(max_length=4, choices=_of(core.DisputeState), default="open")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["closed_at"], condition=Q(state="won"), name="core_disputes_won")]


class Request(models.Model):
    """A change that was asked for under a key. what: the whole wish; answer: the token of what came of it."""

    key = models.CharField(max_length=120, unique=True)
    what = models.CharField(max_length=200)
    answer = models.CharField(max_length=40, default="", blank=True)
    at = models.DateTimeField()
