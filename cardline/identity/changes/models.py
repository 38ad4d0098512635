"""Changes of how a member signs in, as rows: each is told, and can be taken back from what was told."""

from __future__ import annotations

from django.db import models


class SignInChange(models.Model):
    """A way into an account came, went or was changed, or somebody came back in by a recovery.

    kind: a word of notify/texts/sign_in_changed.toml. passkey: number of the one that came, 0 for none. at: business
    time. taken_back_at: since when it is undone, because somebody said "not me". case: in which a person looks into it,
    0 while nobody has to.
    """

    class Kind(models.TextChoices):
        PASSKEY_ADDED = "passkey_added"
        PASSKEY_REMOVED = "passkey_removed"
        PASSWORD = "password"  # noqa: S105 - the name of a kind
        PASSWORD_REMOVED = "password_removed"  # noqa: S105
        RECOVERED = "recovered"

    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="sign_in_changes")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    passkey = models.BigIntegerField(default=0)
    at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)
    case = models.BigIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(
                fields=["member", "at"],
                condition=models.Q(taken_back_at=None),
                name="sign_in_changes_that_stand",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.member_id}"
