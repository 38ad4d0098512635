"""Who signs in, and what proves who is speaking."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """A sign-in, of a member or a colleague. What the person is stands in `members` and `staff`."""

    def __str__(self) -> str:
        return self.username


class MemberSession(models.Model):
    """One browser in which a member is signed in. Without its row a session is nobody's: taking it away ends it.

    session: the hash of Django's session key, as in `Evidence`. device: "Firefox, Windows", "" when it said nothing we
    know. seen_at: when a page was last opened there, true to SEEN_EVERY. Machine time.
    """

    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="sessions")
    session = models.CharField(max_length=64, unique=True)
    device = models.CharField(max_length=40, default="", blank=True)
    since = models.DateTimeField()
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.member_id} on {self.device}"


class Evidence(models.Model):
    """One recorded proof that a member is who they say (DOMAIN 8). Levels are computed from these, never stored.

    kind: "signed_in_session" in this first form. session: hash of the session it is bound to;
    contact: the number of the contact it was shown in, so that an agent there stands on the same proof. expires_at is
    machine time, so letting time pass in a demo signs nobody out.
    """

    member = models.ForeignKey("members.Member", on_delete=models.CASCADE)
    kind = models.CharField(max_length=32)
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
