"""Who signs in, and what proves who is speaking."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models

from cardline.identity.guesses.rules import Tally


class User(AbstractUser):
    """A sign-in, of a member or a colleague. What the person is stands in `members` and `staff`."""

    def __str__(self) -> str:
        return self.username


class MemberSession(models.Model):
    """One browser in which a member is signed in. Without its row a session is nobody's: taking it away ends it.

    session: the hash of Django's session key, as in `Evidence`. device: "Firefox, Windows", "" when it said nothing we
    know. way: how they signed in there, a `rules.Way`, "" from before it was written down. seen_at: when a page was
    last opened there, true to SEEN_EVERY. Machine time.
    """

    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="sessions")
    session = models.CharField(max_length=64, unique=True)
    device = models.CharField(max_length=40, default="", blank=True)
    way = models.CharField(max_length=16, default="", blank=True)
    since = models.DateTimeField()
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.member_id} on {self.device}"


class Evidence(models.Model):
    """One recorded proof that a member is who they say (DOMAIN 8). Levels are computed from these, never stored.

    kind: a `rules.Proof`. session: hash of the session it is bound to; contact: the number of the contact it was shown
    in, so that an agent there stands on the same proof. action: what they were shown when they proved it
    (`authority.action_of`), "" for nothing in particular. expires_at is machine time, so letting time pass in a demo
    signs nobody out.
    """

    member = models.ForeignKey("members.Member", on_delete=models.CASCADE)
    kind = models.CharField(max_length=32)
    action = models.CharField(max_length=64, default="", blank=True)
    session = models.CharField(max_length=64, default="", blank=True)
    contact = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["member", "session", "expires_at"], name="evidence_of_session"),
            models.Index(
                fields=["contact"], condition=models.Q(contact__isnull=False), name="evidence_of_contact"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.member_id}"


class Challenge(models.Model):
    """A code that was sent to a member's phone (SR-35). Only the newest for its place and action can be used, once.

    session, contact: where it was asked for; one of the two. action: what the message said it approves. salt and hash
    are all that is kept of the code. point: the phone, while we have it. Machine time.
    """

    member = models.ForeignKey("members.Member", on_delete=models.CASCADE)
    point = models.ForeignKey("members.ContactPoint", null=True, on_delete=models.SET_NULL)
    session = models.CharField(max_length=64, default="", blank=True)
    contact = models.BigIntegerField(null=True)
    action = models.CharField(max_length=64, default="", blank=True)
    salt = models.CharField(max_length=32)
    hash = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["member", "asked_at"], name="challenge_of_member")]

    def __str__(self) -> str:
        return f"code for {self.member_id}"


class Guesses(models.Model):
    """How many guesses at a member's proofs went wrong, and until when nobody may guess (SR-31). Machine time."""

    member = models.OneToOneField("members.Member", on_delete=models.CASCADE, related_name="guesses")
    wrong = models.SmallIntegerField(default=0)
    last_at = models.DateTimeField(null=True)
    locked_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "guesses"

    def __str__(self) -> str:
        return f"{self.wrong} wrong for {self.member_id}"

    @property
    def tally(self) -> Tally:
        return Tally(self.wrong, self.last_at, self.locked_until)


class PasskeyChallenge(models.Model):
    """What a device signs when a passkey is used or made: random, for one place and purpose, once, five minutes.

    session: the hash of the session it was asked for in. member: nobody yet, when somebody signs in. action: what is
    approved (`authority.action_of`). challenge: as it goes out, in base64url. Machine time.
    """

    class Purpose(models.TextChoices):
        SIGN_IN = "sign_in"
        APPROVE = "approve"
        ADD = "add"

    member = models.ForeignKey("members.Member", null=True, on_delete=models.CASCADE)
    purpose = models.CharField(max_length=8, choices=Purpose.choices)
    session = models.CharField(max_length=64)
    action = models.CharField(max_length=64, default="", blank=True)
    challenge = models.CharField(max_length=64)
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["session", "purpose"], name="passkey_challenge_of_session")]

    def __str__(self) -> str:
        return f"challenge to {self.purpose}"


class PasskeyOffer(models.Model):
    """A member does not want to be offered a passkey on their first page again."""

    member = models.OneToOneField("members.Member", on_delete=models.CASCADE, related_name="passkey_offer")
    closed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"no offer to {self.member_id}"


class Recovery(models.Model):
    """Somebody without a way in showed a bound phone and knew the facts: after a wait they may make a passkey.

    Every contact point was told, with one press to stop it. due_at, ends_at: from when, and until when, it can be used.
    session: the hash of the one it was used in. Business time, because people wait for it.
    """

    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="recoveries")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    session = models.CharField(max_length=64, default="", blank=True)

    class Meta:
        verbose_name_plural = "recoveries"
        constraints = [
            models.UniqueConstraint(
                fields=["member"],
                condition=models.Q(stopped_at=None, used_at=None),
                name="one_recovery_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"recovery of {self.member_id}"


# Last: Django finds the tables of an app in this module.
from cardline.identity.asks.models import Ask  # noqa: E402
from cardline.identity.changes.models import SignInChange  # noqa: E402
from cardline.identity.exceptional.models import (  # noqa: E402
    EmergencyContact,
    Exceptional,
    ExceptionalProof,
)
from cardline.identity.passcodes.models import Passcode  # noqa: E402

__all__ = [
    "Ask",
    "Challenge",
    "EmergencyContact",
    "Evidence",
    "Exceptional",
    "ExceptionalProof",
    "Guesses",
    "MemberSession",
    "Passcode",
    "PasskeyChallenge",
    "PasskeyOffer",
    "Recovery",
    "SignInChange",
    "User",
]
