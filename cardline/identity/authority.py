"""The `Authority` plug: may this actor run that command, for whom, and are they known surely enough?"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from cardline.identity.exceptional.queries import is_excepted
from cardline.identity.queries import level_of
from cardline.identity.restricted import refuse_restricted
from cardline.identity.rules import level_number
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Actor, Standing
from cardline.kit.commands import fingerprint
from cardline.kit.refusals import Asked, LevelTooLow
from cardline.members.authorities.door import capacity_of

STRONG = 3


class IdentityAuthority:
    """The capacity first: whoever may not do this for that member is not asked to prove more of themselves.

    What the level does not reach, an exceptional verification that stands in the contact may, for the actions the
    issuer lists and no others.

    The level is looked up only when the command names one, because every chat message passes here; a standing whose
    level was not asked for says 0.
    """

    def standing(
        self, actor: Actor, level: str, arguments: dict[str, Any], now: datetime, command: str
    ) -> Standing:
        by = capacity_of(actor, command, arguments, now)
        if not level:
            return by
        needed = needed_level(level)
        action = action_of(command, arguments) if needed == STRONG else ""
        reached = level_of(actor, arguments.get("contact_id"), action=action)
        if reached < needed and not is_excepted(actor, level, arguments.get("contact_id")):
            raise LevelTooLow(needed, reached, Asked(command, action, arguments))
        refuse_restricted(by, level, arguments, now)
        return replace(by, party=by.party or int(arguments.get("member_id") or 0), level=reached)


def action_of(command: str, arguments: dict[str, Any]) -> str:
    """What exactly is asked for, in 64 characters: whoever approves this approves nothing else, not even another
    amount. What is secret among the arguments goes in as its keyed hash (kit/secret.py)."""
    return fingerprint(command, arguments)


def needed_level(rule: str) -> int:
    """2 for "V2"; for "lost_stolen:freeze" what the profile's matrix says (it has checked the floors)."""
    if ":" not in rule:
        return level_number(rule)
    family, action = rule.split(":", 1)
    return level_number(current_profile().level_for(family, action))
