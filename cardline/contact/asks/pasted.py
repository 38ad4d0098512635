"""A code or passcode typed into a conversation instead of into its own field: taken out, and worth nothing there.

Every group of six to eight digits goes while one is expected, whether it is the code or not: a conversation that told
the right one from others would be a place to try them out, uncounted.
"""

from __future__ import annotations

import re

from cardline.contact.asks.queries import is_asked_something
from cardline.kit.redact import Clean, clean

IN_ITS_PLACE = "[code]"

# Six to eight digits of any script, with at most one space, dash or dot between two; not part of a longer number.
_GROUP = re.compile(r"(?<!\d)(?<!\d[ .-])\d(?:[ .\u00a0-]?\d){5,7}(?![ .-]?\d)")


def may_hold_a_code(text: str) -> bool:
    """Without a question to anybody: nearly every message is done here."""
    return _GROUP.search(text) is not None


def without_codes(text: Clean, contact_id: int) -> Clean:
    """The text as it may be kept, of a member in this contact; the same one while no code is expected there."""
    if not is_asked_something(contact_id):
        return text
    return clean(_GROUP.sub(IN_ITS_PLACE, text))
