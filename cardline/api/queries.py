"""Questions about keys, and about what was said in one contact."""

from __future__ import annotations

from cardline.api.commands import hash_of
from cardline.api.models import ApiKey
from cardline.cases.models import Entry
from cardline.cases.queries import EntryLine, lines
from cardline.kit.actors import Actor
from cardline.kit.visibility import visible


def key_of(secret: str) -> ApiKey | None:
    """The key that is presented, unless it is unknown or revoked."""
    return ApiKey.objects.filter(hash=hash_of(secret), revoked_at=None).first()


def all_keys() -> list[ApiKey]:
    return list(ApiKey.objects.order_by("pk"))


def messages_after(actor: Actor, contact_id: int, after: int, most: int) -> list[EntryLine]:
    """What was said in a contact after an entry's number, oldest first. Numbers are those of the case it began in."""
    rows = visible(Entry, actor).filter(contact=contact_id, kind="message", n__gt=after)
    return lines(rows.order_by("n")[:most])
