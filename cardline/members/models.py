"""Card members and how to reach them. What they hold (accounts, cards, money) is the card core's."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Replace, Right


class CardType(models.TextChoices):
    PERSONAL = "personal"
    CORPORATE = "corporate"


class Member(models.Model):
    """A person who holds a card. core_customer is their number in the card core.

    given_name, family_name: the legal name, for letters of law. preferred_name: how they want to be called, "" for by
    their given name. embossed_name: what their next card carries, "" for the legal name. language: what we write to
    them in; chosen_language: the one their pages are in on every device, "" while they never chose one and each device
    decides. zone: where they are, to call them at a fair hour.
    country: ISO 3166 code of where they live. locked_at: sign-in locked; protection (freeze) never is (SR-31).
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    core_customer = models.CharField(max_length=32, unique=True)
    given_name = models.CharField(max_length=80)
    family_name = models.CharField(max_length=80)
    preferred_name = models.CharField(max_length=80, default="", blank=True)
    embossed_name = models.CharField(max_length=26, default="", blank=True)
    language = models.CharField(max_length=8, default="en")
    chosen_language = models.CharField(max_length=8, default="", blank=True)
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
        """The legal name. A company (programs/models.py) has no given one."""
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def called(self) -> str:
        """How we speak to them: "Hello Maya"."""
        return self.preferred_name or self.given_name or self.family_name

    @property
    def name_for_staff(self) -> str:
        """Both names where they differ: an agent says the one and compares the other."""
        return f"{self.preferred_name} ({self.name})" if self.preferred_name else self.name


def _last_ten_digits() -> Right:
    """Of a value as somebody wrote it: what tells two phone numbers apart, with or without the code of the country."""
    bare: F | Replace = F("value")
    for sign in " +-().":
        bare = Replace(bare, Value(sign), Value(""))
    return Right(bare, 10)


class ContactPoint(models.Model):
    """A phone number, e-mail or postal address of a member, and since when we have it.

    takes_texts: false for a landline, which no code can reach and which we can still call.
    tail: made by the database, to find a number that stands in two members' records (DOMAIN 8).
    """

    class Kind(models.TextChoices):
        PHONE = "phone"
        EMAIL = "email"
        POST = "post"

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="points")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    value = models.CharField(max_length=200)
    since = models.DateTimeField()
    preferred = models.BooleanField(default=False)
    takes_texts = models.BooleanField(default=True)
    tail = models.GeneratedField(
        expression=_last_ten_digits(), output_field=models.CharField(max_length=10), db_persist=True
    )

    class Meta:
        indexes = [models.Index(fields=["tail"], condition=models.Q(kind="phone"), name="phone_by_its_tail")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.member_id}"


class AccessNeeds(models.Model):
    """What a member told us to mind when we speak or write with them. We never ask why.

    needs: values of members.rules.AccessNeed. interpreter: the language to interpret, in their own word for it, "" with
    none. note: one line in their words. No row: they told us nothing.
    """

    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="access_needs")
    needs = models.JSONField(default=list)
    interpreter = models.CharField(max_length=40, default="", blank=True)
    note = models.CharField(max_length=200, default="", blank=True)
    since = models.DateTimeField()

    class Meta:
        verbose_name_plural = "access needs"

    def __str__(self) -> str:
        return f"access needs of {self.member_id}"


# Last: Django finds the tables of an app in this module.
from cardline.members.authorities.models import Authority, Speaker  # noqa: E402
from cardline.members.contactdata.models import (  # noqa: E402
    ChangeNotice,
    ContactChange,
    FormerName,
    SafeContact,
)
from cardline.members.programs.models import Program, ProgramMember  # noqa: E402
from cardline.members.restrictions.models import HeldMessage, Restriction  # noqa: E402

__all__ = [
    "AccessNeeds",
    "Authority",
    "CardType",
    "ChangeNotice",
    "ContactChange",
    "ContactPoint",
    "FormerName",
    "HeldMessage",
    "Member",
    "Program",
    "ProgramMember",
    "Restriction",
    "SafeContact",
    "Speaker",
]
