"""Card members and how to reach them. What they hold (accounts, cards, money) is the card core's."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class CardType(models.TextChoices):
    PERSONAL = "personal"
    CORPORATE = "corporate"


class Member(models.Model):
    """A person who holds a card. core_customer is their number in the card core.

    country: ISO 3166 code of where they live. locked_at: sign-in locked; protection (freeze) never is (SR-31).
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    core_customer = models.CharField(max_length=32, unique=True)
    given_name = models.CharField(max_length=80)
    family_name = models.CharField(max_length=80)
    language = models.CharField(max_length=8, default="en")
    country = models.CharField(max_length=2, default="US")
    zone = models.CharField(max_length=40, default="America/New_York")
    card_type = models.CharField(max_length=12, choices=CardType.choices, default=CardType.PERSONAL)
    postal_code = models.CharField(max_length=16, default="", blank=True)
    since = models.DateField()
    locked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"


class ContactPoint(models.Model):
    """A phone number, e-mail or postal address of a member, and since when we have it."""

    class Kind(models.TextChoices):
        PHONE = "phone"
        EMAIL = "email"
        POST = "post"

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="points")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    value = models.CharField(max_length=200)
    since = models.DateTimeField()
    preferred = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.kind} of {self.member_id}"
