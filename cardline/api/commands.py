"""Keys are made, used, revoked. Only the command line does that for now, so only the system may."""

from __future__ import annotations

import secrets
from datetime import datetime
from hashlib import sha256

from cardline.api.models import ApiKey
from cardline.api.scopes import unknown_scopes
from cardline.kit import clock
from cardline.kit.actors import Kind, Standing
from cardline.kit.commands import command
from cardline.kit.redact import Clean
from cardline.kit.refusals import Malformed, NotThere

MARK = "cardline_"  # so that a key found in a log or a repository is known for what it is
PREFIX_LENGTH = 12
NAME_LENGTH = 80


@command("api_key.create", by=[Kind.SYSTEM], about="api_key")
def create_key(*, by: Standing, now: datetime, name: Clean, scopes: list[str]) -> dict[str, int | str]:
    """Make a key of 256 random bits. Returns {"id", "key"}: this is the only time anybody sees it, so this command
    is never called with an idempotency key, which would keep its answer. Raises Malformed.
    """
    if not scopes or unknown_scopes(scopes):
        raise Malformed(field="scopes")
    secret = MARK + secrets.token_urlsafe(32)
    row = ApiKey.objects.create(
        name=" ".join(name.split())[:NAME_LENGTH] or "unnamed",
        prefix=shown_part(secret),
        hash=hash_of(secret),
        scopes=sorted(set(scopes)),
        created_at=clock.machine_now(),
    )
    return {"id": row.pk, "key": secret}


@command("api_key.revoke", by=[Kind.SYSTEM], about="api_key:{key_id}")
def revoke_key(*, by: Standing, now: datetime, key_id: int) -> bool:
    """End a key, from its next call on. False: it was ended already. Raises NotThere."""
    ended = ApiKey.objects.filter(pk=key_id, revoked_at=None).update(revoked_at=clock.machine_now())
    if not ended and not ApiKey.objects.filter(pk=key_id).exists():
        raise NotThere()
    return bool(ended)


@command("api_key.used", by=[Kind.SYSTEM], housekeeping=True)
def mark_used(*, by: Standing, now: datetime, key_id: int) -> None:
    """Remember the day of a key's last use, so that a forgotten key can be told from a busy one."""
    ApiKey.objects.filter(pk=key_id).update(last_used_on=clock.machine_now().date())


def hash_of(secret: str) -> str:
    """What is kept of a key. A plain hash does: 256 random bits cannot be guessed from it."""
    return sha256(secret.encode()).hexdigest()


def shown_part(secret: str) -> str:
    """The first letters of a key, for lists: its mark and 18 of its 256 bits."""
    return secret[:PREFIX_LENGTH]
