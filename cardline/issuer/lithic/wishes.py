"""What was asked of a card under which key, remembered by Lithic with the card itself.

The API promises no idempotency for changes to a card. It does keep key-value tags and merges those it is sent, in the
same request that changes the state: so the change and the memory of its key happen together or not at all, and a
request whose answer was lost can be asked again by looking. Source: `CardUpdateParams.tags`: at most 50 tags, keys up
to 40 characters; a tag set to null is removed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

from cardline.issuer.core import CoreRefused

_OURS = "cardline-key-"
# Half of what a card may carry: the rest is the issuer's own. Older wishes are forgotten first.
_REMEMBERED = 25


def is_known(tags: Mapping[str, str], key: str, wish: str) -> bool:
    """Whether this very wish was carried out under the key. Raises CoreRefused("key_reused") for another wish."""
    found = tags.get(_tag(key))
    if found is None:
        return False
    if found.split(" ")[0] != _digest(wish):
        raise CoreRefused("key_reused")
    return True


def remembering(tags: Mapping[str, str], key: str, wish: str, at: datetime) -> dict[str, str | None]:
    """The tags to send along with the change: this wish, and the removal of those that are too many."""
    ours = sorted((tag for tag in tags if tag.startswith(_OURS)), key=lambda tag: tags[tag].split(" ")[-1])
    forgotten: dict[str, str | None] = dict.fromkeys(ours[: max(0, len(ours) - _REMEMBERED + 1)])
    return {**forgotten, _tag(key): f"{_digest(wish)} {at.isoformat()}"}


def _tag(key: str) -> str:
    return _OURS + _digest(key)


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:24]
