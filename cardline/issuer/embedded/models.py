"""The embedded card core's own tables. Only cardline/issuer/embedded reads and writes them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from cardline.issuer.core import Role, TransactionState


class Customer(models.Model):
    """A person as the core knows them, by number."""

    number = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=120)


class Account(models.Model):
    """product: what it is sold as. credit_limit_minor: in minor units of the currency; null without a limit."""

    token = models.CharField(max_length=40, unique=True)
    product = models.CharField(max_length=80)
    currency = models.CharField(max_length=3)
    credit_limit_minor = models.BigIntegerField(null=True)
    opened_at = models.DateTimeField()


class Holder(models.Model):
    """Who owns the account: one basic member, or joint ones. Additional card members hold a card, not the account."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="holders")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="holdings")
    role = models.CharField(max_length=12, choices=[(r.value, r.value) for r in (Role.BASIC, Role.JOINT)])

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "customer"], name="core_holds_once")]


class Card(models.Model):
    """A card: token, BIN, last four. There is no column a number could stand in (SR-1, SR-2).

    Its state is read from three times: closed before frozen before activated.
    """

    token = models.CharField(max_length=40, unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="cards")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="cards")
    role = models.CharField(max_length=12, choices=[(r.value, r.value) for r in Role])
    bin = models.CharField(max_length=8)
    last4 = models.CharField(max_length=4)
    activated_at = models.DateTimeField(null=True)
    frozen_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)


class Transaction(models.Model):
    """One movement on an account. amount_minor: positive for what the holders owe, negative for what comes back."""

    token = models.CharField(max_length=40, unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="transactions")
    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="transactions")
    state = models.CharField(max_length=8, choices=[(s.value, s.value) for s in TransactionState])
    merchant = models.CharField(max_length=80)
    place = models.CharField(max_length=80, blank=True)
    amount_minor = models.BigIntegerField()
    channel = models.CharField(max_length=12)
    at = models.DateTimeField()
    posted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["account", "-at", "-id"], name="core_tx_of_account"),
            models.Index(fields=["card", "-at", "-id"], name="core_tx_of_card"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="pending", posted_at=None) | Q(state="posted", posted_at__gte=F("at")),
                name="core_posted_has_a_time",
            )
        ]


class Request(models.Model):
    """A change that was asked for under a key, so that asking again does nothing again."""

    key = models.CharField(max_length=120, unique=True)
    what = models.CharField(max_length=80)
    at = models.DateTimeField()
