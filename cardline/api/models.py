"""Keys for the issuer's own systems."""

from __future__ import annotations

from django.db import models


class ApiKey(models.Model):
    """A key of a system. Only its hash is kept; the key is shown once (ARCHITECTURE 10)."""

    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12)
    hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_on = models.DateField(null=True)

    def __str__(self) -> str:
        return self.prefix
